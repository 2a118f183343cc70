"""Services already there, and what was tried: recorded once, edited with the situation.

For each service of the closed list: yes, no, or nothing said. Its name only: there is no field for
what it does (DOMAIN §3, « what is never recorded »).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.involvement.models import Involvement
from casework.situations import service as situations
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import OpenRecord, Writer

YES, NO = "oui", "non"


@dataclass(frozen=True)
class Involved:
    """What is known: ``services`` answers by code, those nobody answered for left out."""

    services: Mapping[int, str] = field(default_factory=dict)
    demarches: str = ""

    @property
    def present(self) -> list[int]:
        return [code for code, answer in sorted(self.services.items()) if answer == YES]

    @property
    def absent(self) -> list[int]:
        return [code for code, answer in sorted(self.services.items()) if answer == NO]

    def texts(self) -> dict[str, str]:
        said = ",".join(f"{code}:{answer}" for code, answer in sorted(self.services.items()))
        return {"services": said, "demarches": self.demarches}

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Involved":
        said = (part.partition(":") for part in texts.get("services", "").split(",") if part)
        return cls({int(code): answer for code, _, answer in said}, texts.get("demarches", ""))


def _row(session: Session, situation: int) -> Involvement | None:
    return session.scalar(select(Involvement).where(Involvement.situation == situation))


def of_situation(
    session: Session, record: OpenRecord, situation: int, categories: Collection[str]
) -> Involved:
    row = _row(session, situation)
    return Involved.of(open_row(record, row, categories)) if row else Involved()


def save(
    session: Session,
    writer: Writer,
    situation_id: int,
    version: int,
    author: str,
    involved: Involved,
) -> None:
    """EditConflict if someone saved the situation meanwhile."""
    situation = situations.edited(session, situation_id, version, author)
    row = _row(session, situation.id)
    wraps = store.wraps_of(session, situation.id)
    row = row or Involvement(id=new_id(), situation=situation.id)
    row.updated_at, row.updated_by = datetime.now(UTC), author
    seal_row(writer.record(situation.id, wraps, situation.reference), row, involved.texts())
    session.add(row)
    session.flush()
