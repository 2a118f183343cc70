"""What is out of the ordinary in the journal: pure functions over its entries (CNIL 2021-122).

Each pattern looks at references, days and counts. None of them reads a file, and no alert accuses:
it says what to ask, to whom.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from audit.event import ANONYME, SYSTEME, Outcome
from audit.query import Row
from casework.clock import PARIS
from casework.legal_days import is_day_off
from charter.actions import Action
from charter.labels import Labelled

DAYS_LOOKED_AT = 7
DAYS_OF_HABIT = 90
DAYS_OF_INSISTENCE = 30
DAYS_OF_A_NEW_FILE = 30
FEWEST_ORDINARY_DAYS = 5  # under which a person has no habit to be compared to

# A file opened: what a volume, an hour or an agenda is counted on.
OPENINGS = frozenset(
    {Action.SITUATION_READ.value, Action.RAPPEL_READ.value, Action.FICHE_READ.value}
)
OUTGOING = frozenset(what.value for what in Action if what.outgoing)
SEARCH_MARK = "empreinte"  # in the detail of a search: a few bits of a keyed digest of the name


class Pattern(Labelled):
    """The value is kept in the database; the label is what the DPO reads."""

    VOLUME = "volume", "Beaucoup de dossiers ouverts en un jour"
    HORS_HEURES = "hors_heures", "Dossiers ouverts la nuit, un dimanche ou un jour férié"
    HORS_AGENDA = "hors_agenda", "Dossiers ouverts sans avoir jamais été inscrits à une séance"
    REFUS = "refus", "Refus répétés"
    CONNEXIONS = "connexions", "Connexions refusées en nombre"
    INSISTANCE = "insistance", "Le même nom recherché avec insistance"
    SORTIES = "sorties", "Beaucoup de documents produits en un jour"


@dataclass(frozen=True)
class File:
    """What the watch needs to know of a situation, which is nothing about a person."""

    created: date
    author: str
    on_an_agenda: bool


@dataclass(frozen=True)
class Finding:
    """``day`` is the last day it was seen; ``count`` goes with the pattern's threshold."""

    pattern: Pattern
    actor: str
    day: date
    count: int
    cell: str = ""


