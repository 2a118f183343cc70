"""The delays of the law, against a plain telling of them."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.breaches.service import Clock as BreachClock
from casework.legal_days import is_working_day
from casework.rights.clock import Clock

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


def due(received, *, prolonged=False):
    return Clock(received, received, prolonged).due


@given(days, st.booleans())
def test_a_delay_ends_on_the_first_working_day_from_its_month(received, prolonged):
    """Règlement n° 1182/71, art. 3 §2 c and §4."""
    ends, months = due(received, prolonged=prolonged), 3 if prolonged else 1
    year, month = divmod(received.year * 12 + received.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    term = date(year, month + 1, min(received.day, last))
    assert term <= ends
    assert is_working_day(ends)
    assert not any(is_working_day(term + timedelta(n)) for n in range((ends - term).days))


def test_ends_of_months_and_days_off():
    assert due(date(2028, 1, 31)) == date(2028, 2, 29)  # a Tuesday
    assert due(date(2026, 12, 15)) == date(2027, 1, 15)  # a Friday
    assert due(date(2027, 1, 31)) == date(2027, 3, 1)  # 28 February is a Sunday
    assert due(date(2026, 4, 1)) == date(2026, 5, 4)  # 1 May, then a week-end
    assert due(date(2026, 11, 30), prolonged=True) == date(2027, 3, 1)


@given(days, st.integers(0, 200), st.booleans(), st.none() | st.integers(0, 200))
def test_a_request_is_late_exactly_when_its_day_has_passed(received, after, prolonged, answered):
    on = received + timedelta(days=after)
    done = None if answered is None else received + timedelta(days=answered)
    clock = Clock(received, on, prolonged, done)
    assert clock.first_month_ends <= clock.due
    assert (clock.due != clock.first_month_ends) == prolonged
    assert clock.late == ((done or on) > clock.due)
    assert clock.days_left == (clock.due - (done or on)).days
    if clock.may_prolong:
        assert not prolonged
        assert done is None
        assert not clock.late
        assert on <= clock.first_month_ends


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)), st.none() | st.integers(0, 200))
def test_a_breach_is_late_exactly_after_72_hours(known, since, hours):
    settled = None if hours is None else known + timedelta(hours=hours)
    clock = BreachClock(known, known + since, settled)
    assert clock.due - known == timedelta(hours=72)
    assert clock.late == (
        (since if hours is None else timedelta(hours=hours)) > timedelta(hours=72)
    )
    assert 0 <= clock.hours_left <= 72
    assert (clock.hours_left == 0) or not clock.due <= clock.now
