"""Declaring a breach, adding what was done of it, and its clock: 72 hours (art. 33 §1 RGPD)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.breaches.models import Breach, BreachStep
from casework.cells.service import next_reference
from casework.clock import local
from casework.db import new_id
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keypair import PublicKey
from casework.vault.keyring import RECORD_KEY_BYTES, Reader, SealingRecord, Writer
from casework.vault.models import Compartment
from charter.categories import BREACH
from charter.labels import Labelled

DPO = "DPO"
PREFIX = "V"
DELAY = timedelta(hours=72)


class Nature(Labelled):
    """What a breach breaks; often several at once."""

    CONFIDENTIALITE = "c", "Confidentialité : des données ont été lues ou divulguées"
    INTEGRITE = "i", "Intégrité : des données ont été altérées"
    DISPONIBILITE = "d", "Disponibilité : des données ont été perdues ou bloquées"


class Kind(Labelled):
    COMPLEMENT = "complement", "Complément ou correction"
    NOTIFIEE = "notifiee", "Notification à la CNIL"
    NON_NOTIFIEE = "non_notifiee", "Décision de ne pas notifier"
    PERSONNES = "personnes", "Information des personnes concernées"
    SANS_INFORMATION = "sans_info", "Décision de ne pas informer les personnes"
    CLOTURE = "cloture", "Clôture"


SETTLES = {Kind.NOTIFIEE, Kind.NON_NOTIFIEE}


class Closed(Exception):
    """The breach is closed."""


class Unsettled(Exception):
    """It cannot be closed before it is said whether the CNIL is notified, and why not."""


class Changed(Exception):
    """Someone added a step since the page was opened."""


@dataclass(frozen=True)
class Clock:
    """Where a breach stands in its 72 hours; ``settled``: when the CNIL was notified, or when it
    was decided not to."""

    known_at: datetime
    now: datetime
    settled: datetime | None = None

    @property
    def due(self) -> datetime:
        return self.known_at + DELAY

    @property
    def late(self) -> bool:
        return (self.settled or self.now) > self.due

    @property
    def hours_left(self) -> int:
        """Whole hours, zero once the delay is over."""
        return max(0, int((self.due - self.now) / timedelta(hours=1)))


@dataclass(frozen=True)
class Line:
    """A breach as the register lists it; nothing is opened."""

    row: Breach
    steps: list[BreachStep]
    clock: Clock

    @property
    def closed(self) -> bool:
        return any(step.kind == Kind.CLOTURE for step in self.steps)


def declare(
    session: Session,
    author: str,
    known_at: datetime,
    natures: str,
    texts: Mapping[str, str],
) -> Breach:
    """Seal a declaration to the DPO's deposit key, which asks for no key of whoever declares.
    NotFounded while no DPO has come."""
    session.get(Compartment, DPO, with_for_update={"read": True}, populate_existing=True)
    current = store.current(session, DPO)
    row = Breach(
        id=new_id(),
        reference=next_reference(session, PREFIX, local(known_at).year),
        known_at=known_at,
        declared_at=datetime.now(UTC),
        declared_by=author,
        version=1,
        nature=natures,
    )
    sealing = SealingRecord(secrets.token_bytes(RECORD_KEY_BYTES), row.reference)
    seal_row(sealing, row, dict(texts))
    session.add(row)
    session.flush()
    public = PublicKey(current.deposit)
    store.store_wrap(session, row.id, sealing.deposit(public, row.id, DPO, current.version))
    return row


def add_step(
    session: Session,
    writer: Writer,
    author: str,
    breach: int,
    version: int,
    kind: Kind,
    at: datetime,
    texte: str,
) -> None:
    """What was done. Closed, Unsettled, Changed."""
    row = session.scalars(select(Breach).where(Breach.id == breach).with_for_update()).one()
    line = _line(session, row, at)
    if line.closed:
        raise Closed
    if row.version != version:
        raise Changed
    if kind is Kind.CLOTURE and line.clock.settled is None:
        raise Unsettled
    row.version += 1
    step = BreachStep(id=new_id(), breach=row.id, kind=kind.value, at=at, recorded_by=author)
    sealing = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    sealing.seal(step, "texte", texte)
    session.add(step)
    session.flush()


def by_reference(session: Session, reference: str) -> Breach | None:
    return session.scalar(select(Breach).where(Breach.reference == reference))


def register(session: Session, now: datetime) -> list[Line]:
    """The register: what still waits for a decision first, nearest to its term."""
    lines = [_line(session, row, now) for row in session.scalars(select(Breach))]
    return sorted(lines, key=lambda it: (it.closed, it.clock.settled is not None, it.clock.due))


def line_of(session: Session, row: Breach, now: datetime) -> Line:
    return _line(session, row, now)


def _line(session: Session, row: Breach, now: datetime) -> Line:
    query = select(BreachStep).where(BreachStep.breach == row.id)
    steps = list(session.scalars(query.order_by(BreachStep.at, BreachStep.id)))
    settled = next((step.at for step in steps if step.kind in SETTLES), None)
    return Line(row, steps, Clock(row.known_at, now, settled))


def open_breach(
    session: Session, reader: Reader, line: Line
) -> tuple[dict[str, str], list[tuple[BreachStep, str]]]:
    """The words of a declaration, and of each step."""
    record = reader.record(line.row.id, store.wraps_of(session, line.row.id), line.row.reference)
    told = [(step, record.open(step, "texte")) for step in line.steps]
    return open_row(record, line.row, BREACH), told
