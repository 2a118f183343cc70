"""The periods a report may cover: runs of whole blocks of the commune's two calendars.

The year is cut where a calendar quarter or a school year starts. Every report is about a run of
these blocks, so that two reports overlap on whole blocks or not at all: protecting the blocks
together protects every difference between two reports (docs/rapports.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from casework.web.french import long_date

STARTS = ((1, 1), (4, 1), (7, 1), (9, 1), (10, 1))
SCHOOL_YEAR_STARTS = (9, 1)
LONGEST_YEARS = 3
FIRST_YEAR, LAST_YEAR = 1990, 2100
ONE_DAY = timedelta(days=1)


class WrongPeriod(Exception):
    """The period does not follow the blocks; the message is for the user."""


@dataclass(frozen=True, order=True)
class Period:
    """Both days included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in (self.since, self.until)):
            raise WrongPeriod(f"Choisissez une période entre {FIRST_YEAR} et {LAST_YEAR}.")
        if self.since > self.until:
            raise WrongPeriod("Écrivez d’abord le premier jour de la période, puis le dernier.")
        if not (_starts_block(self.since) and _starts_block(self.until + ONE_DAY)):
            raise WrongPeriod(
                "Une période de rapport commence un 1er janvier, 1er avril, 1er juillet, "
                "1er septembre ou 1er octobre, et finit la veille d’un de ces jours : deux "
                "rapports décalés de quelques jours feraient reconnaître quelqu’un par différence."
            )
        if self.until.year - self.since.year > LONGEST_YEARS:
            raise WrongPeriod(f"Un rapport couvre au plus {LONGEST_YEARS} ans.")

    def __str__(self) -> str:
        return f"{self.since.isoformat()}/{self.until.isoformat()}"

    @property
    def label(self) -> str:
        """« Année scolaire 2025-2026 », or the two dates."""
        first, last = self.since, self.until
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 12 and first.month == 1:
            return f"Année civile {first.year}"
        if months == 12 and (first.month, first.day) == SCHOOL_YEAR_STARTS:
            return f"Année scolaire {first.year}-{last.year}"
        if months == 3 and first.month in (1, 4, 7, 10):
            ordinal = ("1er", "2e", "3e", "4e")[first.month // 3]
            return f"{ordinal} trimestre {first.year}"
        return f"Du {long_date(first)} au {long_date(last)}"

    def blocks(self) -> list["Period"]:
        """The blocks it is made of, in order."""
        return _blocks(self)

    def contains(self, other: "Period") -> bool:
        return self.since <= other.since and other.until <= self.until

    def overlaps(self, other: "Period") -> bool:
        return self.since <= other.until and other.since <= self.until

    def previous(self) -> "Period":
        """The same period a year (or as many years as it lasts) before."""
        years = 1
        while _years_before(self.until, years) >= self.since:
            years += 1
        return Period(_years_before(self.since, years), _years_before(self.until, years))


@cache
def _blocks(period: Period) -> list[Period]:
    starts = [period.since]
    while (following := next_block(starts[-1])) <= period.until:
        starts.append(following)
    ends = [*starts[1:], period.until + ONE_DAY]
    return [Period(start, end - ONE_DAY) for start, end in zip(starts, ends, strict=True)]


def _starts_block(day: date) -> bool:
    return (day.month, day.day) in STARTS


def next_block(day: date) -> date:
    """The first day of the block after the one that starts on ``day``."""
    return min(
        candidate
        for year in (day.year, day.year + 1)
        for month, number in STARTS
        if (candidate := date(year, month, number)) > day
    )


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; blocks end on no 29 February, but on 31 March."""
    return date(day.year - years, day.month, day.day)


def school_year(on: date) -> Period:
    """The school year a day falls in, 1 September to 31 August."""
    start = on.year if (on.month, on.day) >= SCHOOL_YEAR_STARTS else on.year - 1
    return Period(date(start, 9, 1), date(start + 1, 8, 31))


def last_school_year(on: date) -> Period:
    """The last complete one: what a yearly report of a cell of pupils is about."""
    return school_year(school_year(on).since - ONE_DAY)


def last_year(on: date) -> Period:
    return Period(date(on.year - 1, 1, 1), date(on.year - 1, 12, 31))


def quarter(on: date) -> Period:
    first = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    following = date(on.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return Period(first, following - ONE_DAY)


def last_quarter(on: date) -> Period:
    return quarter(quarter(on).since - ONE_DAY)


def school_year_so_far(on: date) -> Period | None:
    """From September to the last complete block, as the Istres CVE reported in March (001:477)."""
    whole = school_year(on)
    over = [block for block in whole.blocks() if block.until < on]
    return Period(whole.since, over[-1].until) if over else None


@dataclass(frozen=True)
class Kind:
    """A period said once for every year, and the one it is today."""

    label: str
    on: Callable[[date], Period | None]


# What a coordinator reports on.
KINDS = {
    "annee": Kind("Bilan annuel", last_year),
    "scolaire": Kind("Année scolaire passée", last_school_year),
    "en_cours": Kind("Année scolaire en cours", school_year_so_far),
    "trimestre": Kind("Bilan trimestriel", last_quarter),
}
