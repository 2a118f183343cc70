"""Rappels à l'ordre: announcing one to the procureur, answering, holding, reporting back.

The fiche-navette is one record that the commune and the parquet both read, with its three times
(001:952-987). What may happen next is decided by :mod:`casework.rappels.procedure` alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.attachments import service as attachments
from casework.cells.service import next_reference
from casework.db import new_id
from casework.rappels.models import Rappel
from casework.rappels.procedure import BY_COMMUNE as BY_COMMUNE  # home asks who must act
from casework.rappels.procedure import (
    BY_PARQUET,
    EXCLUSIONS,
    VERDICTS,
    WAITING_FOR,
    Excluded,
    State,
    Step,
    after,
)
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Reader, SealingRecord, Writer

PARQUET = "PARQUET"
PREFIX = "RO"
ADULT_AGE = 18
# What the procureur cannot do without (001:964-971), and how to say it.
NEEDED = {
    "nom": "le nom de naissance",
    "prenoms": "les prénoms",
    "naissance": "la date de naissance",
    "lieu_naissance": "le lieu de naissance",
    "faits_date": "la date des faits",
    "faits_lieu": "le lieu des faits",
    "recit": "la description des faits",
    "implication": "la part prise par la personne",
}
# What temps 1 copies from the situation: exactly what the procureur cannot do without.
COPIED = tuple(NEEDED)


class Incomplete(Exception):
    """The fiche lacks what the procureur needs; ``missing`` names it in French."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class AlreadyAnnounced(Exception):
    """A rappel à l'ordre is under way for this situation."""


class AdultRequired(Exception):
    """A minor is heard with parents, representatives or a person responsible, sauf impossibilité:
    those present or the reason must be recorded (art. L.132-7 CSI)."""


class ReasonsNotRecorded(Exception):
    """The reasons of a judicial answer are not the commune's to keep."""


class ActConflict(Exception):
    """The fiche changed since the page was opened."""


@dataclass(frozen=True)
class Opened:
    """A fiche-navette as its reader may see it."""

    row: Rappel
    state: State
    texts: dict[str, str]

    @property
    def carence(self) -> bool:
        return self.texts.get("issue") == Step.CARENCE

    @property
    def naissance(self) -> date | None:
        born = self.texts.get("naissance", "")
        return date.fromisoformat(born) if born else None


def missing(texts: Mapping[str, str]) -> list[str]:
    """What a situation lacks before a fiche can be sent."""
    return [label for name, label in NEEDED.items() if not texts.get(name, "").strip()]


def announce(
    session: Session,
    writer: Writer,
    situation: Situation,
    texts: Mapping[str, str],
    exclusions: Mapping[str, bool],
    by: str,
) -> Rappel:
    """Temps 1: make the fiche and share its key with the parquet.

    ``texts`` are the civil status and facts copied from the situation; ``exclusions`` the three
    answers. Excluded if one is yes (or not given), Incomplete if the fiche lacks something.
    """
    if any(exclusions.get(name, True) for name in EXCLUSIONS):
        raise Excluded
    if lacking := missing(texts):
        raise Incomplete(lacking)
    if under_way(session, situation.id):
        raise AlreadyAnnounced
    now = datetime.now(UTC)
    current = store.current(session, situation.cell)
    parquet = store.current(session, PARQUET)
    rappel = Rappel(
        id=new_id(),
        reference=next_reference(session, PREFIX, now.year),
        situation=situation.id,
        cell=situation.cell,
        version=1,
        attend=WAITING_FOR[State.ANNONCE],
        t1_at=now,
    )
    record, wrap = writer.new_record(rappel.id, situation.cell, current.version, rappel.reference)
    copied = {name: texts[name] for name in COPIED}
    seal_row(record, rappel, copied | {"etat": State.ANNONCE, "informe_par": by})
    session.add(rappel)
    session.flush()
    store.store_wrap(session, rappel.id, wrap)
    shared = record.deposit(PublicKey(parquet.deposit), rappel.id, PARQUET, parquet.version)
    store.store_wrap(session, rappel.id, shared)
    return rappel


def answer(
    session: Session, writer: Writer, opened: Opened, step: Step, observation: str, by: str
) -> None:
    """Temps 2: the procureur answers. ForbiddenStep, ReasonsNotRecorded, ActConflict."""
    if step is Step.REPONSE_JUDICIAIRE and observation.strip():
        raise ReasonsNotRecorded
    record, rappel = _advance(session, writer, opened, step)
    rappel.t2_at = datetime.now(UTC)
    record.seal(rappel, "observation", observation.strip())
    record.seal(rappel, "repondu_par", by)
    session.flush()


