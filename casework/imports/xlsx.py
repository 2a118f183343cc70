"""A .xlsx workbook: its first visible sheet, by openpyxl's streaming reader."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from casework.imports.sheet import EMPTY, MOST_COLUMNS, Cell, Kind, Row, Sheet, Unreadable, gather

MERGED = re.compile(rb'<mergeCell\b[^>]*?\bref="\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)"')


def read(content: bytes, packed: ZipFile) -> Sheet:
    """The first visible sheet; formulas are told, never followed. Unreadable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a warning may quote a cell, and would reach the log
        try:
            book = load_workbook(BytesIO(content), read_only=True, data_only=False)
            if book.epoch == CALENDAR_MAC_1904:  # its plain numbers would be four years off
                raise Unreadable(
                    "Ce classeur compte les jours depuis 1904 (réglage des anciens Mac) : "
                    "décochez-le dans ses options, ou enregistrez le tableau en .csv."
                )
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            sheet = visible[0]
            sheet.reset_dimensions()  # some exporters lie about them
            # The streaming reader leaves merged cells out: they are read from the same part.
            part = packed.read(sheet._worksheet_path.lstrip("/"))
            merged = [(int(top), int(last)) for top, last in MERGED.findall(part)]
            return gather(_rows(sheet), merged)
        except Unreadable:
            raise
        except Exception:  # noqa: BLE001 - a parser fails in too many ways to list
            raise Unreadable(
                "Ce classeur n’a pas pu être lu : enregistrez-le de nouveau au format .xlsx, ou "
                "en .csv."
            ) from None


def _rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if any(cell.value is not None for cell in cells):
            yield number, [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f" or not isinstance(value, str | int | float | date | time):
        return Cell("=…", Kind.FORMULA)
    if cell.data_type == "e":
        return Cell(str(value), Kind.ERROR)
    if isinstance(value, datetime):
        return Cell(value.date().isoformat(), Kind.DAY)
    if isinstance(value, date):
        return Cell(value.isoformat(), Kind.DAY)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Cell(str(value).strip())
