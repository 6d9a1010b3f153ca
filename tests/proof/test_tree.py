"""The tree is that of RFC 6962: its published vectors hold, and every path of every small tree."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from infra.transparency.merkle_tree import (
    EMPTY,
    BadProof,
    MerkleFrontier,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    levels,
    node,
    peaks,
    root_of,
)

# The leaves and hashes that the implementations of Certificate Transparency are tested with.
ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A, B, C = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
D, E, F = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
)
INCLUSIONS = ((0, 1, ()), (0, 8, (A, B, C)), (5, 8, (D, E, ROOTS[3])), (2, 3, (ROOTS[1],)), (1, 5, (ROOTS[0], B, D)))
CONSISTENCIES = ((1, 1, ()), (1, 8, (A, B, C)), (6, 8, (F, E, ROOTS[3])), (2, 5, (B, D)))


def hashed(entry: bytes) -> bytes:
    from hashlib import sha256

    return sha256(b"\0" + entry).digest()


LEAVES = [hashed(bytes.fromhex(entry)) for entry in ENTRIES]


class Held:
    """A tree in memory, asked as the tiles are."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.levels = levels(leaves)

    def subtree(self, height: int, index: int) -> bytes:
        return self.levels[height][index]


def plain(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 6962 defines it, word for word."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node(plain(leaves[:k]), plain(leaves[k:]))


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]) == MerkleFrontier().root() == EMPTY


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_hold(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSIONS)
def test_the_published_inclusion_proofs_hold(index: int, size: int, path: tuple[str, ...]) -> None:
    made = inclusion(Held(LEAVES), index, size)
    assert [hash.hex() for hash in made] == list(path)
    check_inclusion(LEAVES[index], index, size, made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("before", "size", "path"), CONSISTENCIES)
def test_the_published_consistency_proofs_hold(before: int, size: int, path: tuple[str, ...]) -> None:
    made = consistency(Held(LEAVES), before, size)
    assert [hash.hex() for hash in made] == list(path)
    check_consistency(before, bytes.fromhex(ROOTS[before - 1]), size, bytes.fromhex(ROOTS[size - 1]), made)


@pytest.mark.parametrize("size", range(41))
def test_every_leaf_and_every_beginning_of_a_small_tree_is_proven_and_no_other(size: int) -> None:
    leaves = [hashed(bytes([n])) for n in range(size)]
    tree, root = Held(leaves), plain(leaves)
    assert root_of(leaves) == root
    for index in range(size):
        path = inclusion(tree, index, size)
        check_inclusion(leaves[index], index, size, path, root)
        refused(check_inclusion, leaves[index], index ^ 1, size, path, root)
        refused(check_inclusion, hashed(b"other"), index, size, path, root)
        refused(check_inclusion, leaves[index], index, size, [*path, root], root)
        refused(check_inclusion, leaves[index], size + index, size, path, root)
    for before in range(1, size + 1):
        path, old = consistency(tree, before, size), plain(leaves[:before])
        check_consistency(before, old, size, root, path)
        refused(check_consistency, before, hashed(b"other"), size, root, path)
        refused(check_consistency, before, old, size, hashed(b"other"), path)
        refused(check_consistency, before, old, size, root, [*path, root])
        refused(check_consistency, size + 1, old, size, root, path)


def refused(check: object, *given: object) -> None:
    with pytest.raises(BadProof):
        check(*given)  # type: ignore[operator]


@pytest.mark.parametrize("parts", [(8,), (4, 4), (4, 3), (2, 2, 2, 1), (1, 1, 1)])
def test_a_growing_tree_has_the_root_of_what_it_took(parts: tuple[int, ...]) -> None:
    growing, at = MerkleFrontier(), 0
    for part in parts:
        more = LEAVES[at : at + part]
        assert growing.root(peaks(levels(more), part)) == root_of(LEAVES[: at + part])
        growing.add(peaks(levels(more), part))
        at += part
    assert (growing.size, growing.root()) == (at, root_of(LEAVES[:at]))
