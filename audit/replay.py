"""One pass over the stored entries: what can be recomputed from them, and the first faults."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from audit.schema import leaf_of
from audit.tree import HASH_BYTES, Frontier

_ROWS_AT_ONCE = 1000
# Plain text, so that no column type converts a value before it has been looked at.
_ENTRIES = text(
    "SELECT seq, time, actor, role, action, outcome, object, cell, article, detail, motive,"
    " salt, leaf FROM journal_event WHERE seq < :size ORDER BY seq"
)


@dataclass(slots=True)
class Replay:
    """The tree regrown from the stored leaves, and the rank of the first entry found altered,
    missing, or standing where none can be."""

    frontier: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)
    altered: int | None = None
    missing: int | None = None
    surplus: int | None = None


def replay(connection: Connection, size: int, wanted: Set[int]) -> Replay:
    """Read the first ``size`` entries. ``roots`` has the root at each wanted size, up to the first
    missing entry: beyond it no root can be recomputed."""
    found = Replay()
    expected = 0
    _note_root(found, wanted)
    for row in _entries(connection, size):
        seq = row["seq"]
        if seq < expected:
            found.surplus = seq if found.surplus is None else found.surplus
            continue
        if seq > expected and found.missing is None:
            found.missing = expected
        expected = seq + 1
        if not _is_genuine(row) and found.altered is None:
            found.altered = seq
        if found.missing is None:
            found.frontier.append(_leaf(row))
            _note_root(found, wanted)
    if expected < size and found.missing is None:
        found.missing = expected
    return found


def _entries(connection: Connection, size: int) -> Iterator[dict[str, Any]]:
    options = {"stream_results": True, "yield_per": _ROWS_AT_ONCE}
    for row in connection.execute(_ENTRIES, {"size": size}, execution_options=options):
        yield dict(row._mapping)


def _is_genuine(row: Mapping[str, Any]) -> bool:
    columns = {name: row[name] for name in row if name not in {"seq", "salt", "leaf"}}
    try:
        return bool(leaf_of(row["salt"], columns) == row["leaf"])
    except (TypeError, ValueError):  # what stands there is not even an event
        return False


def _leaf(row: Mapping[str, Any]) -> bytes:
    leaf = row["leaf"]
    well_formed = isinstance(leaf, bytes) and len(leaf) == HASH_BYTES
    return leaf if well_formed else bytes(HASH_BYTES)


def _note_root(found: Replay, wanted: Set[int]) -> None:
    if found.frontier.size in wanted:
        found.roots[found.frontier.size] = found.frontier.root()
