"""Changing a séance that is prepared: its day, its agenda in order, who is convened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.rights import service as rights
from casework.seances import events
from casework.seances.events import What
from casework.seances.models import AgendaItem, Contribution, Convocation, Seance
from casework.seances.procedure import Kind, Step, after
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import Writer


@dataclass(frozen=True)
class Plan:
    """A séance as prepared: ids of situations in order, references of members convened."""

    held_at: datetime
    lieu: str
    agenda: Sequence[int] = ()
    convened: Collection[str] = field(default_factory=tuple)
    kind: Kind = Kind.ORDINAIRE


class ReasonNeeded(Exception):
    """A séance moved to another day: those convened are told why."""


def edit(
    session: Session,
    writer: Writer,
    number: int,
    expected: int,
    plan: Plan,
    by: str,
    reason: str = "",
    kept: Collection[int] = (),
) -> Seance:
    """Save the preparation again. ForbiddenStep, SeanceConflict, ReasonNeeded or FrozenSituation.

    ``kept``: situations out of this person's reach, which stay where they were, at the end.
    """
    rights.refuse_frozen(session, plan.agenda)
    seance = events.lock(session, number, expected)
    seance.etat = after(seance.etat, Step.MODIFIER)
    moment = plan.held_at.astimezone(UTC)
    if moment != seance.held_at:
        if not reason:
            raise ReasonNeeded
        content = {"de": seance.held_at.isoformat(), "a": moment.isoformat(), "motif": reason}
        events.add(session, writer, seance, What.REPORT, by, content)
    seance.held_at, seance.kind = moment, plan.kind.value
    seance.version += 1
    record = writer.record(seance.id, store.wraps_of(session, seance.id), seance.reference)
    seal_row(record, seance, {"lieu": plan.lieu})
    _agenda(session, seance.id, [*plan.agenda, *(one for one in kept if one not in plan.agenda)])
    _convened(session, seance.id, set(plan.convened))
    session.flush()
    return seance


def cancel(
    session: Session, writer: Writer, number: int, expected: int, by: str, reason: str
) -> Seance:
    """Cancel a séance: it opens nothing to anybody any more. ForbiddenStep, SeanceConflict."""
    seance = events.lock(session, number, expected)
    seance.etat = after(seance.etat, Step.ANNULER)
    seance.version += 1
    events.add(session, writer, seance, What.ANNULATION, by, {"motif": reason})
    return seance


def contributed(session: Session, number: int) -> frozenset[int]:
    """Situations of a séance on which somebody wrote: taking them off would hide their words."""
    query = select(Contribution.situation).where(Contribution.seance == number)
    return frozenset(session.scalars(query))


def _agenda(session: Session, number: int, chosen: Sequence[int]) -> None:
    session.execute(delete(AgendaItem).where(AgendaItem.seance == number))
    session.add_all(
        AgendaItem(seance=number, situation=situation, rank=rank)
        for rank, situation in enumerate(dict.fromkeys(chosen))
    )


def _convened(session: Session, number: int, chosen: set[str]) -> None:
    known = set(session.scalars(select(Convocation.member).where(Convocation.seance == number)))
    gone = delete(Convocation).where(Convocation.seance == number)
    session.execute(gone.where(Convocation.member.in_(known - chosen)))
    session.add_all(Convocation(seance=number, member=member) for member in chosen - known)
