"""The delay of an answer: one month, and two more when the person is told why in time (art. 12 §3
RGPD).

A delay of Union law is counted as Règlement (CEE, Euratom) n° 1182/71 says: months run from date to
date, to the last day of a shorter month (art. 3 §2 c); one that would end on a Saturday, a Sunday
or a public holiday ends with the next working day (art. 3 §4).
"""

from dataclasses import dataclass
from datetime import date

from casework.legal_days import deadline

MONTHS, MORE_MONTHS = 1, 2


@dataclass(frozen=True)
class Clock:
    """Where a request stands in its delay on the day ``on``."""

    received: date
    on: date
    prolonged: bool = False
    answered: date | None = None

    @property
    def first_month_ends(self) -> date:
        return deadline(self.received, MONTHS)

    @property
    def due(self) -> date:
        return deadline(self.received, MONTHS + (MORE_MONTHS if self.prolonged else 0))

    @property
    def days_left(self) -> int:
        """Negative once the delay is over; counted on the day of the answer when there is one."""
        return (self.due - (self.answered or self.on)).days

    @property
    def late(self) -> bool:
        return self.days_left < 0

    @property
    def may_prolong(self) -> bool:
        """Once, and only while the first month runs: the person is told within it."""
        return not (self.prolonged or self.answered) and self.on <= self.first_month_ends
