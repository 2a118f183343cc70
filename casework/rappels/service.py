"""Rappels à l'ordre: making the fiche, opening a procedure, moving it by one step.

The fiche-navette is one record that the commune and the parquet both read, with its three times
(001:952-987). What may happen next is decided by :mod:`casework.rappels.procedure` alone; what
happened is kept by :mod:`casework.rappels.events`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.lists import age
from casework.cells.service import next_reference
from casework.clock import today
from casework.db import new_id
from casework.legal_days import months_after
from casework.rappels import events
from casework.rappels.events import Author as Author
from casework.rappels.events import Done
from casework.rappels.models import Rappel
from casework.rappels.procedure import BY_COMMUNE as BY_COMMUNE  # home asks who must act
from casework.rappels.procedure import (
    BY_PARQUET,
    EXCLUSIONS,
    FACE,
    NO,
    ON_FICHE,
    VERDICTS,
    WAITING_FOR,
    YES,
    State,
    Step,
    after,
)
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keypair import PublicKey
from casework.vault.keyring import OpenRecord, Reader, SealingRecord, Writer
from charter.categories import FICHE

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


class ActConflict(Exception):
    """The fiche changed since the page was opened."""


@dataclass(frozen=True)
class Opened:
    """A procedure as its reader may see it: the parquet reads the fiche's steps only."""

    row: Rappel
    state: State
    texts: dict[str, str]
    done: list[Done] = field(default_factory=list)
    ours: bool = False  # read by the commune, with its own steps

    @property
    def carence(self) -> bool:
        return self.texts.get("issue") == Step.CARENCE

    @property
    def naissance(self) -> date | None:
        born = self.texts.get("naissance", "")
        return date.fromisoformat(born) if born else None

    def last(self, *steps: Step) -> Done | None:
        """The latest of these steps, which corrects those before it."""
        return next((done for done in reversed(self.done) if done.step in steps), None)

    @property
    def delivery(self) -> Done | None:
        """Of the convocation in force: that of an earlier one proves nothing for it."""
        last = self.last(Step.CONVOQUER, Step.REMETTRE)
        return last if last and last.step is Step.REMETTRE else None

    @property
    def summons(self) -> int:
        """Which convocation is in force: the second one follows a carence."""
        before = zip(self.done, self.done[1:], strict=False)
        again = (one.state is State.CARENCE and two.step is Step.CONVOQUER for one, two in before)
        return 1 + sum(again)

    def all(self, *steps: Step) -> list[Done]:
        return [done for done in self.done if done.step in steps]


def missing(texts: Mapping[str, str]) -> list[str]:
    """What a situation lacks before a fiche can be sent."""
    return [label for name, label in NEEDED.items() if not texts.get(name, "").strip()]


def announce(
    session: Session,
    writer: Writer,
    situation: Situation,
    texts: Mapping[str, str],
    exclusions: Mapping[str, bool],
    author: Author,
    reason: str = "",
    *,
    judicial_before: bool = False,
) -> Rappel:
    """Temps 1: make the fiche and share its key with the parquet.

    ``texts`` are the civil status and facts copied from the situation; ``exclusions`` the three
    answers; ``reason`` the new saisine, asked for after a judicial answer. Excluded if one is yes
    (or not given), Incomplete if the fiche lacks something, Unmet, AlreadyAnnounced.
    """
    details = {name: NO if exclusions.get(name, True) is False else YES for name in EXCLUSIONS}
    details |= {"deja_judiciaire": YES if judicial_before else NO, "motif": reason}
    reached = after(State.SAISIE, Step.ANNONCER, details)
    if lacking := missing(texts):
        raise Incomplete(lacking)
    if under_way(session, situation.id):
        raise AlreadyAnnounced
    now = datetime.now(UTC)
    current = store.current(session, situation.cell)
    parquet = store.current(session, PARQUET)
    rappel = Rappel(
        id=new_id(),
        reference=next_reference(session, PREFIX, today().year),
        situation=situation.id,
        cell=situation.cell,
        version=1,
        attend=WAITING_FOR[reached],
        t1_at=now,
    )
    record, wrap = writer.new_record(rappel.id, situation.cell, current.version, rappel.reference)
    copied = {name: texts[name] for name in COPIED}
    seal_row(record, rappel, copied | {"etat": FACE[reached], "informe_par": author.signed})
    session.add(rappel)
    session.flush()
    store.store_wrap(session, rappel.id, wrap)
    shared = record.deposit(PublicKey(parquet.deposit), rappel.id, PARQUET, parquet.version)
    store.store_wrap(session, rappel.id, shared)
    events.append(session, record, rappel.id, Step.ANNONCER, reached, author, details)
    return rappel


