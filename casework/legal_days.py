"""The legal calendar: how French criminal procedure counts a delay.

Months run from date to date, to the last day of a shorter month; the day of the act does not count
and the last one ends at midnight. A delay that would end on a Saturday, a Sunday or a public
holiday runs to the next working day (art. 801 CPP; the civil rule, art. 642 CPC, is the same).
"""

import calendar
from datetime import date, timedelta
from functools import cache

from jours_feries_france import JoursFeries

METROPOLE, ALSACE_MOSELLE = "Métropole", "Alsace-Moselle"
SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)


@cache
def holidays(year: int, *, alsace_moselle: bool = False) -> frozenset[date]:
    """Public holidays of a year; Alsace and Moselle keep two more."""
    zone = ALSACE_MOSELLE if alsace_moselle else METROPOLE
    return frozenset(JoursFeries.for_year(year, zone=zone).values())


def is_working_day(day: date, *, alsace_moselle: bool = False) -> bool:
    """Neither a Saturday, nor a Sunday, nor a public holiday."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, alsace_moselle=alsace_moselle)


def is_day_off(day: date, *, alsace_moselle: bool = False) -> bool:
    """A Sunday or a public holiday; offices of a commune may open on a Saturday."""
    return day.weekday() == SUNDAY or day in holidays(day.year, alsace_moselle=alsace_moselle)


def prorogue(day: date, *, alsace_moselle: bool = False) -> date:
    """The day itself, or the first working day after it (art. 801 CPP)."""
    while not is_working_day(day, alsace_moselle=alsace_moselle):
        day += ONE_DAY
    return day


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the last one of a shorter month: 31 January, 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def deadline(day: date, months: int, *, alsace_moselle: bool = False) -> date:
    """The last useful day of a delay in months that starts on ``day``."""
    return prorogue(months_after(day, months), alsace_moselle=alsace_moselle)
