"""Telling the président du conseil départemental of a minor in danger (art. L.226-2-1 CASF)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework.cells.lists import age
from casework.danger.models import DangerNotice
from casework.situations import events
from casework.situations.events import Author
from casework.situations.happening import Happening
from casework.situations.models import Situation
from casework.situations.service import Known
from casework.vault.keyring import OpenRecord, Writer
from casework.web.french import long_date

MAJORITY = 18


@dataclass(frozen=True)
class Notice(events.Told):
    """One transmission, in the categories opened."""

    @property
    def sent_on(self) -> date:
        return date.fromisoformat(self.texts["transmise_le"])


def minors(concerned: Iterable[Known], on: date) -> list[Known]:
    """Those this is for; someone whose birth is not known may be one."""
    return [one for one in concerned if one.birth is None or age(one.birth, on) < MAJORITY]


def record(
    session: Session, writer: Writer, situation: Situation, by: Author, texts: dict[str, str]
) -> DangerNotice:
    return events.add(session, writer, situation, DangerNotice, by, texts)


def of_situation(
    session: Session, record: OpenRecord, situation: int, categories: Collection[str]
) -> list[Notice]:
    """What was sent, oldest first."""
    return events.read(session, record, DangerNotice, situation, categories, Notice)


def happenings(notices: Iterable[Notice]) -> list[Happening]:
    return [
        Happening(
            notice.recorded_at,
            "Mineur en danger",
            f"Président du conseil départemental informé le {long_date(notice.sent_on)}",
            author=notice.author,
            role=notice.role,
        )
        for notice in notices
    ]
