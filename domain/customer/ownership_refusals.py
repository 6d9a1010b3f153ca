"""Refusals about whose a customer is: protection, disputes and rulings."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "ownership.disputed": Text(
        "rule",
        "{claimant} disputes whose {subject} is, and nobody has ruled on it yet ({item}).",
        "A manager or director who is no party rules: sales customer rule {subject} --owner ...",
    ),
    "ownership.for_another": Text(
        "right", "Only {claimant} says what is theirs.", "Let {claimant} dispute it, or a manager or director for them."
    ),
    "ownership.nobodys": Text("rule", "Nobody owns {subject}.", "Take it: sales customer claim {subject}"),
    "ownership.own": Text("rule", "{claimant} owns this customer already.", "Nothing needs to be done."),
    "ownership.party": Text(
        "rule", "{actor} is a party to this dispute and can't rule on it.", "Let another manager or director rule."
    ),
    "ownership.two_ends": Text(
        "rule",
        "A protection ends on a day or after a number of working days, not both.",
        "Give --until 2024-03-29 or --working-days 20.",
    ),
    "ownership.extension": Text(
        "right",
        "The customer has been protected already, until {until}; only {allowed} may protect it again.",
        "Ask one of them; the rule: sales policy show pool",
    ),
    "ownership.too_long": Text(
        "rule",
        "A protection ends between today and {most}, {days} working days from now.",
        "Give an earlier day; the rule: sales policy show pool",
    ),
    "ownership.protected": Text("rule", "The customer is protected until {until} already.", "Give a later day."),
}
