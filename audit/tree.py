"""The Merkle tree of RFC 9162 §2.1, over SHA-256.

Everywhere below a *leaf* is a leaf hash (:func:`leaf_hash`), 32 bytes, never the data itself.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
_SIZE_BYTES = 8


def leaf_hash(data: bytes) -> bytes:
    """The leaf of ``data``. The prefix keeps a leaf from passing for a node (§2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two children."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, largest first.

    It is all that appending needs: as many hashes as there are ones in ``size``.
    """

    __slots__ = ("_roots", "size")

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf; return the roots of the full subtrees above it that it completes, smallest
        first. Raises ValueError unless the leaf is 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise ValueError("a leaf is 32 bytes")
        root, completed, merges = leaf, [], self.size
        while merges & 1:  # each trailing one is a full subtree of the same height: join them
            root = sha256(b"\x01" + self._roots.pop() + root).digest()
            completed.append(root)
            merges >>= 1
        self._roots.append(root)
        self.size += 1
        return completed

    def extend(self, leaves: Sequence[bytes]) -> list[bytes]:
        """Add leaves as :meth:`append` does, height by height, which is twice as fast; return what
        each completes, joined. Raises ValueError unless each is 32 bytes."""
        if list(map(len, leaves)).count(HASH_BYTES) != len(leaves):
            raise ValueError("a leaf is 32 bytes")
        completed = [b""] * len(leaves)
        old, size, kept = self.size, self.size + len(leaves), self._roots
        waiting, roots, level, height = kept.copy(), [], list(leaves), 0
        while level or old >> height:
            if old >> height & 1:  # this height had a root, the left sister of what comes
                level.insert(0, waiting.pop())
            if len(level) & 1:
                roots.append(level.pop())
            pairs = iter(level)
            level = [sha256(b"\x01" + a + b).digest() for a, b in zip(pairs, pairs, strict=True)]
            height += 1
            if level:
                # The leaf that completes the first of these subtrees, then one in so many.
                first = (((old >> height) + 1) << height) - 1 - old
                at = slice(first, None, 1 << height)
                completed[at] = (
                    level  # nobody completes anything smaller
                    if height == 1
                    else [nodes + root for nodes, root in zip(completed[at], level, strict=True)]
                )
        self._roots, self.size = roots[::-1], size
        return completed

    def root(self) -> bytes:
        """The root of the whole tree."""
        return joined(self._roots)

    def to_bytes(self) -> bytes:
        """Size on eight bytes, big-endian, then the hashes."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._roots)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """The frontier :meth:`to_bytes` wrote. Raises ValueError when the length is wrong."""
        size, hashes = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(hashes) != HASH_BYTES * size.bit_count():
            raise ValueError("a frontier holds one hash for each one of its size")
        frontier = cls()
        frontier.size = size
        starts = range(0, len(hashes), HASH_BYTES)
        frontier._roots = [hashes[start : start + HASH_BYTES] for start in starts]
        return frontier


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree with these leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The ranges of leaves whose roots lead from a leaf to the root (§2.1.3.1), nearest first.
    Raises IndexError."""
    if not 0 <= index < size:
        raise IndexError("no such leaf")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof shows ``leaf`` at ``index`` in the tree of that size (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for node in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = node_hash(node, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, node)
        position, last = position >> 1, last >> 1
    return last == 0 and computed == root


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The ranges of leaves whose roots show the tree of size ``old`` to be the beginning of the
    tree of size ``new`` (§2.1.4.1). Empty for sizes zero or equal. Raises IndexError."""
    if not 0 <= old <= new:
        raise IndexError("a tree only grows")
    if old in (0, new):
        return []
    start, end, ranges = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # the old root itself is known to whoever checks, and left out
        ranges.append((start, end))
    return ranges[::-1]


def full_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """The full subtrees that make up a range of :func:`inclusion_ranges` or
    :func:`consistency_ranges`, largest first, each as its last leaf and its height."""
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        start += 1 << height
        found.append((start - 1, height))
    return found


def joined(roots: Sequence[bytes]) -> bytes:
    """The root above full subtrees of decreasing size."""
    if not roots:
        return EMPTY_ROOT
    *larger, root = roots
    for left in reversed(larger):
        root = node_hash(left, root)
    return root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that nothing below ``old`` changed on the way to ``new``
    (§2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):  # nothing to show: the empty tree begins every tree
        return not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    if old & (old - 1) == 0:  # a full tree is its own first node, which the proof leaves out
        proof = [old_root, *proof]
    if not proof:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_computed = new_computed = proof[0]
    for node in islice(proof, 1, None):
        if last == 0:
            return False
        if position & 1 or position == last:
            old_computed = node_hash(node, old_computed)
            new_computed = node_hash(node, new_computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_computed = node_hash(new_computed, node)
        position, last = position >> 1, last >> 1
    return last == 0 and old_computed == old_root and new_computed == new_root


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1
