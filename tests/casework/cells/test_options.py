"""The bounds of a cell's settings, and the day its next séance is due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cells.kinds import KINDS
from casework.cells.options import Information, Options, Seat, Unit
from charter.roles import Role

START = KINDS["cctp"].start
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.slug)
def test_each_kind_starts_within_the_bounds(kind) -> None:
    assert list(kind.start.problems()) == []
    assert kind.needs_clearance is (kind.slug == "cmer") is kind.isolated


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("transaction_hours", {"transaction_hours": 31}),
        ("transaction_hours", {"transaction_hours": 0}),
        ("retention_months", {"retention_months": 4}),
        ("retention_months", {"retention_months": 0}),
        ("threshold", {"threshold": 4}),
        ("reminder_days", {"reminder_days": 0}),
        ("every", {"every": -1}),
        ("information_blocks", {"information_blocks": True}),
        ("rappel_light", {"rappel": False, "rappel_light": True}),
        ("seats", {"seats": ()}),
        ("seats", {"seats": (*START.seats, Seat(Role.PARQUET, "Le procureur"))}),
        ("seats", {"seats": (*START.seats, Seat(Role.DPO, "Le DPO", invited=True))}),
    ],
)
def test_what_no_cell_may_be_is_said_at_its_field(field: str, change: dict) -> None:
    assert [name for name, _ in replace(START, **change).problems()] == [field]


def test_what_the_law_allows_passes() -> None:
    allowed = replace(
        START,
        transaction=True,
        transaction_hours=15,
        information=Information.INTERVIEW,
        information_blocks=True,
        seats=(*START.seats, Seat(Role.PARQUET, "Le procureur", invited=True)),
    )
    assert list(allowed.problems()) == []


@given(DAYS, st.integers(1, 52))
def test_weeks_are_counted_in_days(day: date, weeks: int) -> None:
    due = Options(every=weeks, unit=Unit.WEEKS).due_after(day)
    assert due == day + timedelta(days=7 * weeks)


@given(DAYS, st.integers(1, 52))
def test_months_keep_the_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    due = Options(every=months, unit=Unit.MONTHS).due_after(day)
    assert due is not None
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due + timedelta(days=1)).day == 1


def test_nothing_is_due_where_nothing_sets_it() -> None:
    assert Options().due_after(date(2026, 11, 21)) is None
    assert Options(every=1).due_after(date(2026, 1, 31)) == date(2026, 2, 28)
