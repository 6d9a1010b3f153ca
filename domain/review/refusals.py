"""What a review and its findings may be refused for."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "review.period": Text(
        "rule",
        "Reviews of the kind {kind} are of a period as {example}.",
        "Name it: sales review hold {kind} --period {example}",
    ),
    "review.no_deal": Text(
        "rule",
        "Reviews of the kind {kind} are of a deal: an opportunity or a customer.",
        "Name it: sales review hold {kind} --opportunity ...",
    ),
    "review.other_customer": Text(
        "rule", "The opportunity {opportunity} is {customer}'s.", "Leave --customer out: the opportunity tells it."
    ),
    "review.other_end": Text(
        "rule",
        "The opportunity {opportunity} is {state}, not {wanted}.",
        "Review it once it has ended so, or as what it is.",
    ),
    "review.finished": Text("rule", "The review is finished.", "Hold another one: sales review hold ..."),
    "review.nothing_found": Text(
        "rule", "The review has found nothing yet.", "Find something first: sales review find {review} success ..."
    ),
    "review.no_finding": Text("missing", "The review has no finding {finding}.", "It has found: {known}."),
    "review.no_improvement": Text(
        "missing", "The review has no open improvement {item}.", "Of these there are: {known}."
    ),
}
