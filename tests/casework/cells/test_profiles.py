"""The four profiles against what the documents say, written again here from the documents.

What we add to a document is held apart in the profiles; only the document's part is compared.
"""

from dataclasses import dataclass

import pytest

from casework.cells import lists, profiles
from casework.cells.lists import BY_NAME, HIGHEST_CODE
from casework.cells.options import MOST_HOURS
from casework.cells.profiles.model import CellProfile


@dataclass(frozen=True)
class Written:
    """A cell as its document describes it. Seats in order, « ? » after one who is invited."""

    where: str
    kind: str
    seats: tuple[str, ...]
    cadence: str = ""  # words of the document, found in the profile's
    at_most: str = ""
    urgent: bool | None = None  # None: the document says nothing
    letter_first: bool = False
    acts: frozenset[str] = frozenset()
    pupil: bool | None = None
    typologies: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()


RAPPEL, LIGHT, TRANSACTION = "rappel", "rappel_light", "transaction"
DOCUMENTS = {
    ("istres", "CCTP"): Written(
        "001:856-895, 001:939-944, 001:1023-1046",
        "cctp",
        (
            "maire",
            "commissaire",
            "chef_pm",
            "education_nationale",
            "conseil_departemental",
            "coordonnateur",
            "parquet?",
        ),
        "au trimestre ou au quadrimestre",
        "4 mois",
        urgent=True,
        acts=frozenset({RAPPEL, LIGHT, TRANSACTION}),
        pupil=False,
        typologies=(
            "Conflits de voisinage",
            "Présence tardive de mineurs non accompagnés",
            "Dégradations légères",
            "Incidents aux abords d’un établissement scolaire",
            "Contravention à un arrêté du maire",
            "Absentéisme scolaire",
        ),
        origins=("Police municipale", "École", "Collège", "Lycée", "Habitant"),
        suites=(
            "Rappel à l’ordre",
            "Transaction",
            "Aide à l’exercice de la fonction parentale",
            "Accompagnement en économie sociale et familiale",
        ),
    ),
    ("istres", "GSP"): Written(
        "001:795-833",
        "gsp",
        (
            "education_nationale",
            "pjj",
            "conseil_departemental",
            "prevention_specialisee",
            "commissaire",
            "veille_educative",
        ),
        "chaque trimestre",
        "3 mois",
        urgent=True,
        typologies=(
            "Incivilités sur l’espace public",
            "Décrochage scolaire",
            "Participation à un groupe perturbateur",
            "Conduites à risque",
        ),
        suites=("Orientation vers une autre cellule",),
    ),
    ("istres", "CVEP"): Written(
        "001:469-481",
        "cve",
        ("education_nationale", "veille_educative", "conseil_departemental"),
        "toutes les six semaines",
        "6 semaines",
        letter_first=True,
        typologies=("Absentéisme scolaire", "Difficultés scolaires", "Troubles du comportement"),
        origins=("École",),
        suites=(
            "Action éducative en milieu ouvert (AEMO)",
            "Médiation scolaire",
            "Information préoccupante",
            "Accompagnement médico-psychologique (existence seule)",
        ),
    ),
    ("istres", "CVES"): Written(
        "001:471-481",
        "cve",
        (
            "education_nationale",
            "coordonnateur",
            "conseil_departemental",
            "prevention_specialisee",
            "commissaire",
            "education_nationale",
            "membre",
            "membre",
            "pjj",
        ),
        "une fois par trimestre",
        "3 mois",
        letter_first=True,
        typologies=("Absentéisme scolaire", "Difficultés scolaires", "Troubles du comportement"),
        origins=("Collège", "Lycée"),
        suites=(
            "Action éducative en milieu ouvert (AEMO)",
            "Médiation scolaire",
            "Information préoccupante",
            "Accompagnement médico-psychologique (existence seule)",
        ),
    ),
    ("istres", "CMER"): Written(
        "001:1996-2004",
        "cmer",
        ("maire", "elu_delegue", "chef_pm", "coordonnateur", "renseignement_territorial"),
        "une fois par mois ou chaque deux mois",
        "2 mois",
        origins=("Service municipal", "Association", "Bailleur"),
    ),
    ("aix", "CCTP"): Written(
        "000:1687-1691",
        "cctp",
        ("maire", "commissaire", "education_nationale", "chef_pm", "coordonnateur"),
        acts=frozenset({RAPPEL}),
        pupil=True,
        typologies=(
            "Absentéisme scolaire",
            "Décrochage scolaire",
            "Exclusions scolaires répétées",
        ),
        origins=("Collège", "Lycée", "École"),
        suites=("Rappel à l’ordre", "Aide à l’exercice de la fonction parentale"),
    ),
    ("aix", "CMER"): Written(
        "000:1545, 000:1880",
        "cmer",
        ("commissaire", "membre", "chef_pm", "coordonnateur", "membre", "membre?"),
        origins=("Service municipal", "Association", "Bailleur"),
    ),
    ("miramas", "CVP"): Written(
        "002:654-658",
        "cvp",
        ("pjj", "membre", "conseil_departemental", "prevention_specialisee", "coordonnateur"),
        "chaque mois",
        "1 mois",
        typologies=(
            "Fugue",
            "Incivilités sur l’espace public",
            "Décrochage scolaire",
            "Participation à un groupe perturbateur",
        ),
    ),
    ("sarts", "GSN"): Written("004:64-94", "gsn", (), acts=frozenset({RAPPEL})),
}


