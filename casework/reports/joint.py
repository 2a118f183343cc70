"""Deciding one report together with those published before it.

Blocks that no report tells apart are one unknown. A follow-up table (statut, suites, rappels) is
dated: a number that has not moved since an earlier report is the same unknown, another when it has.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from casework.reports.attacker import Claim, Parts, Unknowns
from casework.reports.periods import ONE_DAY, Period
from casework.reports.protection import Cell, protect
from casework.reports.rounding import round_together
from casework.reports.sources import SOURCES, TOTAL
from casework.reports.tally import CROSSED, FOLLOW_UP, STATIC, Counts, Key, crossed_name

ALL: Key = 0
# The table each table's lines add up to, and the one a line of several answers stays within.
WHOLE = dict.fromkeys((*STATIC, "statut"), TOTAL) | {one.table: one.whole for one in SOURCES}
WITHIN = {"suite": TOTAL}
CROSSES = {crossed_name(*names): names for names in CROSSED}
CROSSED_ALONE = tuple(dict.fromkeys(name for names in CROSSED for name in names))
ALONE = tuple(name for name in (*STATIC, *FOLLOW_UP) if name not in CROSSES)
# A line of these adds up lines of another table, which is protected without being printed.
STAGES = {
    one.printed: (one.table, {code: stage.outcomes for code, stage in one.stages.items()})
    for one in SOURCES
}
FAMILIES = (
    (TOTAL, *CROSSED_ALONE, *CROSSES),
    *((TOTAL, name) for name in ALONE if name not in CROSSED_ALONE),
    *((one.whole, one.printed) for one in SOURCES),
)
TABLES = tuple(
    dict.fromkeys(
        (
            TOTAL,
            *ALONE,
            *CROSSES,
            *(name for one in SOURCES for name in (one.whole, one.printed)),
        )
    )
)

Place = tuple[Period, str, Key]


@dataclass(frozen=True)
class Publication:
    """What was, or is about to be, published: true numbers by block, and what is shown of them.

    A hidden number is in no table; ``counts`` is what stays sealed.
    """

    periods: Sequence[Period]
    counts: Mapping[Period, Counts]
    rounded: bool = False
    shown: Mapping[Place, int] = field(default_factory=dict)
    dominated: Collection[Place] = ()
    base: int = 5  # the cell's threshold of that day, which its numbers are rounded to

    def value(self, period: Period, table: str, key: Key) -> int:
        if table in STAGES:
            table, stages = STAGES[table]
            return sum(self.value(period, table, outcome) for outcome in stages[key])  # type: ignore[index]
        return sum(self.counts[block].get(table, {}).get(key, 0) for block in period.blocks())

    def keys(self, period: Period, table: str) -> list[Key]:
        """The codes of a table in a period, those that somebody has."""
        if table in STAGES:
            outcomes = set(self.keys(period, STAGES[table][0]))
            return [code for code, of in STAGES[table][1].items() if of & outcomes]
        found = {key for block in period.blocks() for key in self.counts[block].get(table, {})}
        return sorted(found, key=lambda key: key if isinstance(key, tuple) else (key,))

    def places(self) -> list[Place]:
        return [
            (period, table, key)
            for period in self.periods
            for table in TABLES
            for key in self.keys(period, table)
        ]


def decide(new: Publication, past: Iterable[Publication], threshold: int) -> dict[Place, int]:
    """The numbers a report may show; Unprotectable when even its total gives someone away.

    Tables that meet in the total alone are decided apart, against an attacker who would know the
    total of every block: that is more than is published, and it is quicker. A block of a few
    people must stay unknown: everything is then decided in one go.
    """
    linked = _linked(new, list(past))
    groups = _groups([new, *linked])
    owners = [_owner([new, *linked], blocks) for blocks in groups]
    totals = [
        _added(owner, blocks, TOTAL).get(ALL, 0)
        for owner, blocks in zip(owners, groups, strict=True)
    ]
    together = new.rounded or any(0 < total < threshold for total in totals)
    shown: dict[Place, int] = {}
    for tables in (TABLES,) if together else FAMILIES:
        system = _System(groups)
        if not together:
            for group, owner in enumerate(owners):
                for unknown in system.table(owner, group, TOTAL).values():
                    system.claim((unknown,), totals[group])
        shown |= _decide(new, linked, system, tables, threshold)
    return shown


def _decide(
    new: Publication,
    linked: Sequence[Publication],
    system: "_System",
    tables: Collection[str],
    threshold: int,
) -> dict[Place, int]:
    for published in linked:
        margin = published.base - 1 if published.rounded else 0
        for place in published.places():
            if place[1] in tables:
                parts = system.parts(published, place)  # a hidden one stays to be protected
                if (shown := published.shown.get(place)) is not None:
                    system.claim(parts, shown, margin)
    places = [place for place in new.places() if place[1] in tables]
    parts = [system.parts(new, place) for place in places]
    guarded = [
        system.parts(published, place)
        for published in linked
        for place in published.places()
        if place[1] in tables and place not in published.shown
        if place in published.dominated or 0 < published.value(*place) < threshold
    ]
    for published, place in _between([new, *linked]):
        parts_between = system.parts(published, place)
        if place[1] in tables and 0 < system.unknowns.value(parts_between) < threshold:
            guarded.append(parts_between)
    if new.rounded:
        guarded += [system.parts(new, place) for place in new.dominated]
        sums = _sums_between(places)
        values = round_together(system.unknowns, parts, sums, guarded, threshold)
        return dict(zip(places, values, strict=True))
    cells = [
        Cell(found, sensitive=place in new.dominated, fixed=place[1] == TOTAL)
        for place, found in zip(places, parts, strict=True)
    ]
    hidden = protect(system.unknowns, cells, threshold, guarded)
    return {place: new.value(*place) for index, place in enumerate(places) if index not in hidden}


def _between(publications: Sequence[Publication]) -> Iterable[tuple[Publication, Place]]:
    """What a period adds to a shorter one inside it, at either end: a reader may subtract."""
    periods = {period for published in publications for period in published.periods}
    for published in publications:
        for period in published.periods:
            for inside in sorted(periods):
                if not period.contains(inside):
                    continue
                for rest in _ends(period, inside):
                    for table in TABLES:
                        for key in published.keys(rest, table):
                            yield published, (rest, table, key)


def _ends(period: Period, inside: Period) -> Iterable[Period]:
    if period.since < inside.since:
        yield Period(period.since, inside.since - ONE_DAY)
    if inside.until < period.until:
        yield Period(inside.until + ONE_DAY, period.until)


def _sums_between(places: Sequence[Place]) -> list[tuple[int, list[int]]]:
    """Which lines add up to which: what a rounded table must keep."""
    at = {place: index for index, place in enumerate(places)}
    lines: dict[int, dict[str, list[int]]] = {}
    for index, (period, table, key) in enumerate(places):
        if table in WHOLE:
            lines.setdefault(at[period, WHOLE[table], ALL], {}).setdefault(table, []).append(index)
        for side, name in enumerate(CROSSES.get(table, ())):
            whole = at[period, name, key[side]]  # type: ignore[index]
            lines.setdefault(whole, {}).setdefault(table, []).append(index)
    return [(whole, found) for whole, tables in lines.items() for found in tables.values()]


def _linked(new: Publication, past: Sequence[Publication]) -> list[Publication]:
    """The publications that share blocks with this one, or with one that does."""
    linked: list[Publication] = []
    waiting, near = list(past), list(new.periods)
    while found := [
        published
        for published in waiting
        if any(period.overlaps(other) for period in published.periods for other in near)
    ]:
        linked += found
        near += [period for published in found for period in published.periods]
        waiting = [published for published in waiting if published not in found]
    return linked


def _groups(publications: Sequence[Publication]) -> list[tuple[Period, ...]]:
    """Blocks that are in the same periods of every report are one."""
    periods = {period for published in publications for period in published.periods}
    groups: dict[frozenset[Period], list[Period]] = {}
    for block in sorted({block for period in periods for block in period.blocks()}):
        inside = frozenset(period for period in periods if period.contains(block))
        groups.setdefault(inside, []).append(block)
    return [tuple(group) for group in groups.values()]


def _owner(publications: Iterable[Publication], blocks: Sequence[Period]) -> Publication:
    return next(published for published in publications if blocks[0] in published.counts)


def _added(published: Publication, blocks: Iterable[Period], table: str) -> dict[Key, int]:
    """A table of several blocks."""
    counted: dict[Key, int] = {}
    for block in blocks:
        for key, count in published.counts[block].get(table, {}).items():
            counted[key] = counted.get(key, 0) + count
    return counted


class _System:
    """The unknowns of each group of blocks, and how they add up."""

    def __init__(self, groups: Sequence[tuple[Period, ...]]) -> None:
        self.unknowns = Unknowns()
        self._groups = groups
        self._known: dict[tuple[int, str, frozenset[tuple[Key, int]]], dict[Key, int]] = {}
        self._same: dict[tuple[int, str, Key, int], int] = {}

    def claim(self, parts: Parts, value: int, margin: int = 0) -> None:
        """Readers know this sum, to less than one base when it was rounded."""
        if parts:
            claims = self.unknowns.claims
            claims.append(Claim(parts, max(0, value - margin), value + margin))

    def parts(self, published: Publication, place: Place) -> Parts:
        """The unknowns a number of a report adds up."""
        period, table, key = place
        if table in STAGES:
            table, stages = STAGES[table]
            places = [(period, table, outcome) for outcome in sorted(stages[key])]  # type: ignore[index]
            return tuple(part for one in places for part in self.parts(published, one))
        found = (
            self.table(published, group, table).get(key)
            for group, blocks in enumerate(self._groups)
            if period.contains(blocks[0])
        )
        return tuple(unknown for unknown in found if unknown is not None)

    def table(self, published: Publication, group: int, table: str) -> dict[Key, int]:
        counted = _added(published, self._groups[group], table)
        content = (group, table, frozenset(counted.items()))
        if content not in self._known:
            made = {
                key: self._unknown(group, table, key, count)
                for key, count in counted.items()
                if count
            }
            self._known[content] = made
            self._relate(published, group, table, made)
        return self._known[content]

    def _unknown(self, group: int, table: str, key: Key, count: int) -> int:
        """A number that has not moved is the same one, even where its table has."""
        at = (group, table, key, count)
        if at not in self._same:
            self._same[at] = self.unknowns.add(count)
        return self._same[at]

    def _relate(
        self, published: Publication, group: int, table: str, made: Mapping[Key, int]
    ) -> None:
        sums = self.unknowns.sums
        if table in WHOLE and made:
            whole = self.table(published, group, WHOLE[table])
            sums.append((whole[ALL], tuple(made.values())))
        if table in WITHIN and made:
            whole = self.table(published, group, WITHIN[table])
            self.unknowns.within += [(unknown, whole[ALL]) for unknown in made.values()]
        for side, name in enumerate(CROSSES.get(table, ())):
            for key, whole_of_key in self.table(published, group, name).items():
                parts = tuple(made[pair] for pair in made if pair[side] == key)  # type: ignore[index]
                sums.append((whole_of_key, parts))
