"""The aide parentale: opening one, recording its acts, reading it again.

What may happen next is decided by :mod:`casework.parenting.procedure` alone; here its events are
sealed under the situation's key, and replayed.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.parenting.models import Aide, AideEvent
from casework.parenting.procedure import Dossier, Event, Step, Waits, apply, replay
from casework.parenting.words import WAITS, told
from casework.situations import events
from casework.situations.events import Author
from casework.situations.happening import Happening
from casework.situations.models import Situation
from casework.vault.keyring import OpenRecord, Writer
from casework.web.french import local


class ActConflict(Exception):
    """The aide changed since the page was opened."""


class AlreadyOpen(Exception):
    """An aide is under way for this situation."""


@dataclass(frozen=True)
class Recorded:
    """An act as it is shown: who did it, under which mandate, and when it was written down."""

    event: Event
    at: datetime
    author: str
    role: str


@dataclass(frozen=True)
class Opened:
    """An aide as its reader may see it."""

    row: Aide
    dossier: Dossier
    events: list[Recorded]

    def last(self, step: Step) -> Event | None:
        return next((one.event for one in reversed(self.events) if one.event.step is step), None)


def begin(
    session: Session,
    writer: Writer,
    situation: Situation,
    by: Author,
    event: Event,
    dossier: Dossier,
) -> Aide:
    """Record an aide whose legal checks passed. AlreadyOpen."""
    locked = select(Situation.id).where(Situation.id == situation.id).with_for_update()
    session.execute(locked)  # two at once: the second is told
    if current(session, situation.id):
        raise AlreadyOpen
    row = Aide(
        id=new_id(),
        situation=situation.id,
        cell=situation.cell,
        version=0,
        created_at=datetime.now(UTC),
    )
    session.add(row)
    _write(session, writer, situation, row, by, event, dossier)
    return row


def act(
    session: Session,
    writer: Writer,
    situation: Situation,
    opened: Opened,
    by: Author,
    event: Event,
    today: date,
) -> Dossier:
    """Record one act. Forbidden, ActConflict."""
    row = session.scalars(select(Aide).where(Aide.id == opened.row.id).with_for_update()).one()
    if row.version != opened.row.version:
        raise ActConflict
    reached = apply(opened.dossier, event, today)
    _write(session, writer, situation, row, by, event, reached)
    return reached


def _write(
    session: Session,
    writer: Writer,
    situation: Situation,
    row: Aide,
    by: Author,
    event: Event,
    reached: Dossier,
) -> None:
    row.version += 1
    row.attend, row.echeance = reached.due
    session.flush()
    texts = {
        "etape": event.step.value,
        "le": event.on.isoformat(),
        "contenu": json.dumps(dict(event.content)),
    }
    events.add(session, writer, situation, AideEvent, by, texts, aide=row.id, rank=row.version)


def of_situation(session: Session, record: OpenRecord, situation: int) -> list[Opened]:
    """The aides of a situation, newest first."""
    found: dict[int, list[Recorded]] = {}
    for row in events.of(session, AideEvent, situation):
        found.setdefault(row.aide, []).append(_recorded(record, row))
    return [_opened(row, found[row.id]) for row in _rows(session, situation)]


def _opened(row: Aide, acts: list[Recorded]) -> Opened:
    first, *others = acts
    days = ((one.event, local(one.at).date()) for one in others)
    return Opened(row, replay(first.event, days), acts)


def _recorded(record: OpenRecord, row: AideEvent) -> Recorded:
    event = Event(
        Step(record.open(row, "etape")),
        date.fromisoformat(record.open(row, "le")),
        json.loads(record.open(row, "contenu")),
    )
    return Recorded(event, row.created_at, row.created_by, row.created_as)


def _rows(session: Session, situation: int) -> list[Aide]:
    query = select(Aide).where(Aide.situation == situation).order_by(Aide.id.desc())
    return list(session.scalars(query))


def count(session: Session, situation: int) -> int:
    return len(_rows(session, situation))


def current(session: Session, situation: int) -> Aide | None:
    """The aide under way, if there is one."""
    return next((row for row in _rows(session, situation) if row.attend), None)


def under_way(session: Session, cell: str, without: Collection[str] = ()) -> list[tuple[Aide, str]]:
    """The aides of a cell that wait for someone, and their situations' references, but for the
    situations of ``without``."""
    query = (
        select(Aide, Situation.reference)
        .join(Situation, Situation.id == Aide.situation)
        .where(Aide.cell == cell, Aide.attend != Waits.NOBODY, Situation.archived_on.is_(None))
        .where(Situation.reference.not_in(without))
        .order_by(Aide.echeance)
    )
    return [(row, reference) for row, reference in session.execute(query)]


def waits(row: Aide) -> str:
    """Who a list of deadlines says is waited for."""
    return WAITS[Waits(row.attend)]


def happenings(aides: Iterable[Opened]) -> list[Happening]:
    """The story's lines; what the family promised shows on the aide's own page."""
    return [
        Happening(one.at, "Aide parentale", told(one.event), author=one.author, role=one.role)
        for opened in aides
        for one in opened.events
    ]
