"""The time line of a situation, newest first: each domain gives its own happenings."""

from collections.abc import Iterable

from flask import url_for

from casework.rappels.models import Rappel
from casework.seances.models import Seance
from casework.situations.happening import Happening
from casework.situations.models import PersonEvent
from casework.situations.people import CORRECTED, JOINED, LEFT
from casework.situations.service import Opened

CHANGED = {JOINED: "ajoutée", CORRECTED: "corrigée", LEFT: "retirée"}
KINDS = {"i": "Personne concernée", "r": "Fiche d’un représentant légal"}


def story(
    situation: Opened,
    rappels: Iterable[Rappel],
    seances: Iterable[Seance],
    changes: Iterable[PersonEvent],
    *others: Iterable[Happening],
) -> list[Happening]:
    """Saisine, persons, séances, procedures, and what the other domains give."""
    row = situation.row
    found = [
        Happening(row.created_at, "Saisine", "Saisine enregistrée", author=row.created_by),
        *map(_person, changes),
        *(happening for given in others for happening in given),
    ]
    if row.version > 1 and row.updated_at > max(happening.moment for happening in found):
        update = "Situation mise à jour"
        found.append(Happening(row.updated_at, "Suivi", update, author=row.updated_by))
    for seance in seances:
        url = url_for("seances.show", reference=seance.reference)
        title = f"Inscrite à l’ordre du jour de {seance.reference}"
        found.append(Happening(seance.held_at, "Séance", title, url))
    for rappel in rappels:
        found += _procedure(rappel)
    return sorted(found, key=lambda happening: happening.moment, reverse=True)


def _person(event: PersonEvent) -> Happening:
    """Who came or left is not said again: the page shows who is there."""
    change, _, kind = event.nature.rpartition("_")
    title = f"{KINDS[kind]} {CHANGED[change]}"
    return Happening(event.created_at, "Personnes", title, "", event.created_by, event.created_as)


def _procedure(rappel: Rappel) -> list[Happening]:
    url = url_for("rappels.show", reference=rappel.reference)
    times = (
        (rappel.t1_at, "le procureur est informé (temps 1)"),
        (rappel.t2_at, "le procureur a répondu (temps 2)"),
        (rappel.t3_at, "compte rendu au procureur (temps 3)"),
    )
    return [
        Happening(moment, "Rappel à l’ordre", f"{rappel.reference} : {what}", url)
        for moment, what in times
        if moment is not None
    ]
