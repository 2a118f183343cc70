"""Another saisine about a situation that the cell follows already: it joins its story.

What the first one said stays as it was recorded, and so do the persons: a second file about the
same child would part what the table must read together.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.clock import today
from casework.situations import events
from casework.situations.entry import Entry
from casework.situations.events import Author
from casework.situations.happening import Happening
from casework.situations.models import FurtherSaisine, Situation
from casework.vault.keyring import OpenRecord, Writer
from casework.web.french import long_date

ENDED = "Le suivi de cette situation est terminé : rouvrez-la d’abord, avec son motif."


class Ended(Exception):
    """The follow-up has ended: it is reopened, with a motive, before anything joins it."""


# Followed today: neither ended nor archived.
FOLLOWED = Situation.closed_on.is_(None) & Situation.archived_on.is_(None)


@dataclass(frozen=True)
class Further(events.Told):
    """One more saisine, in the categories opened."""

    @property
    def on(self) -> date | None:
        return self._day("saisine")

    @property
    def facts_on(self) -> date | None:
        return self._day("faits_date")

    @property
    def facts(self) -> tuple[int, ...]:
        return tuple(map(int, filter(None, self.texts.get("faits", "").split(","))))

    def code(self, name: str) -> int:
        return int(self.texts.get(name) or 0)

    def _day(self, name: str) -> date | None:
        text = self.texts.get(name)
        return date.fromisoformat(text) if text else None


def joinable(session: Session, references: Collection[str]) -> frozenset[str]:
    """Those of these situations that a saisine may join."""
    query = select(Situation.reference).where(Situation.reference.in_(references), FOLLOWED)
    return frozenset(session.scalars(query))


def join(
    session: Session, writer: Writer, reference: str, by: Author, entry: Entry
) -> FurtherSaisine:
    """Add a saisine to a situation; nothing of it is opened. Ended."""
    query = select(Situation).where(Situation.reference == reference, FOLLOWED).with_for_update()
    situation = session.scalar(query.execution_options(populate_existing=True))
    if situation is None:
        raise Ended(reference)
    situation.active_on = today()
    return events.add(session, writer, situation, FurtherSaisine, by, _texts(entry))


def _texts(entry: Entry) -> dict[str, str]:
    codes = {name: str(getattr(entry, name) or "") for name in ("origine", "canal", "typologie")}
    texts = {
        name: getattr(entry, name) for name in ("faits_date", "faits_lieu", "recit", "implication")
    }
    facts = ",".join(map(str, sorted(entry.faits)))
    return codes | texts | {"saisine": entry.saisine.isoformat(), "faits": facts}


def of_situation(
    session: Session, record: OpenRecord, situation: int, categories: Collection[str]
) -> list[Further]:
    """The saisines that joined, oldest first."""
    return events.read(session, record, FurtherSaisine, situation, categories, Further)


def happenings(told: Iterable[Further], origines: Mapping[int, str]) -> list[Happening]:
    """When each came, and from whom; what it says is read with the facts."""
    return [
        Happening(one.recorded_at, "Saisine", _title(one, origines), "", one.author, one.role)
        for one in told
    ]


def _title(one: Further, origines: Mapping[int, str]) -> str:
    day = f" du {long_date(one.on)}" if one.on else ""
    origine = origines.get(one.code("origine"), "")
    return f"Nouvelle saisine{day}" + (f" ({origine.lower()})" if origine else "")
