"""One pass over the entries: what can be recomputed from them, and the first faults."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from audit.evidence import Entry, Expiry, State
from audit.tree import HASH_BYTES, Frontier


@dataclass(slots=True)
class Replay:
    """The tree regrown from the stored leaves, and the rank of the first entry found altered,
    missing, or standing where none can be."""

    frontier: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)  # those asked for
    altered: int | None = None
    misgrown: int | None = None  # its leaf is right, the subtrees stored with it are not
    missing: int | None = None
    surplus: int | None = None
    erased: int = 0  # the first entries, whose content is gone
    expiries: list[Expiry] = field(default_factory=list)


def replay(
    entries: Iterable[Entry], size: int, wanted: Set[int], leaves: Set[int] = frozenset()
) -> Replay:
    """Read the first ``size`` entries. ``roots`` has the root at each wanted size, up to the first
    missing entry: beyond it no root can be recomputed."""
    found = Replay()
    grow = found.frontier.append
    expected, whole, genuine = 0, True, State.GENUINE
    if 0 in wanted:
        found.roots[0] = found.frontier.root()
    for seq, leaf, nodes, state, expiry in entries:
        if seq < expected or seq >= size:
            found.surplus = seq if found.surplus is None else found.surplus
            continue
        if seq > expected and whole:
            found.missing, whole = expected, False
        expected = seq + 1
        if state is not genuine:
            _note_fault(found, seq, state)
        elif expiry is not None:
            found.expiries.append(expiry)
        if seq in leaves:
            found.leaves[seq] = leaf
        if whole:
            if len(leaf) != HASH_BYTES:
                leaf = bytes(HASH_BYTES)  # noted as altered already
            completed = grow(leaf)
            if nodes is not None and nodes != b"".join(completed) and found.misgrown is None:
                found.misgrown = seq
            if expected in wanted:
                found.roots[expected] = found.frontier.root()
    if expected < size and whole:
        found.missing = expected
    return found


def _note_fault(found: Replay, seq: int, state: State) -> None:
    # Expiry erases from the first entry on: content gone after content kept is no expiry.
    if state is State.ERASED and seq == found.erased:
        found.erased += 1
    elif found.altered is None:
        found.altered = seq
