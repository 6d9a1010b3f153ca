"""The replay's part of the page of the views: what each key of a frame means."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows
from cli.docs.reference.markdown import code, fenced, table

AROUND: Final = {
    "schema": "The version of this form: 1.",
    "view": "`replay`.",
    "period": "The period, in its usual form.",
    "by": "day, or week: each Friday and the last day.",
    "metric": "Whose target it is held against.",
    "level": "company, group or person.",
    "owner": "`company`, the group's code or the login.",
    "as_of": "The day up to which frames are shown.",
    "known_at": "What hindsight knows.",
    "position": "The last event that hindsight knows.",
    "frames": "The frames, as below.",
}
FRAME: Final[Rows] = (
    ("day", "date", "The frame's day: what follows is as of its end, as known at its end."),
    ("position", "count", "The last event known then."),
    ("working_days", "count", "The period's working days, by the calendar known then."),
    ("elapsed_days", "count", "Those gone by, the day's own included."),
    ("metric", "text", "The target's metric."),
    ("basis", "text", "signed for sales; else null."),
    ("state", "text", "The target's state; null without one."),
    ("target", "number", "The target in force."),
    ("original_target", "number", "The target before any revision."),
    ("currency", "text", "Of the target; null for what is no money."),
    ("pace", "number", "target x elapsed_days / working_days."),
    ("figures", "list", "Each measure in each of its currencies, as below."),
    ("pipeline", "list", "The open deals: their `count` and `amount` in each `currency`."),
    ("deals", "list", "What became of deals since the frame before."),
    ("targets", "list", "What was done about the period's targets."),
    ("signed", "list", "The period's contracts whose signing was recorded, and the orders under frameworks."),
    ("late", "list", "What was entered although its day lies before the frame."),
    ("corrections", "list", "Corrections and withdrawals, of whoever's act was corrected."),
)
EVENT: Final[Rows] = (
    ("position", "count", "The event's place in the log."),
    ("event", "text", "The event's id."),
    ("name", "text", "The event's name."),
    ("subject", "text", "Whose history it belongs to."),
)
"""What each thing that happened begins with."""

PARTS: Final[dict[str, Rows]] = {
    "figures": (
        ("measure", "text", "signed, collected, new-customers, leads, valid-leads or follow-ups: the period's sum."),
        ("currency", "text", "Of money; null for counts."),
        ("known", "number", "As known at the end of the frame's day."),
        ("hindsight", "number", "As of the same day, as known at known_at."),
        ("events", "list", "With --explain: what moved `known` since the frame before, each with its `amount`."),
    ),
    "deals": (
        ("change", "text", "appeared, grew, shrank, slipped, sooner, moved, won, lost, gone, came or went."),
        *EVENT,
        ("deal", "text", "What the deal is about."),
        ("company", "text", "The customer's name."),
        ("owner", "text", "Its owner's login."),
        ("amount", "number", "What it is worth now."),
        ("currency", "text", "Of the amount."),
        ("from", "text", "The amount, closing day or stage before."),
        ("to", "text", "The amount, closing day or stage now."),
    ),
    "targets": (
        *EVENT,
        ("owner", "text", "The target's owner."),
        ("metric", "text", "The target's metric."),
        ("actor", "text", "Whose act it is."),
        ("reason", "text", "Why."),
        ("changes", "list", "What changed: `field`, `from`, `to`."),
    ),
    "signed": (
        *EVENT,
        ("owner", "text", "To whom it is credited."),
        ("day", "date", "The day of signing."),
        ("amount", "number", "What it is worth, as known at the end of the frame's day."),
        ("currency", "text", "Of the amount."),
        ("number", "text", "The contract's number."),
        ("company", "text", "The customer's name."),
    ),
    "late": (
        *EVENT,
        ("actor", "text", "Whose act it is."),
        ("recorder", "text", "Who entered it."),
        ("day", "date", "When it happened."),
        ("entered", "date", "When it was entered."),
        ("late_days", "count", "Working days between the two."),
        ("company", "text", "The customer's name; null without one."),
    ),
    "corrections": (
        *EVENT,
        ("corrects", "count", "The position of what is corrected or withdrawn."),
        ("corrected", "text", "Its event's name."),
        ("day", "date", "When that happened."),
        ("actor", "text", "Who corrects."),
        ("reason", "text", "Why."),
        ("changes", "list", "What changed: `field`, `from`, `to`."),
        ("company", "text", "The customer's name; null without one."),
    ),
}


def section() -> list[str]:
    """Return the lines of the section."""
    title = (
        "A frame a day or a week: what the views said at its end, hindsight, and what happened since the one before."
    )
    lines = ["## replay", "", title, "", *fenced("sales replay 2024Q1 --json")]
    lines += table(("key", "meaning"), ((code(key), meaning) for key, meaning in AROUND.items()))
    for name, rows in {"frames": FRAME, **PARTS}.items():
        lines += [f"### {name}", ""]
        lines += table(("key", "type", "meaning"), ((code(key), kind, meaning) for key, kind, meaning in rows))
    return lines
