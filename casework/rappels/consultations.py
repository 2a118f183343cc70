"""Asking a cell whether a situation is already followed (001:989-1009).

So that the rappel à l'ordre does not cross a social work in progress. Each service says yes, no,
or nothing at all; what it follows stays its own. A consultation never blocks by itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cells.models import Cell
from casework.cells.service import next_reference
from casework.clock import today
from casework.db import new_id
from casework.rappels.events import Author
from casework.rappels.models import Consultation, ConsultationAnswer, Rappel
from casework.rappels.procedure import NO, YES, Step
from casework.rappels.service import Opened, move
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Reader, Writer
from charter.categories import Category

PREFIX = "CP"
IDENTITY = ("nom", "prenoms", "naissance")
FOLLOWED, NOT_FOLLOWED, SILENT = "suivie", "non_suivie", "ne_se_prononce_pas"
OPINIONS = {
    FOLLOWED: "Suivie",
    NOT_FOLLOWED: "Non suivie",
    SILENT: "Ne se prononce pas",
}


@dataclass(frozen=True)
class Said:
    """A member's latest word, under the name of their service."""

    member: str
    service: str
    avis: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A consultation and the answers received."""

    row: Consultation
    identity: dict[str, str]
    said: list[Said]


def consultable(session: Session, cell: str) -> list[Cell]:
    """Cells whose members may be asked: their own, and those of a kind that is consulted, once
    they have a key. Of an isolated kind, never, whatever the commune calls its cell (001:1975)."""
    return [
        one
        for one in cells.every_cell(session)
        if one.code == cell or (cells.kind(one).consulted and store.is_founded(session, one.code))
    ]


def ask(
    session: Session, writer: Writer, opened: Opened, cell: str, until: date, author: Author
) -> Consultation:
    """Consult a cell. ForbiddenStep, ActConflict, NotFounded."""
    row = Consultation(
        id=new_id(),
        reference=next_reference(session, PREFIX, today().year),
        rappel=opened.row.id,
        cell=cell,
        asked_at=datetime.now(UTC),
        until=until,
    )
    details = {"cellule": cell, "consultation": row.reference, "jusquau": until.isoformat()}
    move(session, writer, opened, Step.CONSULTER, author, details)
    own = store.current(session, opened.row.cell)
    record, wrap = writer.new_record(row.id, opened.row.cell, own.version, row.reference)
    seal_row(record, row, {name: opened.texts[name] for name in IDENTITY})
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    if cell != opened.row.cell:
        other = store.current(session, cell)
        sealed = record.deposit(PublicKey(other.deposit), row.id, cell, other.version)
        store.store_wrap(session, row.id, sealed)
    return row


def by_reference(session: Session, reference: str) -> Consultation | None:
    return session.scalar(select(Consultation).where(Consultation.reference == reference))


def situation_of(session: Session, row: Consultation) -> Situation:
    """The situation it is about: a déport or a limitation closes the consultation too."""
    query = select(Situation).join(Rappel, Rappel.situation == Situation.id)
    return session.scalars(query.where(Rappel.id == row.rappel)).one()


def waiting(
    session: Session, cell: str, member: str, without: Collection[str] = ()
) -> list[tuple[Consultation, bool]]:
    """Consultations open in a cell, oldest first, and whether this member has answered; without
    the situations they stepped aside from."""
    query = (
        select(Consultation)
        .join(Rappel, Rappel.id == Consultation.rappel)
        .join(Situation, Situation.id == Rappel.situation)
        .where(Consultation.cell == cell, Consultation.closed_at.is_(None))
        .where(Situation.archived_on.is_(None))
        .where(Situation.reference.not_in(list(without)))
    )
    rows = list(session.scalars(query.order_by(Consultation.id)))
    answered = select(ConsultationAnswer.consultation).where(ConsultationAnswer.member == member)
    mine = set(session.scalars(answered))
    return [(row, row.id in mine) for row in rows]


def asked_by(
    session: Session, cell: str, without: Collection[str] = ()
) -> list[tuple[Consultation, Rappel, int]]:
    """Consultations a cell asked and has not concluded, with how many members answered."""
    answered = (
        select(func.count(distinct(ConsultationAnswer.member)))
        .where(ConsultationAnswer.consultation == Consultation.id)
        .scalar_subquery()
    )
    query = (
        select(Consultation, Rappel, answered)
        .join(Rappel, Rappel.id == Consultation.rappel)
        .join(Situation, Situation.id == Rappel.situation)
        .where(Rappel.cell == cell, Consultation.closed_at.is_(None))
        .where(Situation.archived_on.is_(None))
        .where(Situation.reference.not_in(list(without)))
    )
    return [tuple(row) for row in session.execute(query.order_by(Consultation.id))]


def of_rappel(session: Session, rappel: int) -> list[Consultation]:
    query = select(Consultation).where(Consultation.rappel == rappel).order_by(Consultation.id)
    return list(session.scalars(query))


def answer(
    session: Session, writer: Writer, row: Consultation, member: str, service: str, avis: str
) -> None:
    """Say it, under the name of the service. A second answer is another row."""
    said = ConsultationAnswer(id=new_id(), consultation=row.id, member=member, at=datetime.now(UTC))
    record = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    seal_row(record, said, {"avis": avis, "service": service})
    session.add(said)
    session.flush()


def read(session: Session, reader: Reader, rows: Iterable[Consultation]) -> list[Asked]:
    """Open consultations with the latest answer of each member."""
    found = []
    for row in rows:
        record = reader.record(row.id, store.wraps_of(session, row.id), row.reference)
        latest: dict[str, Said] = {}
        query = select(ConsultationAnswer).where(ConsultationAnswer.consultation == row.id)
        for said in session.scalars(query.order_by(ConsultationAnswer.id)):
            words = open_row(record, said, {Category.PROCEDURE})
            latest[said.member] = Said(said.member, words["service"], words["avis"], said.at)
        identity = open_row(record, row, {Category.ETAT_CIVIL})
        found.append(Asked(row, identity, sorted(latest.values(), key=lambda one: one.service)))
    return found


def conclude(
    session: Session,
    writer: Writer,
    opened: Opened,
    asked: Iterable[Asked],
    note: str,
    author: Author,
) -> None:
    """End the consultation; what it says becomes the note of chaînage. Unmet when a service
    follows and nothing says how the rappel fits. ForbiddenStep, ActConflict."""
    asked = list(asked)
    followed = [said.service for one in asked for said in one.said if said.avis == FOLLOWED]
    details = {
        "suivie": YES if followed else NO,
        "services": ", ".join(followed),
        "reponses": summary(asked),
        "note": note,
    }
    move(session, writer, opened, Step.CONCLURE, author, details)
    close(session, opened.row.id)


def close(session: Session, rappel: int) -> None:
    """Nobody is asked any longer: the identity is read no more by the cell consulted."""
    for row in of_rappel(session, rappel):
        row.closed_at = row.closed_at or datetime.now(UTC)
    session.flush()


def summary(asked: Iterable[Asked]) -> str:
    """« 1 suivie, 2 non suivie, 1 ne se prononce pas »."""
    counts = Counter(said.avis for one in asked for said in one.said)
    said = [f"{counts[avis]} {label.lower()}" for avis, label in OPINIONS.items() if counts[avis]]
    return ", ".join(said) or "aucune réponse reçue"
