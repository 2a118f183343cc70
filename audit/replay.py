"""One pass over the entries: what can be recomputed from them, and the first faults."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from audit.evidence import Batch, Expiry, Restoration, State
from audit.tree import HASH_BYTES, Frontier


@dataclass(slots=True)
class Replay:
    """The tree regrown from the stored leaves, and the rank of the first entry found altered,
    missing, or standing where none can be."""

    frontier: Frontier = field(default_factory=Frontier)
    reached: int = 0  # the rank of the next entry
    roots: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)  # those asked for
    altered: int | None = None
    misgrown: int | None = None  # its leaf is right, the subtrees stored with it are not
    missing: int | None = None
    surplus: int | None = None
    erased: int = 0  # the first entries, whose content is gone
    expiries: list[Expiry] = field(default_factory=list)
    restorations: list[Restoration] = field(default_factory=list)


def replay(
    batches: Iterable[Batch], size: int, wanted: Set[int], noted: Set[int] = frozenset()
) -> Replay:
    """Read the first ``size`` entries. ``roots`` has the root at each wanted size, up to the first
    missing entry: beyond it no root can be recomputed. ``noted``: the leaves to give back."""
    found = Replay()
    if 0 in wanted:
        found.roots[0] = found.frontier.root()
    for batch in batches:
        end = found.reached + len(batch.ranks)
        follows = found.missing is None and end <= size
        if follows and batch.ranks == list(range(found.reached, end)):
            _whole(found, batch, end, wanted, noted)
        else:
            _one_by_one(found, batch, size, wanted, noted)
    if found.reached < size and found.missing is None:
        found.missing = found.reached
    return found


def _whole(found: Replay, batch: Batch, end: int, wanted: Set[int], noted: Set[int]) -> None:
    """Entries that follow the last one, without a gap: all at once, from a wanted size to the
    next."""
    start = found.reached
    for position, state in batch.faults.items():
        _note_fault(found, start + position, state)
    for said in batch.said.values():
        _hear(found, said)
    if noted:
        pairs = zip(batch.ranks, batch.leaves, strict=True)
        found.leaves.update((seq, leaf) for seq, leaf in pairs if seq in noted)
    for stop in sorted({end} | {one for one in wanted if start < one < end}):
        part = slice(found.reached - start, stop - start)
        _grow(found, batch.leaves[part], None if batch.nodes is None else batch.nodes[part])
        found.reached = stop
        if stop in wanted:
            found.roots[stop] = found.frontier.root()


def _grow(found: Replay, leaves: list[bytes], nodes: list[bytes] | None) -> None:
    try:
        completed = found.frontier.extend(leaves)
    except (TypeError, ValueError):  # a leaf that is none: noted as altered already
        shaped = (isinstance(leaf, bytes) and len(leaf) == HASH_BYTES for leaf in leaves)
        pairs = zip(leaves, shaped, strict=True)
        completed = found.frontier.extend([leaf if ok else bytes(HASH_BYTES) for leaf, ok in pairs])
    if nodes is not None and found.misgrown is None and nodes != completed:
        differs = (one != other for one, other in zip(nodes, completed, strict=True))
        found.misgrown = found.reached + next(at for at, wrong in enumerate(differs) if wrong)


def _one_by_one(found: Replay, batch: Batch, size: int, wanted: Set[int], noted: Set[int]) -> None:
    """Entries among which something is missing, or in excess."""
    for position, seq in enumerate(batch.ranks):
        if seq < found.reached or seq >= size:
            found.surplus = seq if found.surplus is None else found.surplus
            continue
        if seq > found.reached and found.missing is None:
            found.missing = found.reached
        if position in batch.faults:
            _note_fault(found, seq, batch.faults[position])
        elif position in batch.said:
            _hear(found, batch.said[position])
        leaf = batch.leaves[position]
        if seq in noted:
            found.leaves[seq] = leaf
        if found.missing is None:
            _grow(found, [leaf], None if batch.nodes is None else [batch.nodes[position]])
            if seq + 1 in wanted:
                found.roots[seq + 1] = found.frontier.root()
        found.reached = seq + 1


def _hear(found: Replay, said: Expiry | Restoration) -> None:
    if isinstance(said, Expiry):
        found.expiries.append(said)
    else:
        found.restorations.append(said)


def _note_fault(found: Replay, seq: int, state: State) -> None:
    # Expiry erases from the first entry on: content gone after content kept is no expiry.
    if state is State.ERASED and seq == found.erased:
        found.erased += 1
    elif found.altered is None:
        found.altered = seq
