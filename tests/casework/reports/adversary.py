"""Someone who reads every published table and knows linear programming.

Written apart from the product, from what it publishes: the numbers shown, and which are hidden.
This one knows more than a reader would: which lines are empty, in every report.
"""

from collections.abc import Iterable, Sequence

import highspy

from casework.reports.joint import STAGES, TABLES, Place, Publication
from casework.reports.periods import Period
from casework.reports.sources import SOURCES

EPSILON = 1e-6  # of floating point
ONE_WAY = (
    *("typologie", "origine", "tranche_age", "sexe", "niveau", "quartier", "statut"),
    "etablissement",
)
TWO_WAY = (("typologie", "tranche_age"), ("typologie", "quartier"), ("typologie", "statut"))
COUNTED = (*(name for name in TABLES if name not in STAGES), *(one.table for one in SOURCES))


class Adversary:
    """Bounds of any sum of counts, given everything published."""

    def __init__(self, publications: Sequence[Publication]) -> None:
        self._solver = solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        self._publications = publications
        self._counts: dict[tuple[Period, str, object], highspy.highs.highs_var] = {}
        for block in {block for one in publications for block in one.counts}:
            for table, key in self._lines(block):
                self._counts[block, table, key] = solver.addVariable(lb=0, ub=1000)
            self._margins(block)
        for one in publications:
            for place, shown in one.shown.items():
                unknown = self._sum(place)
                if unknown is None:
                    assert shown == 0
                elif one.rounded:
                    solver.addConstr(unknown >= max(0, shown - 4))
                    solver.addConstr(unknown <= shown + 4)
                else:
                    solver.addConstr(unknown == shown)

    def _lines(self, block: Period) -> set[tuple[str, object]]:
        """The lines of a block that are empty in no report about it."""
        held = [
            {(table, key) for table in COUNTED for key in one.keys(period, table)}
            for one in self._publications
            for period in one.periods
            if period.contains(block)
        ]
        return set.intersection(*held)

    def _margins(self, block: Period) -> None:
        solver = self._solver
        told = {
            table
            for one in self._publications
            for counts in one.counts.values()
            for table in counts
        }
        for source in SOURCES:
            acts = self._counts.get((block, source.whole, 0))
            if acts is not None and source.table in told:
                self._equal(self._of(block, source.table).values(), acts)
        total = self._counts.get((block, "total", 0))
        if total is None:
            return
        for table in told.intersection(ONE_WAY):
            self._equal(self._of(block, table).values(), total)
        for unknown in self._of(block, "suite").values():
            solver.addConstr(unknown <= total)
        for first, second in TWO_WAY:
            if f"{first}*{second}" not in told:
                continue
            pairs = self._of(block, f"{first}*{second}")
            for side, name in enumerate((first, second)):
                for key, unknown in self._of(block, name).items():
                    lines = [pair for at, pair in pairs.items() if at[side] == key]
                    self._equal(lines, unknown)

    def _equal(self, parts: Iterable, whole: highspy.highs.highs_var) -> None:
        """Lines add up to their whole; no line at all, to nothing."""
        self._solver.addConstr(whole - 1 * sum(parts, start=whole * 0) == 0)

    def _of(self, block: Period, table: str) -> dict:
        return {k: v for (b, t, k), v in self._counts.items() if b == block and t == table}

    def _sum(self, place: Place):
        period, table, key = place
        if table in STAGES:
            table, stages = STAGES[table]
            lines = [self._sum((period, table, outcome)) for outcome in stages[key]]
            return _added([line for line in lines if line is not None])
        parts = [self._counts.get((block, table, key)) for block in period.blocks()]
        return _added([part for part in parts if part is not None])

    def bounds(self, place: Place) -> tuple[float, float]:
        unknown = self._sum(place)
        assert unknown is not None
        found = []
        for optimise in (self._solver.minimize, self._solver.maximize):
            optimise(unknown + 0)
            assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found.append(self._solver.getObjectiveValue())
        return found[0], found[1]


def _added(parts: Iterable):
    total = None
    for part in parts:
        total = part + 0 if total is None else total + part
    return total


def narrowed(publications: Sequence[Publication], threshold: int) -> list[str]:
    """Small numbers that all these reports together give away, hidden or not even asked about."""
    adversary = Adversary(publications)
    found = []
    for place, count in _small(publications, threshold).items():
        low, high = adversary.bounds(place)
        rounded = any(one.rounded for one in publications)
        width = high - low + EPSILON
        whole = low <= 1 + EPSILON and high + EPSILON >= threshold
        safe = width >= threshold - 1 if rounded else whole
        if not safe:
            found.append(f"{place} is {count}, between {low} and {high}")
    for one in publications:
        for place in one.dominated:
            if place not in one.shown:
                low, high = adversary.bounds(place)
                if high - low + EPSILON < threshold - 1:
                    found.append(f"{place}, of one family or school, between {low} and {high}")
    return found


def _small(publications: Sequence[Publication], threshold: int) -> dict[Place, int]:
    """Every small number of the periods published, and of what lies between two of them."""
    periods = {period for one in publications for period in one.periods}
    between = {
        Period(first, last)
        for one in periods
        for other in periods
        for first, last in ((one.since, other.since), (other.until, one.until))
        if one.contains(other) and first < last
        for first, last in (_rest(one, other, first),)
    }
    found = {}
    for period in periods | between:
        owner = next(
            (one for one in publications if all(b in one.counts for b in period.blocks())), None
        )
        if owner is None:
            continue
        for table in {table for block in period.blocks() for table in owner.counts[block]}:
            for key in owner.keys(period, table):
                count = owner.value(period, table, key)
                if 0 < count < threshold:
                    found[period, table, key] = count
    return found


def _rest(one: Period, other: Period, first: object) -> tuple:
    if first == one.since:
        return one.since, [b for b in one.blocks() if b.until < other.since][-1].until
    return next(b for b in one.blocks() if b.since > other.until).since, one.until
