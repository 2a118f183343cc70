"""What comes, situation by situation, read from the clocks alone."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from casework.retention import service
from casework.retention.clock import Stage
from casework.retention.service import Kept

AHEAD = timedelta(days=92)
REVIEW, END, ARCHIVE = "Revue du suivi", "Fin d’office du suivi", "Passage en archive"
ERASE, WITHDRAWN = "Effacement", "Retirée, en attente de l’accord des archives"
WITHDRAW = "Retrait, faute d’accord des archives"


@dataclass(frozen=True)
class Coming:
    day: date
    kept: Kept
    what: str

    @property
    def why(self) -> str:
        return self.kept.clock.why.label


@dataclass(frozen=True)
class Calendar:
    lines: list[Coming]
    stages: dict[str, Counter[Stage]]  # by cell

    @property
    def suspended(self) -> list[Coming]:
        return [line for line in self.lines if line.kept.frozen]


def calendar(
    session: Session,
    on: date,
    cells: Collection[str] | None = None,
    without: Collection[str] = (),
) -> Calendar:
    """The next event of each situation within three months, what is late first."""
    agreed = bool(service.agreement(session))
    lines: list[Coming] = []
    stages: dict[str, Counter[Stage]] = {}
    for kept in service.every(session, cells):
        stages.setdefault(kept.cell, Counter())[kept.stage(on)] += 1
        coming = next_of(kept, on, agreed=agreed)
        if coming.day <= on + AHEAD and kept.reference not in without:
            lines.append(coming)
    return Calendar(sorted(lines, key=lambda line: (line.day, line.kept.id)), stages)


def next_of(kept: Kept, on: date, *, agreed: bool) -> Coming:
    """The next thing the clock does, or what it is late to do tonight."""
    if kept.stage(on) is Stage.DUE:
        return Coming(kept.clock.erased, kept, ERASE if agreed else WITHDRAWN)
    return min(
        (coming for coming in _events(kept, agreed) if coming.day > on),
        key=lambda coming: coming.day,
    )


def _events(kept: Kept, agreed: bool) -> Iterable[Coming]:
    clock = kept.clock
    if kept.closed_on is None:
        if clock.review is not None:
            yield Coming(clock.review, kept, REVIEW)
        yield Coming(clock.end, kept, END)
    if clock.archived is not None and kept.archived_on is None:
        yield Coming(clock.archived, kept, ARCHIVE)
    yield Coming(clock.erased, kept, ERASE if agreed else WITHDRAW)
