"""Examining a situation: each save is a new row, under the situation's own key.

The latest row is what holds. Two people who record at once: the second is told. A save sent twice
because its answer was lost carries the same random mark and is kept once.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.lists import ENDED
from casework.cmer import service as cmer
from casework.db import new_id
from casework.information import service as information
from casework.seances import events
from casework.seances.content import Content, Proposal, content_of
from casework.seances.models import AgendaItem, Examination, Orientation, Seance
from casework.seances.procedure import State, Step, after
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import Reader, SealingRecord, Writer
from casework.web.french import local
from charter.categories import AROUND_THE_TABLE

PROPOSED, WITHDRAWN = "proposee", "retiree"
NOT_INFORMED = (
    "La charte de la cellule veut que les personnes soient informées avant l’examen (art. 13 et 14 "
    "RGPD). Consignez l’information faite, ou l’exception et son motif, puis enregistrez : rien "
    "de ce que vous avez saisi n’est perdu."
)
NOT_CONCERTED = (
    "Un signal ne s’examine qu’après une concertation avec les partenaires qui y conclut. "
    "Consignez-la, puis enregistrez : rien de ce que vous avez saisi n’est perdu."
)


class ExaminationConflict(Exception):
    """Someone else recorded this situation since the page was opened."""

    def __init__(self, current: Examination) -> None:
        super().__init__(current.by)
        self.current = current


class NotConcerted(Exception):
    """The partners were not asked first, or did not conclude to an examination (001:2012)."""

    def __init__(self) -> None:
        super().__init__(NOT_CONCERTED)


class CorrectionNeeded(Exception):
    """A séance that is closed is corrected with its reason, never silently."""


class NotInformed(Exception):
    """The cell's charter has the persons told first; the message is for the user."""

    def __init__(self) -> None:
        super().__init__(NOT_INFORMED)


@dataclass(frozen=True)
class Examined:
    """An examination as its reader may see it."""

    rank: int
    at: datetime
    by: str
    content: Content


def append(
    session: Session,
    writer: Writer,
    number: int,
    situation: Situation,
    by: str,
    expected: int,
    content: Content,
    envoi: str = "",
) -> Examination:
    """Keep one more save. ForbiddenStep, NotInformed, NotConcerted, CorrectionNeeded,
    ExaminationConflict."""
    seance = events.lock(session, number)
    closed = seance.etat == State.CLOSE
    seance.etat = after(seance.etat, Step.CORRIGER if closed else Step.CONSIGNER)
    if blocked(session, seance, situation):
        raise NotInformed
    if unready(session, seance, situation):
        raise NotConcerted
    if closed and not content.correction:
        raise CorrectionNeeded
    last = _last(session, seance.id, situation.id)
    if last is not None and envoi and last.envoi == envoi:
        return last
    if (last.rank if last else 0) != expected:
        raise ExaminationConflict(last or Examination(rank=0, by=by, at=datetime.now(UTC)))
    record = writer.record(situation.id, store.wraps_of(session, situation.id), situation.reference)
    row = Examination(
        id=new_id(),
        seance=seance.id,
        situation=situation.id,
        rank=expected + 1,
        envoi=envoi,
        at=datetime.now(UTC),
        by=by,
    )
    seal_row(record, row, content.texts())
    session.add(row)
    _propose(session, record, seance, situation, content.orientations)
    session.flush()
    return row


def blocked(session: Session, seance: Seance, situation: Situation) -> bool:
    """Must the persons be told before this examination? What was examined may be corrected."""
    if seance.etat == State.CLOSE:
        return False
    return bool(information.blocks(session, seance.cell, [situation.id]))


def unready(session: Session, seance: Seance, situation: Situation) -> bool:
    """Does a weak signal still wait for the concertation that leads it to the cell?"""
    if seance.etat == State.CLOSE:
        return False
    return bool(cmer.blocks(session, seance.cell, [situation.id]))


def _last(session: Session, seance: int, situation: int) -> Examination | None:
    query = select(Examination).where(
        Examination.seance == seance, Examination.situation == situation
    )
    return session.scalars(query.order_by(Examination.rank.desc()).limit(1)).first()


