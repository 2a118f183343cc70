"""Numbers that one family or one school makes: hidden whatever their size.

A number is shown only if it counts at least the threshold of different families, and if no family
nor school makes more than three quarters of it: dominance rule (1, 75 %) of Hundepool et al.
(2012, §4.2.2). A school that already makes three quarters of the whole report singles nobody out;
nor does a school in the table of schools, where it is the question and not the answer.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from casework.reports.periods import Period
from casework.reports.sources import Act, Source
from casework.reports.tally import (
    CODES,
    CROSSED,
    STATIC,
    Block,
    Column,
    Key,
    Tally,
    crossed_name,
    having_suites,
    pair,
)

MOST = 0.75
SCHOOLS = "etablissement"


def dominated(tally: Tally, blocks: Iterable[Period], threshold: int) -> set[tuple[str, Key]]:
    """Tables and codes that one family or one school makes, over these blocks together."""
    held = [tally.blocks[block] for block in blocks]
    columns = {
        name: np.concatenate([block.column(name) for block in held]) for name in (*STATIC, "statut")
    }
    families = np.concatenate([block.family() for block in held])
    makers = Makers(families, columns[SCHOOLS], threshold)
    found: set[tuple[str, Key]] = {
        (name, code)
        for name, column in columns.items()
        for code in makers.make(column, by_school=name != SCHOOLS)
    }
    for first, second in CROSSED:
        crossed = makers.make(pair(columns[first], columns[second]))
        found |= {(crossed_name(first, second), divmod(code, CODES)) for code in crossed}
    return found | {("suite", code) for code in makers.make(*_suites(held))}


def dominated_acts(
    acts: Mapping[Source, Sequence[Act]],
    made_by: Mapping[int, tuple[int, int]],
    threshold: int,
) -> set[tuple[str, Key]]:
    """The same of rappels and transactions; ``made_by`` is each situation's family and school."""
    found: set[tuple[str, Key]] = set()
    for source, done in acts.items():
        if not done:
            continue
        makers = [made_by.get(act.situation, (act.situation & 0xFFFFFFFF, 0)) for act in done]
        families, schools = (np.array(column, np.uint32) for column in zip(*makers, strict=True))
        counted = Makers(families, schools, threshold)
        reached = [
            (code, row)
            for row, act in enumerate(done)
            for code, stage in source.stages.items()
            if act.outcome in stage.outcomes
        ]
        rows = np.array([row for _, row in reached], np.int64)
        codes = np.array([code for code, _ in reached], np.uint8)
        found |= {(source.printed, code) for code in counted.make(codes, rows)}
        if not source.every:  # the total is never hidden
            found |= {(source.whole, code) for code in counted.make(np.zeros(len(done), np.uint8))}
    return found


class Makers:
    """Who makes the numbers of a report: the family and the school of each thing counted."""

    def __init__(self, families: Column, schools: Column, threshold: int) -> None:
        self._threshold = threshold
        # Sorted by family once: a stable sort by code is then quick, and groups families.
        self._order = np.argsort(families, kind="stable")
        self._families = np.cumsum(np.diff(families[self._order], prepend=families[:1]) != 0)
        counted = np.bincount(schools, minlength=CODES)
        common = counted > MOST * len(schools)
        common[0] = True  # no school is given
        self._schools = np.where(common[schools], 0, schools)[self._order]

    def make(
        self, keys: Column, rows: Column | None = None, *, by_school: bool = True
    ) -> list[int]:
        """The codes that too few families, or one school, make; ``rows`` says whose key it is."""
        if rows is None:
            keys, families, schools = keys[self._order], self._families, self._schools
        else:
            rank = np.empty(len(self._order), dtype=np.int64)
            rank[self._order] = np.arange(len(rank))
            order = np.argsort(rank[rows], kind="stable")
            at = rank[rows][order]
            keys, families, schools = keys[order], self._families[at], self._schools[at]
        sizes = np.bincount(keys)
        big = sizes >= self._threshold  # a smaller number is hidden anyway
        most, different = _runs(keys, families, len(sizes))
        found = big & ((different < self._threshold) | (most > MOST * sizes))
        if by_school:
            given = schools != 0
            order = np.argsort(schools[given], kind="stable")
            most, _ = _runs(keys[given][order], schools[given][order], len(sizes))
            found |= big & (most > MOST * sizes)
        return [int(code) for code in found.nonzero()[0]]


def _runs(keys: Column, makers: Column, size: int) -> tuple[Column, Column]:
    """For each code, the most that one maker makes of it, and how many make it.

    ``makers`` come sorted.
    """
    order = np.argsort(keys, kind="stable")  # a radix sort: codes are short numbers
    keys, makers = keys[order], makers[order]
    starts = np.ones(len(keys), dtype=bool)
    starts[1:] = (keys[1:] != keys[:-1]) | (makers[1:] != makers[:-1])
    first = starts.nonzero()[0]
    lengths = np.diff(first, append=len(keys))
    most = np.zeros(size, dtype=np.int64)
    np.maximum.at(most, keys[first], lengths)
    return most, np.bincount(keys[first], minlength=size)


def _suites(held: Sequence[Block]) -> tuple[Column, Column]:
    """Each suite given, and the situation it is given to."""
    codes, rows, before = [np.empty(0, np.uint8)], [np.empty(0, np.int64)], 0
    for block in held:
        for code, having in having_suites(block):
            found = having.nonzero()[0] + before
            codes.append(np.full(len(found), code, np.uint8))
            rows.append(found)
        before += len(block)
    return np.concatenate(codes), np.concatenate(rows)
