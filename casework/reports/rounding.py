"""Controlled rounding: every number becomes a neighbouring multiple of the threshold, and the lines
of each table still add up to its total (Cox 1987; Fischetti & Salazar 1998).

The roundings are chosen together by a small integer programme, then attacked like any other
published numbers: a reader knows that each true number is less than one base away.
"""

from collections.abc import Sequence

import highspy
import numpy as np

from casework.reports.attacker import Attacker, Claim, Parts, Unknowns
from casework.reports.protection import Unprotectable

Sums = Sequence[tuple[int, Sequence[int]]]


def round_together(
    unknowns: Unknowns, cells: Sequence[Parts], sums: Sums, guarded: Sequence[Parts], base: int
) -> list[int]:
    """A multiple of ``base`` for each cell, keeping the sums (whole cell, cells of its lines).

    Unprotectable if an attacker would still narrow a small number, or a guarded one, to less than
    ``base`` possible values.
    """
    rounded = _round([unknowns.value(parts) for parts in cells], sums, base)
    margin = base - 1
    known = Unknowns(
        unknowns.counts,
        unknowns.sums,
        unknowns.within,
        [
            *unknowns.claims,
            *(
                Claim(parts, max(0, value - margin), value + margin)
                for parts, value in zip(cells, rounded, strict=True)
            ),
        ],
    )
    attacker = Attacker(known, [])
    small = [(unknown,) for unknown, count in enumerate(unknowns.counts) if 0 < count < base]
    for parts in [*small, *guarded]:
        least, most = (attacker.extreme(parts, most=side) for side in (False, True))
        if least is None or most is None or _sum(most, parts) - _sum(least, parts) < margin:
            raise Unprotectable
    return rounded


def _sum(world: np.ndarray, parts: Parts) -> int:
    return sum(int(world[part]) for part in parts)


def _round(values: Sequence[int], sums: Sums, base: int) -> list[int]:
    """Nearest multiples, moved to the other neighbour where a sum would not hold."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for value in values:
        below, rest = divmod(value, base)
        solver.addVar(float(below), float(below + bool(rest)))
        column = solver.getNumCol() - 1
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        # Going up costs what it adds less what going down would take away.
        solver.changeColCost(column, float(base - 2 * rest) if rest else 0.0)
    for whole, lines in sums:
        columns = np.array([*lines, whole], dtype=np.int32)
        solver.addRow(0.0, 0.0, len(columns), columns, np.array([1.0] * len(lines) + [-1.0]))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise Unprotectable
    return [round(value) * base for value in solver.getSolution().col_value]
