"""The typology report of a cell (001:832-840, 905-913): counts by closed list, never a name.

Counting opens the facet blobs in bulk and slices columns out of them; no record is opened. Small
numbers are hidden: a count under the cell's threshold could point at a child.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.service import labels
from casework.situations.facets import COLUMNS, LAYOUT, SAISINE_AT, SUITES_AT, codes, day_number
from casework.situations.models import Situation
from casework.vault.keyring import Reader

TABLES = (
    ("typologie", "Répartition par typologie"),
    ("origine", "Répartition par origine de la saisine"),
    ("statut", "Répartition par statut du suivi"),
    ("tranche_age", "Répartition par tranche d’âge"),
    ("sexe", "Répartition par sexe"),
    ("quartier", "Répartition par quartier"),
)
SUITES_TITLE = "Suites données"


@dataclass(frozen=True)
class Count:
    """One line of a table; ``value`` is None when it is hidden."""

    label: str
    value: int | None

    @property
    def masked(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Table:
    title: str
    counts: list[Count]


@dataclass(frozen=True)
class Report:
    """``total`` is None when the whole period is too small to be told."""

    total: int | None
    tables: list[Table]
    threshold: int


def typology(
    session: Session, reader: Reader, cell: str, since: date, until: date, threshold: int
) -> Report:
    """Situations whose saisine falls between two dates, both included."""
    packed = _packed(session, reader, cell)
    low, high = (day_number(day).to_bytes(2, "big") for day in (since, until))
    chosen = [blob for blob in packed if low <= blob[SAISINE_AT] <= high]
    if len(chosen) < threshold:
        return Report(0 if not chosen else None, [], threshold)
    joined = b"".join([blob[: LAYOUT.size] for blob in chosen])
    tables = []
    for name, title in TABLES:
        counted = Counter(joined[COLUMNS.index(name) :: LAYOUT.size])
        tables.append(Table(title, _protect(counted, labels(session, name), threshold)))
    tables.append(Table(SUITES_TITLE, _suites(session, chosen, threshold)))
    return Report(len(chosen), tables, threshold)


def _packed(session: Session, reader: Reader, cell: str) -> Iterable[bytes]:
    query = select(Situation.key_version, Situation.id, Situation.facets).where(
        Situation.cell == cell
    )
    by_version: dict[int, list[tuple[int, bytes]]] = {}
    for version, row_id, blob in session.execute(query):
        by_version.setdefault(version, []).append((row_id, blob))
    for version, rows in by_version.items():
        for _, packed in reader.facets(cell, version, rows, Situation.__tablename__):
            yield packed


def _suites(session: Session, chosen: list[bytes], threshold: int) -> list[Count]:
    """A situation may have several suites: the lines do not add up to the total, so hiding the
    small ones needs no second cell."""
    masks = Counter(blob[SUITES_AT] for blob in chosen)
    counted: Counter[int] = Counter()
    for mask, number in masks.items():
        for code in codes(int.from_bytes(mask, "big")):
            counted[code] += number
    names = labels(session, "suite")
    shown = [code for code, number in counted.most_common() if number >= threshold]
    hidden = sorted(code for code, number in counted.items() if number < threshold)
    return [
        Count(names.get(code, f"Code {code}"), counted[code] if code in shown else None)
        for code in (*shown, *hidden)
    ]


def _protect(counted: Counter[int], names: dict[int, str], threshold: int) -> list[Count]:
    """Hide small counts, and as many more as it takes for the total to give none of them away.

    Hidden lines come last, in the order of the list: their rank would tell the small from the
    large. A table that would still give them away is left out.
    """
    lines = counted.most_common()
    hidden = {code for code, number in lines if number < threshold}
    shown = [code for code, _ in lines if code not in hidden]
    while shown and _told([counted[code] for code in hidden], threshold):
        hidden.add(shown.pop())  # the smallest of those shown
    if _told([counted[code] for code in hidden], threshold):
        return []
    return [
        Count(
            names.get(code, "Non renseigné" if not code else f"Code {code}"),
            None if code in hidden else counted[code],
        )
        for code in (*shown, *sorted(hidden))
    ]


def _told(hidden: list[int], threshold: int) -> bool:
    """Would the total give these away? One line alone does, and so do lines that can only all be
    the smallest possible number, or all the largest one that is hidden."""
    people, lines = sum(hidden), len(hidden)
    alone = lines == 1 or people < threshold
    return bool(hidden) and (alone or people in (lines, lines * (threshold - 1)))
