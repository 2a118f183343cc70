"""Those a situation concerns and those who represent them: joining, correcting, leaving.

Each change opens the situation first: the search index and the reports follow the names, which a
writer cannot read.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework.situations import events, index, service
from casework.situations.entry import Who
from casework.situations.events import Author
from casework.situations.facets import Facets, Other
from casework.situations.models import (
    CONCERNED,
    REPRESENTATIVE,
    PersonEvent,
    Represents,
    Situation,
)
from casework.situations.recording import (
    forget_person,
    identity_facets,
    new_person,
    persons_of,
    seal_facets,
    sounds_of_name,
)
from casework.situations.service import Known, Opened
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import SealingRecord, Writer

MOST = {CONCERNED: 6, REPRESENTATIVE: 4}
JOINED, CORRECTED, LEFT = "arrivee", "correction", "depart"


class TooMany(Exception):
    """The situation holds as many people of this kind as it may."""


class FirstPerson(Exception):
    """The person the lists and procedures of the situation are about does not leave it."""


def room(opened: Opened, kind: str) -> bool:
    """May someone more of this kind join?"""
    return sum(known.kind == kind for known in opened.persons) < MOST[kind]


def others(opened: Opened) -> list[Other]:
    """What the facets hold of those concerned after the first, who were all opened."""
    return [_other(known) for known in opened.concerned[1:]]


def _other(known: Known) -> Other:
    return known.birth, sounds_of_name(known.texts["nom"])


def add(
    session: Session,
    writer: Writer,
    opened: Opened,
    kind: str,
    who: Who,
    by: Author,
    represents: Collection[int] = (),
) -> None:
    """Someone joins. TooMany; EditConflict if the situation was saved since it was opened."""
    if not room(opened, kind):
        raise TooMany(kind)
    situation = _edited(session, opened, by)
    rank = max((row.rank for row in persons_of(session, situation.id)), default=0) + 1
    row = new_person(_sealing(session, writer, situation), situation, kind, rank, who)
    session.add(row)
    session.flush()
    _represent(session, opened, row.id, represents)
    after = [*opened.persons, Known(row.id, kind, who.texts())]
    _finish(session, writer, situation, opened, after, by, f"{JOINED}_{kind[0]}")


def correct(
    session: Session,
    writer: Writer,
    opened: Opened,
    number: int,
    who: Who,
    by: Author,
    represents: Collection[int] = (),
) -> None:
    """Someone is described again. EditConflict."""
    situation = _edited(session, opened, by)
    row = next(row for row in persons_of(session, situation.id) if row.id == number)
    seal_row(_sealing(session, writer, situation), row, who.texts())
    if row.kind == REPRESENTATIVE:
        _represent(session, opened, row.id, represents)
    after = [
        replace(known, texts=who.texts()) if known.id == number else known
        for known in opened.persons
    ]
    _finish(session, writer, situation, opened, after, by, f"{CORRECTED}_{row.kind[0]}")


def remove(session: Session, writer: Writer, opened: Opened, number: int, by: Author) -> None:
    """Someone leaves: their words and their links are destroyed. FirstPerson, EditConflict."""
    if opened.concerned[0].id == number:
        raise FirstPerson(opened.row.reference)
    situation = _edited(session, opened, by)
    row = next(row for row in persons_of(session, situation.id) if row.id == number)
    kind = row.kind
    forget_person(session, row)
    after = [known for known in opened.persons if known.id != number]
    _finish(session, writer, situation, opened, after, by, f"{LEFT}_{kind[0]}")


def _edited(session: Session, opened: Opened, by: Author) -> Situation:
    return service.edited(session, opened.row.id, opened.row.version, by.reference)


def _sealing(session: Session, writer: Writer, situation: Situation) -> SealingRecord:
    wraps = store.wraps_of(session, situation.id)
    return writer.record(situation.id, wraps, situation.reference)


def _represent(
    session: Session, opened: Opened, representative: int, chosen: Collection[int]
) -> None:
    session.execute(delete(Represents).where(Represents.representative == representative))
    known = {person.id for person in opened.concerned}
    session.add_all(
        Represents(representative=representative, person=person)
        for person in sorted(known & set(chosen))
    )


def _finish(
    session: Session,
    writer: Writer,
    situation: Situation,
    opened: Opened,
    after: Iterable[Known],
    by: Author,
    nature: str,
) -> None:
    """The facets and the index follow; the event says that someone came or left, not who."""
    facets = _facets(opened.facets, [known for known in after if known.concerned])
    seal_facets(writer, situation, facets)
    current = store.current(session, situation.cell)
    session.flush()
    index.replace(session, writer, current, situation.id, facets.every_sound)
    events.add(session, writer, situation, PersonEvent, by, {}, nature=nature)


def _facets(facets: Facets, concerned: list[Known]) -> Facets:
    first, *rest = concerned
    who = Who(first.texts["nom"], first.texts["prenoms"], first.birth)
    return replace(
        facets,
        others=tuple(map(_other, rest)),
        **identity_facets(who, facets.saisine),  # type: ignore[arg-type]
    )
