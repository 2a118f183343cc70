"""The compte rendu of a séance, as one reader may have it: situation by situation.

It goes to those who were around the table, each within their rights, and never to a plenary or
restricted formation: those get reports (001:820).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.rights import service as rights
from casework.seances import contributions, events, examination, service, sitting, table
from casework.seances.content import Answer, Content
from casework.seances.contributions import Contributed
from casework.seances.events import What
from casework.seances.examination import Examined
from casework.seances.models import Seance
from casework.seances.sitting import Presence
from casework.seances.table import Seated
from casework.situations import service as situations
from casework.situations.facets import Facets
from casework.situations.models import Situation
from casework.vault.keyring import Reader
from casework.web.french import NBSP

NOT_FOR_FORMATIONS = (
    "Ce compte rendu porte des situations individuelles. Il ne se transmet ni au conseil plénier, "
    "ni au conseil restreint du CLSPD, qui reçoivent des rapports sans nom ni situation."
)


@dataclass(frozen=True)
class Item:
    """One situation examined, as this reader may have it."""

    situation: Situation
    name: str
    facets: Facets
    content: Content
    corrections: tuple[Examined, ...]
    contributed: dict[str, Contributed]
    absent: tuple[str, ...]  # who left the room


@dataclass(frozen=True)
class Minutes:
    """The whole compte rendu; ``limited``: those whose processing is limited (art. 18 RGPD);
    ``left_out`` counts what this reader stepped aside from."""

    seance: Seance
    place: str
    opened_at: datetime | None
    opened_by: str
    attendance: tuple[tuple[str, str], ...]
    guests: tuple[str, ...]
    items: tuple[Item, ...]
    not_examined: tuple[str, ...]
    limited: tuple[str, ...]
    left_out: int
    labels: dict[str, dict[int, str]]
    answers: dict[str, str]


def drawn(
    session: Session,
    reader: Reader,
    seance: Seance,
    readers: dict[int, Reader],
    *,
    directory: bool,
    families: bool,
) -> Minutes:
    """``readers``: for each situation this reader may read, what opens it. ``families``: whether
    the full name may be printed to them, or initials alone."""
    around = table.around(session, seance, reader if directory else None)
    happened = events.of_seance(session, reader, seance)
    sheet = sitting.sheet_of(happened)
    opening = next((event for event in happened if event.kind is What.OUVERTURE), None)
    items, left, unread = [], [], 0
    done = examination.examined(session, seance.id)
    limited = rights.frozen_in(session, seance.cell)
    planned = service.on_agenda(session, seance.id)
    for situation in [one for one in planned if one.reference not in limited]:
        if situation.id not in done:
            left.append(situation.reference)
        elif situation.id not in readers or situation.archived_on is not None:
            unread += 1
        else:
            opening_it = readers[situation.id]
            items.append(_item(session, opening_it, seance, situation, around, families))
    return Minutes(
        seance=seance,
        place=service.open_place(session, reader, seance, {"procedure"}),
        opened_at=opening.at if opening else None,
        opened_by=_called(around, opening.by) if opening else "",
        attendance=tuple(
            (_called(around, member), _presence(around, sheet, member)) for member in around
        ),
        guests=sheet.guests,
        items=tuple(items),
        not_examined=tuple(left),
        limited=tuple(one.reference for one in planned if one.reference in limited),
        left_out=unread,
        labels={
            name: cells.labels(session, name)
            for name in ("suite", "statut", "typologie", "tranche_age")
        },
        answers={answer.value: answer.label for answer in Answer},
    )


def _item(
    session: Session,
    reader: Reader,
    seance: Seance,
    situation: Situation,
    around: dict[str, Seated],
    families: bool,
) -> Item:
    found = examination.history(session, reader, seance, situation)
    facets = situations.open_facets(reader, situation)
    name = facets.initiales
    if families:
        opened = situations.open_situation(session, reader, situation, {"etat_civil"})
        name = f"{opened.interesse.get('nom', '')} {opened.interesse.get('prenoms', '')}".strip()
    corrections = [
        one for one in found if seance.closed_at is not None and one.at > seance.closed_at
    ]
    return Item(
        situation,
        name,
        facets,
        found[-1].content,
        tuple(corrections),
        contributions.about(session, reader, seance, situation),
        tuple(who.name for who in table.leaving(session, around, situation.reference)),
    )


def _called(around: dict[str, Seated], member: str) -> str:
    who = around.get(member)
    if who is None or who.name == member:
        return who.title if who else member
    return f"{who.name}, {who.title}" + (f" ({who.institution})" if who.institution else "")


def _presence(around: dict[str, Seated], sheet: sitting.Sheet, member: str) -> str:
    state = sheet.presence.get(member)
    if state is None:
        return "non relevé"
    substitute = sheet.replaced.get(member)
    if state == Presence.REMPLACE and substitute:
        return f"remplacé par{NBSP}: {_called(around, substitute)}"
    return Presence(state).label.lower()
