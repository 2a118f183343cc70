"""Numbers that one family or one school makes: hidden whatever their size.

A number is shown only if it counts at least the threshold of different families, and if no family
nor school makes more than three quarters of it: dominance rule (1, 75 %) of Hundepool et al.
(2012, §4.2.2). A school that already makes three quarters of the whole report singles nobody out.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from casework.reports.periods import Period
from casework.reports.tally import CROSSED, STATIC, SUITES, Block, Key, Tally, crossed_name
from casework.situations.facets import codes

MOST = 0.75
FEW = 8  # times the threshold: a number above it has enough families


def dominated(tally: Tally, blocks: Iterable[Period], threshold: int) -> set[tuple[str, Key]]:
    """Tables and codes that one family or one school makes, over these blocks together."""
    held = [tally.blocks[block] for block in blocks]
    families = [family for block in held for family in block.families]
    columns = {name: _column(held, name) for name in (*STATIC, "statut", "etablissement")}
    schools = columns.pop("etablissement")
    common = {
        school
        for school, count in Counter(schools).items()
        if not school or count > MOST * len(schools)
    }
    keyed: dict[str, Sequence[Hashable]] = dict(columns)
    for first, second in CROSSED:
        pairs = zip(columns[first], columns[second], strict=True)
        keyed[crossed_name(first, second)] = list(pairs)
    found = {
        (table, key)
        for table, keys in keyed.items()
        for key in _dominated(keys, families, schools, common, threshold)
    }
    return found | {("suite", key) for key in _suites(held, families, schools, common, threshold)}


def _column(held: Iterable[Block], name: str) -> bytes:
    return b"".join(block.column(name) for block in held)


def _dominated(
    keys: Sequence[Hashable],
    families: Sequence[int],
    schools: Sequence[int],
    common: set[int],
    threshold: int,
) -> set[Hashable]:
    sizes = Counter(keys)
    found = {
        key
        for (key, school), count in Counter(zip(keys, schools, strict=True)).items()
        if school not in common and sizes[key] >= threshold and count > MOST * sizes[key]
    }
    few = {key for key, size in sizes.items() if threshold <= size < FEW * threshold}
    if few:
        by_family: dict[Hashable, Counter[int]] = {key: Counter() for key in few}
        for key, family in zip(keys, families, strict=True):
            if key in few:
                by_family[key][family] += 1
        found |= {
            key
            for key, counted in by_family.items()
            if len(counted) < threshold or max(counted.values()) > MOST * sizes[key]
        }
    return found


def _suites(
    held: Iterable[Block],
    families: Sequence[int],
    schools: Sequence[int],
    common: set[int],
    threshold: int,
) -> set[Hashable]:
    masks = [mask for block in held for (mask,) in SUITES.iter_unpack(block.rows)]
    rows = [(code, row) for row, mask in enumerate(masks) for code in codes(mask)]
    return _dominated(
        [code for code, _ in rows],
        [families[row] for _, row in rows],
        [schools[row] for _, row in rows],
        common,
        threshold,
    )
