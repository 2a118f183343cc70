"""A .csv file, as French spreadsheets write it: semicolons, commas or tabs, UTF-8 or Windows."""

import csv
from collections import Counter
from io import StringIO

from casework.imports.sheet import Cell, Kind, Sheet, Unreadable, gather

DELIMITERS = (";", "\t", ",")
SAMPLE_LINES = 20


def read(content: bytes) -> Sheet:
    """The table; a text that begins as a formula is told. Unreadable."""
    text = _decode(content)
    try:
        # Numbered by the spreadsheet's rows, not by the text's lines: a cell may hold several.
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        raise Unreadable(
            "Ce fichier n’est pas un .csv lisible : enregistrez-le de nouveau depuis votre tableur."
        ) from None
    return gather((number, [_cell(value) for value in row]) for number, row in enumerate(lines, 1))


def _decode(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(
        "Ce fichier n’est ni un classeur .xlsx ou .ods, ni un texte .csv : enregistrez le tableau "
        "dans l’un de ces formats."
    )


def _delimiter(text: str) -> str:
    """The one that cuts most of the first lines alike."""
    head = text.splitlines()[:SAMPLE_LINES]

    def regularity(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in head if mark in line)
        common = counts.most_common(1)
        return (common[0][1], common[0][0]) if common else (0, 0)

    return max(DELIMITERS, key=regularity)


def _cell(value: str) -> Cell:
    value = value.strip()
    return Cell("=…", Kind.FORMULA) if value.startswith("=") else Cell(value)
