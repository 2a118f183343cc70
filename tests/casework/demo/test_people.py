import re
from datetime import date
from itertools import combinations, islice

import pytest

from casework.cells.lists import BY_NAME, LIEN, NIVEAU, SEXE, STATUT, age, term
from casework.cells.profiles import find
from casework.demo import town
from casework.demo.members import MEMBERS
from casework.demo.names import FEMININ, MASCULIN
from casework.demo.people import (
    FIRST_DAY,
    LAST_DAY,
    SEANCES,
    DemoSituation,
    demo_situations,
    situations,
)
from casework.names.compare import Identity, same_person_likely
from charter.roles import WITHOUT_CELL, WITHOUT_KEY, Role

CELLS = ("CCTP", "GSP")

SIXTY = demo_situations()
FICTION_PHONES = re.compile(r"(06 39 98|04 65 71) \d\d \d\d")
NEVER_WRITTEN = re.compile(
    r"condamn|casier|diagnosti|trouble|tdah|musulm|catholi|juif|religi|ethni|origine|gitan|drogu"
    r"|délinqu|violen|étranger|immigr",
    re.IGNORECASE,
)
# A space before these must not break, and quotes and apostrophes are the French ones.
BAD_TYPOGRAPHY = re.compile(r"[ ][:;?!»]|[^\s\u00a0][:;?!]|'|\"|~|[{}]")


def codes(name: str) -> set[int]:
    return {item.code for item in BY_NAME[name]}


def sample() -> list[DemoSituation]:
    return SIXTY + list(situations(400, seed=7))


def test_the_demonstration_is_the_same_at_every_run() -> None:
    assert len(SIXTY) == 60
    assert demo_situations() == SIXTY
    assert list(situations(50, seed=3)) == list(islice(situations(80, seed=3), 50))
    assert list(situations(5, seed=3)) != list(situations(5, seed=4))


def test_every_code_belongs_to_its_list() -> None:
    for situation in sample():
        entry = situation.entry
        for name in ("typologie", "origine", "statut", "sexe", "niveau"):
            assert getattr(entry, name) in codes(name)
        assert entry.faits <= codes("faits")
        assert entry.suites <= codes("suite")
        assert entry.quartier in {item.code for item in town.QUARTIERS}
        assert entry.etablissement in {0, *(item.code for item in town.SCHOOLS)}
        assert situation.cell in CELLS
    assert (term(SEXE, "feminin").code, term(SEXE, "masculin").code) == (FEMININ, MASCULIN)


def test_the_young_people_are_between_8_and_20_and_minors_have_representatives() -> None:
    for situation in sample():
        entry = situation.entry
        birth = entry.interesse.naissance
        assert birth is not None
        years = age(birth, entry.saisine)
        assert 8 <= years <= 20
        assert len(entry.representants) in ((1, 2) if years < 18 else (0,))
        assert {int(who.lien) for who in entry.representants} <= {item.code for item in LIEN}


def test_dates_follow_each_other() -> None:
    new, ongoing = (term(STATUT, slug).code for slug in ("nouvelle", "en_cours"))
    for situation in sample():
        entry = situation.entry
        assert FIRST_DAY <= entry.saisine <= LAST_DAY
        assert date.fromisoformat(entry.faits_date) < entry.saisine
        assert set(situation.seances) <= set(SEANCES[situation.cell])
        assert all(day > entry.saisine for day in situation.seances)
        held = [day for day in situation.seances if day <= LAST_DAY]
        assert entry.examinee == (held[-1] if held else None)
        assert (entry.statut == new) == (not held)
        assert bool(entry.suites) == bool(held)
        open_ = entry.statut in (new, ongoing)
        assert (entry.echeance is not None) == open_
        assert (situation.seances[-1] > LAST_DAY) == open_
        assert entry.echeance is None or entry.echeance > entry.saisine


def test_a_level_goes_with_its_school() -> None:
    kinds = {school.code: school.kind for school in town.SCHOOLS}
    for situation in sample():
        level = next(item.slug for item in NIVEAU if item.code == situation.entry.niveau)
        kind = kinds.get(situation.entry.etablissement)
        expected = {"primaire": "ecole", "lycee": "lycee", "lycee_pro": "lycee_pro"}.get(
            level, "college" if level.endswith("ieme") else None
        )
        assert kind == expected


def test_telephones_are_those_kept_for_fiction() -> None:
    for situation in sample():
        for who in (situation.entry.interesse, *situation.entry.representants):
            assert not who.telephone or FICTION_PHONES.fullmatch(who.telephone)
            assert who.adresse.endswith(town.COMMUNE)


def test_the_notes_hold_no_forbidden_word_and_are_well_typed() -> None:
    for situation in sample():
        for text in (situation.entry.recit, situation.entry.implication):
            assert 20 <= len(text) <= 320
            assert not NEVER_WRITTEN.search(text), text
            assert not BAD_TYPOGRAPHY.search(text), text


def test_a_minor_is_never_offered_a_transaction() -> None:
    transaction = term(BY_NAME["suite"], "transaction").code
    for situation in sample():
        if transaction in situation.entry.suites:
            assert age(situation.entry.interesse.naissance, situation.entry.saisine) >= 18


@pytest.mark.parametrize(
    "nom", ["N’Diaye", "Le Goff", "Ben Saïd", "D’Almeida", "Lefèvre", "Lefebvre", "Müller"]
)
def test_the_names_that_break_naive_software_are_there(nom: str) -> None:
    assert nom in {situation.entry.interesse.nom for situation in SIXTY}


def test_look_alikes_are_different_people() -> None:
    people = [
        Identity(who.nom, who.prenoms, who.naissance)
        for who in (situation.entry.interesse for situation in SIXTY)
    ]
    assert not [pair for pair in combinations(people, 2) if same_person_likely(*pair)]


def test_every_cell_has_its_members_and_every_seat_its_role() -> None:
    assert len({member.login for member in MEMBERS}) == len(MEMBERS)
    for member in MEMBERS:
        assert re.fullmatch(r"[a-z-]+@port-miran\.example", member.login)
        assert (member.cells == ()) == (Role(member.role) in WITHOUT_CELL)
    profile = {cell.code: cell for cell in find("istres").cells}
    for cell in CELLS:
        seated = {member.role for member in MEMBERS if cell in member.cells}
        expected = {seat.role for seat in profile[cell].options.seats if not seat.invited}
        assert seated - WITHOUT_KEY - {Role.ELU_DELEGUE} == expected
    assert {Role.PARQUET, Role.DPO, Role.ADMINISTRATEUR} <= {member.role for member in MEMBERS}
