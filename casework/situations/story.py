"""The time line of a situation, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.rappels.models import Rappel
from casework.seances.models import Seance
from casework.situations.service import Opened
from casework.web.french import local


@dataclass(frozen=True)
class Happening:
    """One line of the story."""

    moment: datetime
    kind: str
    title: str
    link: tuple[str, str] | None = None  # endpoint and reference


def story(
    situation: Opened, rappels: Iterable[Rappel], seances: Iterable[Seance]
) -> list[Happening]:
    """Saisine, séances and procedures of a situation."""
    row = situation.row
    found = [Happening(local(row.created_at), "saisine", "Saisine enregistrée")]
    if row.version > 1:
        found.append(Happening(local(row.updated_at), "suite", "Situation mise à jour"))
    for seance in seances:
        title = f"Inscrite à la séance {seance.reference}"
        link = ("seances.show", seance.reference)
        found.append(Happening(local(seance.held_at), "seance", title, link))
    for rappel in rappels:
        link = ("rappels.show", rappel.reference)
        steps = (
            (rappel.t1_at, "le procureur est informé (temps 1)"),
            (rappel.t2_at, "le procureur a répondu (temps 2)"),
            (rappel.t3_at, "compte rendu au procureur (temps 3)"),
        )
        for moment, what in steps:
            if moment is not None:
                title = f"Rappel à l’ordre {rappel.reference} : {what}"
                found.append(Happening(local(moment), "procedure", title, link))
    return sorted(found, key=lambda happening: happening.moment, reverse=True)
