"""Collaborations: asked for with a day, delivered, or declined with a reason."""

from __future__ import annotations

import datetime as dt

from domain.collaboration import (
    AskCollaboration,
    CollaborationAsked,
    CollaborationDeclined,
    CollaborationDelivered,
    DeclineCollaboration,
    DeliverCollaboration,
)
from domain.customer.events import MergedInto
from tests.domain.context import Around, events, refusal

ASKED = CollaborationAsked(item="k1", department="技术部", what="方案", due=dt.date(2024, 2, 22))
OTHER = CollaborationAsked(item="k2", department="财务部", what="保函", due=dt.date(2024, 2, 23))


def test_it_is_asked_for_by_a_day_or_by_working_days_and_not_by_both() -> None:
    asked = AskCollaboration(department="技术部", what="方案", working_days=3)
    day = dt.date(2024, 2, 19)
    assert events(asked, "cus_1", Around()) == [
        CollaborationAsked(item="k1", department="技术部", what="方案", working_days=3, counted_from=day)
    ]
    assert refusal(AskCollaboration(department="技术部", what="方案"), "cus_1", Around()) == "due.when"
    both = AskCollaboration(department="技术部", what="方案", due=day, working_days=3)
    assert refusal(both, "cus_1", Around()) == "due.when"
    assert refusal(AskCollaboration(department="甲", what="乙", working_days=1001), "cus_1", Around()) == "due.days"
    gone = Around().after("cus_1", MergedInto(survivor="cus_2"))
    assert refusal(asked, "cus_1", gone) == "lead.merged"


def test_the_open_one_is_meant_by_number_department_or_being_the_only_one() -> None:
    both = Around().after("cus_1", ASKED, OTHER)
    assert events(DeliverCollaboration(item="k2"), "cus_1", both) == [CollaborationDelivered(item="k2")]
    assert events(DeliverCollaboration(item="技术部", words="一份"), "cus_1", both) == [
        CollaborationDelivered(item="k1", words="一份")
    ]
    assert refusal(DeliverCollaboration(), "cus_1", both) == "customer.no_such_item"
    left = both.after("cus_1", CollaborationDelivered(item="k1"))
    assert events(DeliverCollaboration(), "cus_1", left) == [CollaborationDelivered(item="k2")]
    assert refusal(DeliverCollaboration(item="k1"), "cus_1", left) == "customer.no_such_item"


def test_it_is_declined_with_a_reason() -> None:
    around = Around(reason="排期已满").after("cus_1", ASKED)
    assert events(DeclineCollaboration(), "cus_1", around) == [CollaborationDeclined(item="k1")]
    assert refusal(DeclineCollaboration(), "cus_1", Around().after("cus_1", ASKED)) == "reason.missing"
