"""Why an exceptional act was done: sealed in its entry to the DPO, and to no one else.

The reason is typed by whoever acts, so it may say anything: it never enters the journal in clear,
and neither the coordination nor the administrator reads it there. Its key is wrapped for the DPO's
compartment like any record's, so that it follows the renewals of that compartment's key; when the
entry expires, the key is destroyed with it.
"""

import os
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.query import Row
from audit.schema import journal_event
from casework.db import new_id
from casework.vault import store
from casework.vault.errors import IntegrityError, NoKey
from casework.vault.keypair import PublicKey
from casework.vault.keyring import RECORD_KEY_BYTES, Reader, SealingRecord
from casework.vault.models import Compartment

DPO = "DPO"
TABLE, COLUMN = "journal_event", "motive"
ID_BYTES = 8
UNREADABLE = "Motif illisible\u00a0: sa clé a été détruite, ou il a été altéré."


def seal(session: Session, text: str) -> bytes:
    """The motive as its entry carries it; empty while no DPO can open it. Within the transaction
    that appends the entry."""
    if not text.strip() or not store.is_founded(session, DPO):
        return b""
    # A renewal of the key under way ends first: what is sealed under the old one would be lost.
    session.get(Compartment, DPO, with_for_update={"read": True}, populate_existing=True)
    current = store.current(session, DPO)
    number, record = new_id(), SealingRecord(os.urandom(RECORD_KEY_BYTES), "")
    public = PublicKey(current.deposit)
    store.store_wrap(session, number, record.deposit(public, number, DPO, current.version))
    return number.to_bytes(ID_BYTES) + record.seal_at(TABLE, COLUMN, number, text)


def opened(session: Session, reader: Reader, rows: Iterable[Row]) -> dict[int, str]:
    """The motives of these entries by rank, for who holds the DPO's key. One that does not open is
    said to be so: it must not hide the others."""
    sealed = {row.seq: row.motive for row in rows if row.motive}
    wraps = store.wraps_of_many(session, [_number(motive) for motive in sealed.values()])
    found = {}
    for seq, motive in sealed.items():
        number = _number(motive)
        try:
            record = reader.record(number, wraps.get(number, []))
            found[seq] = record.open_at(TABLE, COLUMN, number, motive[ID_BYTES:])
        except (IntegrityError, NoKey):
            found[seq] = UNREADABLE
    return found


def forget(session: Session, before: int) -> None:
    """Destroy the keys of the motives of entries that expire."""
    table = journal_event.c
    query = select(table.motive).where(table.seq < before, table.motive != b"")
    for motive in session.scalars(query):
        store.forget(session, _number(motive))


def forget_about(session: Session, references: Collection[str]) -> None:
    """Destroy those of the entries about a record that is erased: its words are in them too."""
    table = journal_event.c
    query = select(table.motive).where(table.object.in_(references), table.motive != b"")
    for motive in session.scalars(query).all():
        store.forget(session, _number(motive))


def _number(motive: bytes) -> int:
    return int.from_bytes(motive[:ID_BYTES])
