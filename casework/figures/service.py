"""The working numbers of a cell, exact and not for publication: a published report protects small
counts (:mod:`casework.reports`), and whoever coordinates reads the files these count.

Facets are opened in bulk; no record is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cells.lists import ENDED
from casework.orientations import service as orientations
from casework.rappels import service as rappels
from casework.seances.models import AgendaItem, Seance
from casework.seances.procedure import State
from casework.situations import service as situations
from casework.situations.service import Line, Situation
from casework.transactions import service as transactions
from casework.vault.keyring import Reader
from casework.web.french import NBSP, local

MONTHS = 12
# Upper bounds, in days, with their words; then what is beyond.
AGES = ((30, "Moins d’un mois"), (91, "1 à 3 mois"), (182, "3 à 6 mois"), (365, "6 à 12 mois"))
DELAYS = ((30, "30 jours au plus"), (60, "31 à 60 jours"), (90, "61 à 90 jours"))
WAITS = ((7, "7 jours au plus"), (15, "8 à 15 jours"), (30, "16 à 30 jours"))
NAMES = [
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    masked: bool = False


@dataclass(frozen=True)
class Chart:
    """``note``: a sentence under it."""

    title: str
    bars: Sequence[Bar]
    note: str = ""


def charts(
    session: Session, reader: Reader, cell: str, without: Collection[str], today: date
) -> list[Chart]:
    """Every chart of the page, but for the situations of ``without``."""
    query = situations.LINE.where(Situation.cell == cell, situations.IN_BASE)
    query = query.where(Situation.reference.not_in(list(without)))
    lines = situations.open_lines(session.execute(query).all(), reader, cell)
    return [
        _ages(lines, today),
        _months(lines, today),
        _suites(session, lines),
        _replies(session, cell, without),
        _delays(session, cell, lines),
        _at_parquet(session, cell, without, today),
    ]


def _ages(lines: Iterable[Line], today: date) -> Chart:
    days = [
        (today - line.facets.saisine).days
        for line in lines
        if line.facets.statut not in ENDED and line.facets.saisine
    ]
    return Chart("Situations suivies, par ancienneté", _sorted_in(days, AGES, "Plus d’un an"))


def _months(lines: Iterable[Line], today: date) -> Chart:
    made = Counter(
        (line.facets.saisine.year, line.facets.saisine.month)
        for line in lines
        if line.facets.saisine
    )
    last = today.year * 12 + today.month - 1
    shown = [divmod(number, 12) for number in range(last - MONTHS + 1, last + 1)]
    bars = [Bar(f"{NAMES[month]}{NBSP}{year}", made[year, month + 1]) for year, month in shown]
    return Chart("Saisines, par mois", bars)


def _suites(session: Session, lines: Iterable[Line]) -> Chart:
    counts = Counter(code for line in lines for code in line.facets.suites)
    labels = cells.labels(session, "suite")
    bars = [Bar(labels.get(code, "Autre"), count) for code, count in counts.most_common()]
    return Chart("Situations, par suite proposée", bars)


def _replies(session: Session, cell: str, without: Collection[str]) -> Chart:
    found = orientations.of_cell(session, cell, without)
    counts = Counter(one.row.etat for one in found)
    bars = [
        Bar(label[:1].upper() + label[1:], counts[etat])
        for etat, label in orientations.LABELS.items()
        if etat != orientations.WITHDRAWN
    ]
    return Chart("Orientations, par réponse reçue", bars if found else [])


def _delays(session: Session, cell: str, lines: Iterable[Line]) -> Chart:
    first = (
        select(AgendaItem.situation, func.min(Seance.held_at))
        .join(Seance, Seance.id == AgendaItem.seance)
        .where(Seance.cell == cell, Seance.etat == State.CLOSE.value)
        .group_by(AgendaItem.situation)
    )
    examined = {number: local(moment).date() for number, moment in session.execute(first)}
    days = [
        (examined[line.id] - line.facets.saisine).days
        for line in lines
        if line.id in examined and line.facets.saisine and examined[line.id] >= line.facets.saisine
    ]
    note = f"Médiane{NBSP}: {round(median(days))}{NBSP}jours." if days else ""
    title = "De la saisine à la première séance"
    return Chart(title, _sorted_in(days, DELAYS, "Plus de 90 jours"), note)


def _at_parquet(session: Session, cell: str, without: Collection[str], today: date) -> Chart:
    sent = [row.t1_at for row in rappels.of_cell(session, cell, rappels.BY_PARQUET, without)]
    sent += [
        row.asked_at
        for row in transactions.under_way(session, cell, without)
        if row.attend == transactions.AT_PARQUET and row.asked_at
    ]
    days = [(today - local(moment).date()).days for moment in sent]
    title = "Fiches et homologations en attente du parquet"
    return Chart(title, _sorted_in(days, WAITS, "Plus de 30 jours"))


def _sorted_in(days: Collection[int], bounds: Sequence[tuple[int, str]], beyond: str) -> list[Bar]:
    """How many in each class; no bar at all when there is nothing to count."""
    if not days:
        return []
    counts = Counter(next((label for most, label in bounds if one <= most), beyond) for one in days)
    return [Bar(label, counts[label]) for label in (*(label for _, label in bounds), beyond)]
