"""Files: recognised by their content, limited in size, sealed, opened in memory only.

No file name is kept: a name such as « réponse Karim B.pdf » would say who.
"""

from datetime import UTC, datetime
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.attachments.models import Scan
from casework.db import new_id
from casework.vault.keyring import OpenRecord, SealingRecord

LARGEST_BYTES = 5_000_000  # a page scanned at 300 dpi, with room to spare
# What a scanner or a telephone makes, by its first bytes and its end mark: a file cut short on the
# way opens nothing, and the answer it should prove is definitive.
SIGNATURES = {
    b"%PDF-": (b"%%EOF", "application/pdf"),
    b"\xff\xd8\xff": (b"\xff\xd9", "image/jpeg"),
    b"\x89PNG\r\n\x1a\n": (b"IEND", "image/png"),
}
TAIL_BYTES = 1024  # some scanners write a little after the end


class NotAScan(Exception):
    """Neither a PDF, a JPEG nor a PNG, or not a whole one."""


class TooLarge(Exception):
    """Over :data:`LARGEST_BYTES`."""


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


def content_of(scan: Scan, opened: OpenRecord) -> BytesIO:
    """The file, in memory."""
    return BytesIO(opened.open_bytes(scan, "content"))
