"""Settling a version of the record of processing, and noticing what changed since."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.processing.models import ProcessingVersion

Line = tuple[str, str, str]  # chapter, term, value


@dataclass(frozen=True)
class Changes:
    """What differs from the last version: values gone, values new."""

    gone: list[Line]
    new: list[Line]

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)


def packed(lines: Sequence[Line]) -> str:
    return json.dumps([list(line) for line in lines], ensure_ascii=False)


def digest_of(lines: Sequence[Line]) -> str:
    return sha256(packed(lines).encode()).hexdigest()


def versions(session: Session) -> list[ProcessingVersion]:
    """Every version, newest first."""
    query = select(ProcessingVersion).order_by(ProcessingVersion.number.desc())
    return list(session.scalars(query))


def changes(last: ProcessingVersion | None, lines: Sequence[Line]) -> Changes:
    """Against the last version; everything is new without one."""
    before: list[Line] = [tuple(line) for line in json.loads(last.body)] if last else []
    return Changes(
        [line for line in before if line not in lines],
        [line for line in lines if line not in before],
    )


def publish(session: Session, author: str, lines: Sequence[Line]) -> ProcessingVersion:
    """Settle the record as it is; the last version is returned when nothing changed."""
    last = next(iter(versions(session)), None)
    digest = digest_of(lines)
    if last and last.digest == digest:
        return last
    made = ProcessingVersion(
        number=last.number + 1 if last else 1,
        published_at=datetime.now(UTC),
        published_by=author,
        digest=digest,
        body=packed(lines),
    )
    session.add(made)
    session.flush()
    return made
