from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cells.lists import BY_NAME, HIGHEST_CODE, TYPOLOGIE, Term, age, term, tranche_age

# What is already stored in a town's sealed blobs. A line may be added here, never changed.
STORED = {
    ("typologie", 1): "absenteisme",
    ("typologie", 12): "conduites_a_risque",
    ("origine", 1): "ecole",
    ("origine", 14): "autre_cellule",
    ("suite", 1): "aemo",
    ("suite", 12): "sans_suite",
    ("statut", 1): "nouvelle",
    ("statut", 7): "classee",
    ("sexe", 1): "feminin",
    ("sexe", 2): "masculin",
    ("niveau", 1): "primaire",
    ("niveau", 9): "non_scolarise",
    ("tranche_age", 1): "moins_de_11",
    ("tranche_age", 6): "21_25",
    ("lien", 1): "mere",
    ("faits", 1): "conflit_voisinage",
    ("faits", 6): "absenteisme",
}


@pytest.mark.parametrize("name", BY_NAME)
def test_codes_and_slugs_are_unique_in_a_list(name: str) -> None:
    terms = BY_NAME[name]
    assert len({item.code for item in terms}) == len({item.slug for item in terms}) == len(terms)
    assert all(item.label[0].isupper() or item.label[0].isdigit() for item in terms)
    assert not any("'" in item.label for item in terms)


def test_stored_codes_keep_their_meaning() -> None:
    slugs = {(name, item.code): item.slug for name, terms in BY_NAME.items() for item in terms}
    assert {key: slugs[key] for key in STORED} == STORED


@pytest.mark.parametrize(("name", "bits"), [("faits", 32), ("suite", 64)])
def test_lists_kept_as_a_mask_fit_in_it(name: str, bits: int) -> None:
    assert max(item.code for item in BY_NAME[name]) < bits


@pytest.mark.parametrize("code", [0, -1, HIGHEST_CODE + 1])
def test_a_code_outside_one_byte_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        Term(code, "autre", "Autre")


@pytest.mark.parametrize(
    ("birthday", "slug"),
    [
        (10, "moins_de_11"),
        (11, "11_12"),
        (13, "13_15"),
        (16, "16_17"),
        (18, "18_20"),
        (21, "21_25"),
        (26, "plus_de_25"),
    ],
)
def test_a_bracket_begins_on_a_birthday(birthday: int, slug: str) -> None:
    on = date(2026, 11, 20)
    assert tranche_age(date(2026 - birthday, 11, 20), on).slug == slug
    eve = tranche_age(date(2026 - birthday, 11, 21), on)
    assert eve.slug != slug or birthday == 10


def test_someone_born_on_29_february_has_a_birthday_every_year() -> None:
    born = date(2012, 2, 29)
    assert age(born, date(2026, 2, 28)) == 13
    assert age(born, date(2026, 3, 1)) == 14


def test_someone_not_yet_born_has_no_bracket() -> None:
    with pytest.raises(ValueError, match="born after"):
        tranche_age(date(2026, 11, 21), date(2026, 11, 20))


@given(st.dates(date(1940, 1, 1), date(2026, 1, 1)), st.integers(0, 9000))
def test_growing_older_never_lowers_the_bracket(birth: date, days: int) -> None:
    one, other = sorted((date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days)))
    assert tranche_age(birth, one).code <= tranche_age(birth, other).code


def test_a_term_is_found_by_its_slug() -> None:
    assert term(TYPOLOGIE, "fugue").label == "Fugue"
    with pytest.raises(KeyError):
        term(TYPOLOGIE, "inconnu")
