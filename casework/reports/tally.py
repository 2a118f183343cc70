"""Counting a cell's facets, block by block: thousands of small blobs, no record opened.

One pass keeps, for each situation of the periods asked for, the fixed part of its facets and a
checksum of its surname's sounds, which stands for the family. Counting then works on columns.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.reports.periods import Period
from casework.situations.facets import (
    COLUMNS,
    LAYOUT,
    OTHERS,
    SAISINE_AT,
    SUITES_AT,
    day_number,
)
from casework.situations.models import Situation
from casework.vault.keyring import Reader

# What a saisine says once and for all, and what changes as the follow-up goes.
STATIC = ("typologie", "origine", "tranche_age", "sexe", "niveau", "quartier", "etablissement")
# Every crossing shares the typologie: coherent tables are then those of a possible town.
CROSSED = (("typologie", "statut"), ("typologie", "tranche_age"), ("typologie", "quartier"))
RECAP = "typologie*statut"  # the situations handled, and what became of them (000:1694)
FOLLOW_UP = ("statut", "suite", RECAP)
BATCH = 5_000
SIZE = LAYOUT.size
BIRTH_AT = slice(SAISINE_AT.stop, SAISINE_AT.stop + 2)
CODES = 256  # a code is one byte
DAYS = 2**16
UNCOUNTED = -1
TABLE = Situation.__tablename__

Key = int | tuple[int, int]
Counts = dict[str, dict[Key, int]]
Column = np.ndarray


def crossed_name(first: str, second: str) -> str:
    return f"{first}*{second}"


@dataclass
class Block:
    """The situations of one block, without a name."""

    rows: bytearray = field(default_factory=bytearray)
    families: array = field(default_factory=lambda: array("I"))
    # Birth and family of each person concerned after the first.
    others: list[tuple[int, int]] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)  # days from the saisine to the first séance

    def __len__(self) -> int:
        return len(self.families)

    def _table(self) -> Column:
        return np.frombuffer(bytes(self.rows), np.uint8).reshape(-1, SIZE)

    def column(self, name: str) -> Column:
        return self._table()[:, COLUMNS.index(name)]

    def family(self) -> Column:
        return np.array(self.families, dtype=np.uint32)

    def births(self) -> Column:
        return self._number(BIRTH_AT, ">u2")

    def suites(self) -> Column:
        """One mask of suites for each situation."""
        return self._number(SUITES_AT, ">u8")

    def _number(self, place: slice, kind: str) -> Column:
        return np.ascontiguousarray(self._table()[:, place]).view(kind).ravel()


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
        held = [self.blocks[block] for block in blocks]
        first = [one.births().astype(np.uint64) << 32 | one.family() for one in held]
        others = [born << 32 | family for one in held for born, family in one.others]
        return len(np.unique(np.concatenate([*first, np.array(others, dtype=np.uint64)])))


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
    held = list(counted.blocks.values())
    examined = {row: day_number(day) for row, day in seances.items()}
    for ids, opened in facets(session, reader, cell):
        rows = b"".join([raw[:SIZE] for raw in opened])
        table = np.frombuffer(rows, np.uint8).reshape(-1, SIZE)
        place = places[np.ascontiguousarray(table[:, SAISINE_AT]).view(">u2").ravel()]
        place[np.array(ids) > limits[place]] = UNCOUNTED
        for number in np.unique(place[place != UNCOUNTED]).tolist():
            inside = (place == number).nonzero()[0]
            held[number].rows += table[inside].tobytes()
            found = [(ids[row], opened[row]) for row in inside.tolist()]
            _keep(held[number], found, examined)
    return counted


def facets(
    session: Session, reader: Reader, cell: str, only: Sequence[int] | None = None
) -> Iterator[tuple[Sequence[int], list[bytes]]]:
    """Identifiers and facets of a cell, batch by batch: no object is made, memory is flat."""
    query = select(Situation.key_version, Situation.id, Situation.facets).where(
        Situation.cell == cell, Situation.archived_on.is_(None)
    )
    if only is not None:
        query = query.where(Situation.id.in_(only))
    # Not the driver's own cursor: SQLAlchemy has already taken the first row from it.
    found = session.connection().execute(query, execution_options={"yield_per": BATCH})
    with closing(found):
        for batch in found.partitions():
            for version in {row[0] for row in batch}:
                ids = [row[1] for row in batch if row[0] == version]
                blobs = [row[2] for row in batch if row[0] == version]
                yield ids, reader.facets_of_many(cell, version, ids, blobs, TABLE)


def families_and_schools(
    session: Session, reader: Reader, cell: str, only: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Whom some situations are about: a family and a school, as numbers."""
    school = COLUMNS.index("etablissement")
    return {
        row_id: (family_of(row_id, raw[SIZE:].split(OTHERS, 1)[0]), raw[school])
        for ids, opened in facets(session, reader, cell, only)
        for row_id, raw in zip(ids, opened, strict=True)
    }


def family_of(row_id: int, sounds: bytes) -> int:
    """No sound, no family: such a situation stands for itself."""
    return zlib.crc32(sounds) if sounds else row_id & 0xFFFFFFFF


def _keep(block: Block, found: Iterable[tuple[int, bytes]], examined: Mapping[int, int]) -> None:
    for row_id, raw in found:
        tail = raw[SIZE:]
        if OTHERS in tail:
            tail, *others = tail.split(OTHERS)
            block.others += [_other(part) for part in others]
        block.families.append(family_of(row_id, tail))
        if row_id in examined:
            wait = examined[row_id] - int.from_bytes(raw[SAISINE_AT], "big")
            if wait >= 0:
                block.waits.append(wait)


def _other(part: bytes) -> tuple[int, int]:
    born, _, sounds = part.partition(b":")
    return int(born), zlib.crc32(sounds)


def _places(blocks: Sequence[Period]) -> Column:
    """The block of each day."""
    found = np.full(DAYS, UNCOUNTED)
    for place, block in enumerate(blocks):
        found[day_number(block.since) : day_number(block.until) + 1] = place
    return found
