"""Information of the persons before their situation is examined (art. 13 and 14 RGPD; 001:465).

Where the cell's charter makes it a condition, an examination waits for it: :func:`blocks`. Whoever
passes over it says why, and that is an event too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.information.models import Information
from casework.situations import events
from casework.situations.events import Author
from casework.situations.happening import Happening
from casework.situations.models import Situation
from casework.vault.keyring import OpenRecord, Writer
from casework.web.french import long_date

INFORMED, EXCEPTION = "informee", "exception"
SELF = "0"  # the person concerned, in « destinataire »; otherwise a term of « lien »
MISSING = "Information des personnes avant l’examen"


@dataclass(frozen=True)
class Told(events.Told):
    """One event, in the categories opened: what is closed to the reader is empty."""

    @property
    def exception(self) -> bool:
        return self.nature == EXCEPTION

    @property
    def day(self) -> date | None:
        text = self.texts.get("faite_le", "")
        return date.fromisoformat(text) if text else None


def required(session: Session, cell: str) -> bool:
    """Does the cell make the information a condition of the examination?"""
    return cells.options(session, cell).information_blocks


def missing(session: Session, situations: Iterable[int]) -> frozenset[int]:
    """Those of these situations that nobody was told about, nor excused. Opens nothing."""
    asked = frozenset(situations)
    if not asked:
        return asked
    query = select(Information.situation).where(Information.situation.in_(asked)).distinct()
    return asked - frozenset(session.scalars(query))


def blocks(session: Session, cell: str, situations: Iterable[int]) -> frozenset[int]:
    """Those of these situations of a cell that may not be examined yet."""
    return missing(session, situations) if required(session, cell) else frozenset()


def record(
    session: Session, writer: Writer, situation: Situation, by: Author, texts: dict[str, str]
) -> Information:
    """The persons were told: day, mode, recipient."""
    return events.add(session, writer, situation, Information, by, texts, nature=INFORMED)


def make_exception(
    session: Session, writer: Writer, situation: Situation, by: Author, motif: str
) -> Information:
    """The examination may take place all the same, for a reason that is kept."""
    return events.add(
        session, writer, situation, Information, by, {"motif": motif}, nature=EXCEPTION
    )


def of_situation(
    session: Session, record: OpenRecord, situation: int, categories: Collection[str]
) -> list[Told]:
    """What was recorded about a situation, oldest first."""
    return events.read(session, record, Information, situation, categories, Told)


def happenings(told: Iterable[Told], modes: Mapping[int, str]) -> list[Happening]:
    """The story's lines; a motive is the direction's, and shows elsewhere."""
    return [
        Happening(
            one.recorded_at,
            "Information",
            "Examen autorisé sans information préalable, par exception motivée"
            if one.exception
            else f"Personnes informées le {long_date(one.day)}"
            f" ({modes.get(int(one.texts['mode'] or 0), 'autre').lower()})",
            author=one.author,
            role=one.role,
            detail=one.texts.get("motif", "") if one.exception else "",
        )
        for one in told
    ]
