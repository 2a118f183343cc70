"""What a report says beside its tables: situations examined, young people, delays, hours."""

from collections.abc import Sequence
from statistics import median

from casework.reports.contributors import MOST
from casework.reports.memory import Figures
from casework.reports.periods import Period
from casework.reports.settled import Acts, inside
from casework.reports.tally import Tally

WEEK, TEN = 7, 10


def key_figures(
    counted: Tally,
    acts: Acts,
    period: Period,
    people: int,
    total: int,
    threshold: int,
    *,
    rounded: bool,
) -> Figures:
    """What is not a count of lines: young people, and delays rounded to a week."""
    # A small difference tells of one child seen twice, or of one situation about two children.
    about = rounded or 0 < abs(total - people) < threshold
    done = [act for found in acts.values() for act in inside(found, period)]
    waits = counted.waits(period.blocks())
    examined = len(waits) if len(waits) == total and not rounded else _floor(len(waits), threshold)
    answered = [act.waited for act in done if act.waited is not None]
    return Figures(
        people=_floor(people, threshold) if about else people,
        about=about,
        saisine_to_seance=_weeks(waits, threshold),
        t1_to_t2=_weeks(answered, threshold),
        hours=_hours([act.hours for act in done if act.hours], threshold),
        examined=examined or None,
        examined_about=examined != total or rounded,
    )


def _floor(number: int, threshold: int) -> int:
    return number // threshold * threshold


def _weeks(days: Sequence[int], threshold: int) -> int | None:
    """The median in weeks; None when too few waited for it to say nothing of one of them."""
    return round(median(days) / WEEK) if len(days) >= threshold else None


def _hours(worked: Sequence[float], threshold: int) -> int | None:
    """Hours of unpaid work done, to the ten; None when too few, or one person above all, did it."""
    whole = sum(worked)
    if len(worked) < threshold or max(worked) > MOST * whole:
        return None
    return round(whole / TEN) * TEN
