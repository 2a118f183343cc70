"""Recording, opening and erasing what was revealed to the maire (art. L.121-6-2 CASF).

Never wrapped for a cell: whoever coordinates holds no key to it. The compartment is the maire's,
whatever becomes of the cells; the recovery key opens it as it opens the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casework.confidences.models import Confidence
from casework.db import new_id
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import Reader, Writer
from casework.vault.models import RecordWrap
from charter.categories import CONFIDENCE

MAIRE = "MAIRE"


@dataclass(frozen=True)
class Revealed:
    """One piece of information, as the maire reads it."""

    id: int
    revele_le: date
    service: str
    texte: str


def record(
    session: Session, writer: Writer, situation: Situation, author: str, texts: Mapping[str, str]
) -> Confidence:
    """Seal a piece of information to the maire's compartment. NotFounded if it has no key yet."""
    current = store.current(session, MAIRE)
    row = Confidence(
        id=new_id(), situation=situation.id, created_at=datetime.now(UTC), created_by=author
    )
    sealing, wrap = writer.new_record(row.id, MAIRE, current.version, situation.reference)
    seal_row(sealing, row, dict(texts))
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    return row


def of_situation(session: Session, reader: Reader, situation: Situation) -> list[Revealed]:
    """What was revealed about a situation, latest first."""
    query = select(Confidence).where(Confidence.situation == situation.id)
    rows = list(session.scalars(query.order_by(Confidence.id)))
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    found = []
    for row in rows:
        record = reader.record(row.id, wraps.get(row.id, []), situation.reference)
        texts = open_row(record, row, CONFIDENCE)
        day = date.fromisoformat(texts.pop("revele_le"))
        found.append(Revealed(row.id, day, **texts))
    return sorted(found, key=lambda revealed: revealed.revele_le, reverse=True)


def count(session: Session, situation: int) -> int:
    query = select(func.count()).where(Confidence.situation == situation)
    return session.scalar(query) or 0


def erase(session: Session, situation: int, number: int) -> bool:
    """Destroy the key of one piece of information, then its row; False if it is not there."""
    row = session.get(Confidence, number)
    if row is None or row.situation != situation:
        return False
    session.execute(delete(RecordWrap).where(RecordWrap.record == number))
    session.delete(row)
    session.flush()
    return True