def _propose(
    session: Session,
    record: SealingRecord,
    seance: Seance,
    situation: Situation,
    proposals: Collection[Proposal],
) -> None:
    """The orientations as this save says them. One taken back once the séance is closed stays,
    withdrawn: someone may have begun to follow it."""
    query = select(Orientation).where(
        Orientation.seance == seance.id, Orientation.situation == situation.id
    )
    known = {row.rank: row for row in session.scalars(query)}
    for rank, proposal in enumerate(proposals):
        row = known.pop(rank, None)
        if row is None:
            row = Orientation(
                id=new_id(),
                seance=seance.id,
                situation=situation.id,
                cell=seance.cell,
                rank=rank,
                etat=PROPOSED,
            )
            session.add(row)
        if row.etat == WITHDRAWN:
            row.etat = PROPOSED
        row.member, row.due_on = proposal.member or None, proposal.echeance
        seal_row(
            record,
            row,
            {
                "suite": str(proposal.suite),
                "precision": proposal.precision,
                "institution": proposal.institution,
            },
        )
    for row in known.values():
        if seance.etat == State.CLOSE:
            row.etat = WITHDRAWN
        else:
            session.delete(row)


def history(
    session: Session, reader: Reader, seance: Seance, situation: Situation
) -> list[Examined]:
    """Every save of an examination, oldest first."""
    query = select(Examination).where(
        Examination.seance == seance.id, Examination.situation == situation.id
    )
    rows = session.scalars(query.order_by(Examination.rank)).all()
    return _opened(session, reader, situation, rows)


def latest(
    session: Session, reader: Reader, seance: Seance, situation: Situation
) -> Examined | None:
    """What holds today, or None when the situation was not examined."""
    row = _last(session, seance.id, situation.id)
    return _opened(session, reader, situation, [row])[0] if row else None


def _opened(
    session: Session, reader: Reader, situation: Situation, rows: Collection[Examination]
) -> list[Examined]:
    record = reader.record(situation.id, store.wraps_of(session, situation.id), situation.reference)
    return [
        Examined(row.rank, row.at, row.by, content_of(open_row(record, row, AROUND_THE_TABLE)))
        for row in rows
    ]


def examined(session: Session, seance: int) -> dict[int, int]:
    """The situations examined at a séance, and the rank of their latest save."""
    query = select(Examination.situation, Examination.rank).where(Examination.seance == seance)
    found: dict[int, int] = {}
    for situation, rank in session.execute(query):
        found[situation] = max(rank, found.get(situation, 0))
    return found


def settle(
    session: Session,
    reader: Reader,
    writer: Writer,
    seance: Seance,
    situation: Situation,
    former: frozenset[int] = frozenset(),
) -> None:
    """Carry an examination to the codes of the situation, which lists and reports read.

    ``former``: suites an earlier version of the examination had carried there. An examination at
    an earlier séance, corrected late, leaves the dates and the statut of a later one alone.
    """
    found = latest(session, reader, seance, situation)
    if found is None:
        return
    content, day = found.content, local(seance.held_at).date()
    facets = situations.open_facets(reader, situation)
    changed = replace(facets, suites=facets.suites - (former - content.suites) | content.suites)
    if facets.examinee is None or facets.examinee <= day:
        due = content.revoir or _first_due(content)
        changed = replace(
            changed,
            examinee=day,
            statut=_statut(content.statut, facets.statut),
            echeance=due or _kept(facets.echeance, day),
        )
    situations.seal_facets(writer, situation, changed)
    session.flush()


def _statut(proposed: int, current: int) -> int:
    """A follow-up ends, and begins again, on its own pages only."""
    return current if current in ENDED or proposed in ENDED else proposed or current


def _first_due(content: Content) -> date | None:
    return min((one.echeance for one in content.orientations if one.echeance), default=None)


def _kept(echeance: date | None, examined_on: date) -> date | None:
    """A date to review it by is over once the situation has been reviewed."""
    return echeance if echeance and echeance > examined_on else None


def is_on_agenda(session: Session, seance: int, situation: int) -> bool:
    return session.get(AgendaItem, (seance, situation)) is not None
