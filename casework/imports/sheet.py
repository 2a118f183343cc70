"""A spreadsheet read in memory: its header line, its lines, and nothing that runs or expands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from casework.imports import forbidden
from casework.imports.fields import recognised

LARGEST_BYTES = 5_000_000
UNPACKED_BYTES = 60_000_000
MOST_PARTS = 500
MOST_TIMES = 200  # a part that grows more than this is made to exhaust the server
MOST_LINES = 1000  # a dry run compares each with the cell: some seconds, within one request
MOST_COLUMNS = 60
LONGEST_CELL = 5000
HEADER_WITHIN = 10  # lines: a title and a note often come first


class Unreadable(Exception):
    """The file cannot be imported; says why and what to do, in French, and quotes nothing."""


class Kind(StrEnum):
    TEXT = ""
    DAY = "d"
    FORMULA = "f"
    ERROR = "e"


@dataclass(frozen=True)
class Cell:
    text: str = ""
    kind: Kind = Kind.TEXT


EMPTY = Cell()
Row = tuple[int, list[Cell]]  # the number shown by the spreadsheet, and its cells


@dataclass
class Sheet:
    """The lines under the headers. ``left_out``: columns dropped unread, each with its reason."""

    headers: list[str]
    rows: list[Row]
    merged: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def gather(lines: Iterable[Row], merged: Iterable[tuple[int, int]] = ()) -> Sheet:
    """Keep the lines that hold something, find the header line, drop what is never recorded."""
    kept: list[Row] = []
    for number, cells in lines:
        while cells and not cells[-1].text:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                f"La feuille a plus de {MOST_COLUMNS} colonnes : ne gardez que celles à importer."
            )
        if any(len(cell.text) > LONGEST_CELL for cell in cells):
            raise Unreadable(
                f"La ligne {number} porte un texte de plus de {LONGEST_CELL} caractères : "
                "raccourcissez-le."
            )
        kept.append((number, cells))
        if len(kept) > MOST_LINES + HEADER_WITHIN:
            raise Unreadable(
                f"La feuille a plus de {MOST_LINES} lignes : coupez-la en plusieurs fichiers."
            )
    if not kept:
        raise Unreadable("La première feuille est vide : mettez-y le tableau à importer.")
    scores = [recognised([cell.text for cell in cells]) for _, cells in kept[:HEADER_WITHIN]]
    at = scores.index(max(scores))
    if scores[at] < 2:
        raise Unreadable(
            "Aucune ligne d’en-têtes n’est reconnue : donnez un nom à chaque colonne "
            "(« Nom », « Prénom », « Né(e) le »…), ou partez du modèle."
        )
    first, titles = kept[at]
    if len(kept) == at + 1:
        raise Unreadable("Le tableau n’a que ses en-têtes : il n’y a rien à importer.")
    headers = [re.sub(r"\s+", " ", cell.text).strip() for cell in titles]
    rows = kept[at + 1 :]
    width = max(len(headers), *(len(cells) for _, cells in rows))
    headers += [""] * (width - len(headers))
    reasons = {rank: why for rank, text in enumerate(headers) if (why := forbidden.column(text))}
    stay = [rank for rank in range(width) if rank not in reasons]
    return Sheet(
        headers=[headers[rank] for rank in stay],
        rows=[
            (number, [cells[rank] if rank < len(cells) else EMPTY for rank in stay])
            for number, cells in rows
        ],
        merged=[(top, last) for top, last in merged if last > first],
        left_out=[(headers[rank], why) for rank, why in reasons.items()],
    )


def unzip(content: bytes) -> ZipFile:
    """A packed document, once it is known to hold no bomb: neither by size nor by XML entities."""
    try:
        packed = ZipFile(BytesIO(content))
        parts = packed.infolist()
        total = sum(part.file_size for part in parts)
        grows = any(
            part.file_size > 1_000_000 and part.file_size > MOST_TIMES * part.compress_size
            for part in parts
        )
        if len(parts) > MOST_PARTS or total > UNPACKED_BYTES or grows:
            raise Unreadable(
                "Ce classeur se déplie en un contenu démesuré : recopiez le seul tableau à "
                "importer dans un classeur neuf."
            )
        if any("vbaProject" in part.filename for part in parts):
            raise Unreadable("Ce classeur porte des macros : enregistrez-le en .xlsx ou en .ods.")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _refuse_entities(packed.read(part))
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise Unreadable(
            "Ce classeur est abîmé ou protégé par un mot de passe : enregistrez-le de nouveau, "
            "sans mot de passe."
        ) from None
    return packed


def _refuse_entities(part: bytes) -> None:
    # In another encoding a declaration would hide from the search; spreadsheets write UTF-8.
    hidden = part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:200]
    head = part[:200].split(b"?>")[0].lower()
    other = b"encoding" in head and b"utf-8" not in head and b"us-ascii" not in head
    if hidden or other or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Unreadable(
            "Ce classeur contient des définitions XML qu’aucun tableur n’écrit : enregistrez-le "
            "de nouveau depuis votre tableur."
        )
