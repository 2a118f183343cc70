"""A weak signal in a CMER: the concertation before the examination, what leaves after it.

« En amont de l'examen des situations, le coordonnateur aura organisé la concertation avec les
partenaires » (001:2012): nothing is examined before one that concludes to it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cmer.models import CmerEvent
from casework.situations import events
from casework.situations.events import Author
from casework.situations.happening import Happening
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row
from casework.vault.keyring import OpenRecord, Reader, Writer
from casework.web.french import long_date
from charter.labels import Labelled


class Opinion(Labelled):
    """What the partners think of a signal, together."""

    EXAMINER = "examiner", "À examiner par la cellule"
    CONSEIL = "conseil", "Un conseil ou une formation suffit"
    HORS = "hors", "Ne relève pas de la radicalisation"


class Recipient(Labelled):
    """Whom a signal is transmitted to. Never the other way: nothing from the préfet enters."""

    CPRAF = "cpraf", "CPRAF (préfecture)"
    PREFECTURE = "prefecture", "Préfecture, service chargé de la radicalisation"
    CNAPR = "cnapr", "Centre national d’assistance et de prévention de la radicalisation"


TO_EXAMINE, NOT_EXAMINED, SENT, ANSWERED = "a_examiner", "sans_examen", "transmission", "retour"
CONCERTED = (TO_EXAMINE, NOT_EXAMINED)


@dataclass(frozen=True)
class Told:
    """One event, in the categories opened."""

    nature: str
    texts: dict[str, str]
    at: datetime
    author: str
    role: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.texts["le"])

    @property
    def label(self) -> str:
        """What was done, without its day."""
        if self.nature in CONCERTED:
            avis = self.texts.get("avis", "")
            said = f"\u00a0: {Opinion(avis).label.lower()}" if avis else ""
            return f"Concertation en amont{said}"
        if self.nature == SENT:
            to = self.texts.get("destinataire", "")
            return f"Transmission\u00a0: {Recipient(to).label}" if to else "Transmission"
        return "Retour fait au signaleur"

    def services(self, words: Mapping[int, str]) -> str:
        codes = self.texts.get("services", "").split()
        return ", ".join(words.get(int(code), "") for code in codes)


def record(
    session: Session,
    writer: Writer,
    situation: Situation,
    by: Author,
    nature: str,
    on: date,
    **texts: str,
) -> CmerEvent:
    blank = dict.fromkeys(("avis", "services", "destinataire"), "")
    sealed = blank | texts | {"le": on.isoformat()}
    return events.add(session, writer, situation, CmerEvent, by, sealed, nature=nature)


def of_situation(
    session: Session, record: OpenRecord, situation: int, categories: Collection[str]
) -> list[Told]:
    """What was recorded about a signal, oldest first."""
    return [
        Told(
            row.nature,
            open_row(record, row, categories),
            row.created_at,
            row.created_by,
            row.created_as,
        )
        for row in events.of(session, CmerEvent, situation)
    ]


def blocks(session: Session, cell: str, situations: Iterable[int]) -> frozenset[int]:
    """Those of these situations of a CMER whose last concertation does not lead to the cell."""
    if not cells.isolated(session, cell):
        return frozenset()
    asked = frozenset(situations)
    query = (
        select(CmerEvent.situation, CmerEvent.nature)
        .where(CmerEvent.situation.in_(asked), CmerEvent.nature.in_(CONCERTED))
        .order_by(CmerEvent.id)
    )
    last = {row.situation: row.nature for row in session.execute(query)}
    return frozenset(number for number in asked if last.get(number) != TO_EXAMINE)


def followed(session: Session, reader: Reader, cell: str) -> dict[int, tuple[Opinion | None, bool]]:
    """How far each signal of a cell went: the last opinion shared, and whether it was transmitted.
    Signals of which nothing was recorded are not listed."""
    query = (
        select(CmerEvent, Situation.reference)
        .join(Situation, Situation.id == CmerEvent.situation)
        .where(Situation.cell == cell, CmerEvent.nature.in_((*CONCERTED, SENT)))
        .order_by(CmerEvent.id)
    )
    rows = session.execute(query).all()
    last = {row.situation: (row, shown) for row, shown in rows if row.nature in CONCERTED}
    sent = {row.situation for row, _ in rows if row.nature == SENT}
    wraps = store.wraps_of_many(session, list(last))
    opinions = {
        number: Opinion(reader.record(number, wraps.get(number, []), shown).open(row, "avis"))
        for number, (row, shown) in last.items()
    }
    return {number: (opinions.get(number), number in sent) for number in opinions.keys() | sent}


def happenings(told: Iterable[Told]) -> list[Happening]:
    return [
        Happening(
            one.at,
            "Signal",
            f"{one.label}, le {long_date(one.day)}",
            author=one.author,
            role=one.role,
        )
        for one in told
    ]
