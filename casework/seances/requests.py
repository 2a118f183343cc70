"""An urgent séance at one member's request (001:895): asked with a reason, answered by a séance
prepared or by a reason why not."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.service import next_reference
from casework.clock import today
from casework.db import new_id
from casework.seances.models import Seance, UrgentRequest
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import Reader, Writer


class AlreadyAnswered(Exception):
    """Someone else answered this request meanwhile."""


@dataclass(frozen=True)
class Asked:
    """A request, opened."""

    row: UrgentRequest
    motif: str
    refus: str


def ask(session: Session, writer: Writer, cell: str, member: str, motif: str) -> UrgentRequest:
    """Ask for an urgent séance; the reason is sealed for the cell."""
    now = datetime.now(UTC)
    row = UrgentRequest(
        id=new_id(),
        reference=next_reference(session, f"U-{cell}", today().year),
        cell=cell,
        asked_at=now,
        asked_by=member,
    )
    version = store.current(session, cell).version
    record, wrap = writer.new_record(row.id, cell, version, row.reference)
    seal_row(record, row, {"motif": motif})
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    return row


def by_reference(session: Session, reference: str) -> UrgentRequest | None:
    return session.scalar(select(UrgentRequest).where(UrgentRequest.reference == reference))


def waiting(session: Session, cell: str) -> list[UrgentRequest]:
    """Requests nobody answered yet, oldest first."""
    query = select(UrgentRequest).where(
        UrgentRequest.cell == cell, UrgentRequest.answered_at.is_(None)
    )
    return list(session.scalars(query.order_by(UrgentRequest.id)))


def of_member(session: Session, cell: str, member: str) -> list[UrgentRequest]:
    query = select(UrgentRequest).where(
        UrgentRequest.cell == cell, UrgentRequest.asked_by == member
    )
    return list(session.scalars(query.order_by(UrgentRequest.id.desc())))


def accept(session: Session, number: int, by: str, seance: Seance) -> None:
    """A séance is prepared for it. AlreadyAnswered."""
    row = _waiting(session, number)
    row.answered_at, row.answered_by, row.seance = datetime.now(UTC), by, seance.id
    session.flush()


def decline(session: Session, writer: Writer, number: int, by: str, refus: str) -> None:
    """No urgent séance, and why. AlreadyAnswered."""
    row = _waiting(session, number)
    row.answered_at, row.answered_by = datetime.now(UTC), by
    record = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    record.seal(row, "refus", refus)
    session.flush()


def _waiting(session: Session, number: int) -> UrgentRequest:
    row = session.scalars(
        select(UrgentRequest)
        .where(UrgentRequest.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.answered_at is not None:
        raise AlreadyAnswered(row.reference)
    return row


def opened(session: Session, reader: Reader, row: UrgentRequest) -> Asked:
    record = reader.record(row.id, store.wraps_of(session, row.id), row.reference)
    return Asked(row, record.open(row, "motif"), record.open(row, "refus"))
