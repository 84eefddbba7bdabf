"""RFC 6962 Merkle trees over entry hashes: a root to publish, and a short proof that one entry is under it.

A member keeps the proof as a receipt; anyone can check it offline against a published root.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(entry_hash: bytes) -> bytes:
    return sha256(b"\0" + entry_hash).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The tree head over these entry hashes, in order; of nothing, SHA-256 of the empty string."""
    if not hashes:
        return sha256(b"").digest()
    return _root([leaf_hash(one) for one in hashes])


def _root(leaves: Sequence[bytes]) -> bytes:
    # Pairing level by level and carrying an odd last node upwards gives the tree of RFC 6962 §2.1.
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of RFC 6962 §2.1.1 for the entry at `index`, from the leaf up; at most log2(n) hashes."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"no entry {index} among {len(hashes)}")
    level = [leaf_hash(one) for one in hashes]
    path = []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        index //= 2
    return path


def root_above(entry_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that the path leads to from this entry, `index` of `size`.

    Raises:
        ValueError: the path is too short or too long, or there is no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} among {size}")
    node, last, rest = leaf_hash(entry_hash), size - 1, list(path)
    while last > 0:
        if index % 2 == 1 or index < last:
            if not rest:
                raise ValueError("the path is too short")
            sibling = rest.pop(0)
            node = _node(sibling, node) if index % 2 == 1 else _node(node, sibling)
        index //= 2
        last //= 2
    if rest:
        raise ValueError("the path is too long")
    return node


def included(entry_hash: bytes, index: int, size: int, path: Sequence[bytes], published_root: bytes) -> bool:
    """Whether the path leads from this entry, `index` of `size`, to the published root. Needs nothing else."""
    try:
        return root_above(entry_hash, index, size, path) == published_root
    except ValueError:
        return False
