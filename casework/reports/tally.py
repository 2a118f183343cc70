"""Counting a cell's facets, block by block: no record is opened, and no object made for one.

One pass keeps, for each situation of the periods asked for, the fixed part of its facets and what
stands for the family. Counting then works on columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.reports.periods import Period
from casework.situations.facet_pages import ENTRY, OTHER, Columns, columns, columns_of
from casework.situations.facets import COLUMNS, SAISINE_AT, SUITES_AT, day_number
from casework.situations.models import Situation
from casework.vault.keyring import Reader

# What a saisine says once and for all, and what changes as the follow-up goes.
STATIC = ("typologie", "origine", "tranche_age", "sexe", "niveau", "quartier", "etablissement")
# Every crossing shares the typologie: coherent tables are then those of a possible town.
CROSSED = (("typologie", "statut"), ("typologie", "tranche_age"), ("typologie", "quartier"))
RECAP = "typologie*statut"  # the situations handled, and what became of them (000:1694)
FOLLOW_UP = ("statut", "suite", RECAP)
BIRTH_AT = slice(SAISINE_AT.stop, SAISINE_AT.stop + 2)
CODES = 256  # a code is one byte
DAYS = 2**16
UNCOUNTED = -1

Key = int | tuple[int, int]
Counts = dict[str, dict[Key, int]]
Column = np.ndarray


def crossed_name(first: str, second: str) -> str:
    return f"{first}*{second}"


@dataclass
class Block:
    """The situations of one block, without a name."""

    parts: list[Columns] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)  # days from the saisine to the first séance

    def __len__(self) -> int:
        return len(self._entries)

    @cached_property
    def _entries(self) -> Column:
        return np.concatenate([np.empty(0, ENTRY), *(part.entries for part in self.parts)])

    def column(self, name: str) -> Column:
        return self._entries["facets"][:, COLUMNS.index(name)]

    def family(self) -> Column:
        return self._entries["family"].astype(np.uint32)

    def births(self) -> Column:
        return number_at(self._entries, BIRTH_AT, ">u2")

    def suites(self) -> Column:
        """One mask of suites for each situation."""
        return number_at(self._entries, SUITES_AT, ">u8")

    def people(self) -> Column:
        """Birth and family of all those concerned, as one number each."""
        others = np.concatenate([np.empty(0, OTHER), *(part.others for part in self.parts)])
        return np.concatenate(
            [
                births.astype(np.uint64) << 32 | families.astype(np.uint64)
                for births, families in (
                    (self.births(), self.family()),
                    (others["born"], others["family"]),
                )
            ]
        )


def number_at(entries: Column, place: slice, kind: str) -> Column:
    """A number of the fixed part of the facets, of each situation."""
    return np.ascontiguousarray(entries["facets"][:, place]).view(kind).ravel()


@dataclass
class Tally:
    """The situations of several blocks, whose saisine falls in them."""

    blocks: dict[Period, Block]

    def total(self, block: Period) -> int:
        return len(self.blocks[block])

    def counts(self, block: Period) -> Counts:
        """Every table of a block, by code; codes that nobody has are left out."""
        held = self.blocks[block]
        columns = {name: held.column(name) for name in (*STATIC, "statut")}
        counted: Counts = {name: _counted(column) for name, column in columns.items()}
        for first, second in CROSSED:
            pairs = _counted(pair(columns[first], columns[second]))
            counted[crossed_name(first, second)] = {
                divmod(code, CODES): count for code, count in pairs.items()
            }
        counted["suite"] = {code: int(having.sum()) for code, having in having_suites(held)}
        return counted

    def waits(self, blocks: Iterable[Period]) -> list[int]:
        return [wait for block in blocks for wait in self.blocks[block].waits]

    def people(self, blocks: Iterable[Period]) -> int:
        """Young people concerned: one birth date and one surname's sound is one person."""
        return len(np.unique(np.concatenate([self.blocks[block].people() for block in blocks])))


def pair(first: Column, second: Column) -> Column:
    """Two codes as one number."""
    return first.astype(np.uint16) * CODES + second


def having_suites(held: Block) -> Iterator[tuple[int, Column]]:
    """Each suite of a block, and which situations have it."""
    masks = held.suites()
    present = int(np.bitwise_or.reduce(masks, initial=0))
    for code in range(present.bit_length()):
        if present >> code & 1:
            yield code, masks >> np.uint64(code) & np.uint64(1) == 1


def _counted(column: Column) -> dict[int, int]:
    counted = np.bincount(column)
    return {int(code): int(counted[code]) for code in counted.nonzero()[0]}


def tally(
    session: Session,
    reader: Reader,
    cell: str,
    blocks: Sequence[Period],
    frozen: Mapping[Period, int],
    seances: Mapping[int, date],
) -> Tally:
    """Count a cell; of a frozen block, only what was recorded until it was frozen.

    ``frozen`` gives, for each frozen block, the highest identifier it counts: identifiers grow
    with the time of recording. ``seances`` is the day each situation was first examined.
    """
    counted = Tally({block: Block() for block in blocks})
    places = _places(blocks)
    limits = np.array([frozen.get(block, 2**63 - 1) for block in blocks])
    examined = np.array(sorted((row, day_number(day)) for row, day in seances.items()), np.int64)
    held = list(counted.blocks.values())
    for found in columns(session, reader, cell):
        place = places[number_at(found.entries, SAISINE_AT, ">u2")]
        place[found.entries["id"] > limits[place]] = UNCOUNTED
        for number in np.unique(place[place != UNCOUNTED]).tolist():
            inside = found.entries[place == number]
            others = found.others[np.isin(found.others["id"], inside["id"])]
            held[number].parts.append(Columns(inside, others))
            held[number].waits += _waits(inside, examined.reshape(-1, 2))
    return counted


def families_and_schools(
    session: Session, reader: Reader, cell: str, only: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Whom some situations are about: a family and a school, as numbers."""
    query = select(Situation.key_version, Situation.id, Situation.facets).where(
        Situation.cell == cell, Situation.archived_on.is_(None), Situation.id.in_(only)
    )
    rows = session.execute(query).all()
    school, made_by = COLUMNS.index("etablissement"), {}
    for version in {row.key_version for row in rows}:
        ids = [row.id for row in rows if row.key_version == version]
        blobs = [row.facets for row in rows if row.key_version == version]
        opened = reader.facets_of_many(cell, version, ids, blobs, Situation.__tablename__)
        held = columns_of(ids, opened).entries
        makers = zip(held["family"].tolist(), held["facets"][:, school].tolist(), strict=True)
        made_by.update(zip(ids, makers, strict=True))
    return made_by


def _waits(entries: Column, examined: Column) -> list[int]:
    """Days from the saisine to the first séance, of those that one examined."""
    if not len(examined):
        return []
    ids, days = examined.T
    at = np.minimum(np.searchsorted(ids, entries["id"]), len(ids) - 1)
    seen = ids[at] == entries["id"]
    waits = days[at[seen]] - number_at(entries[seen], SAISINE_AT, ">u2")
    return [int(wait) for wait in waits[waits >= 0]]


def _places(blocks: Sequence[Period]) -> Column:
    """The block of each day."""
    found = np.full(DAYS, UNCOUNTED)
    for place, block in enumerate(blocks):
        found[day_number(block.since) : day_number(block.until) + 1] = place
    return found
