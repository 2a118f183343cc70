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

    def append(self, leaf: bytes) -> None:
        """Add a leaf. Raises ValueError unless it is 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise ValueError("a leaf is 32 bytes")
        merges = self.size
        while merges & 1:  # each trailing one is a full subtree of the same height: join them
            leaf = node_hash(self._roots.pop(), leaf)
            merges >>= 1
        self._roots.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self._roots:
            return EMPTY_ROOT
        *larger, root = self._roots
        for left in reversed(larger):
            root = node_hash(left, root)
        return root

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


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The nodes that lead from a leaf to the root (§2.1.3.1). Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return [*inclusion_proof(left, index), root_of(right)]
    return [*inclusion_proof(right, index - split), root_of(left)]


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


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> list[bytes]:
    """The nodes that show the tree of size ``old`` to be the beginning of the tree of size
    ``new`` (§2.1.4.1). Empty for sizes zero or equal. Raises IndexError when they do not fit."""
    if not 0 <= old <= new <= len(leaves):
        raise IndexError("sizes must grow and stay within the leaves")
    if old in (0, new):
        return []
    return _subproof(leaves[:new], old, whole=True)


def _subproof(leaves: Sequence[bytes], old: int, *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if old <= split:
        return [*_subproof(left, old, whole=whole), root_of(right)]
    return [*_subproof(right, old - split, whole=False), root_of(left)]


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
