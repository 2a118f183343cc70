"""What is packed into a situation's facets comes out the same."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casework.names.normal import fold
from casework.situations.facets import (
    COLUMNS,
    LAYOUT,
    SAISINE_AT,
    SUITES_AT,
    Facets,
    codes,
    day_number,
    day_of,
    initials,
    mask,
    sounds_of,
)

code = st.integers(0, 255)
day = st.none() | st.dates(date(1970, 1, 2), date(2149, 6, 6))
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=2)
sounds = st.lists(st.text(st.characters(exclude_characters="|\x1e", codec="utf-8"), min_size=1))
facets = st.builds(
    Facets,
    **dict.fromkeys(COLUMNS, code),
    faits=st.frozensets(st.integers(0, 31)),
    suites=st.frozensets(st.integers(0, 63)),
    saisine=day,
    naissance=day,
    examinee=day,
    echeance=day,
    initiales=letters,
    sounds=sounds.map(tuple),
    others=st.lists(st.tuples(day, sounds.map(tuple))).map(tuple),
)


@given(facets)
def test_packed_then_unpacked(made: Facets) -> None:
    assert Facets.unpack(made.pack()) == made


@given(facets)
def test_reports_slice_the_columns_out(made: Facets) -> None:
    packed = made.pack()
    assert [packed[COLUMNS.index(name)] for name in COLUMNS] == [
        getattr(made, name) for name in COLUMNS
    ]
    assert codes(int.from_bytes(packed[SUITES_AT], "big")) == made.suites
    assert day_of(int.from_bytes(packed[SAISINE_AT], "big")) == made.saisine
    assert frozenset(sounds_of(packed)) == made.every_sound
    assert len(packed) >= LAYOUT.size


@given(facets)
def test_a_blob_of_before_several_persons_still_opens(made: Facets) -> None:
    """One person's blob is, to the byte, what it was before others could be in it."""
    alone = replace(made, others=())
    packed = alone.pack()
    assert packed[LAYOUT.size :] == "|".join(alone.sounds).encode()
    assert Facets.unpack(packed) == alone
    assert sounds_of(packed) == alone.sounds


@given(st.dates(date(1970, 1, 2), date(2149, 6, 6)), st.dates(date(1970, 1, 2), date(2149, 6, 6)))
def test_packed_dates_keep_their_order(one: date, other: date) -> None:
    low, high = (day_number(on).to_bytes(2, "big") for on in (one, other))
    assert (low < high) is (one < other)


@given(st.frozensets(st.integers(0, 63)))
def test_masks(chosen: frozenset[int]) -> None:
    assert codes(mask(chosen)) == chosen


def test_initials_have_no_accent() -> None:
    assert initials("Élodie", "N’Diaye", fold) == "EN"
    assert initials("", "", fold) == ""
