"""A policy that there is not is said to be unknown, with those that there are."""

from __future__ import annotations

import json

from .conftest import Sales


def test_an_unknown_policy_is_not_found(sales: Sales) -> None:
    done = sales("policy", "show", "weather", "--json")
    assert done.status == 4
    error = json.loads(done.out)["error"]
    assert error["code"] == "policy.unknown"
    assert "grading" in error["hint"]
