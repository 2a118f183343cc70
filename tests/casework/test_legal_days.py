"""How French procedure counts: months, public holidays, the next working day (art. 801 CPP)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.legal_days import deadline, holidays, is_working_day, months_after, prorogue

days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # a PV on 31 January
        (date(2028, 1, 31), 1, date(2028, 2, 29)),  # leap year
        (date(2028, 2, 29), 12, date(2029, 2, 28)),  # leap day, a year later
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 6, 15), 0, date(2026, 6, 15)),
    ],
)
def test_months_run_from_date_to_date(start: date, months: int, expected: date) -> None:
    assert months_after(start, months) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 4, 1), date(2026, 5, 4)),  # 1 May, a Friday, then the week-end
        (date(2026, 3, 6), date(2026, 4, 7)),  # 6 April 2026 is Easter Monday
        (date(2026, 4, 14), date(2026, 5, 15)),  # Ascension
        (date(2026, 4, 25), date(2026, 5, 26)),  # Pentecost Monday
        (date(2026, 7, 15), date(2026, 8, 17)),  # 15 August, a Saturday
        (date(2026, 10, 10), date(2026, 11, 10)),
        (date(2026, 10, 11), date(2026, 11, 12)),  # 11 November
        (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, a Friday
    ],
)
def test_a_delay_ends_on_a_working_day(start: date, expected: date) -> None:
    assert deadline(start, 1) == expected


def test_eleven_public_holidays_and_two_more_in_alsace_and_moselle() -> None:
    assert holidays(2027) == {
        *(date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 1), date(2027, 5, 6)),
        *(date(2027, 5, 8), date(2027, 5, 17), date(2027, 7, 14), date(2027, 8, 15)),
        *(date(2027, 11, 1), date(2027, 11, 11), date(2027, 12, 25)),
    }
    added = holidays(2027, alsace_moselle=True) - holidays(2027)
    assert added == {date(2027, 3, 26), date(2027, 12, 26)}
    assert deadline(date(2026, 3, 3), 1) == date(2026, 4, 3)
    assert deadline(date(2026, 3, 3), 1, alsace_moselle=True) == date(2026, 4, 7)  # Good Friday


@given(days)
def test_easter_monday_is_the_one_of_the_gregorian_computus(day: date) -> None:
    """Butcher's algorithm, told apart from the library."""
    y = day.year
    a, b, c = y % 19, y // 100, y % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    easter = date(y, f // 31, f % 31 + 1)
    assert {easter + timedelta(days=n) for n in (1, 39, 50)} <= holidays(y)
    assert len(holidays(y)) >= 10  # Ascension may fall on 1 or 8 May


@given(days, st.integers(0, 24))
def test_a_delay_is_never_shortened_and_waits_at_most_a_long_week_end(day: date, months: int):
    plain, end = months_after(day, months), deadline(day, months)
    assert is_working_day(end)
    assert plain <= end <= plain + timedelta(days=4)
    assert prorogue(end) == end
    assert not any(is_working_day(plain + timedelta(days=n)) for n in range((end - plain).days))
