"""Groups of customers that may be one company, against what each two of them say."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from random import Random

import pytest

from projections.views.duplicate_groups import Groups

ONE = Decimal(1)


def told_apart(apart: dict[int, int], one: int, other: int) -> bool:
    return max(apart.get(one, 0), apart.get(other, 0)) > max(one, other)


@pytest.mark.parametrize("settled", [False, True])
def test_groups_are_what_hangs_together_by_pairs(settled: bool) -> None:
    for seed in range(400):
        compare(seed, settled)


def compare(seed: int, settled: bool) -> None:
    """Hold the groups of some customers at random against each two of them."""
    chance = Random(seed)
    places = chance.sample(range(1, 60), 24)
    numbers, validated = sorted(places[:12]), places[12:]
    apart = {
        n: next((v for v in validated if v > n), 0) for n in numbers if chance.random() < chance.choice((0, 0.3, 0.9))
    }
    apart = {number: position for number, position in apart.items() if position}
    forms = [[n for n in numbers if n % 4 == form] for form in range(4)]
    near = [pair for pair in combinations(range(4), 2) if chance.random() < 0.3]
    groups = Groups(apart, settled=settled)
    edges = {pair for form in forms for pair in combinations(form, 2)}
    for form in forms:
        groups.meet("name", lambda one, other: ONE, form)
    for one, other in near:
        groups.meet("near", lambda one, other: Decimal("0.9"), forms[one], forms[other])
        edges |= {(min(a, b), max(a, b)) for a in forms[one] for b in forms[other]}
    held = {pair for pair in edges if settled or not told_apart(apart, *pair)}
    assert {frozenset(each) for each in groups.together()} == components(held)
    for number, link in groups.links.items():
        assert (min(number, link.other), max(number, link.other)) in held
        assert link.distinct == told_apart(apart, number, link.other)
        same = any({number, link.other} <= set(form) for form in forms)
        assert link.how == ("name" if same else "near")
        partners = [pair for pair in held if number in pair and any(set(pair) <= set(form) for form in forms)]
        assert same == bool(partners)


def components(edges: set[tuple[int, int]]) -> set[frozenset[int]]:
    found: list[set[int]] = []
    for edge in edges:
        touched = [group for group in found if group & set(edge)]
        found = [group for group in found if group not in touched] + [set(edge).union(*touched)]
    return {frozenset(group) for group in found}
