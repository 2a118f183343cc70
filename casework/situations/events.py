"""What happens to a situation and is never rewritten: who, under which mandate, when.

Each domain keeps its own table of events, sealed under the situation's key: what is corrected is
corrected by a new event (art. 5 §1 d RGPD, without losing what was believed before).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.situations.models import Dated, Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import OpenRecord, Reader, Writer

Event = TypeVar("Event", bound=Dated)
Read = TypeVar("Read", bound="Told")


@dataclass(frozen=True)
class Author:
    """Who acts: a member by reference, and the role their mandate gives them."""

    reference: str
    role: str


def add(
    session: Session,
    writer: Writer,
    situation: Situation,
    kind: type[Event],
    by: Author,
    texts: dict[str, str],
    **columns: Any,
) -> Event:
    """Append an event, its sealed columns under the situation's key; flushed, not committed."""
    row = kind(
        id=new_id(),
        situation=situation.id,
        created_at=datetime.now(UTC),
        created_by=by.reference,
        created_as=by.role,
        **columns,
    )
    wraps = store.wraps_of(session, situation.id)
    seal_row(writer.record(situation.id, wraps, situation.reference), row, texts)
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True)
class Told:
    """One event, in the categories opened: what is closed to the reader is empty."""

    id: int
    nature: str
    texts: dict[str, str]
    recorded_at: datetime
    author: str
    role: str


def read(
    session: Session,
    record: OpenRecord,
    kind: type[Event],
    situation: int,
    categories: Collection[str],
    told: type[Read],
) -> list[Read]:
    """Events of a situation, each as its domain tells it, oldest first."""
    return [
        told(
            row.id,
            getattr(row, "nature", ""),  # some events have one nature only
            open_row(record, row, categories),
            row.created_at,
            row.created_by,
            row.created_as,
        )
        for row in of(session, kind, situation)
    ]


def opened(session: Session, reader: Reader, situation: Situation) -> OpenRecord:
    """The situation's key, to read its events."""
    wraps = store.wraps_of(session, situation.id)
    return reader.record(situation.id, wraps, situation.reference)


def of(session: Session, kind: type[Event], situation: int) -> list[Event]:
    """Events of a situation, in the order they were recorded."""
    query = select(kind).where(kind.situation == situation)
    return list(session.scalars(query.order_by(kind.id)))
