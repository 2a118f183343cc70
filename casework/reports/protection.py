"""Which cells of a report stay hidden so that nobody can be recognised, whatever one subtracts.

Primary suppression hides the small cells and those one family or school makes; complementary
suppression hides as few others as it takes (Cox 1980; Fischetti & Salazar 2001; Hundepool et al.
2012). The tables of a report, and the reports published before it, are protected together. The
proof kept for each small number is a pair of other towns (:mod:`casework.reports.attacker`) that
would have published the same tables: in one the number is 1 or less, in the other the threshold or
more. docs/rapports.md explains it in French.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casework.reports.attacker import Attacker, Parts, Unknowns, World

MOST_SEARCHES = 400  # after which nothing more is shown again: safe, only less generous


class Unprotectable(Exception):
    """Whatever is hidden, what was published already would give a small number away."""


@dataclass(frozen=True)
class Cell:
    """A number of a table, before it is decided whether it is shown."""

    parts: Parts
    sensitive: bool = False  # made by one family or one school, whatever its size
    fixed: bool = False  # never hidden: the total of a report that is published at all


@dataclass(frozen=True)
class Need:
    """A sum of unknowns that must be able to be as small, and as large, as these."""

    parts: Parts
    low: int
    high: int


def protect(
    unknowns: Unknowns, cells: Sequence[Cell], threshold: int, guarded: Sequence[Parts] = ()
) -> frozenset[int]:
    """The indices of the cells to hide; Unprotectable when hiding them all is not enough.

    ``guarded`` are sums that earlier reports hid whatever their size.
    """
    return _Protection(unknowns, cells, threshold, guarded).hidden()


class _Protection:
    def __init__(
        self,
        unknowns: Unknowns,
        cells: Sequence[Cell],
        threshold: int,
        guarded: Sequence[Parts],
    ) -> None:
        self._unknowns, self._cells, self._threshold = unknowns, cells, threshold
        self._guarded = guarded
        self._values = [unknowns.value(cell.parts) for cell in cells]
        self._attacker = Attacker(unknowns, [cell.parts for cell in cells])
        self._primary = {
            index
            for index, cell in enumerate(cells)
            if self._values[index] and (cell.sensitive or self._values[index] < threshold)
        }
        if any(cells[index].fixed for index in self._primary):
            raise Unprotectable
        self._hidden = set(self._primary)
        self._worlds: list[World] = []
        self._searches = 0
        self._reasons: dict[int, set[Need]] = {}  # why each further cell was hidden

    def hidden(self) -> frozenset[int]:
        for cell in self._primary:
            self._attacker.hide(cell)
        needs = list(dict.fromkeys(self._needs()))
        self._satisfy(needs)
        widened = self._widen()
        self._release([*needs, *widened])
        return frozenset(self._hidden)

    def _needs(self) -> Iterable[Need]:
        """Small counts, published or not, and every cell hidden for itself."""
        threshold = self._threshold
        for unknown, count in enumerate(self._unknowns.counts):
            if 0 < count < threshold:
                yield Need((unknown,), 1, threshold)
        hidden = [self._cells[index].parts for index in sorted(self._primary)]
        for parts in [*hidden, *self._guarded]:
            value = self._unknowns.value(parts)
            if value < threshold:
                yield Need(parts, 1, threshold)
            else:
                margin = threshold - 1
                yield Need(parts, max(1, value - margin), value + margin)

    def _satisfy(self, needs: Sequence[Need]) -> None:
        ordered = sorted(needs, key=lambda need: self._unknowns.value(need.parts))
        for most in (True, False):
            self._explore(ordered, most=most)
        for need in ordered:
            self._reach(need, most=True)
            self._reach(need, most=False)

    def _explore(self, needs: Sequence[Need], *, most: bool) -> None:
        """Worlds that satisfy many needs at once, as long as each finds new ones."""
        waiting = list(needs)
        while waiting:
            everywhere = sorted({part for need in waiting for part in need.parts})
            world = self._attacker.extreme(everywhere, most=most)
            if world is None:
                return
            left = [need for need in waiting if not self._reached(need, world, most=most)]
            if len(left) == len(waiting):
                return
            self._worlds.append(world)
            waiting = left

    def _reached(self, need: Need, world: World, *, most: bool) -> bool:
        found = sum(int(world[part]) for part in need.parts)
        return found >= need.high if most else found <= need.low

    def _known(self, need: Need, *, most: bool) -> bool:
        return any(self._reached(need, world, most=most) for world in reversed(self._worlds))

    def _met(self, need: Need, *, most: bool) -> bool:
        """Is there a world for this side of the need, among those known or by looking for one?"""
        if self._known(need, most=most):
            return True
        enough = need.high if most else need.low
        world = self._attacker.extreme(need.parts, most=most, enough=enough)
        self._searches += 1
        if world is None or not self._reached(need, world, most=most):
            return False
        self._worlds.append(world)
        return True

    def _reach(self, need: Need, *, most: bool) -> None:
        """Hide the least it takes for one side of a need."""
        while not self._met(need, most=most):
            low, high = (need.high, None) if most else (None, need.low)
            open_to = [i for i in range(len(self._cells)) if self._may_hide(i)]
            for index in open_to:
                self._attacker.hide(index, cost=float(self._values[index]))
            moved = self._attacker.cheapest(need.parts, low, high)
            chosen = sorted(set(moved or ()) - self._hidden)
            for index in open_to:
                self._attacker.show(index)
            if moved is None:
                raise Unprotectable
            if not chosen:  # possible, but not in whole people: the next cell gives room
                chosen = sorted(open_to, key=lambda index: self._values[index])[:1]
            if not chosen:
                raise Unprotectable
            for index in chosen:
                self._hidden.add(index)
                self._attacker.hide(index)
                self._reasons.setdefault(index, set()).add(need)

    def _may_hide(self, index: int) -> bool:
        cell = self._cells[index]
        return index not in self._hidden and not cell.fixed and self._values[index] > 0

    def _widen(self) -> list[Need]:
        """A cell hidden for the sake of others must not be worked out either."""
        widened: dict[int, Need] = {}
        while waiting := sorted(self._hidden - self._primary - widened.keys()):
            index = waiting[0]
            parts = self._cells[index].parts
            low = self._attacker.extreme(parts, most=False)
            if low is None:
                raise Unprotectable
            self._worlds.append(low)
            least = min(self._values[index], sum(int(low[part]) for part in parts))
            need = Need(parts, least, least + self._threshold - 1)
            self._reach(need, most=True)
            widened[index] = need
        return list(widened.values())

    def _release(self, needs: Sequence[Need]) -> None:
        """Show again each cell that later choices made superfluous, the largest first."""
        extra = sorted(self._hidden - self._primary, key=lambda i: (-self._values[i], i))
        for index in extra:
            if self._searches > MOST_SEARCHES:
                return
            parts, before = self._cells[index].parts, self._worlds
            self._worlds = [world for world in before if not self._moves(index, world)]
            self._attacker.show(index)
            others = [need for need in needs if need.parts != parts]
            first = [need for need in others if need in self._reasons.get(index, ())]
            if self._all_met(first) and self._all_met(others):
                self._hidden.remove(index)
                needs = others
            else:
                self._attacker.hide(index)
                self._worlds = before

    def _all_met(self, needs: Sequence[Need]) -> bool:
        for most in (True, False):
            self._explore([need for need in needs if not self._known(need, most=most)], most=most)
            if not all(self._met(need, most=most) for need in needs):
                return False
        return True

    def _moves(self, index: int, world: World) -> bool:
        return sum(int(world[part]) for part in self._cells[index].parts) != self._values[index]
