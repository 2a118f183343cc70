"""A commune's spreadsheet of 500 lines, 40 of them wrong on purpose, in the three formats."""

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from casework.imports.days import FIRST_SERIAL

TITLES = (
    *("NOM", "Prénom", "Né(e) le", "Établissement", "Classe", "Motif", "Origine"),
    *("Date de saisine", "Suites", "Observations", "Religion"),
)
NOM, PRENOM, BORN, _, _, MOTIF, ORIGIN, ASKED, _, NOTES, _ = range(len(TITLES))
MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
FORMULA = "=A1"
FIRST_LINE = 4  # a title, an empty line, the headers
LINES = 500
Rows = list[list[Any]]


def days(day: date) -> tuple[Any, ...]:
    """The five formats of the specification."""
    return (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%y}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        (day - FIRST_SERIAL).days,
    )


def names(count: int, seed: int = 7) -> list[tuple[str, str]]:
    """People who resemble nobody: their names are drawn by syllables."""
    draw = random.Random(seed)  # noqa: S311 - names of nobody
    heads, tails = "BCDFGLMNPRSTV", ("an", "el", "ic", "or", "un", "ad", "os", "im", "et", "ul")
    found: dict[str, tuple[str, str]] = {}
    while len(found) < count:
        nom = "".join(draw.choice(heads) + draw.choice(tails) for _ in range(4))
        prenom = "".join(draw.choice(heads) + draw.choice(tails) for _ in range(3))
        found.setdefault(nom.upper(), (nom.upper(), prenom.capitalize()))
    return list(found.values())


def valid(today: date, count: int = LINES) -> Rows:
    rows = []
    for rank, (nom, prenom) in enumerate(names(count)):
        born = date(2009, 1, 5) + timedelta(days=rank * 5)
        asked = today - timedelta(days=30 + rank % 300)
        rows.append(
            [
                *(nom, prenom, days(born)[rank % 5], "Collège du Grand-Mistral", "5e B"),
                *(("Absentéisme", "Incivilités sur l'espace public")[rank % 2],),
                *(("Collège", "PM", "Bailleur social")[rank % 3], days(asked)[rank % 5]),
                *("Rappel à l’ordre", f"Observation {rank}.", "non dite"),
            ]
        )
    return rows


def faulty(today: date, known: list[tuple[str, str, date]], merging: bool) -> tuple[Rows, Any, Any]:
    """The 500 lines, the pairs of lines to merge, and the number of each faulty line → its words.

    ``known``: three people whom the cell follows already.
    """
    rows = valid(today)
    expected: dict[int, str] = {}
    merged: list[tuple[int, int]] = []
    free = iter(range(11, LINES, 12))

    def spoil(count: int, words: str, act: Callable[[list[Any], int], None]) -> None:
        for turn in range(count):
            rank = next(free)
            act(rows[rank], turn)
            expected[FIRST_LINE + rank] = words

    def put(column: int, *values: Any) -> Callable[[list[Any], int], None]:
        return lambda row, turn: row.__setitem__(column, values[turn % len(values)])

    def only(row: list[Any], turn: int) -> None:
        row[:] = [None] * len(row)
        row[turn % 3] = f"Total du trimestre {turn}"

    def swap(row: list[Any], _: int) -> None:
        row[NOM], row[PRENOM] = row[PRENOM], row[NOM]

    def copy(row: list[Any], turn: int) -> None:
        row[:3] = [*rows[turn][:2], days(date(2009, 1, 5) + timedelta(days=turn * 5))[1]]

    def meet(row: list[Any], turn: int) -> None:
        nom, prenom, born = known[turn]
        row[:3] = [nom.upper(), prenom, f"{born:%d/%m/%Y}"]

    spoil(6, "Indiquez la date de naissance", put(BORN, None))
    spoil(5, "avoir moins de 25 ans", put(BORN, "12/03/1985", date(1961, 2, 3).isoformat()))
    spoil(3, "Date illisible", put(BORN, "31/02/2012", "voir dossier", "12/13/2011"))
    spoil(5, "Le nom semble être dans la colonne du prénom", swap)
    spoil(6, "Ressemble à la personne de la ligne", copy)
    spoil(3, "Ressemble à une personne que la cellule connaît", meet)
    spoil(4, "Texte isolé", only)
    spoil(2, "Une formule n’est pas suivie", put(NOM, FORMULA))
    spoil(2, "ne peut pas être dans l’avenir", put(ASKED, f"{today + timedelta(days=9):%d/%m/%Y}"))
    if merging:
        for _ in range(4):
            rank = next(free)
            merged.append((FIRST_LINE + rank, FIRST_LINE + rank + 1))
            rows[rank + 1][NOM] = None
            expected[FIRST_LINE + rank] = "Cellules fusionnées"
    else:
        spoil(4, "n’est pas un terme de la liste", put(ORIGIN, "Zorglub"))
    assert len(expected) == 40
    return rows, merged, expected


def with_titles(rows: Rows) -> Rows:
    return [["Tableau de suivi de la cellule"], [], list(TITLES), *rows]


def xlsx(rows: Rows, merged: Any = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in with_titles(rows):
        sheet.append(row)
    for top, last in merged:
        sheet.merge_cells(start_row=top, end_row=last, start_column=1, end_column=1)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def ods(rows: Rows, merged: Any = ()) -> bytes:
    book, sheet = OpenDocumentSpreadsheet(), Table(name="Suivi")
    tops, covered = {top for top, _ in merged}, {last for _, last in merged}
    for number, values in enumerate(with_titles(rows), 1):
        row = TableRow()
        for rank, value in enumerate(values):
            row.addElement(
                _cell(value, rank == 0 and number in tops, rank == 0 and number in covered)
            )
        row.addElement(TableCell(numbercolumnsrepeated=1000))  # as LibreOffice pads its lines
        sheet.addElement(row)
    empty = TableRow(numberrowsrepeated=1_000_000)
    empty.addElement(TableCell(numbercolumnsrepeated=1000))
    sheet.addElement(empty)
    book.spreadsheet.addElement(sheet)
    packed = BytesIO()
    book.write(packed)
    return packed.getvalue()


def _cell(value: Any, spans: bool, covered: bool) -> Any:
    if covered:
        return CoveredTableCell()
    if value is None:
        return TableCell()
    if value == FORMULA:
        return TableCell(formula="of:=[.A1]", valuetype="string")
    extra = {"numberrowsspanned": 2, "numbercolumnsspanned": 1} if spans else {}
    if isinstance(value, int):
        cell = TableCell(valuetype="float", value=value, **extra)
    else:
        cell = TableCell(valuetype="string", **extra)
    cell.addElement(P(text=str(value)))
    return cell


def delimited(rows: Rows, merged: Any = (), encoding: str = "cp1252", mark: str = ";") -> bytes:
    assert not merged
    text = StringIO(newline="")
    csv.writer(text, delimiter=mark).writerows(with_titles(rows))
    return text.getvalue().encode(encoding)


WRITERS = {"xlsx": xlsx, "ods": ods, "csv": delimited}
