"""How cells and their settings read on a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from casework.cells import service
from casework.cells.kinds import KINDS
from casework.cells.models import Cell
from casework.cells.options import Information, Options
from casework.retention.clock import GRACE
from casework.vault import store
from casework.web.french import NBSP
from charter import register

Row = tuple[str, str]
LIST_TITLES = {
    "origine": "Origines de la saisine",
    "typologie": "Typologies",
    "suite": "Orientations et suites",
}
OPEN, UNFOUNDED, CLOSED = "Ouverte", "Sans clé", "Fermée"
STATES = {
    OPEN: ("fait", "La clé est fondée."),
    UNFOUNDED: ("neutre", "Son coordonnateur fondera la clé en signant la charte."),
    CLOSED: ("bloque", "Préalables à consigner : analyse d’impact, avis du DPO, charte."),
}


@dataclass(frozen=True)
class State:
    label: str
    badge: str
    sentence: str


@dataclass(frozen=True)
class Line:
    """A cell in the list; ``url`` is empty when the reader may not open it."""

    code: str
    name: str
    kind: str
    cadence: str
    state: State
    url: str


def line(session: Session, row: Cell, url: str) -> Line:
    cadence = row.cadence or "Non fixée"
    return Line(row.code, row.name, KINDS[row.kind].label, cadence, state(session, row), url)


def state(session: Session, row: Cell) -> State:
    """Read from the facts: a key, a charter to sign, or neither."""
    if store.is_founded(session, row.code):
        label = OPEN
    else:
        label = UNFOUNDED if register.current_text(session, row.code) else CLOSED
    return State(label, *STATES[label])


def blocks(session: Session, row: Cell) -> list[tuple[str, list[Row]]]:
    """The settings by theme, as rows of a definition list."""
    options = service.options(session, row.code)
    return [
        ("Les séances", _meetings(options)),
        ("L’information des personnes", _information(options)),
        ("Les procédures et le protocole", list(_procedures(options))),
        ("Les seuils et les durées", _durations(options)),
    ]


def _meetings(options: Options) -> list[Row]:
    every = f"{options.every}{NBSP}{options.unit.label}" if options.every else "Non fixée"
    return [
        ("Cadence", options.cadence or "Non fixée : le règlement intérieur la fixera."),
        ("Prochaine séance due, au plus tard après", every),
        ("En urgence", "À la demande d’un seul membre" if options.urgent else "Non prévue"),
    ]


def _information(options: Options) -> list[Row]:
    if options.information is Information.NONE:
        return [("Avant l’examen", options.information.label)]
    blocks = "Non" if options.information_blocks else "Oui"
    return [
        ("Avant l’examen", options.information.label),
        ("Examen possible sans elle", blocks),
    ]


def _procedures(options: Options) -> Iterator[Row]:
    if options.rappel:
        light = " ; forme allégée possible" if options.rappel_light else ""
        yield "Rappel à l’ordre", f"Oui{light}"
        pupil = "avec l’élève" if options.pupil_heard else "sans l’élève"
        yield "Absentéisme", f"Les parents sont convoqués {pupil}"
    else:
        yield "Rappel à l’ordre", "Non"
    hours = f"Oui ; {options.transaction_hours}{NBSP}heures de travail au plus"
    yield "Transaction", hours if options.transaction else "Non"
    yield "Aide à la fonction parentale", "Oui" if options.parenting else "Non"
    yield "Relance du parquet", f"Après {options.reminder_days}{NBSP}jours sans réponse"


def _durations(options: Options) -> list[Row]:
    return [
        ("Plus petit nombre publié dans un rapport", str(options.threshold)),
        *_retention(options),
    ]


def _retention(options: Options) -> Iterator[Row]:
    after = f"{options.retention_months}{NBSP}mois après la fin du suivi"
    if options.archive_months:
        yield "Archivage", after
        yield "Effacement", f"{options.archive_months}{NBSP}mois après l’archivage"
    else:
        yield "Effacement", after
    review = f"Après {options.review_months}{NBSP}mois sans activité"
    yield "Revue d’un suivi", f"{review} ; il prend fin {GRACE}{NBSP}mois plus tard"


@dataclass(frozen=True)
class Shown:
    """A closed list as the cell offers it."""

    name: str
    title: str
    labels: list[str]
    chosen: bool  # False: the whole list, in its common order


def lists(session: Session, row: Cell) -> list[Shown]:
    return [
        Shown(
            name,
            title,
            [term.label for term in service.terms(session, name, row.code)],
            bool(service.offered(session, row.code, name)),
        )
        for name, title in LIST_TITLES.items()
    ]


def differences(form: Any, name: str, saved: Options) -> list[tuple[str, str, str]]:
    """Label, saved value and typed value of each setting that differs."""
    theirs = type(form)(formdata=None)
    theirs.show(name, saved, 0)
    found = [
        (field.label.text, _text(theirs[field.name]), _text(field))
        for field in form
        if field.name not in {"csrf_token", "version", "effet", "seats"}
    ]
    found.append(("Composition", _seats(saved), _seats(form.options())))
    return [line for line in found if line[1] != line[2]]


def _seats(options: Options) -> str:
    return " ; ".join(seat.label + (" (invité)" * seat.invited) for seat in options.seats)


def _text(field: Any) -> str:
    if isinstance(field.data, bool):
        return "Oui" if field.data else "Non"
    labels = {}
    if hasattr(field, "iter_choices"):
        labels = {choice.value: choice.label for choice in field.iter_choices()}
    return str(labels.get(field.data, "" if field.data is None else field.data))
