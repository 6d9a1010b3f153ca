"""Refusals about targets."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "target.exists": Text(
        "conflict",
        "{owner} has a target for {metric} in {period} already: {target}.",
        "Edit the draft (sales target set {target} --value ...) or revise the filed one (sales target revise {target}).",
    ),
    "target.no_owner": Text(
        "missing",
        "{owner} is neither the company nor a group nor a person.",
        "Name company, a group's code or a login.",
    ),
    "target.no_period": Text("rule", "{period} is no period: {why}.", "Write 2024Q1, 2024-02, 2024-W07 or 2024."),
    "target.no_metric": Text(
        "rule",
        "There is no metric {metric}.",
        "There are: {known}. Define another: sales policy adopt metrics --values ...",
    ),
    "target.below_zero": Text("rule", "{value} is below zero.", "A target is 0 or more."),
    "target.currency": Text(
        "rule", "The target is in {expected}, not {currency}.", "Amounts of different currencies are never summed."
    ),
    "target.not_smart": Text(
        "rule",
        "The target is not SMART; missing: {missing}.",
        "S metric and comparator, M value with unit, A owner, R parent or rationale, T period: sales target set {target} --...",
    ),
    "target.wrong_state": Text(
        "rule", "The target is {state}; {action} needs it {needed}.", "Its history: sales audit {target}"
    ),
    "target.own_submission": Text(
        "rule", "{actor} submitted this target and can't approve it too.", "Let another manager or director approve it."
    ),
    "target.edited": Text(
        "rule", "The target was changed after it was submitted.", "Submit it again: sales target submit {target}"
    ),
    "target.not_a_child": Text(
        "rule",
        "{child} can't take a share of {target}: {why}.",
        "A child has the same metric and currency, and a period inside the parent's.",
    ),
    "target.no_value": Text(
        "rule", "The target has no value to share out.", "Set it: sales target set {target} --value ..."
    ),
    "target.not_shared": Text(
        "rule",
        "A target of {metric} is a rate, which has no shares.",
        "Set each member's own: sales target set --metric {metric} --owner ...",
    ),
    "target.not_allocated": Text(
        "rule", "{child} has no allocation from {target}.", "Allocate first: sales target allocate"
    ),
}
