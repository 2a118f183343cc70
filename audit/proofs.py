"""Proofs computed from what the table holds, in one query of a logarithm of rows.

A subtree's root is stored with the leaf that completes it (RFC 9162 §2.1.1: it never changes
afterwards), so that a proof at a million entries reads about twenty rows.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from audit.schema import journal_event
from audit.tree import (
    HASH_BYTES,
    consistency_ranges,
    full_subtrees,
    inclusion_ranges,
    joined,
)

_ENDS = select(journal_event.c.seq, journal_event.c.leaf, journal_event.c.nodes).where(
    journal_event.c.seq.in_(bindparam("ends", expanding=True))
)


class IncompleteTreeError(LookupError):
    """An entry the proof needs is missing, or its nodes are not as many as its rank says."""


def inclusion(connection: Connection, index: int, size: int) -> list[bytes]:
    """The proof that the entry ``index`` is in the journal of that size. Raises IndexError when
    the journal never held it, :class:`IncompleteTreeError` when the stored tree is damaged."""
    return _roots(connection, inclusion_ranges(index, size))


def consistency(connection: Connection, old: int, new: int) -> list[bytes]:
    """The proof that the journal of size ``old`` begins the one of size ``new``. Raises as
    :func:`inclusion`."""
    return _roots(connection, consistency_ranges(old, new))


def root(connection: Connection, size: int) -> bytes:
    """The root of the first ``size`` entries. Raises as :func:`inclusion`."""
    return _roots(connection, [(0, size)])[0]


def assemble(ranges: Iterable[tuple[int, int]], stored: Mapping[int, bytes]) -> list[bytes]:
    """The roots of ranges, from the leaf and the nodes stored at the end of each full subtree.
    Raises :class:`IncompleteTreeError`."""
    return [
        joined([_at(stored.get(last, b""), height) for last, height in full_subtrees(start, end)])
        for start, end in ranges
    ]


def _roots(connection: Connection, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    ends = {last for start, end in ranges for last, _ in full_subtrees(start, end)}
    rows = connection.execute(_ENDS, {"ends": sorted(ends)})
    return assemble(ranges, {seq: leaf + nodes for seq, leaf, nodes in rows})


def _at(hashes: bytes, height: int) -> bytes:
    """The hash at ``height`` above a leaf, in the leaf followed by its nodes."""
    wanted = hashes[height * HASH_BYTES : (height + 1) * HASH_BYTES]
    if len(wanted) != HASH_BYTES:
        raise IncompleteTreeError("the stored tree is damaged")
    return wanted
