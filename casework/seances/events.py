"""What happens to a meeting, as events that are only ever added to; sealed under its own key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.seances.models import Seance, SeanceEvent
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import Reader, Writer


class What(StrEnum):
    REPORT = "report"
    ANNULATION = "annulation"
    OUVERTURE = "ouverture"
    PRESENCE = "presence"
    CLOTURE = "cloture"


@dataclass(frozen=True)
class Happened:
    """One event, opened."""

    kind: What
    at: datetime
    by: str
    content: Mapping[str, Any]


class SeanceConflict(Exception):
    """Someone else changed the séance since the page was opened."""


def lock(session: Session, number: int, expected: int | None = None) -> Seance:
    """The séance, which nobody else then changes. SeanceConflict if it changed since."""
    seance = session.scalars(
        select(Seance)
        .where(Seance.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if expected is not None and seance.version != expected:
        raise SeanceConflict(seance.reference)
    return seance


def add(
    session: Session,
    writer: Writer,
    seance: Seance,
    kind: What,
    by: str,
    content: Mapping[str, Any],
) -> SeanceEvent:
    """Seal one more event. It never says a name of a person followed."""
    record = writer.record(seance.id, store.wraps_of(session, seance.id), seance.reference)
    event = SeanceEvent(id=new_id(), seance=seance.id, kind=kind.value, at=datetime.now(UTC), by=by)
    seal_row(record, event, {"contenu": json.dumps(content, ensure_ascii=False, sort_keys=True)})
    session.add(event)
    session.flush()
    return event


def of_seance(session: Session, reader: Reader, seance: Seance) -> list[Happened]:
    """Everything that happened, oldest first."""
    rows = session.scalars(
        select(SeanceEvent).where(SeanceEvent.seance == seance.id).order_by(SeanceEvent.id)
    ).all()
    record = reader.record(seance.id, store.wraps_of(session, seance.id), seance.reference)
    return [
        Happened(What(row.kind), row.at, row.by, json.loads(record.open(row, "contenu")))
        for row in rows
    ]
