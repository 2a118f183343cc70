"""How long an entry keeps its content: 6 to 36 months, a written reason beyond 12.

CNIL, délibération 2021-122 du 14 octobre 2021 (journalisation).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from audit.event import timestamp

SHORTEST_MONTHS: Final = 6
USUAL_MONTHS: Final = 12
LONGEST_MONTHS: Final = 36
SHORTEST_REASON, LONGEST_REASON = 20, 1000  # characters: a sentence, not a full stop


class PeriodError(ValueError):
    """The law does not allow this period. The message says so, in French."""


@dataclass(frozen=True, slots=True)
class Period:
    """A number of months, and why it is longer than usual. Raises :class:`PeriodError`."""

    months: int = USUAL_MONTHS
    reason: str = ""

    def __post_init__(self) -> None:
        if not SHORTEST_MONTHS <= self.months <= LONGEST_MONTHS:
            raise PeriodError(
                f"Le journal se garde de {SHORTEST_MONTHS} à {LONGEST_MONTHS} mois"
                " (CNIL, délibération 2021-122)."
            )
        if self.months > USUAL_MONTHS and len(self.reason.strip()) < SHORTEST_REASON:
            raise PeriodError(
                f"Au-delà de {USUAL_MONTHS} mois, justifiez la durée par écrit, en une phrase"
                " (CNIL, délibération 2021-122)."
            )
        if len(self.reason) > LONGEST_REASON:
            raise PeriodError(
                f"Justifiez la durée en {LONGEST_REASON} caractères au plus"
                " (CNIL, délibération 2021-122)."
            )

    def cutoff(self, now: datetime) -> str:
        """The timestamp before which content expires: the beginning of a day."""
        day = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        return months_before(timestamp(day), self.months)


def months_before(moment: str, months: int) -> str:
    """The same hour some months earlier; at the end of a month that is shorter."""
    then = datetime.fromisoformat(moment)
    year, month = divmod(then.year * 12 + then.month - 1 - months, 12)
    day = min(then.day, monthrange(year, month + 1)[1])
    return timestamp(then.replace(year=year, month=month + 1, day=day))
