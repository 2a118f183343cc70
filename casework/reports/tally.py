"""Counting a cell's facets, block by block: thousands of small blobs, no record opened.

One pass keeps, for each situation of the periods asked for, the fixed part of its facets and a
checksum of its surname's sounds, which stands for the family. Counting then slices columns.
"""

import struct
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.reports.periods import Period
from casework.situations.facets import COLUMNS, LAYOUT, SAISINE_AT, SUITES_AT, codes, day_number
from casework.situations.models import Situation
from casework.vault.keyring import Reader

# What a saisine says once and for all, and what changes as the follow-up goes.
STATIC = ("typologie", "origine", "tranche_age", "sexe", "niveau", "quartier")
CROSSED = (("typologie", "tranche_age"), ("typologie", "quartier"))
FOLLOW_UP = ("statut", "suite")
BATCH = 5_000
SIZE = LAYOUT.size
SUITES = struct.Struct(f">{SUITES_AT.start}xQ{SIZE - SUITES_AT.stop}x")
BIRTH = struct.Struct(f">{SAISINE_AT.stop}xH{SIZE - SAISINE_AT.stop - 2}x")
UNCOUNTED = -1

Key = int | tuple[int, int]
Counts = dict[str, dict[Key, int]]


def crossed_name(first: str, second: str) -> str:
    return f"{first}*{second}"


@dataclass
class Block:
    """The situations of one block, without a name."""

    rows: bytearray = field(default_factory=bytearray)
    families: array = field(default_factory=lambda: array("I"))
    waits: list[int] = field(default_factory=list)  # days from the saisine to the first séance

    def __len__(self) -> int:
        return len(self.families)

    def column(self, name: str) -> bytes:
        return bytes(self.rows[COLUMNS.index(name) :: SIZE])

    def suites(self) -> Counter[Key]:
        counted: Counter[Key] = Counter()
        for (mask,), number in Counter(SUITES.iter_unpack(self.rows)).items():
            for code in codes(mask):
                counted[code] += number
        return counted


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
        counted: Counts = {name: dict(Counter(column)) for name, column in columns.items()}
        for first, second in CROSSED:
            pairs = Counter(zip(columns[first], columns[second], strict=True))
            counted[crossed_name(first, second)] = dict(pairs)
        counted["suite"] = dict(held.suites())
        return counted

    def waits(self, blocks: Iterable[Period]) -> list[int]:
        return [wait for block in blocks for wait in self.blocks[block].waits]

    def people(self, blocks: Iterable[Period]) -> int:
        """Young people concerned: one birth date and one surname's sound is one person."""
        known = set()
        for block in blocks:
            held = self.blocks[block]
            known.update(zip(BIRTH.iter_unpack(held.rows), held.families, strict=True))
        return len(known)


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
    limits = [frozen.get(block, 2**63) for block in blocks]
    held = [counted.blocks[block] for block in blocks]
    query = select(Situation.key_version, Situation.id, Situation.facets).where(
        Situation.cell == cell
    )
    # Plain rows, batch by batch: no object is made, and memory stays flat.
    rows = session.connection().execute(query, execution_options={"yield_per": BATCH})
    checksum, examined = zlib.crc32, {row: day_number(day) for row, day in seances.items()}
    for batch in rows.partitions():
        for version in {row[0] for row in batch}:
            pairs = [(row[1], row[2]) for row in batch if row[0] == version]
            for row_id, raw in reader.facets(cell, version, pairs, Situation.__tablename__):
                place = places.get(raw[SAISINE_AT], UNCOUNTED)
                if place == UNCOUNTED or row_id > limits[place]:
                    continue
                block = held[place]
                block.rows += raw[:SIZE]
                # No sound, no family: such a situation stands for itself.
                block.families.append(
                    checksum(raw[SIZE:]) if len(raw) > SIZE else row_id & 0xFFFFFFFF
                )
                if row_id in examined:
                    wait = examined[row_id] - int.from_bytes(raw[SAISINE_AT], "big")
                    if wait >= 0:
                        block.waits.append(wait)
    return counted


def _places(blocks: Sequence[Period]) -> dict[bytes, int]:
    """The block of each day, by the two bytes a facet holds it in."""
    return {
        day.to_bytes(2, "big"): place
        for place, block in enumerate(blocks)
        for day in range(day_number(block.since), day_number(block.until) + 1)
    }