def cell_of(name: str, code: str) -> CellProfile:
    return next(cell for cell in profiles.every()[name].cells if cell.code == code)


def test_the_profiles_hold_these_cells_and_no_other() -> None:
    found = {(name, cell.code) for name, each in profiles.every().items() for cell in each.cells}
    assert found == DOCUMENTS.keys()
    assert list(profiles.every()) == ["aix", "istres", "miramas", "sarts"]


@pytest.mark.parametrize("key", DOCUMENTS, ids="-".join)
def test_a_cell_is_what_its_document_says(key: tuple[str, str]) -> None:
    cell, written = cell_of(*key), DOCUMENTS[key]
    options = cell.options
    assert cell.kind == written.kind
    seats = tuple(seat.role.value + "?" * seat.invited for seat in cell.seats)
    assert seats == written.seats
    assert written.cadence in options.cadence.lower()
    assert bool(options.cadence) is bool(written.cadence)
    longest = f"{options.every} {options.unit.value}" if options.every else ""
    assert longest == written.at_most
    if written.urgent is not None:
        assert options.urgent is written.urgent
    assert (options.information.value == "courrier") is written.letter_first
    assert options.information_blocks is written.letter_first
    assert {name for name in (RAPPEL, LIGHT, TRANSACTION) if getattr(options, name)} == written.acts
    if written.pupil is not None:
        assert options.pupil_heard is written.pupil


@pytest.mark.parametrize("key", DOCUMENTS, ids="-".join)
def test_its_lists_begin_with_the_terms_of_the_document(key: tuple[str, str]) -> None:
    cell, written = cell_of(*key), DOCUMENTS[key]
    for name, labels in (
        ("typologie", written.typologies),
        ("origine", written.origins),
        ("suite", written.suites),
    ):
        terms = {term.code: term.label for term in BY_NAME[name]}
        offered = cell.lists.get(name)
        document = offered.document if offered else ()
        assert tuple(terms[code] for code in document) == labels
        if offered:
            assert len(set(offered.whole)) == len(offered.whole)
            assert "Autre" in {terms[code] for code in offered.whole}


@pytest.mark.parametrize("key", DOCUMENTS, ids="-".join)
def test_the_law_bounds_every_profile(key: tuple[str, str]) -> None:
    cell = cell_of(*key)
    assert list(cell.options.problems()) == []
    assert cell.options.transaction_hours <= MOST_HOURS
    assert cell.options.retention_months == 3
    assert cell.source.startswith(profiles.every()[key[0]].file)


def test_the_two_cctp_are_not_composed_alike() -> None:
    istres, aix = cell_of("istres", "CCTP"), cell_of("aix", "CCTP")
    here, there = ({seat.role.value for seat in cell.seats} for cell in (istres, aix))
    assert here - there == {"conseil_departemental", "parquet"}


def test_a_wrong_profile_says_which_cell_and_why() -> None:
    text = (profiles.FOLDER / "miramas.toml").read_text(encoding="utf-8")
    with pytest.raises(profiles.ProfileError, match=r"CVP.*every"):
        profiles.read(text.replace("every = 1", "every = 99"))
    with pytest.raises(profiles.ProfileError, match=r"CVP.*fugueur"):
        profiles.read(text.replace('"fugue"', '"fugueur"'))
    with pytest.raises(profiles.ProfileError, match="CVP"):
        profiles.read(text.replace('role = "pjj"', 'role = "dpo"'))


def test_common_suites_leave_room_for_the_communes_own() -> None:
    assert max(term.code for term in lists.SUITE) < 40
    assert HIGHEST_CODE >= 63
