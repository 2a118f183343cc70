"""The tree against the published RFC 6962 / RFC 9162 vectors, and against its definition."""

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from audit.proofs import IncompleteTreeError, assemble
from audit.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The reference data of the Certificate Transparency implementations.
DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
DATA += ["606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
N01_2 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45_6 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N4_5 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N67_8 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N47_8 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
N6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
INCLUSION = [
    (0, 1, []),
    (0, 8, [N1, N01_2, N47_8]),
    (5, 8, [N4_5, N67_8, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], N01_2, N4_5]),
]
CONSISTENCY = [
    (1, 1, []),
    (1, 8, [N1, N01_2, N47_8]),
    (6, 8, [N45_6, N67_8, ROOTS[4]]),
    (2, 5, [N01_2, N4_5]),
    (6, 7, [N45_6, N6, ROOTS[4]]),
]

LARGEST = 300

leaves_lists = st.lists(st.binary(max_size=8).map(leaf_hash), min_size=1, max_size=40)


def definition(leaves):
    """MTH, word for word from RFC 9162 §2.1.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(definition(leaves[:k]), definition(leaves[k:]))


def grown(leaves):
    """What the journal stores of them: each leaf, then the nodes it completes."""
    frontier = Frontier()
    return {seq: leaf + b"".join(frontier.append(leaf)) for seq, leaf in enumerate(leaves)}


def inclusion_proof(leaves, index):
    return assemble(inclusion_ranges(index, len(leaves)), grown(leaves))


def consistency_proof(leaves, old, new):
    return assemble(consistency_ranges(old, new), grown(leaves))


class Oracle:
    """RFC 9162 §2.1, word for word and recursive; only its hashes are remembered."""

    def __init__(self, leaves):
        self.leaves = leaves
        self.known = {}

    def mth(self, start, end):
        if (start, end) not in self.known:
            k = self.split(end - start)
            self.known[start, end] = (
                self.leaves[start]
                if end - start == 1
                else node_hash(self.mth(start, start + k), self.mth(start + k, end))
            )
        return self.known[start, end]

    def path(self, m, start, end):
        if end - start == 1:
            return []
        k = self.split(end - start)
        if m < k:
            return [*self.path(m, start, start + k), self.mth(start + k, end)]
        return [*self.path(m - k, start + k, end), self.mth(start, start + k)]

    def subproof(self, m, start, end, whole):
        if m == end - start:
            return [] if whole else [self.mth(start, end)]
        k = self.split(end - start)
        if m <= k:
            return [*self.subproof(m, start, start + k, whole), self.mth(start + k, end)]
        return [*self.subproof(m - k, start + k, end, False), self.mth(start, start + k)]

    @staticmethod
    def split(n):
        k = 1
        while k * 2 < n:
            k *= 2
        return k


@pytest.fixture(scope="module")
def oracle():
    return Oracle([leaf_hash(bytes([number % 256, number // 256])) for number in range(LARGEST)])


def test_every_inclusion_proof_up_to_three_hundred_leaves(oracle):
    stored = grown(oracle.leaves)
    for size in range(1, LARGEST + 1):
        root = oracle.mth(0, size)
        for index in range(size):
            proof = assemble(inclusion_ranges(index, size), stored)
            assert proof == oracle.path(index, 0, size)
            assert verify_inclusion(oracle.leaves[index], index, size, proof, root)


def test_every_consistency_proof_up_to_three_hundred_leaves(oracle):
    stored = grown(oracle.leaves)
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = assemble(consistency_ranges(old, new), stored)
            assert proof == oracle.subproof(old, 0, new, True)
            assert verify_consistency(old, new, oracle.mth(0, old), oracle.mth(0, new), proof)


def test_another_implementation_agrees():
    """pymerkle, written by others from the same RFC."""
    data = [bytes([number]) * 3 for number in range(70)]
    leaves, theirs = [leaf_hash(entry) for entry in data], InmemoryTree(algorithm="sha256")
    for entry in data:
        theirs.append_entry(entry)
    for size in range(1, len(data) + 1):
        root = root_of(leaves[:size])
        assert theirs.get_root(size) == root
        for index in range(size):
            proof = theirs.prove_inclusion(index + 1, size)  # they count from one
            pymerkle.verify_inclusion(leaves[index], root, proof)
            ours = [leaves[index], *inclusion_proof(leaves[:size], index)]
            assert sorted(proof.path) == sorted(ours)
        for old in range(1, size + 1):
            proof = theirs.prove_consistency(old, size)
            pymerkle.verify_consistency(root_of(leaves[:old]), root, proof)
            ours = consistency_proof(leaves, old, size)
            assert verify_consistency(old, size, theirs.get_root(old), root, ours)


@pytest.mark.parametrize("stored", [{}, {0: LEAVES[0], 1: LEAVES[1]}, {1: LEAVES[1][:31]}])
def test_a_damaged_store_proves_nothing(stored):
    with pytest.raises(IncompleteTreeError):
        assemble([(0, 2)], stored)


def test_a_node_does_not_pass_for_a_leaf():
    """The second preimage: the children of a node, given as the content of an entry."""
    root = root_of(LEAVES[:4])
    forged = node_hash(LEAVES[0], LEAVES[1])
    right = [node_hash(LEAVES[2], LEAVES[3])]
    assert not verify_inclusion(leaf_hash(LEAVES[0] + LEAVES[1]), 0, 2, right, root)
    assert not verify_inclusion(forged, 0, 4, right, root)


def test_swapped_siblings_do_not_pass():
    proof = inclusion_proof(LEAVES, 5)
    assert not verify_inclusion(LEAVES[5], 5, 8, proof[::-1], root_of(LEAVES))
    assert not verify_inclusion(LEAVES[5], 4, 8, proof, root_of(LEAVES))
    assert not verify_inclusion(proof[0], 5, 8, [LEAVES[5], *proof[1:]], root_of(LEAVES))


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_published_inclusion_proofs(index, size, path):
    proof = inclusion_proof(LEAVES[:size], index)
    assert [node.hex() for node in proof] == path
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_published_consistency_proofs(old, new, path):
    proof = consistency_proof(LEAVES, old, new)
    assert [node.hex() for node in proof] == path
    old_root, new_root = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    assert verify_consistency(old, new, old_root, new_root, proof)


@given(leaves_lists)
def test_the_frontier_follows_the_definition_through_bytes(leaves):
    frontier = Frontier()
    for size, leaf in enumerate(leaves, start=1):
        frontier.append(leaf)
        frontier = Frontier.from_bytes(frontier.to_bytes())
        assert frontier.size == size
        assert frontier.root() == definition(leaves[:size])


@given(leaves_lists, st.lists(st.integers(0, 40)))
def test_many_leaves_at_once_grow_the_same_tree(leaves, cuts):
    one_by_one, at_once = Frontier(), Frontier()
    expected = [b"".join(one_by_one.append(leaf)) for leaf in leaves]
    completed = []
    for size in [*sorted(cuts), len(leaves)]:
        completed += at_once.extend(leaves[at_once.size : max(size, at_once.size)])
    assert completed == expected
    assert at_once.to_bytes() == one_by_one.to_bytes()


def test_leaves_that_are_none_grow_nothing():
    frontier = Frontier()
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.extend([LEAVES[0], b"short"])
    assert frontier.root() == EMPTY_ROOT


@pytest.mark.parametrize("data", [b"", bytes(7), bytes(8) + b"x", (1).to_bytes(8, "big")])
def test_a_damaged_frontier_is_refused(data):
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(data)


def test_a_leaf_is_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"short")


@given(leaves_lists, st.data())
def test_inclusion_holds_and_nothing_else_passes(leaves, data):
    size, root = len(leaves), definition(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"another leaf"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, [*proof, root], root)
    assert not verify_inclusion(leaves[index], index, size, proof, EMPTY_ROOT)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    for position in range(len(proof)):
        assert not verify_inclusion(leaves[index], index, size, _flipped(proof, position), root)
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], root)


@given(leaves_lists, st.data())
def test_consistency_holds_and_nothing_else_passes(leaves, data):
    new = data.draw(st.integers(1, len(leaves)))
    old = data.draw(st.integers(0, new))
    old_root, new_root = definition(leaves[:old]), definition(leaves[:new])
    proof = consistency_proof(leaves, old, new)
    assert verify_consistency(old, new, old_root, new_root, proof)
    assert not verify_consistency(old, new, leaf_hash(b"another past"), new_root, proof)
    assert not verify_consistency(old, new, old_root, new_root, [*proof, new_root])
    assert not verify_consistency(new + 1, new, new_root, new_root, proof)
    for position in range(len(proof)):
        assert not verify_consistency(old, new, old_root, new_root, _flipped(proof, position))
    if proof:
        assert not verify_consistency(old, new, old_root, leaf_hash(b"another root"), proof)
        assert not verify_consistency(old, new, old_root, new_root, proof[:-1])
        assert not verify_consistency(old, new, old_root, new_root, [])


def test_proofs_of_what_is_not_there():
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 5, 4)
    with pytest.raises(IndexError):
        consistency_ranges(-1, 9)


def _flipped(proof, position):
    flipped = list(proof)
    flipped[position] = bytes([flipped[position][0] ^ 1]) + flipped[position][1:]
    return flipped
