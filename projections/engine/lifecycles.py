"""Which records there are, and by which events each is opened, goes on, and is closed. A new kind is one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Step(NamedTuple):
    """What an event does to a record: the state it brings (None: none), and the field that holds the record's number.

    `by` is empty where the event speaks of the subject as a whole.
    """

    to: str | None
    by: str = "item"


class Life(NamedTuple):
    """A kind of record: the event that opens it into its first state, its steps by event, and the states that close it."""

    kind: str
    opens: str
    first: str = "open"
    steps: Mapping[str, Step] = {}
    closed: tuple[str, ...] = ()
    by: str = "item"


LIVES: Final = (
    Life("follow-up", "customer.followed_up", "logged", closed=("logged",)),
    Life(
        "plan",
        "plan.drafted",
        "draft",
        steps={
            "plan.committed": Step("draft", by=""),
            "plan.submitted": Step("submitted", by=""),
            "plan.approved": Step("approved", by=""),
            "plan.returned": Step("returned", by=""),
            "plan.filed": Step("filed", by=""),
            "plan.withdrawn": Step("withdrawn", by=""),
        },
        closed=("withdrawn",),
        by="",
    ),
    Life(
        "resource",
        "resource.requested",
        "requested",
        steps={
            "resource.granted": Step("granted", by=""),
            "resource.declined": Step("declined", by=""),
            "resource.delivered": Step("delivered", by=""),
        },
        closed=("declined", "delivered"),
        by="",
    ),
    Life(
        "next-action",
        "customer.next_action_set",
        steps={
            "customer.next_action_rescheduled": Step(None),
            "customer.next_action_completed": Step("completed"),
            "customer.next_action_dropped": Step("dropped"),
        },
        closed=("completed", "dropped"),
    ),
    Life("signal", "customer.signal_logged"),
    Life(
        "planned-follow-up",
        "customer.follow_up_planned",
        "planned",
        steps={"customer.followed_up": Step("kept", by="plan"), "customer.follow_up_missed": Step("missed")},
        closed=("kept", "missed"),
    ),
    Life("need", "need.identified", "identified", steps={"need.changed": Step("changed")}),
    Life(
        "proposal",
        "proposal.requested",
        "requested",
        steps={"proposal.delivered": Step("delivered")},
        closed=("delivered",),
    ),
    Life("quote", "quote.issued", "issued"),
    Life(
        "collaboration",
        "collaboration.asked",
        steps={"collaboration.delivered": Step("delivered"), "collaboration.declined": Step("declined")},
        closed=("delivered", "declined"),
    ),
    Life("hand-over", "after-sale.handed_over", "done", closed=("done",)),
    Life(
        "promise",
        "after-sale.promised",
        steps={"after-sale.promise_kept": Step("kept"), "after-sale.promise_broken": Step("broken")},
        closed=("kept", "broken"),
    ),
    Life(
        "visit",
        "after-sale.visit_scheduled",
        "scheduled",
        steps={"after-sale.visited": Step("done")},
        closed=("done",),
    ),
    Life("complaint", "after-sale.complained", steps={"after-sale.resolved": Step("resolved")}, closed=("resolved",)),
    Life(
        "review", "review.held", "held", steps={"review.finished": Step("finished", by="")}, closed=("finished",), by=""
    ),
    Life("finding", "review.found", "found"),
    Life("improvement", "review.agreed", steps={"review.completed": Step("done")}, closed=("done",)),
    Life(
        "practice",
        "practice.adopted",
        "adopted",
        steps={"practice.retired": Step("retired", by="")},
        closed=("retired",),
        by="",
    ),
    Life(
        "dispute",
        "customer.ownership_disputed",
        steps={"customer.ownership_ruled": Step("ruled")},
        closed=("ruled",),
    ),
)

BY_KIND: Final[Mapping[str, Life]] = {life.kind: life for life in LIVES}

ROLES: Final[Mapping[str, tuple[tuple[Life, Step | None], ...]]] = {
    name: tuple(
        (life, None if name == life.opens else life.steps[name])
        for life in LIVES
        if name == life.opens or name in life.steps
    )
    for name in dict.fromkeys(name for life in LIVES for name in (life.opens, *life.steps))
}
"""By event: the lives in which it plays a part, each with its step there; None: it opens one."""
