"""Renewing the key of a compartment: the departed lose it at once, the records follow by batches.

Every compartment is renewed here: a cell, the parquet, the DPO, the directory of members. Between
two batches either key opens what it wrapped, so that an interruption leaves everything readable.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.service import cell as known_cell
from casework.members import holders
from casework.members.founding import recovery_key
from casework.members.service import DIRECTORY
from casework.situations import index
from casework.vault import renewal, store
from casework.vault.keyring import Writer
from casework.vault.models import KeyRenewal

BATCH = 500  # records: about a tenth of a second during which nobody else writes
LAST = 2**63 - 1


class NotAHolder(Exception):
    """Only someone who holds the key, and keeps it, can renew it: they move the records."""


@dataclass(frozen=True)
class Advance:
    """What one batch did."""

    compartment: str
    version: int
    moved: int
    total: int
    finished: bool

    def detail(self) -> dict[str, str | int]:
        """The batch as the journal keeps it; the last one tells the whole."""
        count = self.total if self.finished else self.moved
        return {
            "cle": self.compartment,
            "version": self.version,
            "dossiers": count,
            "etape": "terminee" if self.finished else "lot",
        }


def start_detail(begun: KeyRenewal) -> dict[str, str | int]:
    """The beginning as the journal keeps it."""
    return {
        "cle": begun.compartment,
        "version": begun.to_version,
        "dossiers": begun.total,
        "etape": "debut",
    }


def begin(session: Session, code: str, by: str, on: date) -> KeyRenewal:
    """Take the key from those whose mandate is over. NotAHolder, NotFounded.

    ``by`` is the member who renews; no secret is opened here. A renewal under way goes on as it is,
    unless someone who left since holds its key.
    """
    store.lock(session, code)
    stay = holders.staying(session, code, on)
    if by not in stay:
        raise NotAHolder(code)
    known = renewal.under_way(session, code)
    if known and not holders.leaving(session, code, on):
        return known
    bits = index.bits_for(session, code) if known_cell(session, code) else 0
    return renewal.begin(session, code, stay, recovery_key(session), bits)


def begin_cell(session: Session, cell: str, by: str, on: date) -> KeyRenewal:
    """Renew a cell's key; and the directory's, when it is held by someone who sits nowhere now."""
    begun = begin(session, cell, by, on)
    left = holders.leaving(session, DIRECTORY, on)
    if left and by in holders.staying(session, DIRECTORY, on):
        begin(session, DIRECTORY, by, on)
    return begun


def advance(session: Session, writer: Writer, code: str, limit: int = BATCH) -> Advance | None:
    """Move one batch, and destroy the old key when nothing is left under it. None when no renewal
    is under way."""
    row = renewal.lock(session, code)
    if row is None:
        return None
    after, version = row.reached, row.to_version
    moved = renewal.step(session, writer, row, limit)
    last = moved < limit
    # Only cells have facets and buckets: elsewhere this finds nothing to move.
    index.rekey(session, writer, store.current(session, code), after, LAST if last else row.reached)
    finished = False
    if last:
        # Whoever was recording under the old key has committed, or will be refused (PostgreSQL).
        store.lock_versions(session, code, version)
        if renewal.left(session, code, version) or index.left(session, code, version):
            row.reached = 0
        else:
            renewal.finish(session, row)
            finished = True
    session.flush()
    return Advance(code, version, moved, row.done, finished)


def history(session: Session, code: str) -> list[KeyRenewal]:
    """Renewals of a compartment, latest first, the one under way included."""
    query = select(KeyRenewal).filter_by(compartment=code).order_by(KeyRenewal.started_at.desc())
    return list(session.scalars(query))
