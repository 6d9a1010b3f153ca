"""Refusals about action plans."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "plan.no_target": Text(
        "rule", "A plan is made for a target, and none is named.", "Name it: sales plan draft --target tgt_1"
    ),
    "plan.other_target": Text(
        "rule", "Plan {plan} is for the target {target}.", "Draft another plan for another target."
    ),
    "plan.target_unfit": Text(
        "rule",
        "No plan can be made for {target}: it is {state}, and a plan needs a target in use with an owner and a period.",
        "Complete it: sales target set {target} --owner ... --period ...",
    ),
    "plan.exists": Text(
        "conflict",
        "{target} has a plan already: {plan}.",
        "Add to it: sales plan commit {plan} --kind leads --count 3 --per week",
    ),
    "plan.below_zero": Text("rule", "{count} is below zero.", "A key action is 1 or more; 0 takes it out of the plan."),
    "plan.empty": Text(
        "rule",
        "The plan has no key action yet.",
        "Commit to one: sales plan commit {plan} --kind touches --count 2 --per day",
    ),
    "plan.no_channel": Text(
        "rule",
        "{kind} are not counted by channel.",
        "Leave the channel out; leads, touches and intent-touches take one.",
    ),
    "plan.channel_not_planned": Text(
        "rule",
        "The channel {channel} is none of the plan's: {planned}.",
        "Plan it too: sales plan draft {plan} --channels ...",
    ),
    "plan.channel_not_counted": Text(
        "rule", "{channel} is no channel on which touches are counted.", "It is one of {known}."
    ),
    "plan.wrong_state": Text(
        "rule", "The plan is {state}; {action} needs it {needed}.", "Its history: sales audit {plan}"
    ),
    "plan.own_submission": Text(
        "rule", "{actor} submitted this plan and can't approve it too.", "Let another manager or director approve it."
    ),
    "plan.edited": Text(
        "rule", "The plan was changed after it was submitted.", "Submit it again: sales plan submit {plan}"
    ),
}
