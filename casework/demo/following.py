"""What a follow-up gathers in the demonstration: siblings, services, information, an end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from casework.cells.lists import ENDED, STATUT, term
from casework.clock import PARIS
from casework.closure import service as closure
from casework.closure.models import Closure
from casework.demo.people import LAST_DAY, DemoSituation
from casework.information import service as information
from casework.involvement import service as involvement
from casework.involvement.service import NO, YES, Involved
from casework.situations import events
from casework.situations.entry import Entry, Who
from casework.situations.events import Author
from casework.situations.models import PersonEvent, Situation
from casework.situations.people import JOINED
from casework.situations.recording import facets_of
from casework.vault.keyring import Writer
from charter.roles import Role

EN_COURS = term(STATUT, "en_cours").code
RECENT = 75  # days: an older end would be erased by now
SIBLINGS = {20: "Inès", 47: "Nolan", 57: "Camille"}  # place of a situation: who joins it
TRIED = "Le collège a reçu la famille deux fois ; un médiateur est passé au domicile."
TELEPHONE = "4"


def opened_entry(number: int, situation: DemoSituation) -> Entry:
    """The entry as first recorded: followed, and sometimes about two children of a family."""
    entry = situation.entry
    if entry.statut in ENDED:
        entry = replace(entry, statut=EN_COURS)
    if number in SIBLINGS and entry.representants and entry.interesse.naissance:
        who = entry.interesse
        born = who.naissance + timedelta(days=700) if who.naissance else None
        entry = replace(entry, autres=(Who(who.nom, SIBLINGS[number], born, adresse=who.adresse),))
    return entry


def follow(
    session: Session,
    writer: Writer,
    coordinator: str,
    made: Situation,
    entry: Entry,
    number: int,
    ended_with: int,
) -> None:
    """Information, services and end of a situation just recorded."""
    by = Author(coordinator, Role.COORDONNATEUR.value)
    if entry.autres:
        event = events.add(session, writer, made, PersonEvent, by, {}, nature=f"{JOINED}_i")
        event.created_at = made.created_at
    if entry.examinee:
        _inform(session, writer, made, entry, by, number)
    if number % 3 == 0:
        answers = {1: YES, 5: NO, 3: YES if number % 2 else NO}
        involved = Involved(answers, TRIED if number % 2 else "")
        involvement.save(session, writer, made.id, made.version, coordinator, involved)
    if ended_with in ENDED:
        day = max(entry.saisine, LAST_DAY - timedelta(days=5 + 11 * number % RECENT))
        closure.close(
            session, writer, made.id, made.version, facets_of(entry), by, ended_with, day, ""
        )
        _dated(session, made, day)


def _inform(
    session: Session, writer: Writer, made: Situation, entry: Entry, by: Author, number: int
) -> None:
    day = entry.saisine + timedelta(days=3)
    who = entry.representants[0] if entry.representants else entry.interesse
    told = information.record(
        session,
        writer,
        made,
        by,
        {
            "faite_le": day.isoformat(),
            "mode": TELEPHONE if number % 4 == 0 else "1",
            "destinataire": who.lien if entry.representants else information.SELF,
            "nom": f"{who.prenoms} {who.nom}",
            "adresse": who.adresse,
        },
    )
    told.created_at = _at(day)


def _dated(session: Session, made: Situation, day: date) -> None:
    session.flush()
    for turn in events.of(session, Closure, made.id):
        turn.created_at = made.updated_at = _at(day)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, 0, tzinfo=PARIS).astimezone(UTC)
