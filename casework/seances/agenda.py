"""What a séance should examine, and why: the agenda proposed from what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from casework.cells import lists
from casework.rappels.models import Rappel
from casework.seances.models import AgendaItem, Contribution, Examination, Seance
from casework.seances.procedure import State
from casework.situations import service as situations
from casework.situations.facets import Facets
from casework.situations.models import FurtherSaisine, Situation
from casework.vault.keyring import Reader
from casework.web.french import NBSP, long_date

_CODES = {term.slug: term.code for term in lists.STATUT}
# The other terms of « statut » end the follow-up.
FOLLOWED = frozenset({_CODES["nouvelle"], _CODES["en_cours"]})


@dataclass(frozen=True)
class Due:
    """A situation and why it may be examined; no reason: it was merely added."""

    id: int
    reference: str
    facets: Facets
    reasons: tuple[str, ...]


def proposed(
    session: Session,
    reader: Reader,
    cell: str,
    held_on: date,
    without: Collection[str] = (),
    among: Collection[int] = (),
) -> list[Due]:
    """What is due by ``held_on``, oldest saisine first; those ``among`` come whatever their state.

    Opens the facets of the cell's situations in bulk, and no record.
    """
    rows = session.execute(
        situations.LINE.where(
            Situation.cell == cell, situations.IN_BASE, Situation.reference.not_in(list(without))
        ).order_by(Situation.id)
    ).all()
    answered = _answered(session, cell)
    left = _left_over(session, cell)
    joined = _joined(session, cell)
    found = []
    for line in situations.open_lines(rows, reader, cell):
        if line.facets is None:
            continue
        reasons = _reasons(line.facets, held_on, line.id in answered, line.id in left)
        if line.id in joined and line.facets.statut in FOLLOWED:
            reasons.append("nouvelle saisine depuis la dernière séance")
        if reasons or line.id in among:
            found.append(Due(line.id, line.reference, line.facets, tuple(reasons)))
    return found


def _reasons(facets: Facets, held_on: date, answered: bool, left_over: bool) -> list[str]:
    reasons = []
    followed = facets.statut in FOLLOWED
    if answered:
        reasons.append("réponse du parquet reçue")
    if followed and facets.examinee is None:
        reasons.append("nouvelle depuis la dernière séance")
    if left_over and followed:
        reasons.append("non examinée à la séance précédente")
    if followed and facets.echeance is not None and facets.echeance <= held_on:
        reasons.append(f"à revoir{NBSP}: échéance du {long_date(facets.echeance)}")
    return reasons


def _answered(session: Session, cell: str) -> frozenset[int]:
    """Situations for which the procureur answered, since the last séance closed."""
    last = _last_closed(cell)
    query = select(Rappel.situation).where(
        Rappel.cell == cell,
        Rappel.t2_at.is_not(None),
        Rappel.t3_at.is_(None),
        (last.is_(None)) | (Rappel.t2_at > last),
    )
    return frozenset(session.scalars(query))


def _joined(session: Session, cell: str) -> frozenset[int]:
    """Situations another saisine has joined since the last séance closed."""
    last = _last_closed(cell)
    query = (
        select(FurtherSaisine.situation)
        .join(Situation, Situation.id == FurtherSaisine.situation)
        .where(Situation.cell == cell, last.is_(None) | (FurtherSaisine.created_at > last))
    )
    return frozenset(session.scalars(query))


def _last_closed(cell: str) -> ScalarSelect[datetime]:
    return select(func.max(Seance.closed_at)).where(Seance.cell == cell).scalar_subquery()


def _left_over(session: Session, cell: str) -> frozenset[int]:
    """What was on the agenda of the latest closed séance and was not examined there."""
    last = session.scalars(
        select(Seance)
        .where(Seance.cell == cell, Seance.etat == State.CLOSE.value)
        .order_by(Seance.held_at.desc())
        .limit(1)
    ).first()
    return not_examined(session, last.id) if last else frozenset()


def not_examined(session: Session, seance: int) -> frozenset[int]:
    """Situations of an agenda that were not examined."""
    planned = session.scalars(select(AgendaItem.situation).where(AgendaItem.seance == seance))
    done = session.scalars(select(Examination.situation).where(Examination.seance == seance))
    return frozenset(planned) - frozenset(done)


def contributors(session: Session, seance: int) -> dict[int, set[str]]:
    """Who contributed to which situation of a séance, by reference."""
    found: dict[int, set[str]] = {}
    query = select(Contribution.situation, Contribution.member).where(Contribution.seance == seance)
    for situation, member in session.execute(query):
        found.setdefault(situation, set()).add(member)
    return found