def carry(
    session: Session,
    writer: Writer,
    opened: Opened,
    step: Step,
    by: str,
    content: bytes,
    carrier: str,
) -> None:
    """The same answer, received on paper and carried with its scan by the correspondant
    Justice-Ville. Raises as :func:`answer`, and NotAScan or TooLarge."""
    answer(session, writer, opened, step, "", by)
    wraps = store.wraps_of(session, opened.row.id)
    sealing = writer.record(opened.row.id, wraps, opened.row.reference)
    attachments.attach(session, sealing, opened.row.id, content, carrier)


def is_minor(born: date, on: date) -> bool:
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) < ADULT_AGE


@dataclass(frozen=True)
class Holding:
    """What is recorded of the rappel à l'ordre, or of the carence."""

    carence: bool
    tenu_le: date
    forme: str
    tenu_par: str
    delegation: str = ""
    presents: str = ""
    impossibilite: str = ""


def hold(session: Session, writer: Writer, opened: Opened, holding: Holding) -> None:
    """Record the rappel, or the carence. ForbiddenStep, AdultRequired, ActConflict."""
    step = Step.CARENCE if holding.carence else Step.TENIR
    after(opened.state, step)
    born = opened.naissance
    accompanied = holding.presents.strip() or holding.impossibilite.strip()
    if not holding.carence and born and is_minor(born, holding.tenu_le) and not accompanied:
        raise AdultRequired
    record, rappel = _advance(session, writer, opened, step)
    record.seal(rappel, "issue", step)
    record.seal(rappel, "tenu_le", holding.tenu_le.isoformat())
    for column in ("forme", "tenu_par", "delegation", "presents", "impossibilite"):
        record.seal(rappel, column, getattr(holding, column).strip())
    session.flush()


def report_back(session: Session, writer: Writer, opened: Opened, by: str) -> None:
    """Temps 3: the commune informs the procureur. ForbiddenStep, ActConflict."""
    record, rappel = _advance(session, writer, opened, Step.INFORMER)
    rappel.t3_at = datetime.now(UTC)
    record.seal(rappel, "rendu_par", by)
    session.flush()


def _advance(
    session: Session, writer: Writer, opened: Opened, step: Step
) -> tuple[SealingRecord, Rappel]:
    state = after(opened.state, step)
    rappel = session.scalars(
        select(Rappel).where(Rappel.id == opened.row.id).with_for_update()
    ).one()
    if rappel.version != opened.row.version:
        raise ActConflict
    wraps = store.wraps_of(session, rappel.id)
    record = writer.record(rappel.id, wraps, rappel.reference)
    rappel.version += 1
    rappel.attend = WAITING_FOR[state]
    record.seal(rappel, "etat", state)
    return record, rappel


def by_reference(session: Session, reference: str) -> Rappel | None:
    return session.scalar(select(Rappel).where(Rappel.reference == reference))


def of_situation(session: Session, situation: int) -> list[Rappel]:
    query = select(Rappel).where(Rappel.situation == situation).order_by(Rappel.t1_at.desc())
    return list(session.scalars(query))


def verdicts(session: Session, reader: Reader, rappels: Iterable[Rappel]) -> dict[str, str]:
    """What a cell's members learn of the procureur's answer, by reference of the fiche."""
    opened = open_rappels(session, reader, rappels, ())
    return {fiche.row.reference: VERDICTS[fiche.state] for fiche in opened}


def under_way(session: Session, situation: int) -> bool:
    """Does a rappel of this situation still wait for someone?"""
    return any(rappel.attend for rappel in of_situation(session, situation))


def of_cell(
    session: Session, cell: str, attend: str, without: Collection[str] = ()
) -> list[Rappel]:
    """Fiches of a cell waiting for someone, oldest first, but for the situations of ``without``."""
    query = select(Rappel).where(Rappel.cell == cell, Rappel.attend == attend)
    if without:
        of_another = Situation.reference.not_in(without)
        query = query.join(Situation, Situation.id == Rappel.situation).where(of_another)
    return list(session.scalars(query.order_by(Rappel.t1_at)))


def fiches(session: Session, *, waiting: bool) -> list[Rappel]:
    """The parquet's fiches: those that wait for its answer, oldest first, or the others."""
    here = Rappel.attend == BY_PARQUET
    query = select(Rappel).where(here if waiting else ~here)
    order = Rappel.t1_at if waiting else Rappel.t1_at.desc()
    return list(session.scalars(query.order_by(order)))


def open_rappels(
    session: Session, reader: Reader, rappels: Iterable[Rappel], categories: Collection[str]
) -> list[Opened]:
    """Decrypt fiches, in the categories the charter opens; the state is always among them."""
    rows = list(rappels)
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    opened = []
    for row in rows:
        record = reader.record(row.id, wraps.get(row.id, []), row.reference)
        texts = open_row(record, row, categories)
        opened.append(Opened(row, State(record.open(row, "etat")), texts))
    return opened
