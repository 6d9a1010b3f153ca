"""Resource requests: made, granted or declined by somebody else, and delivered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.correction.actions import VoidEvent
from domain.kernel.action import Action
from domain.resource import (
    DeclineResource,
    DeliverResource,
    GrantResource,
    RequestResource,
    ResourceDeclined,
    ResourceDelivered,
    ResourceGranted,
    ResourceRequested,
)
from tests.domain.context import Around, events, refusal

ASKED: dict[str, Any] = {"department": "technical", "item": "样机", "needed_by": dt.date(2024, 3, 1), "count": 2}
REQUESTED = ResourceRequested(**ASKED, by="zhang.san")


def way(*steps: type, by: str = "chen.jing", reason: str | None = None) -> Around:
    around = Around(by, reason=reason).after("rsc_1", REQUESTED)
    for step in steps:
        around.after("rsc_1", step(by="lin.zong"))
    return around


def test_it_is_requested_by_a_day_to_come() -> None:
    assert events(RequestResource(**ASKED), "rsc_1", Around()) == [REQUESTED]
    late = RequestResource(**{**ASKED, "needed_by": dt.date(2024, 1, 31)})
    assert refusal(late, "rsc_1", Around()) == "resource.past"
    assert refusal(RequestResource(**{**ASKED, "count": 0}), "rsc_1", Around()) == "resource.count"


def test_another_person_grants_or_declines_it() -> None:
    assert events(GrantResource(), "rsc_1", way()) == [ResourceGranted(by="chen.jing")]
    assert events(DeclineResource(), "rsc_1", way(reason="预算用完")) == [ResourceDeclined(by="chen.jing")]
    assert events(DeclineResource(), "rsc_1", way(ResourceGranted, reason="展会取消"))
    assert refusal(DeclineResource(), "rsc_1", way()) == "reason.missing"
    own = Around("chen.jing").after("rsc_1", ResourceRequested(**ASKED, by="chen.jing"))
    assert refusal(GrantResource(), "rsc_1", own) == "resource.own_request"
    assert refusal(GrantResource(), "rsc_1", way(by="li.si")) == "right.role"
    assert events(GrantResource(), "rsc_1", way(by="ma.qiao"))


def test_what_was_granted_is_delivered() -> None:
    assert events(DeliverResource(), "rsc_1", way(ResourceGranted, by="zhang.san")) == [
        ResourceDelivered(by="zhang.san")
    ]


@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        (GrantResource(), (ResourceGranted,)),
        (GrantResource(), (ResourceDeclined,)),
        (DeclineResource(), (ResourceGranted, ResourceDelivered)),
        (DeliverResource(), ()),
        (DeliverResource(), (ResourceDeclined,)),
    ],
)
def test_a_step_needs_the_one_before(asked: Action, steps: tuple[type, ...]) -> None:
    assert refusal(asked, "rsc_1", way(*steps, reason="预算用完")) == "resource.wrong_state"


def test_what_was_delivered_stays_granted() -> None:
    around = way(ResourceGranted, ResourceDelivered, reason="误录")
    assert refusal(VoidEvent(), around.heard("resource.granted"), around) == "event.followed"
