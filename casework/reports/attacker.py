"""What an attacker can work out from published numbers: linear programming over unknown counts.

The counts behind the tables are unknowns, whole and not negative; every published number is an
equation between them. A linear programme gives the smallest and the largest value each sum of
unknowns may take (Fischetti & Salazar 2001; Hundepool et al. 2012, chapter 4). A bound counts only
when a whole number of people reaches it: the solution is then another town, which would have
published the very same tables, and no reader can tell which of the two is the real one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

Parts = tuple[int, ...]
World = np.ndarray
EPSILON = 1e-6
NODES = 500  # of a branch and bound; giving up is safe: what is not proved is hidden
GAP = 0.5  # any world that goes far enough will do, the furthest is not needed
SOLVED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)


@dataclass(frozen=True)
class Claim:
    """What a reader is told of a sum of unknowns: it lies between two bounds, both included."""

    parts: Parts
    low: int
    high: int | None


@dataclass
class Unknowns:
    """The true counts, and what everybody knows of how they add up."""

    counts: list[int] = field(default_factory=list)
    sums: list[tuple[int, Parts]] = field(default_factory=list)  # whole = parts added up
    within: list[tuple[int, int]] = field(default_factory=list)  # small ≤ large
    claims: list[Claim] = field(default_factory=list)  # published already

    def add(self, count: int) -> int:
        self.counts.append(count)
        return len(self.counts) - 1

    def value(self, parts: Iterable[int]) -> int:
        return sum(self.counts[part] for part in parts)


class Attacker:
    """A solver that holds everything published, and cells that may be hidden or shown.

    Each cell is an equation with two slacks, closed while the cell is shown. True zeros are no
    unknowns: the attacker is supposed to know them all, which only makes the proof harder.
    """

    def __init__(self, unknowns: Unknowns, cells: Sequence[Parts]) -> None:
        self._solver = solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_max_nodes", NODES)
        solver.setOptionValue("mip_rel_gap", GAP)
        self._unknowns, self._cells = unknowns, cells
        self._size = size = len(unknowns.counts)
        self._values = [unknowns.value(parts) for parts in cells]
        self._shown = set(range(len(cells)))
        infinity = highspy.kHighsInf
        # A town of any size would do; a bounded one keeps every programme bounded.
        largest = 2.0 * max((*unknowns.counts, 50))
        for _ in range(size):
            solver.addVar(0.0, largest)
        for _ in range(2 * len(cells)):
            solver.addVar(0.0, 0.0)
        for whole, parts in unknowns.sums:
            self._row(0.0, 0.0, (*parts, whole), (*(1.0 for _ in parts), -1.0))
        for small, large in unknowns.within:
            self._row(-infinity, 0.0, (small, large), (1.0, -1.0))
        for claim in unknowns.claims:
            high = infinity if claim.high is None else float(claim.high)
            self._row(float(claim.low), high, claim.parts, [1.0] * len(claim.parts))
        for cell, (parts, value) in enumerate(zip(cells, self._values, strict=True)):
            more, fewer = self._slacks(cell)
            coefficients = (*(1.0 for _ in parts), -1.0, 1.0)
            self._row(float(value), float(value), (*parts, more, fewer), coefficients)
        self._target = solver.getNumRow()
        self._row(-infinity, infinity, (), ())

    def _row(
        self, low: float, high: float, columns: Sequence[int], coefficients: Sequence[float]
    ) -> None:
        self._solver.addRow(
            low,
            high,
            len(columns),
            np.array(columns, dtype=np.int32),
            np.array(coefficients, dtype=np.float64),
        )

    def _slacks(self, cell: int) -> tuple[int, int]:
        first = self._size + 2 * cell
        return first, first + 1

    def hide(self, cell: int, *, cost: float = 0.0) -> None:
        """The cell may differ from its value; ``cost`` is what each unit of difference costs."""
        self._shown.discard(cell)
        more, fewer = self._slacks(cell)
        self._solver.changeColBounds(more, 0.0, highspy.kHighsInf)
        self._solver.changeColBounds(fewer, 0.0, float(self._values[cell]))
        self._solver.changeColCost(more, cost)
        self._solver.changeColCost(fewer, cost)

    def show(self, cell: int) -> None:
        self._shown.add(cell)
        for slack in self._slacks(cell):
            self._solver.changeColBounds(slack, 0.0, 0.0)
            self._solver.changeColCost(slack, 0.0)

    def extreme(
        self, parts: Collection[int], *, most: bool, enough: int | None = None
    ) -> World | None:
        """A world in which these unknowns add up to the most, or to the least, or to ``enough``."""
        sign = -1.0 if most else 1.0
        for part in parts:
            self._solver.changeColCost(part, sign)
        world = self._whole(None if enough is None else sign * enough)
        for part in parts:
            self._solver.changeColCost(part, 0.0)
        return world

    def cheapest(self, parts: Parts, low: int | None, high: int | None) -> dict[int, float] | None:
        """The least costly differences that let the sum reach a bound; None if nothing does."""
        infinity = highspy.kHighsInf
        for part in parts:
            self._solver.changeCoeff(self._target, part, 1.0)
        self._solver.changeRowBounds(
            self._target,
            -infinity if low is None else float(low),
            infinity if high is None else float(high),
        )
        moved = self._differences() if self._solve() else None
        for part in parts:
            self._solver.changeCoeff(self._target, part, 0.0)
        self._solver.changeRowBounds(self._target, -infinity, infinity)
        return moved

    def _differences(self) -> dict[int, float]:
        solution = self._solver.getSolution().col_value
        found = {}
        for cell in range(len(self._cells)):
            more, fewer = self._slacks(cell)
            moved = solution[more] + solution[fewer]
            if moved > EPSILON:
                found[cell] = moved
        return found

    def _solve(self) -> bool:
        self._solver.run()
        return self._solver.getModelStatus() in SOLVED

    def _whole(self, enough: float | None) -> World | None:
        """The optimum in whole people: the programme's own when it is, else branch and bound.

        Not even looked for when the programme itself, fractions allowed, does not reach enough.
        """
        solver = self._solver
        if not self._solve():
            return None
        world = self._rounded()
        out_of_reach = enough is not None and solver.getObjectiveValue() > enough + EPSILON
        if world is not None or out_of_reach:
            return world
        if enough is not None:
            solver.setOptionValue("objective_target", enough + EPSILON)
        self._integrality(highspy.HighsVarType.kInteger)
        world = self._rounded() if self._solve() else None
        self._integrality(highspy.HighsVarType.kContinuous)
        solver.setOptionValue("objective_target", -highspy.kHighsInf)
        return world

    def _rounded(self) -> World | None:
        world = np.array(self._solver.getSolution().col_value[: self._size])
        whole = np.rint(world)
        if np.abs(world - whole).max(initial=0) >= EPSILON:
            return None
        town = whole.astype(np.int64)
        return town if self._published_by(town) else None

    def _published_by(self, town: World) -> bool:
        """Would this town have published the same tables? Checked again, in whole numbers: the
        solver works within tolerances, and a proof does not."""
        known = self._unknowns

        def added(parts: Parts) -> int:
            return sum(int(town[part]) for part in parts)

        return (
            bool((town >= 0).all())
            and all(added(parts) == int(town[whole]) for whole, parts in known.sums)
            and all(town[small] <= town[large] for small, large in known.within)
            and all(
                claim.low <= added(claim.parts)
                and (claim.high is None or added(claim.parts) <= claim.high)
                for claim in known.claims
            )
            and all(added(self._cells[cell]) == self._values[cell] for cell in self._shown)
        )

    def _integrality(self, kind: highspy.HighsVarType) -> None:
        columns = np.arange(self._size, dtype=np.int32)
        kinds = np.full(self._size, int(kind), dtype=np.uint8)
        self._solver.changeColsIntegrality(self._size, columns, kinds)
