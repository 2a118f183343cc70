"""The permanence of the parquet: who is away, and what the commune may know of it."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.rappels.models import ParquetAbsence
from charter.models import MandateRow
from charter.roles import Role


def declare(session: Session, member: str, since: date, until: date) -> ParquetAbsence:
    """A magistrate is away from a day to another, both included."""
    row = ParquetAbsence(id=new_id(), member=member, since=since, until=until)
    session.add(row)
    session.flush()
    return row


def cancel(session: Session, member: str, number: int) -> bool:
    """Taken back by whoever declared it; False if it is not theirs."""
    row = session.get(ParquetAbsence, number)
    if row is None or row.member != member:
        return False
    row.cancelled_at = row.cancelled_at or datetime.now(UTC)
    session.flush()
    return True


def coming(session: Session, member: str, on: date) -> list[ParquetAbsence]:
    """A magistrate's own absences, present and to come."""
    query = select(ParquetAbsence).where(
        ParquetAbsence.member == member,
        ParquetAbsence.until >= on,
        ParquetAbsence.cancelled_at.is_(None),
    )
    return list(session.scalars(query.order_by(ParquetAbsence.since)))


def on_duty(session: Session, on: date) -> set[str]:
    """Magistrates whose mandate runs and who are not away."""
    running = select(MandateRow.member).where(
        MandateRow.role == Role.PARQUET,
        MandateRow.starts <= on,
        (MandateRow.ends.is_(None)) | (MandateRow.ends >= on),
    )
    away = select(ParquetAbsence.member).where(
        ParquetAbsence.since <= on,
        ParquetAbsence.until >= on,
        ParquetAbsence.cancelled_at.is_(None),
    )
    return set(session.scalars(running)) - set(session.scalars(away))


def permanence(session: Session, on: date) -> str:
    """All the commune is told: « la permanence du parquet », and never who holds it."""
    if on_duty(session, on):
        return "La permanence du parquet reçoit la fiche."
    return (
        "Aucun magistrat n’est de permanence aujourd’hui dans l’application : en cas d’urgence, "
        "joignez la permanence du parquet par téléphone, ou passez par le papier."
    )
