"""Séances: preparing one, its agenda, and who it convenes."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from casework.cells.service import next_reference
from casework.db import new_id
from casework.seances.models import AgendaItem, Convocation, Seance
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.situations.service import Line
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import Reader, Writer


def create(
    session: Session,
    writer: Writer,
    cell: str,
    held_at: datetime,
    lieu: str,
    agenda: Collection[int],
    convened: Collection[str],
) -> Seance:
    """Prepare a séance: ids of situations in order, references of members convened."""
    current = store.current(session, cell)
    seance = Seance(
        id=new_id(),
        reference=next_reference(session, f"S-{cell}", held_at.year),
        cell=cell,
        held_at=held_at.astimezone(UTC),
    )
    record, wrap = writer.new_record(seance.id, cell, current.version, seance.reference)
    seal_row(record, seance, {"lieu": lieu})
    session.add(seance)
    session.flush()
    store.store_wrap(session, seance.id, wrap)
    session.add_all(
        AgendaItem(seance=seance.id, situation=situation, rank=rank)
        for rank, situation in enumerate(agenda)
    )
    session.add_all(Convocation(seance=seance.id, member=member) for member in convened)
    session.flush()
    return seance


def by_reference(session: Session, reference: str) -> Seance | None:
    return session.scalar(select(Seance).where(Seance.reference == reference))


def of_cell(session: Session, cell: str, member: str | None = None) -> list[Seance]:
    """Séances of a cell, latest first; only those that convene ``member``, when given."""
    query = select(Seance).where(Seance.cell == cell).order_by(Seance.held_at.desc())
    if member is not None:
        query = query.join(Convocation, Convocation.seance == Seance.id).where(
            Convocation.member == member
        )
    return list(session.scalars(query))


def is_convened(session: Session, seance: int, member: str) -> bool:
    return session.get(Convocation, (seance, member)) is not None


# Is this situation on the agenda of a séance that convenes this member? Asked at every page.
EXAMINES = select(
    exists()
    .where(AgendaItem.situation == bindparam("situation"))
    .where(Convocation.seance == AgendaItem.seance)
    .where(Convocation.member == bindparam("member"))
)


def convened_to(session: Session, seance: int) -> list[str]:
    query = select(Convocation.member).where(Convocation.seance == seance)
    return list(session.scalars(query.order_by(Convocation.member)))


def agenda(
    session: Session, reader: Reader, seance: Seance, without: Collection[str] = ()
) -> list[Line]:
    """The situations on the agenda, in order, as lines of a list (initials, no name); of those in
    ``without``, the reference alone."""
    rows = session.execute(
        situations.LINE.join(AgendaItem, AgendaItem.situation == Situation.id)
        .where(AgendaItem.seance == seance.id)
        .order_by(AgendaItem.rank)
    ).all()
    readable = [row for row in rows if row.reference not in without]
    opened = {line.id: line for line in situations.open_lines(readable, reader, seance.cell)}
    return [opened.get(row.id) or Line(row.id, row.reference, None) for row in rows]


def open_place(
    session: Session, reader: Reader, seance: Seance, categories: Collection[str]
) -> str:
    """Where the séance is held."""
    record = reader.record(seance.id, store.wraps_of(session, seance.id), seance.reference)
    return open_row(record, seance, categories).get("lieu", "")


def seances_about(session: Session, situation: int) -> list[Seance]:
    """Séances whose agenda holds a situation, latest first."""
    query = (
        select(Seance)
        .join(AgendaItem, AgendaItem.seance == Seance.id)
        .where(AgendaItem.situation == situation)
    )
    return list(session.scalars(query.order_by(Seance.held_at.desc())))


def next_about(session: Session, chosen: Collection[int], since: datetime) -> dict[int, datetime]:
    """When each of these situations is next examined, for those that will be."""
    query = (
        select(AgendaItem.situation, func.min(Seance.held_at).label("held_at"))
        .join(Seance, Seance.id == AgendaItem.seance)
        .where(AgendaItem.situation.in_(list(chosen)), Seance.held_at >= since)
        .group_by(AgendaItem.situation)
    )
    return {row.situation: row.held_at for row in session.execute(query)}
