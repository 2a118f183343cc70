"""A report in the words of its reader: the same tables for the page, the .docx and the sheets.

A line that is not listed is a zero, unless something is hidden in its table: zeros are then hidden
with the rest, so that « masqué » never says that there is somebody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.cells.models import Cell
from casework.cells.service import kind, labels, terms
from casework.reports.joint import ALL, CROSSES, TOTAL, Publication
from casework.reports.periods import Period
from casework.reports.service import Report
from casework.reports.sources import SOURCES, of_kind
from casework.reports.tally import RECAP, Key

MASKED = "masqué"
NOT_GIVEN = "Non renseigné"
TITLES = {
    "typologie": "Répartition par typologie",
    "origine": "Répartition par origine de la saisine",
    "suite": "Suites données",
    "statut": "Évolution des situations",
    **{source.printed: source.title for source in SOURCES},
    "tranche_age": "Répartition par tranche d’âge",
    "sexe": "Répartition par sexe",
    "niveau": "Répartition par niveau scolaire",
    "quartier": "Répartition par quartier",
    "etablissement": "Répartition par établissement scolaire",
}
GRIDS = {
    RECAP: "Situations traitées et leur évolution",
    "typologie*tranche_age": "Typologie et tranche d’âge",
    "typologie*quartier": "Typologie et quartier",
}
NOTES = {
    "suite": "Une situation peut avoir plusieurs suites : les lignes ne s’additionnent pas.",
    **{source.printed: source.note for source in SOURCES},
}
CHOICES = TITLES | GRIDS  # what a model of report may leave out
SOLVED = 3  # « solutionnée » of the list of statuts
STAGED = {source.printed for source in SOURCES}
WHOLE = "Ensemble"


@dataclass(frozen=True)
class Line:
    """One line of a table; ``value`` is None when it is hidden, and so is ``before``."""

    label: str
    value: int | None
    before: int | None = None

    @property
    def masked(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    lines: list[Line]
    hidden: list[str]  # labels of the lines that say nothing, in the order of the list
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """Two questions at once; the lines and columns where everything is hidden are left out."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[int | None]]]
    note: str


