"""Reading an archived situation: asked with a motive, answered by someone else, for a few days.

The opening closes by itself: nobody has to remember to end it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.retention.models import ArchiveOpening
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keyring import Reader, Writer

MOST_DAYS = 15


class AlreadyAsked(Exception):
    """This member's request waits, or was granted and is not over."""


class Answered(Exception):
    """Someone answered it meanwhile."""


@dataclass(frozen=True)
class Asked:
    """A request, and its motive opened."""

    row: ArchiveOpening
    reference: str
    motif: str


def ask(
    session: Session, writer: Writer, situation: Situation, member: str, days: int, motif: str
) -> ArchiveOpening:
    """AlreadyAsked."""
    session.get(Situation, situation.id, with_for_update=True)
    if any(_runs(row) for row in _of(session, [situation.id]) if row.member == member):
        raise AlreadyAsked
    row = ArchiveOpening(
        id=new_id(),
        situation=situation.id,
        member=member,
        asked_at=datetime.now(UTC),
        days=min(max(days, 1), MOST_DAYS),
    )
    wraps = store.wraps_of(session, situation.id)
    writer.record(situation.id, wraps, situation.reference).seal(row, "motif", motif)
    session.add(row)
    session.flush()
    return row


def answer(session: Session, number: int, member: str, *, granted: bool) -> ArchiveOpening:
    """Answered."""
    row = session.scalars(
        select(ArchiveOpening).where(ArchiveOpening.id == number).with_for_update()
    ).one()
    if row.decided_at is not None:
        raise Answered
    now = datetime.now(UTC)
    row.decided_at, row.decided_by = now, member
    row.until = now + timedelta(days=row.days) if granted else None
    session.flush()
    return row


def by_number(session: Session, number: int) -> ArchiveOpening | None:
    return session.get(ArchiveOpening, number)


def archived(session: Session, cell: str, without: Collection[str] = ()) -> list[Situation]:
    """The archived situations of a cell, the oldest archive first; nothing of them is opened."""
    query = select(Situation).where(Situation.cell == cell, Situation.archived_on.is_not(None))
    query = query.where(Situation.reference.not_in(list(without)))
    return list(session.scalars(query.order_by(Situation.archived_on, Situation.id)))


def running(session: Session, reader: Reader, situations: Collection[Situation]) -> list[Asked]:
    """What is asked or open now, with the motives."""
    known = {row.id: row for row in situations}
    found = []
    for row in _of(session, list(known)):
        if _runs(row):
            of = known[row.situation]
            record = reader.record(of.id, store.wraps_of(session, of.id), of.reference)
            found.append(Asked(row, of.reference, record.open(row, "motif")))
    return found


def _of(session: Session, situations: list[int]) -> list[ArchiveOpening]:
    query = select(ArchiveOpening).where(ArchiveOpening.situation.in_(situations))
    return list(session.scalars(query.order_by(ArchiveOpening.id)))


def _runs(row: ArchiveOpening) -> bool:
    return row.decided_at is None or (row.until is not None and row.until > datetime.now(UTC))
