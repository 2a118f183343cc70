import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.names.normal import fold, joined, parts, words

NAMES = st.text("aàâäbcçdeéèêëfghiîïjklmnñoôöpqrstuùûüvwxyzßœæø’'- ", max_size=30)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Lefèvre", "lefevre"),
        ("N’Diaye", "ndiaye"),
        ("Aït-Ahmed", "ait ahmed"),
        ("  LE   GOFF ", "le goff"),
        ("Bœuf", "boeuf"),
        ("Lætitia", "laetitia"),
        ("Weiß", "weiss"),
        ("Søren Łukasz", "soren lukasz"),
        ("Martin--Dupont", "martin dupont"),
        ("Иван", "иван"),
        ("42 ?", ""),
    ],
)
def test_fold_keeps_letters_and_single_spaces(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_particles_and_short_words_do_not_carry_a_name() -> None:
    assert words("D’Almeida-Le Goff") == ("d", "almeida", "le", "goff")
    assert parts("D’Almeida-Le Goff") == ("almeida", "goff")
    assert parts("Ly") == ()
    assert joined("Ben Saïd") == joined("Bensaid")


@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(NAMES)
def test_capitals_change_nothing(name: str) -> None:
    assert fold(name.upper()) == fold(name)
