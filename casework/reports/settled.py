"""A block's numbers: today's, or those an earlier report settled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from casework.reports.joint import ALL, TOTAL
from casework.reports.memory import Remembered
from casework.reports.periods import Period
from casework.reports.sources import Act, Source
from casework.reports.tally import FOLLOW_UP, RECAP, Counts, Key, Tally

Acts = Mapping[Source, Sequence[Act]]
ERASED = 0  # of no stage


def settled_by(block: Period, past: Iterable[Remembered]) -> Remembered | None:
    """The first report that published a block: its numbers are settled since."""
    return next((found for found in past if block in found.publication.counts), None)


def counts_of(counted: Tally, acts: Acts, block: Period, settled: Remembered | None) -> Counts:
    """A block's tables. Once settled, only the follow-up moves, within the settled numbers."""
    live = counted.counts(block)
    if settled is None:
        total = counted.total(block)
        outcomes = outcomes_of(acts, block, total)
        return live | outcomes | {TOTAL: {ALL: total} if total else {}}
    kept = settled.publication.counts[block]
    counting = {source: _counted_by(settled, source, done) for source, done in acts.items()}
    outcomes = outcomes_of(counting, block, kept[TOTAL].get(ALL, 0), kept)
    moved = {name: table for name, table in live.items() if name not in kept}
    return dict(kept) | moved | outcomes | _follow_up(live, kept)


def _counted_by(settled: Remembered, source: Source, done: Sequence[Act]) -> Sequence[Act]:
    """Those of the situations that a settled block counts, where each of its situations has one."""
    if not source.every:
        return done
    return [act for act in done if act.situation <= settled.frozen_at]


def _follow_up(live: Counts, kept: Counts) -> Counts:
    """What became of the situations, as today; as settled when they are no longer the same ones.

    A situation erased since is counted, under its typologie, with those whose statut is not given.
    """
    recap: dict[Key, int] = dict(live[RECAP])
    known: Counter[Key] = Counter()
    for (typologie, _), count in live[RECAP].items():  # type: ignore[misc]
        known[typologie] += count
    whole, total = kept["typologie"], kept[TOTAL].get(ALL, 0)
    if known.keys() - whole.keys() or max(live["suite"].values(), default=0) > total:
        return {name: kept[name] for name in FOLLOW_UP}
    for typologie, count in whole.items():
        if count < known[typologie]:  # another typologie was chosen since
            return {name: kept[name] for name in FOLLOW_UP}
        if count > known[typologie]:
            pair = (typologie, 0)
            recap[pair] = recap.get(pair, 0) + count - known[typologie]  # type: ignore[index, arg-type]
    statut: Counter[Key] = Counter()
    for (_, code), count in recap.items():  # type: ignore[misc]
        statut[code] += count
    return {"statut": dict(statut), "suite": live["suite"], RECAP: recap}


def inside(acts: Iterable[Act], period: Period) -> list[Act]:
    """Those of a period."""
    return [act for act in acts if period.since <= act.day <= period.until]


def outcomes_of(acts: Acts, block: Period, total: int, kept: Counts | None = None) -> Counts:
    """Rappels, transactions and signals of a block, by how far each went."""
    counted: Counts = {}
    for source, done in acts.items():
        outcomes = Counter[Key](act.outcome for act in inside(done, block))
        if not source.every:
            counted[source.whole] = {ALL: outcomes.total()} if outcomes else {}
        elif outcomes.total() <= total:  # of those erased since, nothing is said
            outcomes[ERASED] += total - outcomes.total()
        else:  # the day of a saisine was moved into the block since it was settled
            outcomes = Counter((kept or {}).get(source.table, {ERASED: total}))
        counted[source.table] = dict(+outcomes)
    return counted
