"""What the rules of retention say, told again day by day: no arithmetic on months beyond counting
them on a calendar, and no code of the clock."""

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE = timedelta(days=1)


def turns(start: date, months: int, on: date) -> bool:
    """Have so many calendar months gone by since ``start``?"""
    gone = (on.year - start.year) * 12 + on.month - start.month
    if gone != months:
        return gone > months
    last = (on.replace(day=28) + 4 * ONE).replace(day=1) - ONE
    return on.day >= min(start.day, last.day)


@dataclass
class File:
    """A situation as the oracle follows it, one day after the other."""

    opened: date
    births: list[date]
    after_end: int = 3
    archive: int = 0
    review: int = 12
    active: date = field(init=False)
    ended: date | None = None
    stage: str = "suivi"

    def __post_init__(self) -> None:
        self.active = self.opened

    def act(self, on: date, *, ends: bool | None = None) -> None:
        self.active = on
        if ends is not None:
            self.ended = on if ends else None

    def live(self, on: date) -> str:
        """One day goes by: the stage it is in."""
        self.stage = self._stage(on)
        if self.stage in {"fin", "archive"} and self.ended is None:
            self.ended = self._lapsed(on)
        return self.stage

    def _lapsed(self, on: date) -> date:
        while turns(self.active, self.review + 3, on - ONE):
            on -= ONE
        return on

    def _stage(self, on: date) -> str:
        if any(self._too_old(born, on) for born in self.births):
            return "terme"
        ended = self.ended
        if ended is None and turns(self.active, self.review + 3, on):
            ended = self._lapsed(on)
        if ended is None:
            return "revue" if turns(self.active, self.review, on) else "suivi"
        if turns(ended, self.after_end + self.archive, on):
            return "terme"
        if turns(ended, self.after_end, on):
            return "archive"
        return "fin"

    def _too_old(self, born: date, on: date) -> bool:
        """Is this the month of the 25th birthday, or after it? For who was younger at first."""
        if turns(born, 300, self.opened):
            return False
        same_month = (self.opened.year, self.opened.month) == (born.year + 25, born.month)
        if same_month:
            return turns(born, 300, on)
        return (on.year, on.month) >= (born.year + 25, born.month)
