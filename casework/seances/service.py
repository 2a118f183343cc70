"""Séances: preparing one, its agenda, and who it convenes."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from casework.cells.service import next_reference, options
from casework.db import new_id
from casework.rights import service as rights
from casework.seances.models import AgendaItem, Convocation, Seance
from casework.seances.procedure import Kind, State
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.situations.service import Line
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import Reader, Writer
from casework.web.french import local


def create(
    session: Session,
    writer: Writer,
    cell: str,
    held_at: datetime,
    lieu: str,
    agenda: Collection[int],
    convened: Collection[str],
    kind: Kind = Kind.ORDINAIRE,
) -> Seance:
    """Prepare a séance: ids of situations in order, references of members convened.

    FrozenSituation if the processing of one of them is limited.
    """
    rights.refuse_frozen(session, agenda)
    current = store.current(session, cell)
    seance = Seance(
        id=new_id(),
        reference=next_reference(session, f"S-{cell}", local(held_at).year),
        cell=cell,
        held_at=held_at.astimezone(UTC),
        kind=kind.value,
        etat=State.PREPAREE.value,
        version=1,
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


def is_convened(session: Session, seance: Seance, member: str) -> bool:
    """A séance that was cancelled convenes nobody."""
    if seance.etat == State.ANNULEE:
        return False
    return session.get(Convocation, (seance.id, member)) is not None


# Is this situation on the agenda of a séance that convenes this member? Asked at every page.
EXAMINES = select(
    exists()
    .where(AgendaItem.situation == bindparam("situation"))
    .where(Convocation.seance == AgendaItem.seance)
    .where(Convocation.member == bindparam("member"))
    .where(Seance.id == AgendaItem.seance)
    .where(Seance.etat != State.ANNULEE.value)
)


def on_agenda(session: Session, seance: int) -> list[Situation]:
    """The situations of a séance, in order."""
    query = (
        select(Situation)
        .join(AgendaItem, AgendaItem.situation == Situation.id)
        .where(AgendaItem.seance == seance)
        .order_by(AgendaItem.rank)
    )
    return list(session.scalars(query))


def convened_to(session: Session, seance: int) -> list[str]:
    query = select(Convocation.member).where(Convocation.seance == seance)
    return list(session.scalars(query.order_by(Convocation.member)))


def latest(session: Session, cell: str) -> Seance | None:
    """The cell's latest séance that was not cancelled: the next one is often like it."""
    query = select(Seance).where(Seance.cell == cell, Seance.etat != State.ANNULEE.value)
    return session.scalar(query.order_by(Seance.held_at.desc()).limit(1))


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
    readable = [row for row in rows if row.archived_on is None and row.reference not in without]
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
        .where(Seance.etat != State.ANNULEE.value)
        .group_by(AgendaItem.situation)
    )
    return {row.situation: row.held_at for row in session.execute(query)}


def coming(session: Session, cell: str, since: datetime) -> list[tuple[Seance, int, int]]:
    """Séances of a cell still to be held or being held, the next first, with how many situations
    are on the agenda and how many members are convened."""
    planned = select(func.count()).where(AgendaItem.seance == Seance.id).scalar_subquery()
    convened = select(func.count()).where(Convocation.seance == Seance.id).scalar_subquery()
    waiting = Seance.etat.in_((State.PREPAREE.value, State.OUVERTE.value))
    query = select(Seance, planned, convened).where(Seance.cell == cell, waiting)
    query = query.where(Seance.held_at >= since).order_by(Seance.held_at)
    return [tuple(row) for row in session.execute(query)]


def due_by(session: Session, cell: str) -> date | None:
    """The day by which the cell's cadence wants its next séance; None when nothing sets it."""
    last = last_held(session, cell)
    return options(session, cell).due_after(local(last).date()) if last else None


def last_held(session: Session, cell: str) -> datetime | None:
    """When a cell last met."""
    query = select(func.max(Seance.held_at)).where(
        Seance.cell == cell, Seance.etat == State.CLOSE.value
    )
    return session.scalar(query)


def by_number(session: Session, number: int) -> Seance | None:
    return session.get(Seance, number)
