"""No word about a person can enter a mail: the types refuse it, whatever it is."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.mail.compose import COMMON, PATHS, template
from casework.mail.words import (
    SHAPES,
    CellCode,
    Count,
    Day,
    Kind,
    Moment,
    NotNameless,
    SeanceReference,
    pack,
    unpack,
)
from casework.resources import folder

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
SITTING = {
    "seance": SeanceReference("S-CCTP-2026-004"),
    "cellule": CellCode("CCTP"),
    "date": Moment(NOW),
}


@pytest.mark.parametrize("kind", Kind)
def test_a_template_says_its_own_words_and_no_other(kind: Kind) -> None:
    said = {name for part in template(kind) for name in part.get_identifiers()}
    assert all(part.is_valid() for part in template(kind))
    assert said <= SHAPES[kind].keys() | COMMON
    assert "lien" in said
    assert PATHS[kind].count("{") == PATHS[kind].count("{seance}")


def test_every_template_is_a_known_mail() -> None:
    found = {file.stem for file in (folder("templates") / "mail").glob("*.txt")}
    assert found == {kind.value for kind in Kind}


def test_no_situation_has_the_shape_of_a_word() -> None:
    for reference in ("CCTP-2026-012", "R-CCTP-2026-003", "D-CCTP-2026-001", "M-0003"):
        with pytest.raises(NotNameless):
            SeanceReference(reference)


@given(st.text())
def test_a_text_passes_only_as_a_code_or_the_reference_of_a_seance(text: str) -> None:
    for word in (SeanceReference, CellCode, Moment, Day, Count):
        try:
            made = word(text)  # type: ignore[arg-type]
        except NotNameless:
            continue
        assert made.shown() == text
        assert not any(letter.islower() or letter.isspace() for letter in text)


@given(st.dictionaries(st.sampled_from(["seance", "cellule", "date", "nom"]), st.text()))
def test_texts_are_not_words(words: dict[str, str]) -> None:
    for kind in Kind:
        with pytest.raises(NotNameless):
            pack(kind, words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "null",
        '{"seance": "S-CCTP-2026-004", "cellule": "CCTP"}',
        '{"seance": "Zqxcanari01", "cellule": "CCTP", "date": "2026-11-21T14:30:00+00:00"}',
        '{"seance": "S-CCTP-2026-004", "cellule": "CCTP", "date": "Zqxcanari01"}',
        '{"seance": "S-CCTP-2026-004", "cellule": ["CCTP"], "date": "2026-11-21T14:30:00+00:00"}',
        '{"seance":"S-CCTP-2026-004","cellule":"CCTP","date":"2026-11-21T14:30:00Z","nom":"X"}',
    ],
)
def test_the_table_is_not_trusted(stored: str) -> None:
    with pytest.raises(NotNameless):
        unpack(Kind.CONVOCATION, stored)


def test_what_is_packed_is_unpacked() -> None:
    assert unpack(Kind.CONVOCATION, pack(Kind.CONVOCATION, SITTING)) == SITTING
    words = {"jour": Day(date(2026, 11, 21)), "entrees": Count(12)}
    assert unpack(Kind.CONTROLE, pack(Kind.CONTROLE, words)) == words
