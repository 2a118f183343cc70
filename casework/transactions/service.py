"""Transactions: preparing one, recording its steps, homologating it.

What may happen next is decided by :mod:`casework.transactions.procedure` alone; here its events are
sealed, replayed, and shared with the parquet once the homologation is asked for.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.attachments import service as attachments
from casework.cells.service import next_reference
from casework.clock import local, today
from casework.db import new_id
from casework.situations.models import Situation
from casework.transactions.models import Contravention, Transaction, TransactionEvent
from casework.transactions.procedure import (
    Dossier,
    Event,
    Kind,
    State,
    Step,
    Terms,
    apply,
    corrected,
    replay,
    standing,
)
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keypair import PublicKey
from casework.vault.keyring import OpenRecord, Reader, SealingRecord, Writer

PARQUET = "PARQUET"
PREFIX = "TR"
COMMUNE, REPONSE, AT_PARQUET, EXECUTION = "commune", "reponse", "parquet", "execution"
WAITS_FOR = {
    State.PROPOSEE: REPONSE,
    State.SILENCE: REPONSE,
    State.DEMANDEE: AT_PARQUET,
    State.HOMOLOGUEE: EXECUTION,
    State.CLOSE: "",
}
NEEDED = {
    "nom": "le nom de naissance",
    "prenoms": "les prénoms",
    "naissance": "la date de naissance",
    "adresse": "l’adresse",
    "recit": "la description des faits",
}


class ActConflict(Exception):
    """The transaction changed since the page was opened."""


class AlreadyOpen(Exception):
    """A transaction is under way for this situation."""


@dataclass(frozen=True)
class Recorded:
    """An event as it is shown."""

    event: Event
    at: datetime
    by: str
    corrected: bool = False  # a later step reopened it


@dataclass(frozen=True)
class Opened:
    """A transaction as its reader may see it."""

    row: Transaction
    dossier: Dossier
    texts: dict[str, str]
    contravention: dict[str, str]
    proposed: dict[str, str]
    events: list[Recorded]

    @property
    def state(self) -> State:
        return self.dossier.state


@dataclass(frozen=True)
class Signed:
    """Who acts: how they sign, and the number of the mandate the journal names."""

    by: str
    mandate: int


def missing(texts: dict[str, str]) -> list[str]:
    """What a situation lacks before a proposal can be sent."""
    return [label for name, label in NEEDED.items() if not texts.get(name, "").strip()]


def create(
    session: Session,
    writer: Writer,
    situation: Situation,
    dossier: Dossier,
    texts: dict[str, str],
    contravention: dict[str, str],
    proposed: dict[str, str],
) -> Transaction:
    """Record a transaction ready to be proposed. AlreadyOpen."""
    if any(other.attend for other in of_situation(session, situation.id)):
        raise AlreadyOpen
    now = datetime.now(UTC)
    current = store.current(session, situation.cell)
    row = Transaction(
        id=new_id(),
        reference=next_reference(session, PREFIX, today().year),
        situation=situation.id,
        cell=situation.cell,
        version=1,
        created_at=now,
    )
    _wait(row, dossier)
    record, wrap = writer.new_record(row.id, situation.cell, current.version, row.reference)
    sealed = texts | {
        "faits": texts.get("recit", ""),
        "contravention": json.dumps(contravention),
        "propose": json.dumps(proposed | _pack(dossier)),
    }
    seal_row(record, row, sealed)
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    return row


def act(
    session: Session, writer: Writer, opened: Opened, event: Event, signed: Signed, today: date
) -> Dossier:
    """Record one step. Forbidden, ActConflict."""
    row = session.scalars(
        select(Transaction).where(Transaction.id == opened.row.id).with_for_update()
    ).one()
    if row.version != opened.row.version:
        raise ActConflict
    reached = apply(opened.dossier, event, today)
    record = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    made = TransactionEvent(
        id=new_id(),
        transaction=row.id,
        rank=len(opened.events) + 1,
        at=datetime.now(UTC),
        mandat=signed.mandate,
    )
    content = json.dumps(dict(event.content))
    values = {"etape": event.step, "le": event.on.isoformat(), "par": signed.by}
    seal_row(record, made, values | {"contenu": content})
    session.add(made)
    row.version += 1
    _wait(row, reached)
    if event.step is Step.DEMANDER:
        row.asked_at = made.at
        _share(session, record, row)
    session.flush()
    return reached


def carry(
    session: Session,
    writer: Writer,
    opened: Opened,
    event: Event,
    signed: Signed,
    today: date,
    content: bytes,
    carrier: str,
) -> None:
    """The decision of the justice, received on paper and recorded with its scan.

    Raises as :func:`act`, and NotAScan or TooLarge."""
    act(session, writer, opened, event, signed, today)
    row = opened.row
    record = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    attachments.attach(session, record, row.id, content, carrier)


def _share(session: Session, record: SealingRecord, row: Transaction) -> None:
    """Give the parquet the key of this transaction, and of nothing else."""
    parquet = store.current(session, PARQUET)
    shared = record.deposit(PublicKey(parquet.deposit), row.id, PARQUET, parquet.version)
    store.store_wrap(session, row.id, shared)


def _wait(row: Transaction, dossier: Dossier) -> None:
    row.attend, row.echeance = WAITS_FOR.get(dossier.state, COMMUNE), dossier.due


def _pack(dossier: Dossier) -> dict[str, str]:
    terms = dossier.terms
    return {
        "genre": terms.kind,
        "quantite": str(terms.quantity),
        "reponse_avant": terms.answer_before.isoformat(),
        "mois": str(terms.months),
        "pv_date": dossier.pv_on.isoformat(),
        "preparee_le": dossier.prepared_on.isoformat(),
        "mineur": "oui" if dossier.minor else "",
        "alsace_moselle": "oui" if dossier.alsace_moselle else "",
    }


def _unpack(proposed: dict[str, str]) -> Dossier:
    terms = Terms(
        Kind(proposed["genre"]),
        int(proposed["quantite"]),
        date.fromisoformat(proposed["reponse_avant"]),
        int(proposed["mois"]),
    )
    prepared = date.fromisoformat(proposed["preparee_le"])
    return Dossier(
        terms,
        date.fromisoformat(proposed["pv_date"]),
        prepared,
        minor=bool(proposed["mineur"]),
        alsace_moselle=bool(proposed["alsace_moselle"]),
        last_on=prepared,
    )


def kept(row: Contravention) -> dict[str, str]:
    """The words of a contravention, as the transaction will always print them."""
    names = ("code", "label", "article", "classe", "amende", "pm_article", "source")
    return {name: str(getattr(row, name)) for name in names}


def open_transactions(
    session: Session,
    reader: Reader,
    rows: Iterable[Transaction],
    categories: Collection[str],
    today: date,
) -> list[Opened]:
    """Decrypt transactions, in the categories the charter opens, as the law reads them today."""
    found = list(rows)
    wraps = store.wraps_of_many(session, [row.id for row in found])
    return [
        _open(
            session,
            reader.record(row.id, wraps.get(row.id, []), row.reference),
            row,
            categories,
            today,
        )
        for row in found
    ]


def _open(
    session: Session, record: OpenRecord, row: Transaction, categories: Collection[str], today: date
) -> Opened:
    query = select(TransactionEvent).where(TransactionEvent.transaction == row.id)
    events = [_event(record, one) for one in session.scalars(query.order_by(TransactionEvent.rank))]
    proposed = json.loads(record.open(row, "propose"))
    reopened = corrected(one.event.step for one in events)
    events = [replace(one, corrected=rank in reopened) for rank, one in enumerate(events)]
    days = ((one.event, local(one.at).date()) for one in events)
    dossier = standing(replay(_unpack(proposed), days), today)
    texts = open_row(record, row, categories)
    words = json.loads(texts.get("contravention") or "{}")
    return Opened(row, dossier, texts, words, proposed, events)


def _event(record: OpenRecord, row: TransactionEvent) -> Recorded:
    event = Event(
        Step(record.open(row, "etape")),
        date.fromisoformat(record.open(row, "le")),
        json.loads(record.open(row, "contenu")),
    )
    return Recorded(event, row.at, record.open(row, "par"))


def by_reference(session: Session, reference: str) -> Transaction | None:
    return session.scalar(select(Transaction).where(Transaction.reference == reference))


def of_situation(session: Session, situation: int) -> list[Transaction]:
    query = select(Transaction).where(Transaction.situation == situation)
    return list(session.scalars(query.order_by(Transaction.created_at.desc())))


def under_way(session: Session, cell: str, without: Collection[str] = ()) -> list[Transaction]:
    """Transactions of a cell that wait for something, but for the situations of ``without``."""
    query = (
        select(Transaction)
        .join(Situation, Situation.id == Transaction.situation)
        .where(Transaction.cell == cell, Transaction.attend != "")
        .where(Situation.archived_on.is_(None))
        .where(Situation.reference.not_in(without))
    )
    return list(session.scalars(query.order_by(Transaction.echeance)))


def homologations(session: Session, *, waiting: bool) -> list[Transaction]:
    """What the parquet has received: those it must answer, oldest first, or the others."""
    here = Transaction.attend == AT_PARQUET
    query = select(Transaction).where(Transaction.asked_at.is_not(None), here if waiting else ~here)
    order = Transaction.asked_at if waiting else Transaction.asked_at.desc()
    return list(session.scalars(query.order_by(order)))
