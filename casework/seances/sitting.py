"""Holding a séance: the statement read, who is there, then the end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.seances import agenda, events
from casework.seances.events import Happened, What
from casework.seances.models import Convocation, Examination, Seance
from casework.seances.procedure import Step, after
from casework.vault.keyring import Writer
from charter.labels import Labelled

# Read aloud before anything is said (charter of the cell, 001:810-836).
STATEMENT = (
    "Ce qui se dit ici ne sort pas d’ici. Chacun y est à titre personnel, lié par la charte qu’il "
    "a signée.",
    "Ne sont échangées que les informations utiles, c’est-à-dire celles qui vont dans l’intérêt "
    "de la personne concernée.",
    "Nul n’a l’obligation de dire : vous appréciez, en conscience, l’utilité de l’échange. "
    "« Ne se prononce pas » est une réponse.",
    "Nul n’a l’obligation de faire : la cellule propose et ne donne aucun mandat.",
    "Qui connaît de trop près une personne le dit, et quitte la pièce le temps de son examen.",
)


class Presence(Labelled):
    PRESENT = "present", "Présent"
    REMPLACE = "remplace", "Remplacé par"
    EXCUSE = "excuse", "Excusé"
    ABSENT = "absent", "Absent"


@dataclass(frozen=True)
class Sheet:
    """Who came. ``replaced``: the substitute of each member replaced, by reference."""

    presence: Mapping[str, str] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    guests: tuple[str, ...] = ()


class SubstituteNeeded(Exception):
    """« Remplacé par » names someone who holds a mandate in the cell."""


class AsideFromExamined(Exception):
    """Whoever closes settles every file examined: never one they stepped aside from."""


def open_seance(session: Session, writer: Writer, number: int, expected: int, by: str) -> Seance:
    """The statement was read: the séance begins. ForbiddenStep, SeanceConflict."""
    seance = events.lock(session, number, expected)
    seance.etat = after(seance.etat, Step.OUVRIR)
    seance.opened_at = datetime.now(UTC)
    seance.version += 1
    events.add(session, writer, seance, What.OUVERTURE, by, {"lu": list(STATEMENT)})
    return seance


def note_presence(
    session: Session,
    writer: Writer,
    number: int,
    by: str,
    sheet: Sheet,
    may_replace: Collection[str],
) -> Seance:
    """Who is there. A substitute is convened in turn: they read and sign in their own name.

    ForbiddenStep; SubstituteNeeded.
    """
    seance = events.lock(session, number)
    seance.etat = after(seance.etat, Step.CONSIGNER)
    convened = set(session.scalars(select(Convocation.member).filter_by(seance=number)))
    for substitute in sheet.replaced.values():
        if substitute not in convened and substitute not in may_replace:
            raise SubstituteNeeded
        if substitute not in convened:
            session.add(Convocation(seance=number, member=substitute))
            convened.add(substitute)
    content = {
        "presence": dict(sheet.presence),
        "replaced": dict(sheet.replaced),
        "guests": list(sheet.guests),
    }
    events.add(session, writer, seance, What.PRESENCE, by, content)
    return seance


def sheet_of(happened: Collection[Happened]) -> Sheet:
    """Presence as last noted."""
    noted = [event.content for event in happened if event.kind is What.PRESENCE]
    if not noted:
        return Sheet()
    last = noted[-1]
    return Sheet(last["presence"], last["replaced"], tuple(last["guests"]))


def close(
    session: Session,
    writer: Writer,
    number: int,
    expected: int,
    by: str,
    aside: Collection[int] = (),
) -> Seance:
    """The séance ends; what was not examined is due again. ForbiddenStep, SeanceConflict.

    ``aside``: situations of the agenda from which this person stepped aside.
    """
    seance = events.lock(session, number, expected)
    seance.etat = after(seance.etat, Step.CLORE)
    examined = set(
        session.scalars(select(Examination.situation).where(Examination.seance == number))
    )
    if examined & set(aside):
        raise AsideFromExamined
    seance.closed_at = datetime.now(UTC)
    seance.version += 1
    left = agenda.not_examined(session, number)
    content = {"examinees": len(examined), "restent": len(left)}
    events.add(session, writer, seance, What.CLOTURE, by, content)
    return seance
