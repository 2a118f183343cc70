"""The steps of a procedure as they were done: sealed, dated, under a named mandate."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.rappels.models import RappelEvent
from casework.rappels.procedure import ON_FICHE, State, Step
from casework.vault.keyring import OpenRecord, SealingRecord
from charter.categories import Category

FICHE, COMMUNE = "fiche", "commune"
# Who else is named by a step: opened with the family, not with the procedure.
PERSONAL = frozenset({"destinataires", "adresse", "remis_a", "presents", "impossibilite"})


@dataclass(frozen=True)
class Author:
    """Whoever acts: their reference, the mandate they act under, and how they sign."""

    reference: str
    mandate: int
    signed: str


@dataclass(frozen=True)
class Done:
    """A step, read again."""

    step: Step
    state: State
    at: datetime
    by: str
    details: dict[str, str]


def side_of(step: Step) -> str:
    """Whose key seals it."""
    return FICHE if step in ON_FICHE else COMMUNE


def append(
    session: Session,
    sealing: SealingRecord,
    rappel: int,
    step: Step,
    reached: State,
    author: Author,
    details: Mapping[str, str],
) -> RappelEvent:
    """Add one step, under the key of its side."""
    event = RappelEvent(
        id=new_id(),
        rappel=rappel,
        at=datetime.now(UTC),
        by=author.reference,
        mandate=author.mandate,
        side=side_of(step),
    )
    sealing.seal(event, "step", step)
    sealing.seal(event, "etat", reached)
    sealing.seal(event, "auteur", author.signed)
    kept = {name: text.strip() for name, text in details.items() if text.strip()}
    sealing.seal(event, "details", _packed({k: v for k, v in kept.items() if k not in PERSONAL}))
    sealing.seal(event, "personnes", _packed({k: v for k, v in kept.items() if k in PERSONAL}))
    session.add(event)
    session.flush()
    return event


def of_rappels(session: Session, rappels: Collection[int]) -> dict[int, list[RappelEvent]]:
    """Events of several procedures, oldest first."""
    found: dict[int, list[RappelEvent]] = {number: [] for number in rappels}
    query = select(RappelEvent).where(RappelEvent.rappel.in_(rappels)).order_by(RappelEvent.id)
    for event in session.scalars(query):
        found[event.rappel].append(event)
    return found


def read(
    events: Iterable[RappelEvent],
    records: Mapping[str, OpenRecord],
    categories: Collection[Category | str],
) -> list[Done]:
    """Open the events of the sides whose key is given, in the categories the charter opens."""
    done = []
    for event in events:
        record = records.get(event.side)
        if record is None:
            continue
        details = json.loads(record.open(event, "details"))
        if Category.FAMILLE in categories:
            details |= json.loads(record.open(event, "personnes"))
        step, state = Step(record.open(event, "step")), State(record.open(event, "etat"))
        done.append(Done(step, state, event.at, record.open(event, "auteur"), details))
    return done


def _packed(details: Mapping[str, str]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True)