@dataclass(frozen=True)
class Figure:
    """A key figure; ``value`` is already in words."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Presented:
    """All that a report shows."""

    figures: list[Figure]
    tables: list[Table]
    grids: list[Grid]
    left_out: list[str]  # titles of the tables of which nothing can be said
    cells: int  # numbers other than zero in the tables
    masked: int
    compared: str = ""
    before: str = ""  # head of its column


def choices(cell: Cell) -> dict[str, str]:
    """The tables a cell may have: no rappel in a CMER, no signal in any other."""
    others = {source.printed for source in of_kind(isolated=not kind(cell).isolated)}
    return {name: title for name, title in CHOICES.items() if name not in others}


def present(
    session: Session, report: Report, cell: Cell, chosen: Collection[str] = ()
) -> Presented:
    """The tables ``chosen``, or all of them: every one was protected, printed or not."""
    wanted = chosen or CHOICES.keys()
    names = {name: _labels(session, name) for name in TITLES}
    tables, left_out = [], []
    for name in (one for one in TITLES if one in wanted):
        title = TITLES[name]
        table = _table(report, name, title, names[name], _offered(session, cell, name))
        if table.lines:
            tables.append(table)
        elif table.hidden:
            left_out.append(title)
    grids = []
    for name in (one for one in GRIDS if one in wanted):
        title = GRIDS[name]
        grid = _grid(report.publication, name, title, *(names[one] for one in CROSSES[name]))
        if name == RECAP and grid.columns:
            grid = _with_totals(report, grid, names["typologie"])
        if grid.rows:
            grids.append(grid)
        else:
            left_out.append(title)
    printed = {TOTAL, *wanted}
    places = [
        place
        for place in report.publication.places()
        if place[1] in printed and report.publication.value(*place)
    ]
    return Presented(
        figures=_figures(report),
        tables=tables,
        grids=grids,
        left_out=left_out,
        cells=len(places),
        masked=sum(place not in report.publication.shown for place in places),
        compared=report.compared.label if report.compared else "",
        before=_before(report),
    )


def _labels(session: Session, name: str) -> dict[int, str]:
    for source in SOURCES:
        if name == source.printed:
            return {code: stage.label for code, stage in source.stages.items()}
    return labels(session, name)


def _offered(session: Session, cell: Cell, name: str) -> frozenset[Key]:
    """Of a list, what this cell offers: a line that says nothing is named only then. Naming one
    that the cell no longer offers would say that somebody is behind it."""
    for source in SOURCES:
        if name == source.printed:
            return frozenset(source.stages)
    return frozenset(term.code for term in terms(session, name, cell.code))


def _said(published: Publication, period: Period, table: str, key: Key) -> int | None:
    """The number shown, or None: hidden, or a zero of a table that hides something."""
    shown = published.shown.get((period, table, key))
    if shown is not None or published.rounded:
        return shown or 0
    keys = published.keys(period, table)
    hides = any((period, table, other) not in published.shown for other in keys)
    return None if hides else 0


def _table(
    report: Report, name: str, title: str, names: Mapping[int, str], offered: Collection[Key]
) -> Table:
    published, period, before = report.publication, report.period, report.compared
    lines, silent = [], []
    present = {key for one in published.periods for key in published.keys(one, name)}
    for key in (*names, *sorted(present - names.keys())):
        value = _said(published, period, name, key)
        then = _said(published, before, name, key) if before else None
        label = names.get(key, f"Code {key}" if key else NOT_GIVEN)
        if value or then:
            lines.append(Line(label, value, then))
        elif value is None and key in offered:
            silent.append(label)
    if name not in STAGED:  # stages come in the order of the procedure
        lines.sort(key=lambda line: -(line.value or 0))
    if not published.keys(period, name):  # nothing to say, and nothing hidden
        return Table(name, title, [], [])
    if not any(line.value for line in lines):
        return Table(name, title, [], silent or [line.label for line in lines] or [title])
    return Table(name, title, lines, silent, NOTES.get(name, ""))


def _grid(
    published: Publication,
    name: str,
    title: str,
    rows: Mapping[int, str],
    columns: Mapping[int, str],
) -> Grid:
    period = published.periods[0]
    shown = {
        key: value
        for (one, table, key), value in published.shown.items()
        if one == period and table == name and value
    }
    across = [code for code in (*columns, 0) if any(key[1] == code for key in shown)]  # type: ignore[index]
    down = [code for code in (*rows, 0) if any(key[0] == code for key in shown)]  # type: ignore[index]
    return Grid(
        title,
        [columns.get(code, NOT_GIVEN) for code in across],
        [
            (
                rows.get(code, NOT_GIVEN),
                [_said(published, period, name, (code, other)) for other in across],
            )
            for code in down
        ],
        "Les lignes et les colonnes entièrement "
        f"{'nulles' if published.rounded else 'masquées'} ne sont pas imprimées.",
    )


def _with_totals(report: Report, grid: Grid, names: Mapping[int, str]) -> Grid:
    """Aix's yearly table (000:1694): each typologie, what became of it, and the year before."""
    published, before = report.publication, report.compared
    codes = {label: code for code, label in names.items()} | {NOT_GIVEN: 0}
    columns = [*grid.columns, WHOLE, *([_before(report)] if before else [])]
    shown = dict(grid.rows)
    nothing: list[int | None] = [None] * len(grid.columns)
    rows = []
    for label, code in codes.items():
        whole = _said(published, report.period, "typologie", code)
        then = _said(published, before, "typologie", code) if before else None
        if label in shown or whole:
            values = shown.get(label, nothing)
            rows.append((label, [*values, whole, *([then] if before else [])]))
    return Grid(grid.title, columns, rows, grid.note)


def _figures(report: Report) -> list[Figure]:
    figures = report.figures
    found = [
        _counted(report, "situations dont la cellule a été saisie", TOTAL, ALL),
        Figure("jeunes concernés", _at_least(figures.people, about=figures.about)),
        _counted(report, "situations solutionnées", "statut", SOLVED),
    ]
    if figures.examined is not None:
        said = _at_least(figures.examined, about=figures.examined_about)
        found.insert(1, Figure("situations examinées en séance", said, "parmi ces saisines"))
    for source in SOURCES:
        if report.publication.keys(report.period, source.printed):
            found += [
                _counted(report, label, source.printed, code)
                for code, label in source.figures.items()
            ]
    if figures.hours is not None:
        found.append(
            Figure("heures de travail non rémunéré accomplies", f"environ {figures.hours}")
        )
    delays = (
        ("de la saisine à la première séance", figures.saisine_to_seance),
        ("de l’information du procureur à sa réponse", figures.t1_to_t2),
    )
    found += [
        Figure(label, _weeks(weeks), "délai médian") for label, weeks in delays if weeks is not None
    ]
    return found


def _counted(report: Report, label: str, table: str, key: Key) -> Figure:
    published, before = report.publication, report.compared
    value = _said(published, report.period, table, key)
    note = ""
    if before is not None and (then := _said(published, before, table, key)) is not None:
        note = f"{then} {_before(report).lower()}"
    return Figure(label, MASKED if value is None else str(value), note)


def _at_least(number: int | None, *, about: bool) -> str:
    return f"au moins {number}" if about else str(number)


def _before(report: Report) -> str:
    """A period of several years is compared with as many."""
    if report.compared is None:
        return ""
    years = report.period.since.year - report.compared.since.year
    return "Un an avant" if years == 1 else f"{years} ans avant"


def _weeks(weeks: int) -> str:
    if not weeks:
        return "moins d’une semaine"
    return f"environ {weeks} semaine{'s' if weeks > 1 else ''}"


def word(value: int | None) -> str:
    """A number as printed."""
    return MASKED if value is None else str(value)