@dataclass
class Days:
    """Entries gathered by person and by day, on the commune's clock."""

    opened: dict[tuple[str, date], set[str]] = field(default_factory=lambda: defaultdict(set))
    late: dict[tuple[str, date], set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: Counter[tuple[str, date]] = field(default_factory=Counter)
    produced: Counter[tuple[str, date]] = field(default_factory=Counter)
    searched: dict[tuple[str, str, str], list[date]] = field(
        default_factory=lambda: defaultdict(list)
    )


def gather(
    rows: Iterable[Row], thresholds: Mapping[str, int], *, alsace_moselle: bool = False
) -> Days:
    """One pass over the entries. Alsace and Moselle keep two more public holidays."""
    days = Days()
    for row in rows:
        at = datetime.fromisoformat(row.time).astimezone(PARIS)
        key = row.actor, at.date()
        if row.outcome is Outcome.REFUSE:
            days.refused[key] += 1
        elif row.action in OPENINGS:
            days.opened[key].add(row.object)
            if _late(at, thresholds, alsace_moselle):
                days.late[key].add(row.object)
        elif row.action in OUTGOING:
            days.produced[key] += 1
        elif row.action == Action.SITUATION_SEARCH.value and SEARCH_MARK in row.detail:
            mark = row.actor, row.cell, str(row.detail[SEARCH_MARK])
            days.searched[mark].append(at.date())
    return days


def _late(at: datetime, thresholds: Mapping[str, int], alsace_moselle: bool) -> bool:
    working = thresholds["fin_nuit"] <= at.hour < thresholds["debut_nuit"]
    return not working or is_day_off(at.date(), alsace_moselle=alsace_moselle)


def findings(
    days: Days, files: Mapping[str, File], thresholds: Mapping[str, int], today: date
) -> list[Finding]:
    """What goes beyond the thresholds in the last days, most recent first."""
    since = today - timedelta(days=DAYS_LOOKED_AT)
    found = [
        finding
        for look in LOOKS
        for finding in look(days, files, thresholds, today)
        if since < finding.day <= today
    ]
    return sorted(found, key=lambda one: (one.day, one.pattern.value, one.actor), reverse=True)


def _volume(
    days: Days, _files: Mapping[str, File], thresholds: Mapping[str, int], _today: date
) -> Iterator[Finding]:
    habits: dict[str, dict[date, int]] = defaultdict(dict)
    for (actor, day), opened in days.opened.items():
        habits[actor][day] = len(opened)
    for actor, counts in habits.items():
        for day, count in counts.items():
            others = [number for other, number in counts.items() if other != day]
            usual = median(others) if len(others) >= FEWEST_ORDINARY_DAYS else 0
            if count >= max(thresholds["volume"], thresholds["facteur"] * usual):
                yield Finding(Pattern.VOLUME, actor, day, count)


def _out_of_hours(
    days: Days, _files: Mapping[str, File], thresholds: Mapping[str, int], _today: date
) -> Iterator[Finding]:
    for (actor, day), opened in days.late.items():
        if len(opened) >= thresholds["hors_heures"]:
            yield Finding(Pattern.HORS_HEURES, actor, day, len(opened))


def _never_examined(
    days: Days, files: Mapping[str, File], thresholds: Mapping[str, int], today: date
) -> Iterator[Finding]:
    since = today - timedelta(days=DAYS_LOOKED_AT)
    opened: dict[str, set[str]] = defaultdict(set)
    last: dict[str, date] = {}
    for (actor, day), references in days.opened.items():
        if since < day <= today:
            strange = {one for one in references if _strange(files.get(one), actor, today)}
            opened[actor] |= strange
            if strange:
                last[actor] = max(day, last.get(actor, day))
    for actor, references in opened.items():
        if len(references) >= thresholds["hors_agenda"]:
            yield Finding(Pattern.HORS_AGENDA, actor, last[actor], len(references))


def _strange(known: File | None, actor: str, today: date) -> bool:
    if known is None or known.on_an_agenda or known.author == actor:
        return False
    return known.created < today - timedelta(days=DAYS_OF_A_NEW_FILE)


def _refusals(
    days: Days, _files: Mapping[str, File], thresholds: Mapping[str, int], _today: date
) -> Iterator[Finding]:
    for (actor, day), count in days.refused.items():
        if actor == ANONYME:
            if count >= thresholds["connexions"]:
                yield Finding(Pattern.CONNEXIONS, actor, day, count)
        elif count >= thresholds["refus"]:
            yield Finding(Pattern.REFUS, actor, day, count)


def _insistence(
    days: Days, _files: Mapping[str, File], thresholds: Mapping[str, int], today: date
) -> Iterator[Finding]:
    since = today - timedelta(days=DAYS_OF_INSISTENCE)
    for (actor, cell, _mark), when in days.searched.items():
        recent = [day for day in when if since < day <= today]
        if len(recent) >= thresholds["insistance"]:
            yield Finding(Pattern.INSISTANCE, actor, max(recent), len(recent), cell)


def _outgoing(
    days: Days, _files: Mapping[str, File], thresholds: Mapping[str, int], _today: date
) -> Iterator[Finding]:
    for (actor, day), count in days.produced.items():
        if count >= thresholds["sorties"] and actor != SYSTEME:
            yield Finding(Pattern.SORTIES, actor, day, count)


Look = Callable[
    [Days, Mapping[str, File], Mapping[str, int], date],
    Iterable[Finding],
]
LOOKS: Collection[Look] = (
    _volume,
    _out_of_hours,
    _never_examined,
    _refusals,
    _insistence,
    _outgoing,
)
