"""The clock against a plain oracle that lives day by day: five years of a commune in seconds."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.cells.lists import age
from casework.legal_days import months_after
from casework.retention.clock import (
    LAST_BIRTHDAY,
    LONGEST_LIFE,
    Dates,
    Rules,
    Stage,
    Why,
    clock,
    limit_of,
)
from tests.casework.retention.oracle import ONE, File

DAY = date(2026, 11, 21)
YEARS = 5 * 366
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
births = st.lists(st.integers(0, 30 * 365).map(lambda n: DAY - timedelta(days=n)), max_size=3)
rules = st.builds(Rules, st.integers(1, 3), st.sampled_from([0, 0, 1, 12, 36]), st.integers(3, 12))
acts = st.lists(
    st.tuples(st.integers(1, 500), st.sampled_from([None, None, True, False])), max_size=8
)


@settings(deadline=None, max_examples=60)
@given(births, rules, acts)
def test_five_years_day_by_day_agree_with_the_oracle(born, rules, acts) -> None:
    """Nothing is kept a day too long, nothing goes a day too early, whatever is done meanwhile."""
    told = File(DAY, born, rules.after_end, rules.archive, rules.review)
    active, ended, on = DAY, None, DAY
    due = iter(acts)
    gap, ends = next(due, (YEARS, None))
    for _ in range(YEARS):
        on += ONE
        gap -= 1
        stage = clock(Dates(active, ended, limit_of(born, DAY, active)), rules).stage(on)
        assert stage.value == told.live(on), on
        if stage is Stage.DUE:
            return
        if stage in {Stage.ENDED, Stage.ARCHIVED} and ended is None:
            ended = clock(Dates(active, None, None), rules).end  # what the nightly job writes
        if gap <= 0 and stage is not Stage.ARCHIVED:
            told.act(on, ends=ends)
            active, ended = on, ended if ends is None else on if ends else None
            gap, ends = next(due, (YEARS, None))


@given(days, st.lists(days, max_size=4), rules)
def test_no_rule_goes_past_the_clock_nor_the_25th_birthday(ended, born, rules) -> None:
    opened = ended - timedelta(days=200)
    limit = limit_of(born, opened, ended)
    found = clock(Dates(ended, ended, limit), rules)
    assert found.erased <= months_after(ended, rules.after_end + rules.archive)
    for day in born:
        if months_after(day, 12 * LAST_BIRTHDAY) > opened and found.erased > day:
            assert age(day, found.erased - ONE) < LAST_BIRTHDAY
    kept = months_after(ended, rules.after_end + rules.archive)
    assert (found.why is Why.BIRTHDAY) == (limit is not None and limit < kept)
    assert found.archived is None or ended < found.archived < found.erased


@given(births, rules)
def test_the_limit_is_silent_only_while_another_rule_comes_first(born, rules) -> None:
    """A birthday that no file can reach is not written in clear; one that it can is."""
    found = clock(Dates(DAY, None, None), rules)
    if limit_of(born, DAY, DAY) is None:
        coming = [months_after(day, 300) for day in born]
        assert all(day <= DAY or day >= found.erased for day in coming)
    assert found.erased <= months_after(DAY, LONGEST_LIFE)


@pytest.mark.parametrize(
    ("ended", "born", "due"),
    [
        (date(2026, 11, 30), None, date(2027, 2, 28)),
        (date(2026, 1, 15), date(2012, 3, 12), date(2026, 4, 15)),
        (date(2026, 11, 12), date(2001, 12, 24), date(2026, 12, 1)),
        (date(2026, 11, 12), date(1990, 12, 24), date(2027, 2, 12)),
        (None, date(2002, 2, 28), date(2027, 2, 1)),
        (None, date(2001, 11, 24), date(2026, 11, 24)),
        (None, date(2001, 11, 10), date(2028, 4, 29)),  # 25 that very day
        (None, None, date(2028, 4, 29)),
    ],
)
def test_the_day_it_must_be_gone(ended, born, due) -> None:
    opened = date(2026, 1, 10) if ended else date(2026, 11, 10)
    active = ended or date(2026, 10, 29)
    limit = limit_of([born] if born else [], opened, active)
    assert clock(Dates(active, ended, limit), Rules()).erased == due


def test_the_day_of_birth_is_not_in_what_is_written_in_clear() -> None:
    assert limit_of([date(2003, 5, 17)], DAY, DAY) == date(2028, 5, 1)
    assert limit_of([date(2014, 5, 17)], DAY, DAY) is None
