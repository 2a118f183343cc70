"""The tree against the published RFC 6962 / RFC 9162 vectors, and against its definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
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
        consistency_proof(LEAVES, 1, 9)


def _flipped(proof, position):
    flipped = list(proof)
    flipped[position] = bytes([flipped[position][0] ^ 1]) + flipped[position][1:]
    return flipped
