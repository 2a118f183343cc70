"""The protected tables as .csv and .ods: what the pages show, and nothing more."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from casework.reports.present import MASKED, Presented
from casework.reports.service import Report

BOM = "\ufeff"  # so that Excel reads the accents
SHEETS = ("Chiffres clés", "Tableaux", "Croisements")
HEAD = ("Tableau", "Ligne", "Colonne", "Période", "Nombre")
Row = tuple[str, str, str, str, str | int]


def rows(report: Report, shown: Presented) -> Iterator[Row]:
    """One line per number: table, line, column, period, number."""
    period = report.period.label
    for figure in shown.figures:
        yield SHEETS[0], figure.label, figure.note, period, figure.value
    for table in shown.tables:
        for line in table.lines:
            yield table.title, line.label, "", period, _number(line.value)
            if shown.compared:
                yield table.title, line.label, "", shown.compared, _number(line.before)
        for label in table.hidden:
            yield table.title, label, "", period, MASKED
    for grid in shown.grids:
        for label, values in grid.rows:
            for column, value in zip(grid.columns, values, strict=True):
                yield grid.title, label, column, period, _number(value)
    for title in shown.left_out:
        yield title, "", "", period, MASKED


def _number(value: int | None) -> str | int:
    return MASKED if value is None else value


def csv_file(report: Report, shown: Presented) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")  # what a French spreadsheet expects
    writer.writerow(HEAD)
    writer.writerows(rows(report, shown))
    return (BOM + text.getvalue()).encode()


def ods_file(report: Report, shown: Presented) -> bytes:
    book = OpenDocumentSpreadsheet()
    grids = {grid.title for grid in shown.grids}
    sheets = {name: Table(name=name) for name in SHEETS}
    for sheet in sheets.values():
        sheet.addElement(_row(HEAD))
        book.spreadsheet.addElement(sheet)
    for row in rows(report, shown):
        name = row[0] if row[0] in sheets else SHEETS[2] if row[0] in grids else SHEETS[1]
        sheets[name].addElement(_row(row))
    packed = BytesIO()
    book.write(packed)
    return packed.getvalue()


def _row(values: tuple[str | int, ...]) -> TableRow:
    row = TableRow()
    for value in values:
        if isinstance(value, int):
            cell = TableCell(valuetype="float", value=value)
        else:
            cell = TableCell(valuetype="string")
        cell.addElement(P(text=str(value)))
        row.addElement(cell)
    return row
