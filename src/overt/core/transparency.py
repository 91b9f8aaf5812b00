"""The tree of the log: one hash that stands for every line, and proofs (RFC 6962, RFC 9162)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from overt.errors import LogTreeDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
"""The root of a tree without leaves (RFC 6962 2.1)."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint signs: so many lines have this root.

    Attributes:
        size: Number of leaves.
        root: Root hash of the tree, 32 bytes.
    """

    size: int
    root: bytes


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of a zero byte and the data (RFC 6962 2.1).

    Args:
        data: The line, without its line break.
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash above two hashes (RFC 6962 2.1).

    Args:
        left: Hash of the earlier leaves.
        right: Hash of the later leaves.
    """
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """All that must be remembered of a tree to let it grow: one hash for every set bit of its size.

    Attributes:
        size: Number of leaves.
        hashes: Roots of the complete subtrees, the largest first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a state that no tree has.

        Raises:
            LogTreeDamagedError: The number or length of the hashes does not fit the size.
        """
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            msg = f"a tree of {self.size} leaves does not have {len(self.hashes)} complete subtrees"
            raise LogTreeDamagedError(msg)

    def appended(self, leaf: bytes) -> CompactRange:
        """Return the tree with one more leaf.

        Args:
            leaf: Hash of the leaf.
        """
        hashes, size, node = self.hashes, self.size, leaf
        while size & 1:
            node = node_hash(hashes[-1], node)
            hashes, size = hashes[:-1], size >> 1
        return CompactRange(self.size + 1, (*hashes, node))

    def root(self) -> bytes:
        """Return the root hash of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        node = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            node = node_hash(left, node)
        return node

    def head(self) -> TreeHead:
        """Return size and root, what a checkpoint signs."""
        return TreeHead(self.size, self.root())


def tree_of(leaves: Iterable[bytes]) -> CompactRange:
    """Return the tree over these leaf hashes.

    Args:
        leaves: Hashes in the order of the log; may be empty.
    """
    tree = CompactRange()
    for leaf in leaves:
        tree = tree.appended(leaf)
    return tree


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from one leaf to the root (RFC 9162 2.1.3.1).

    Args:
        leaves: Every leaf hash of the tree.
        index: Which leaf, from 0.

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        msg = f"a tree of {len(leaves)} leaves has no leaf {index}"
        raise IndexError(msg)
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return (*inclusion_proof(left, index), tree_of(right).root())
    return (*inclusion_proof(right, index - split), tree_of(left).root())


def consistency_proof(leaves: Sequence[bytes], first_size: int) -> tuple[bytes, ...]:
    """Return the hashes that show that an earlier tree is the beginning of this one.

    RFC 9162 2.1.4.1.

    Args:
        leaves: Every leaf hash of the later tree.
        first_size: Leaves of the earlier tree.

    Raises:
        IndexError: The earlier tree is empty or larger than the later.
    """
    if not 0 < first_size <= len(leaves):
        msg = f"a tree of {first_size} leaves is not the beginning of one of {len(leaves)}"
        raise IndexError(msg)
    return _consistency(leaves, first_size, is_whole=True)


def verify_inclusion(leaf: bytes, index: int, proof: Sequence[bytes], head: TreeHead) -> bool:
    """Return whether a proof shows that a leaf is in the tree (RFC 9162 2.1.3.2).

    Args:
        leaf: Hash of the leaf.
        index: Where it should stand, from 0.
        proof: From :func:`inclusion_proof`.
        head: The tree.
    """
    if not 0 <= index < head.size:
        return False
    position, last, node = index, head.size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == head.root


def verify_consistency(first: TreeHead, second: TreeHead, proof: Sequence[bytes]) -> bool:
    """Return whether a proof shows that one tree is the beginning of another (RFC 9162 2.1.4.2).

    Args:
        first: The earlier tree.
        second: The later tree.
        proof: From :func:`consistency_proof`; empty where both are of one size.
    """
    if first.size == second.size:
        return not proof and first.root == second.root
    if not 0 < first.size < second.size:
        return False
    path = list(proof) if first.size & (first.size - 1) else [first.root, *proof]
    if not path:
        return False
    position, last = first.size - 1, second.size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, node)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first.root and new == second.root


def _consistency(leaves: Sequence[bytes], first_size: int, *, is_whole: bool) -> tuple[bytes, ...]:
    if first_size == len(leaves):
        return () if is_whole else (tree_of(leaves).root(),)
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if first_size <= split:
        return (*_consistency(left, first_size, is_whole=is_whole), tree_of(right).root())
    inner = _consistency(right, first_size - split, is_whole=False)
    return (*inner, tree_of(left).root())


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
