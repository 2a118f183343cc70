"""Ending a follow-up with its result, and reopening it: events, and a clock that starts
(``retention.clock``)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from casework.cells.lists import ENDED, STATUT, term
from casework.closure.models import Closure
from casework.parenting import service as parenting
from casework.rappels import service as rappels
from casework.situations import events
from casework.situations import service as situations
from casework.situations.events import Author
from casework.situations.facets import Facets
from casework.situations.happening import Happening
from casework.situations.models import Situation
from casework.transactions import service as transactions
from casework.vault.keyring import OpenRecord, Writer
from casework.web.french import long_date

CLOSED, REOPENED = "cloture", "reouverture"
FOLLOWED = term(STATUT, "en_cours").code


class AlreadyClosed(Exception):
    """The follow-up has ended."""


class UnderWay(Exception):
    """A procedure has not ended; ``rappels`` and ``transactions`` by reference, the aide parentale
    has none of its own."""

    def __init__(self, rappels: list[str], transactions: list[str], *, aide: bool = False) -> None:
        super().__init__(", ".join(rappels + transactions))
        self.rappels, self.transactions, self.aide = rappels, transactions, aide


class NotClosed(Exception):
    """The follow-up has not ended."""


@dataclass(frozen=True)
class Turn(events.Told):
    """One closure or reopening, in the categories opened."""

    @property
    def closes(self) -> bool:
        return self.nature == CLOSED


def close(
    session: Session,
    writer: Writer,
    situation_id: int,
    version: int,
    facets: Facets,
    by: Author,
    result: int,
    on: date,
    motif: str,
) -> Situation:
    """End a follow-up. AlreadyClosed, UnderWay; EditConflict if someone saved it meanwhile."""
    if result not in ENDED:
        raise ValueError(f"{result} does not end a follow-up")
    situation = situations.edited(session, situation_id, version, by.reference)
    if situation.closed_on is not None:
        raise AlreadyClosed(situation.reference)
    if waits := under_way(session, situation.id):
        raise waits
    situation.closed_on = on
    _turn(session, writer, situation, facets, by, result, on, motif)
    return situation


def under_way(session: Session, situation: int) -> UnderWay | None:
    """The procedures that keep a follow-up open: someone still has to act on them."""
    fiches = [row.reference for row in rappels.of_situation(session, situation) if row.attend]
    acts = [row.reference for row in transactions.of_situation(session, situation) if row.attend]
    aide = parenting.current(session, situation) is not None
    return UnderWay(fiches, acts, aide=aide) if fiches or acts or aide else None


def reopen(
    session: Session,
    writer: Writer,
    situation_id: int,
    version: int,
    facets: Facets,
    by: Author,
    on: date,
    motif: str,
) -> Situation:
    """Follow again: the clock stops, and what was closed stays told. NotClosed, EditConflict."""
    situation = situations.edited(session, situation_id, version, by.reference)
    if situation.closed_on is None:
        raise NotClosed(situation.reference)
    situation.closed_on = None
    _turn(session, writer, situation, facets, by, FOLLOWED, on, motif)
    return situation


def _turn(
    session: Session,
    writer: Writer,
    situation: Situation,
    facets: Facets,
    by: Author,
    statut: int,
    on: date,
    motif: str,
) -> None:
    nature = CLOSED if statut in ENDED else REOPENED
    # Once it has ended, nothing is due from anybody any more.
    due = None if nature == CLOSED else facets.echeance
    situations.seal_facets(writer, situation, replace(facets, statut=statut, echeance=due))
    texts = {"le": on.isoformat(), "resultat": str(statut), "motif": motif}
    events.add(session, writer, situation, Closure, by, texts, nature=nature)


def of_situation(
    session: Session, record: OpenRecord, situation: int, categories: Collection[str]
) -> list[Turn]:
    """Closures and reopenings, oldest first."""
    return events.read(session, record, Closure, situation, categories, Turn)


def happenings(turns: Iterable[Turn], statuts: Mapping[int, str]) -> list[Happening]:
    return [
        Happening(
            turn.recorded_at,
            "Suivi",
            _told(turn, statuts),
            "",
            turn.author,
            turn.role,
            turn.texts.get("motif", ""),
        )
        for turn in turns
    ]


def _told(turn: Turn, statuts: Mapping[int, str]) -> str:
    day = long_date(date.fromisoformat(turn.texts["le"]))
    if not turn.closes:
        return f"Suivi rouvert le {day}"
    return f"Fin du suivi le {day} : {statuts[int(turn.texts['resultat'])].lower()}"