def move(
    session: Session,
    writer: Writer,
    opened: Opened,
    step: Step,
    author: Author,
    details: Mapping[str, str] | None = None,
) -> tuple[SealingRecord, Rappel]:
    """One step: checked by the machine, then added to the events. The fiche follows.

    ForbiddenStep, Unmet, ActConflict. Returns the fiche, to be written on.
    """
    details = details or {}
    reached = after(opened.state, step, details)
    rappel = session.scalars(
        select(Rappel).where(Rappel.id == opened.row.id).with_for_update()
    ).one()
    if rappel.version != opened.row.version:
        raise ActConflict
    wraps = store.wraps_of(session, rappel.id)
    record = writer.record(rappel.id, wraps, rappel.reference)
    rappel.version += 1
    rappel.attend = WAITING_FOR[reached]
    record.seal(rappel, "etat", FACE[reached])
    sealing = record if step in ON_FICHE else _commune(session, writer, rappel)
    events.append(session, sealing, rappel.id, step, reached, author, details)
    return record, rappel


def _commune(session: Session, writer: Writer, rappel: Rappel) -> SealingRecord:
    """The situation's key: what the mairie does on its own is closed to the parquet."""
    return writer.record(rappel.situation, store.wraps_of(session, rappel.situation))


def is_minor(born: date, on: date) -> bool:
    """A day before the birth is a slip of the keyboard, that the guards refuse in words."""
    return on < born or age(born, on) < ADULT_AGE


def of_age_on(born: date) -> date:
    """The first day nobody is a minor any more; of 29 February, the first of March."""
    day = months_after(born, 12 * ADULT_AGE)
    return day + timedelta(days=is_minor(born, day))


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
    query = select(Rappel).join(Situation, Situation.id == Rappel.situation)
    query = query.where(Rappel.cell == cell, Rappel.attend == attend)
    query = query.where(Situation.archived_on.is_(None))
    if without:
        query = query.where(Situation.reference.not_in(without))
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
    steps = events.of_rappels(session, [row.id for row in rows]) if categories else {}
    opened = []
    for row in rows:
        record = reader.record(row.id, wraps.get(row.id, []), row.reference)
        texts = open_row(record, row, categories)
        done = events.read(steps.get(row.id, ()), {events.FICHE: record}, FICHE)
        opened.append(Opened(row, State(record.open(row, "etat")), texts, done))
    return opened


def open_procedures(
    session: Session, reader: Reader, rappels: Iterable[Rappel], categories: Collection[str]
) -> list[Opened]:
    """The same for the commune, which reads its own steps as well: the last one says the state."""
    rows = list(rappels)
    numbers = [row.id for row in rows]
    wraps = store.wraps_of_many(session, [*numbers, *(row.situation for row in rows)])
    steps = events.of_rappels(session, numbers)
    opened = []
    for row in rows:
        record = reader.record(row.id, wraps.get(row.id, []), row.reference)
        records: dict[str, OpenRecord] = {
            events.FICHE: record,
            events.COMMUNE: reader.record(row.situation, wraps.get(row.situation, [])),
        }
        done = events.read(steps[row.id], records, categories)
        # A fiche from before events were kept has its state and no steps.
        state = done[-1].state if done else State(record.open(row, "etat"))
        opened.append(Opened(row, state, open_row(record, row, categories), done, ours=True))
    return opened
