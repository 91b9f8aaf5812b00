"""The tree of the log against the vectors of Certificate Transparency, and against recursion."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, strategies as st

from overt.core.transparency import (
    EMPTY_ROOT,
    CompactRange,
    TreeHead,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    tree_of,
    verify_consistency,
    verify_inclusion,
)
from overt.errors import LogTreeDamagedError

# The test data of github.com/transparency-dev/merkle (testonly/constants.go).
DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
LEAVES = [leaf_hash(bytes.fromhex(d)) for d in [*DATA, "606162636465666768696a6b6c6d6e6f"]]
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
INCLUSION = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]

leaf_lists = st.integers(1, 70).map(lambda n: [leaf_hash(bytes([i])) for i in range(n)])


def naive_root(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962 2.1 defines it, by recursion."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def head_of(leaves: list[bytes]) -> TreeHead:
    """Return size and root by recursion."""
    return TreeHead(len(leaves), naive_root(leaves))


def unhex(proof: list[str]) -> tuple[bytes, ...]:
    """Return the hashes of a vector."""
    return tuple(map(bytes.fromhex, proof))


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference(size):
    """Every size from 0 to 8."""
    assert tree_of(LEAVES[:size]).head() == TreeHead(size, bytes.fromhex(ROOTS[size]))


def test_the_root_of_nothing():
    """SHA-256 of the empty string."""
    assert CompactRange().root() == EMPTY_ROOT == bytes.fromhex(ROOTS[0])


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion_proofs_of_the_reference(index, size, proof):
    """They are made as published, and verify."""
    assert inclusion_proof(LEAVES[:size], index) == unhex(proof)
    assert verify_inclusion(LEAVES[index], index, unhex(proof), head_of(LEAVES[:size]))


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_consistency_proofs_of_the_reference(first, second, proof):
    """They are made as published, and verify."""
    assert consistency_proof(LEAVES[:second], first) == unhex(proof)
    heads = head_of(LEAVES[:first]), head_of(LEAVES[:second])
    assert verify_consistency(*heads, unhex(proof))


@given(leaf_lists)
def test_growing_gives_the_root_of_the_definition(leaves):
    """A compact range is the whole tree, as far as its root goes."""
    assert tree_of(leaves).root() == naive_root(leaves)
    assert len(tree_of(leaves).hashes) == len(leaves).bit_count()


@given(leaf_lists, st.data())
def test_every_leaf_can_be_proved_and_no_other(leaves, data):
    """A proof holds for its leaf, place and tree only."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    head, proof = head_of(leaves), inclusion_proof(leaves, index)

    assert verify_inclusion(leaves[index], index, proof, head)
    assert not verify_inclusion(leaf_hash(b"another"), index, proof, head)
    assert not verify_inclusion(leaves[index], index, (*proof, head.root), head)
    assert not verify_inclusion(leaves[index], index, proof, TreeHead(head.size, EMPTY_ROOT))
    assert not verify_inclusion(leaves[index], index - len(leaves), proof, head)
    assert not verify_inclusion(leaves[index], index + len(leaves), proof, head)
    if proof:
        assert not verify_inclusion(leaves[index], index, proof[:-1], head)
        other = (index + 1) % len(leaves)
        assert not verify_inclusion(leaves[index], other, proof, head)


@given(leaf_lists, st.data())
def test_every_beginning_can_be_proved_and_nothing_else(leaves, data):
    """A log that was written anew has no proof."""
    size = data.draw(st.integers(1, len(leaves)))
    first, second, proof = head_of(leaves[:size]), head_of(leaves), consistency_proof(leaves, size)
    rewritten = head_of([leaf_hash(b"another"), *leaves[1:]])

    assert verify_consistency(first, second, proof)
    assert not verify_consistency(TreeHead(size, EMPTY_ROOT), second, proof)
    assert not verify_consistency(first, rewritten, proof)
    assert not verify_consistency(first, second, (*proof, EMPTY_ROOT))
    if proof:
        assert not verify_consistency(first, second, proof[:-1])
        assert not verify_consistency(first, second, ())
        assert not verify_consistency(second, first, proof)


def test_an_empty_tree_is_the_beginning_of_none():
    """RFC 9162 2.1.4.2 asks for a size above zero."""
    assert not verify_consistency(TreeHead(0, EMPTY_ROOT), head_of(LEAVES), ())


@pytest.mark.parametrize("index", [-1, 8])
def test_a_leaf_that_is_not_there_has_no_proof(index):
    """An index outside the tree is a mistake of the caller."""
    with pytest.raises(IndexError, match="no leaf"):
        inclusion_proof(LEAVES, index)


@pytest.mark.parametrize("size", [0, 9])
def test_a_tree_that_is_no_beginning_has_no_proof(size):
    """Nor has a size outside the tree."""
    with pytest.raises(IndexError, match="beginning"):
        consistency_proof(LEAVES, size)


@pytest.mark.parametrize(("size", "n_hashes"), [(0, 1), (3, 1), (4, 2), (-1, 1)])
def test_a_state_that_no_tree_has_is_refused(size, n_hashes):
    """What was stored and changed does not grow further."""
    with pytest.raises(LogTreeDamagedError, match=f"{size} leaves"):
        CompactRange(size, (EMPTY_ROOT,) * n_hashes)


@pytest.mark.slow
def test_a_million_leaves():
    """The state stays at twenty hashes; 2**20 equal leaves have a root that doubling gives."""
    leaf = root = leaf_hash(b"x")
    for _ in range(20):
        root = node_hash(root, root)
    tree = CompactRange()
    for _ in range(2**20):
        tree = tree.appended(leaf)

    assert tree.head() == TreeHead(2**20, root)
    assert len(tree.appended(leaf).hashes) == 2
