"""Files: recognised by their content, limited in size, sealed, opened in memory only.

No file name is kept: a name such as « réponse Karim B.pdf » would say who.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from casework.attachments.models import Attachment, Scan
from casework.db import new_id
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keyring import Reader, SealingRecord, Writer

LARGEST_BYTES = 5_000_000  # a page scanned at 300 dpi, with room to spare
# What a scanner or a telephone makes, by its first bytes and its end mark: a file cut short on the
# way opens nothing, and the answer it should prove is definitive.
SIGNATURES = {
    b"%PDF-": (b"%%EOF", "application/pdf"),
    b"\xff\xd8\xff": (b"\xff\xd9", "image/jpeg"),
    b"\x89PNG\r\n\x1a\n": (b"IEND", "image/png"),
}
MOST_FILES = 20  # of one situation
TAIL_BYTES = 1024  # some scanners write a little after the end


class NotAScan(Exception):
    """Neither a PDF, a JPEG nor a PNG, or not a whole one."""


class TooLarge(Exception):
    """Over :data:`LARGEST_BYTES`."""


class TooMany(Exception):
    """The situation holds :data:`MOST_FILES` already."""


def media_of(content: bytes) -> str:
    """The type of a file by its first bytes, whatever its name says. NotAScan, TooLarge."""
    if len(content) > LARGEST_BYTES:
        raise TooLarge
    for first, (last, media) in SIGNATURES.items():
        if content.startswith(first) and last in content[-TAIL_BYTES:]:
            return media
    raise NotAScan


def attach(
    session: Session, sealing: SealingRecord, record: int, content: bytes, author: str
) -> Scan:
    """Seal a file under its record's key. NotAScan, TooLarge."""
    scan = Scan(
        id=new_id(),
        record=record,
        media=media_of(content),
        added_at=datetime.now(UTC),
        added_by=author,
    )
    sealing.seal_bytes(scan, "content", content)
    session.add(scan)
    session.flush()
    return scan


def of_record(session: Session, record: int) -> Scan | None:
    """The file of a record, still sealed."""
    return session.scalar(select(Scan).where(Scan.record == record))


def open_scan(
    session: Session, reader: Reader, number: int, reference: str
) -> tuple[BytesIO, str] | None:
    """The scan sealed under a record's own key, in memory, and its type; None if there is none."""
    scan = of_record(session, number)
    if scan is None:
        return None
    record = reader.record(number, store.wraps_of(session, number), reference)
    return BytesIO(record.open_bytes(scan, "content")), scan.media


@dataclass(frozen=True)
class File:
    """An attachment as listed: its title is opened, its content is not."""

    row: Attachment
    titre: str


def add(
    session: Session, writer: Writer, situation: Situation, titre: str, content: bytes, author: str
) -> Attachment:
    """Seal a file of a situation under a key of its own. NotAScan, TooLarge, TooMany."""
    if count(session, situation.id) >= MOST_FILES:
        raise TooMany
    row = Attachment(
        id=new_id(),
        situation=situation.id,
        media=media_of(content),
        added_at=datetime.now(UTC),
        added_by=author,
    )
    version = store.current(session, situation.cell).version
    sealing, wrap = writer.new_record(row.id, situation.cell, version, situation.reference)
    sealing.seal(row, "titre", titre)
    sealing.seal_bytes(row, "content", content)
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    return row


def count(session: Session, situation: int) -> int:
    query = select(func.count()).where(Attachment.situation == situation)
    return session.scalar(query) or 0


def files_of(session: Session, reader: Reader, situation: Situation) -> list[File]:
    """The files of a situation, in the order they were added."""
    query = select(Attachment).where(Attachment.situation == situation.id)
    rows = list(session.scalars(query.options(defer(Attachment.content)).order_by(Attachment.id)))
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    return [
        File(row, reader.record(row.id, wraps[row.id], situation.reference).open(row, "titre"))
        for row in rows
    ]


def file_of(session: Session, situation: int, number: int) -> Attachment | None:
    """A file of this situation, still sealed."""
    row = session.get(Attachment, number)
    return row if row is not None and row.situation == situation else None


def open_file(session: Session, reader: Reader, situation: Situation, row: Attachment) -> BytesIO:
    """The file, in memory."""
    record = reader.record(row.id, store.wraps_of(session, row.id), situation.reference)
    return BytesIO(record.open_bytes(row, "content"))


def remove(session: Session, row: Attachment) -> None:
    """Destroy the key, then the row: what a backup kept opens no more."""
    store.forget(session, row.id)
    session.delete(row)
    session.flush()
