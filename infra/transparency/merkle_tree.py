"""The Merkle tree of RFC 6962 (and 9162): its root, the paths that prove a leaf or an earlier tree, and their checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Protocol

EMPTY: Final = sha256(b"").digest()
SIZE: Final = 32

Peak = tuple[int, bytes]
"""The root of a whole subtree of 2 ** height leaves, as (height, hash)."""


class BadProof(ValueError):
    """A path does not lead from what is claimed to the root."""


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the leaves, their parents, and so on, whole pairs only."""
    made = [list(leaves)]
    while len(made[-1]) > 1:
        below = made[-1]
        made.append([sha256(b"\1" + a + b).digest() for a, b in zip(below[::2], below[1::2], strict=False)])
    return made


def peaks(levels: Sequence[Sequence[bytes]], count: int) -> list[Peak]:
    """Return the largest whole subtrees, left to right, that the first `count` leaves fall into."""
    found = []
    done = 0
    for height in range(len(levels) - 1, -1, -1):
        if count - done >= 1 << height:
            found.append((height, levels[height][done >> height]))
            done += 1 << height
    return found


def bagged(peaks: Iterable[Peak]) -> bytes:
    """Return the root of the tree that falls into these subtrees."""
    root = b""
    for _, hash in reversed(list(peaks)):
        root = node(hash, root) if root else hash
    return root or EMPTY


class MerkleFrontier:
    """A tree that only grows, of which no more than its peaks is kept."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[Peak] = []

    def add(self, more: Iterable[Peak]) -> None:
        """Append subtrees; each must fit where the tree ends."""
        for peak in more:
            height, hash = peak
            self.size += 1 << height
            while self.peaks and self.peaks[-1][0] == height:
                hash = node(self.peaks.pop()[1], hash)
                height += 1
            self.peaks.append((height, hash))

    def root(self, more: Iterable[Peak] = ()) -> bytes:
        """Return the root, as if `more` had been added."""
        return bagged([*self.peaks, *more])


def root_of(leaves: Sequence[bytes]) -> bytes:
    return bagged(peaks(levels(leaves), len(leaves)))


class Hashes(Protocol):
    """Something that knows the roots of whole subtrees: of 2 ** height leaves, the `index`-th from the left."""

    def subtree(self, height: int, index: int) -> bytes: ...


def span(hashes: Hashes, first: int, end: int) -> bytes:
    """Return the root over the leaves from `first` up to `end`; `first` is where such a subtree may begin."""
    found: list[Peak] = []
    while first < end:
        height = (end - first).bit_length() - 1
        found.append((height, hashes.subtree(height, first >> height)))
        first += 1 << height
    return bagged(found)


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def inclusion(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """Return the path from the leaf `index` to the root of the tree of `size` leaves."""
    path = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(span(hashes, middle, end))
            end = middle
        else:
            path.append(span(hashes, first, middle))
            first = middle
    return path[::-1]


def consistency(hashes: Hashes, before: int, size: int) -> list[bytes]:
    """Return the path that proves the tree of `before` leaves to be the beginning of the one of `size`."""
    if before in (0, size):
        return []
    path = []
    first, end, whole = 0, size, True
    while before != end:
        middle = first + _split(end - first)
        if before <= middle:
            path.append(span(hashes, middle, end))
            end = middle
        else:
            path.append(span(hashes, first, middle))
            first, whole = middle, False
    if not whole:
        path.append(span(hashes, first, end))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """See that `path` leads from the leaf to the root (RFC 9162, section 2.1.3.2). Raises BadProof."""
    if not 0 <= index < size:
        raise BadProof("no such leaf")
    at, last = index, size - 1
    hash = leaf
    for beside in path:
        if last == 0:
            raise BadProof("the path is too long")
        if at & 1 or at == last:
            hash = node(beside, hash)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hash = node(hash, beside)
        at, last = at >> 1, last >> 1
    if last or hash != root:
        raise BadProof("the path does not lead to the root")


def check_consistency(before: int, old: bytes, size: int, new: bytes, path: Sequence[bytes]) -> None:
    """See that the tree of `before` leaves begins the one of `size` (RFC 9162, section 2.1.4.2). Raises BadProof."""
    if before > size:
        raise BadProof("the earlier tree is the larger one")
    if before in (0, size):
        if path or old != (new if before else EMPTY):
            raise BadProof("two trees of one size differ")
        return
    if not path:
        raise BadProof("the path is too short")
    steps = list(path)
    if before & (before - 1) == 0:
        steps.insert(0, old)
    at, last = before - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for beside in steps[1:]:
        if last == 0:
            raise BadProof("the path is too long")
        if at & 1 or at == last:
            was, now = node(beside, was), node(beside, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, beside)
        at, last = at >> 1, last >> 1
    if last or was != old or now != new:
        raise BadProof("the later tree does not begin with the earlier one")
