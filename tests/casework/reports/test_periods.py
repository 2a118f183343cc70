"""The blocks of the two calendars, and the periods made of them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.reports import periods
from casework.reports.periods import Period, WrongPeriod

days = st.dates(date(1995, 1, 1), date(2095, 12, 31))


@given(days)
def test_every_model_is_a_period_of_whole_blocks(day: date) -> None:
    made = [
        periods.quarter(day),
        periods.last_quarter(day),
        periods.school_year(day),
        periods.last_school_year(day),
        periods.last_year(day),
        periods.school_year_so_far(day),
    ]
    for period in (found for found in made if found is not None):
        blocks = period.blocks()
        assert blocks[0].since == period.since
        assert blocks[-1].until == period.until
        for one, following in pairwise(blocks):
            assert following.since - one.until == timedelta(days=1)
        before = period.previous()
        assert before.until < period.since
        assert len(before.blocks()) == len(blocks)
    assert periods.quarter(day).since <= day <= periods.quarter(day).until
    assert periods.last_quarter(day).until < day


@pytest.mark.parametrize(
    ("since", "until", "label"),
    [
        ((2026, 1, 1), (2026, 12, 31), "Année civile 2026"),
        ((2025, 9, 1), (2026, 8, 31), "Année scolaire 2025-2026"),
        ((2026, 1, 1), (2026, 3, 31), "1er trimestre 2026"),
        ((2026, 10, 1), (2026, 12, 31), "4e trimestre 2026"),
        ((2015, 9, 1), (2016, 3, 31), "Du 1er septembre 2015 au 31 mars 2016"),
    ],
)
def test_labels(since: tuple, until: tuple, label: str) -> None:
    assert Period(date(*since), date(*until)).label == label


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ((2026, 1, 2), (2026, 12, 31)),
        ((2026, 1, 1), (2026, 12, 30)),
        ((2026, 4, 1), (2026, 3, 31)),
        ((2010, 1, 1), (2026, 12, 31)),
    ],
)
def test_other_periods_are_refused(since: tuple, until: tuple) -> None:
    with pytest.raises(WrongPeriod):
        Period(date(*since), date(*until))
