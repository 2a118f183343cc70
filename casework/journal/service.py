"""What the commune decides about its journal, the checkpoints its DPO countersigns, and under
which references a file is read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.cosign import Countersigner
from audit.notes import Checkpoint, NoteError
from audit.periods import USUAL_MONTHS, Period
from audit.schema import journal_checkpoint, journal_countersignature
from casework import hanging
from casework.cells import service as cells
from casework.deposits.models import Deposit
from casework.seances.models import AgendaItem, Seance
from casework.situations.models import Situation
from casework.vault.keypair import KeyPair, derive

MONTHS = "journal_mois"
REASON = "journal_justification"


def period(session: Session) -> Period:
    """How long entries keep their content."""
    months = cells.setting(session, MONTHS)
    return Period(int(months) if months else USUAL_MONTHS, cells.setting(session, REASON))


def put_period(session: Session, chosen: Period) -> None:
    cells.put_setting(session, MONTHS, str(chosen.months))
    cells.put_setting(session, REASON, chosen.reason.strip())


def references(session: Session, reference: str) -> list[str]:
    """Under which references a file is read: its own first, then, for a situation, those of its
    procedures and of the deposit it came from. Its own alone once it is erased."""
    id_ = session.scalar(select(Situation.id).where(Situation.reference == reference))
    if id_ is None:
        return [reference] if reference else []
    deposits = select(Deposit.reference).where(Deposit.situation == reference)
    *others, own = hanging.references(session, Situation.__table__, id_)
    return [own, *sorted(others), *session.scalars(deposits.order_by(Deposit.reference))]


def sittings(session: Session, reference: str) -> list[str]:
    """The séances that have this situation on their agenda, where several are read at once."""
    query = (
        select(Seance.reference)
        .join(AgendaItem, AgendaItem.seance == Seance.id)
        .join(Situation, Situation.id == AgendaItem.situation)
        .where(Situation.reference == reference)
    )
    return list(session.scalars(query.order_by(Seance.held_at)))


@dataclass(frozen=True)
class KeptCheckpoint:
    """A checkpoint the journal keeps, and who countersigned it, by reference, and when."""

    size: int
    created_at: str
    countersigned: list[tuple[str, datetime]]


def checkpoints(session: Session, most: int = 20) -> list[KeptCheckpoint]:
    """The latest ones, newest first."""
    table = journal_checkpoint.c
    rows = session.execute(
        select(table.size, table.note, table.created_at).order_by(table.size.desc()).limit(most)
    ).all()
    signed: dict[int, list[tuple[str, datetime]]] = {row.size: [] for row in rows}
    notes = {row.size: row.note for row in rows}
    added = select(journal_countersignature).where(journal_countersignature.c.size.in_(signed))
    for row in session.execute(added):
        signer = Countersigner.parse(row.signer)
        try:
            at = signer.check(row.line, _state(notes[row.size]))
        except NoteError:
            continue  # the verification of the journal says it, and says it better
        signed[row.size].append((signer.name.rpartition("/")[2], at))
    return [KeptCheckpoint(row.size, row.created_at, signed[row.size]) for row in rows]


def checkpoint_note(session: Session, size: int) -> str | None:
    """The note of a kept checkpoint, with every signature on it; None when none was kept."""
    found = session.execute(
        select(journal_checkpoint.c.note).where(journal_checkpoint.c.size == size)
    ).scalar()
    if found is None:
        return None
    lines = session.execute(
        select(journal_countersignature.c.line)
        .where(journal_countersignature.c.size == size)
        .order_by(journal_countersignature.c.signer)
    ).scalars()
    return found + "".join(f"{line}\n" for line in lines)


def countersigning_key(key: KeyPair) -> Ed25519PrivateKey:
    """The member's own, derived from their private key: it exists while they are signed in, and
    nobody who administers the server has it."""
    return Ed25519PrivateKey.from_private_bytes(derive(key.raw, "countersignature"))


def public_key(name: str, key: Ed25519PrivateKey) -> Countersigner:
    return Countersigner(name, key.public_key())


def countersigned_by(note: str, name: str, key: Ed25519PrivateKey) -> datetime | None:
    """When this key countersigned the note, or None when it did not."""
    for line in note.rpartition("\n\n")[2].splitlines():
        try:
            return public_key(name, key).check(line, _state(note))
        except NoteError:
            continue  # someone else's line
    return None


def _state(note: str) -> Checkpoint:
    return Checkpoint.parse(note.rpartition("\n\n")[0] + "\n")


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone, which appears under its name only once it is whole."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
