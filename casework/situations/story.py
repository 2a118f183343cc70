"""The time line of a situation, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from casework.rappels.models import Rappel
from casework.seances.models import Seance
from casework.situations.service import Opened
from casework.web.french import local, long_date


@dataclass(frozen=True)
class Happening:
    """One line of the story; ``kind`` is how the trade calls it."""

    moment: datetime
    kind: str
    title: str
    url: str = ""

    @property
    def date(self) -> str:
        return long_date(local(self.moment).date())


def story(
    situation: Opened, rappels: Iterable[Rappel], seances: Iterable[Seance]
) -> list[Happening]:
    """Saisine, séances and procedures of a situation."""
    row = situation.row
    found = [Happening(row.created_at, "Saisine", "Saisine enregistrée")]
    if row.version > 1:
        found.append(Happening(row.updated_at, "Suivi", "Situation mise à jour"))
    for seance in seances:
        url = url_for("seances.show", reference=seance.reference)
        title = f"Inscrite à l’ordre du jour de {seance.reference}"
        found.append(Happening(seance.held_at, "Séance", title, url))
    for rappel in rappels:
        found += _procedure(rappel)
    return sorted(found, key=lambda happening: happening.moment, reverse=True)


def _procedure(rappel: Rappel) -> list[Happening]:
    url = url_for("rappels.show", reference=rappel.reference)
    times = (
        (rappel.t1_at, "le procureur est informé (temps 1)"),
        (rappel.t2_at, "le procureur a répondu (temps 2)"),
        (rappel.t3_at, "compte rendu au procureur (temps 3)"),
    )
    return [
        Happening(moment, "Rappel à l’ordre", f"{rappel.reference} : {what}", url)
        for moment, what in times
        if moment is not None
    ]
