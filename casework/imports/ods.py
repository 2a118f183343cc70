"""A .ods workbook: its first sheet, streamed by lxml.

odfpy, which writes our own, builds the whole document first: a sheet that declares a million
repeated rows would fill the memory.
"""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from lxml import etree

from casework.imports.sheet import MOST_COLUMNS, Cell, Kind, Row, Sheet, Unreadable, gather

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ROW, CELL, COVERED = f"{TABLE}table-row", f"{TABLE}table-cell", f"{TABLE}covered-table-cell"


def read(packed: ZipFile) -> Sheet:
    """The first sheet; formulas are told, never followed. Unreadable."""
    merged: list[tuple[int, int]] = []
    try:
        # Closed at once: everything stays in memory.
        with packed.open("content.xml") as part:
            return gather(list(_rows(part, merged)), merged)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - a parser fails in too many ways to list
        raise Unreadable(
            "Ce classeur n’a pas pu être lu : enregistrez-le de nouveau au format .ods, ou en .csv."
        ) from None


def _rows(part: Any, merged: list[tuple[int, int]]) -> Iterator[Row]:
    number = 1
    ends = (ROW, f"{TABLE}table")
    walk = etree.iterparse(part, tag=ends, resolve_entities=False, no_network=True)
    for _, element in walk:
        if element.tag != ROW:
            return  # the first sheet is over
        repeated = int(element.get(f"{TABLE}number-rows-repeated", 1))
        cells = _cells(element, number, merged)
        if any(cell.text for cell in cells):
            for more in range(min(repeated, 1000)):
                yield number + more, list(cells)
        number += repeated
        element.clear()


def _cells(row: Any, number: int, merged: list[tuple[int, int]]) -> list[Cell]:
    cells: list[Cell] = []
    for element in row.iter(CELL, COVERED):
        columns = int(element.get(f"{TABLE}number-columns-repeated", 1))
        cell = _cell(element)
        if not cell.text and len(cells) + columns > MOST_COLUMNS + 1:
            columns = max(0, MOST_COLUMNS + 1 - len(cells))
        cells += [cell] * min(columns, MOST_COLUMNS + 1)
        down = int(element.get(f"{TABLE}number-rows-spanned", 1))
        across = int(element.get(f"{TABLE}number-columns-spanned", 1))
        if down > 1 or across > 1:
            merged.append((number, number + down - 1))
    return cells


def _cell(element: Any) -> Cell:
    if element.get(f"{TABLE}formula"):
        return Cell("=…", Kind.FORMULA)
    kind = element.get(f"{OFFICE}value-type", "")
    if kind == "date":
        return Cell(element.get(f"{OFFICE}date-value", "")[:10], Kind.DAY)
    if kind == "float":
        value = element.get(f"{OFFICE}value", "")
        return Cell(value.removesuffix(".0"))
    # Its own paragraphs alone: those of a comment beside the cell are someone’s aside.
    lines = ("".join(_texts(line)) for line in element.findall(f"{TEXT}p"))
    return Cell("\n".join(lines).strip())


def _texts(line: Any) -> Iterator[str]:
    """The text of a paragraph, its spaces and tabs, without the notes beside it."""
    yield line.text or ""
    for child in line:
        if child.tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
            yield " "
        elif child.tag in (f"{TEXT}span", f"{TEXT}a"):
            yield from _texts(child)
        yield child.tail or ""
