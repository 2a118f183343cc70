"""Deposits: sealing one, opening one, answering it.

**What is kept, and until when.** A deposit is not a file of a person: it waits for an answer. Once
it has one, its words are destroyed in the same unit of work, key and sealed columns, whatever the
answer. Admitted, they live in the situation, which has its own clock; redirected, in the new
deposit; advised or refused, the cell follows nobody and has no ground to keep anything (art. 5 §1 c
and e RGPD). What stays: number, dates, depositor's opaque reference, retour, and the number of the
situation. The reason of a refusal is sealed again, alone, for the coordination to answer for it;
it is no longer shown ``REASON_DAYS`` later, and erased by the next deposit or answer of the cell.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.cells.service import next_reference
from casework.clock import today
from casework.db import new_id
from casework.deposits.models import Deposit
from casework.deposits.words import Words
from casework.situations import service as situations
from casework.vault import store
from casework.vault.fields import open_row, seal_row, sealed_columns
from casework.vault.keypair import PublicKey
from casework.vault.keyring import RECORD_KEY_BYTES, Reader, SealingRecord, Writer
from casework.vault.models import Compartment, RecordWrap
from charter import register
from charter.categories import Category
from charter.roles import CELL_MEMBERS

REASON_DAYS = 92  # three months after the answer, as CNIL AU-038 counts after a follow-up
PREFIX = "D"


class Retour(StrEnum):
    """What the depositor is told: one word of a closed list, never a name nor a content."""

    PRIS_EN_COMPTE = "pris_en_compte"
    REORIENTE = "reoriente"
    CONSEIL = "conseil"
    SANS_SUITE = "sans_suite"


RETOURS: Mapping[str, str] = MappingProxyType(
    {
        Retour.PRIS_EN_COMPTE: "Pris en compte",
        Retour.REORIENTE: "Réorienté",
        Retour.CONSEIL: "Conseil donné",
        Retour.SANS_SUITE: "Sans suite",
    }
)


class AlreadyAnswered(Exception):
    """The deposit has its answer: its words are gone."""


def create(session: Session, author: str, cell: str, words: Words) -> Deposit:
    """Seal words to a cell's deposit key, which asks for no key of the depositor's; the row is
    flushed and not committed. NotFounded when the cell has no key yet."""
    _expire_reasons(session, cell)
    # A renewal of the key under way ends first: a deposit under the old one would be lost.
    session.get(Compartment, cell, with_for_update={"read": True}, populate_existing=True)
    current = store.current(session, cell)
    now = datetime.now(UTC)
    deposit = Deposit(
        id=new_id(),
        reference=next_reference(session, f"{PREFIX}-{cell}", today().year),
        cell=cell,
        author=author,
        deposited_at=now,
    )
    record = SealingRecord(secrets.token_bytes(RECORD_KEY_BYTES), deposit.reference)
    seal_row(record, deposit, words.texts())
    session.add(deposit)
    session.flush()
    public = PublicKey(current.deposit)
    store.store_wrap(session, deposit.id, record.deposit(public, deposit.id, cell, current.version))
    return deposit


def by_reference(session: Session, reference: str) -> Deposit | None:
    return session.scalar(select(Deposit).where(Deposit.reference == reference))


def of_author(session: Session, author: str) -> list[Deposit]:
    """What someone deposited, latest first."""
    query = select(Deposit).where(Deposit.author == author).order_by(Deposit.id.desc())
    return list(session.scalars(query))


def waiting(session: Session, cell: str) -> list[Deposit]:
    """The deposits of a cell that wait for an answer, oldest first."""
    query = select(Deposit).where(Deposit.cell == cell, Deposit.retour.is_(None))
    return list(session.scalars(query.order_by(Deposit.deposited_at, Deposit.id)))


def answered(session: Session, cell: str, limit: int = 50) -> list[Deposit]:
    """The deposits of a cell that were answered, latest first."""
    query = select(Deposit).where(Deposit.cell == cell, Deposit.retour.is_not(None))
    return list(session.scalars(query.order_by(Deposit.answered_at.desc()).limit(limit)))


def open_deposit(
    session: Session, reader: Reader, deposit: Deposit, categories: frozenset[Category]
) -> dict[str, str]:
    """The words of a deposit that waits; of an answered one, the reason if it is still kept."""
    if deposit.retour and not _keeps_reason(deposit):
        return {}
    wraps = store.wraps_of(session, deposit.id)
    record = reader.record(deposit.id, wraps, deposit.reference)
    if deposit.retour:
        return {"motif": record.open(deposit, "motif")}
    return open_row(record, deposit, categories)


def _keeps_reason(deposit: Deposit) -> bool:
    return deposit.motif is not None and deposit.answered_at > _reasons_kept_since()


def answer(
    session: Session,
    writer: Writer,
    deposit_id: int,
    retour: Retour,
    *,
    situation: str | None = None,
    motif: str = "",
) -> Deposit:
    """Give the retour and destroy the words; AlreadyAnswered if someone else did."""
    deposit = session.scalars(
        select(Deposit).where(Deposit.id == deposit_id).with_for_update()
    ).one()
    if deposit.retour:
        raise AlreadyAnswered(deposit.reference)
    _expire_reasons(session, deposit.cell)
    deposit.retour, deposit.answered_at = retour.value, datetime.now(UTC)
    deposit.situation = situation
    _destroy(session, deposit)
    if motif:
        version = store.current(session, deposit.cell).version
        record, wrap = writer.new_record(deposit.id, deposit.cell, version, deposit.reference)
        record.seal(deposit, "motif", motif)
        store.store_wrap(session, deposit.id, wrap)
    session.flush()
    return deposit


def _destroy(session: Session, deposit: Deposit) -> None:
    session.execute(delete(RecordWrap).where(RecordWrap.record == deposit.id))
    for column in sealed_columns(Deposit):
        setattr(deposit, column, None)


def _reasons_kept_since() -> datetime:
    return datetime.now(UTC) - timedelta(days=REASON_DAYS)


def _expire_reasons(session: Session, cell: str) -> None:
    query = select(Deposit).where(
        Deposit.cell == cell,
        Deposit.motif.is_not(None),
        Deposit.answered_at <= _reasons_kept_since(),
    )
    for deposit in session.scalars(query):
        _destroy(session, deposit)


def admit(
    session: Session, writer: Writer, coordinator: str, deposit: Deposit, entry: situations.Entry
) -> situations.Situation:
    """Record the situation a deposit becomes, in one unit of work with its retour."""
    made = situations.create(
        session, writer, coordinator, deposit.cell, entry, brought_by=_bringer(session, deposit)
    )
    answer(session, writer, deposit.id, Retour.PRIS_EN_COMPTE, situation=made.reference)
    return made


def _bringer(session: Session, deposit: Deposit) -> str | None:
    """The depositor, if they sit in the cell: the charter opens what one has brought to its
    members. To a signaleur, who reads nothing, it opens nothing: the coordinator is the author."""
    role = register.members_of(session, deposit.cell).get(deposit.author)
    return deposit.author if role in CELL_MEMBERS else None
