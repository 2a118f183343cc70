"""One line of the day's page: a link and a verb, the reference, why, since or until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.web.french import NBSP, local, long_date


@dataclass(frozen=True)
class Desk:
    """Whose page it is: the cells it covers, and what they stepped aside from."""

    session: Session
    cells: tuple[str, ...]
    member: str
    aside: frozenset[str]
    today: date


@dataclass(frozen=True)
class Line:
    """``day`` sorts, oldest first; ``said`` is how the page says it, the day itself by default."""

    day: date
    reference: str
    verb: str
    url: str
    reason: str
    said: str = ""
    late: bool = False

    @property
    def date(self) -> str:
        return self.said or long_date(self.day)


def oldest_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.day, line.reference))


def day_of(moment: datetime) -> date:
    return local(moment).date()


def since(day: date, today: date) -> str:
    """« depuis 12 jours »."""
    days = (today - day).days
    if days <= 0:
        return "aujourd’hui"
    return f"depuis {days}{NBSP}jour{'s' * (days > 1)}"


def counted(count: int, one: str, many: str = "") -> str:
    """« 3 membres »."""
    return f"{count}{NBSP}{one if count < 2 else many or one + 's'}"
