"""The customer's file: details, contacts, pain points, follow-ups, next actions, objections and signals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.customer import events as e
from domain.customer.follow_up import LogFollowUp, Promise
from domain.customer.next_action import CompleteNextAction, DropNextAction, RescheduleNextAction, SetNextAction
from domain.customer.objection import AnswerObjection, LogObjection, ResolveObjection
from domain.customer.profile import AddContact, ChangeCustomer, EraseContact, FormTeam, NotePainPoint
from domain.customer.records import LogSignal
from domain.kernel.action import Action
from tests.domain.context import Around, events, refusal

CAPTURED = e.LeadCaptured(company="北方阀门有限公司", channel="online", industry="机械")
DAY, TODAY = dt.date(2024, 3, 1), dt.date(2024, 2, 19)


def customer(*happened: Any) -> Around:
    return Around().after("cus_1", CAPTURED, *happened)


def one(action: Action, around: Around) -> Any:
    (made,) = events(action, "cus_1", around)
    return made


def test_only_details_that_differ_are_changed() -> None:
    asked = ChangeCustomer(industry="机械", size="200-500")
    assert one(asked, customer()) == e.CustomerDetailsChanged(size="200-500")
    assert refusal(ChangeCustomer(industry="机械"), "cus_1", customer()) == "event.nothing_changes"


def test_contacts_and_pain_points_are_numbered_and_no_number_is_used_twice() -> None:
    around = customer(e.ContactAdded(item="c3", contact="李总"), e.PainPointNoted(item="p1", words="交期"))
    assert one(AddContact(contact="王总"), around) == e.ContactAdded(item="c4", contact="王总")
    assert one(NotePainPoint(words="价格"), around) == e.PainPointNoted(item="p2", words="价格")


def test_a_team_is_formed_of_people_who_are_there() -> None:
    assert one(FormTeam(members=("li.si",)), customer()) == e.DedicatedTeamFormed(members=("li.si",))
    assert refusal(FormTeam(members=("nobody",)), "cus_1", customer()) == "person.unknown"
    assert refusal(FormTeam(members=()), "cus_1", customer()) == "person.unknown"


def test_a_follow_up_carries_several_next_actions() -> None:
    asked = LogFollowUp(
        channel="visit", feedback="感兴趣", next_action="回访", working_days=2,
        next_actions=(Promise("报价", DAY, None), Promise("寄样品", None, 3)),
    )  # fmt: skip
    around = customer(e.NextActionSet(item="n1", what="电话", due=DAY))
    assert events(asked, "cus_1", around) == [
        e.FollowUpLogged(item="f1", channel="visit", feedback="感兴趣"),
        e.NextActionSet(item="n2", what="报价", due=DAY, follow_up="f1"),
        e.NextActionSet(item="n3", what="寄样品", working_days=3, counted_from=TODAY, follow_up="f1"),
        e.NextActionSet(item="n4", what="回访", working_days=2, counted_from=TODAY, follow_up="f1"),
    ]


@pytest.mark.parametrize("when", [{}, {"due": DAY, "working_days": 1}, {"working_days": -1}])
def test_a_next_action_has_one_time(when: dict[str, Any]) -> None:
    assert refusal(SetNextAction(what="报价", **when), "cus_1", customer()) == "next_action.when"
    assert refusal(LogFollowUp(channel="call", next_action="报价", **when), "cus_1", customer()) == "next_action.when"
    opened = customer(e.NextActionSet(item="n1", what="报价", due=DAY))
    assert refusal(RescheduleNextAction(**when), "cus_1", opened) == "next_action.when"


def test_a_next_action_is_set_rescheduled_completed_or_dropped() -> None:
    around = customer()
    made = one(SetNextAction(what="报价", due=DAY), around)
    assert made == e.NextActionSet(item="n1", what="报价", due=DAY)
    around.after("cus_1", made)
    moved = one(RescheduleNextAction(working_days=5), around)
    assert moved == e.NextActionRescheduled(item="n1", working_days=5, counted_from=TODAY)
    assert one(CompleteNextAction(), around) == e.NextActionCompleted(item="n1")
    assert one(DropNextAction(item="报价"), around) == e.NextActionDropped(item="n1")


@pytest.mark.parametrize("action", [CompleteNextAction, DropNextAction, RescheduleNextAction])
def test_the_next_action_that_is_meant_must_be_clear(action: Any) -> None:
    asked = action(due=DAY) if action is RescheduleNextAction else action()
    assert refusal(asked, "cus_1", customer()) == "customer.no_such_item"
    two = [e.NextActionSet(item=item, what="报价", due=DAY) for item in ("n1", "n2")]
    assert refusal(asked, "cus_1", customer(*two)) == "customer.no_such_item"
    around = customer(*two, e.NextActionCompleted(item="n1"))
    assert one(asked, around).item == "n2"
    around = customer(*two)
    around.item = "n1"
    assert one(asked, around).item == "n1"


def test_an_objection_is_logged_answered_and_resolved() -> None:
    around = customer()
    made = one(LogObjection(kind="price", words="贵"), around)
    assert made == e.ObjectionLogged(item="o1", kind="price", words="贵")
    around.after("cus_1", made)
    answered = one(AnswerObjection(answer="含质保"), around)
    assert answered == e.ObjectionAnswered(item="o1", answer="含质保")
    around.after("cus_1", answered)
    assert one(ResolveObjection(item="price", outcome="接受"), around) == e.ObjectionResolved(item="o1", outcome="接受")
    around.after("cus_1", e.ObjectionResolved(item="o1"))
    for asked in (AnswerObjection(), ResolveObjection(item="o1")):
        assert refusal(asked, "cus_1", around) == "customer.no_such_item"


def people(reason: str | None = "本人要求") -> Around:
    around = Around("chen.jing", reason=reason)
    first = e.LeadCaptured(company="北方阀门有限公司", channel="online", contact="王经理")
    return around.after(
        "cus_1", first, e.ContactAdded(item="c1", contact="李总"), e.ContactAdded(item="c2", contact="李总")
    )


def test_one_contact_goes_alone_or_all_go() -> None:
    assert one(EraseContact(), people()) == e.ContactErased(item="e1")
    assert one(EraseContact(item="c1"), people()) == e.ContactErased(item="e1", which="c1")
    assert one(EraseContact(contact="王经理"), people()) == e.ContactErased(item="e1", which="c0")
    assert refusal(EraseContact(contact="李总"), "cus_1", people()) == "customer.contact_ambiguous"
    assert refusal(EraseContact(item="c7"), "cus_1", people()) == "customer.no_such_item"
    assert refusal(EraseContact(item="c1"), "cus_1", people(None)) == "reason.missing"


def test_who_is_sealed_together_with_others_does_not_go_alone() -> None:
    around = people()
    around.together["cus_1", "c1"] = [(2, "phone")]
    assert refusal(EraseContact(item="c1"), "cus_1", around) == "customer.contact_not_alone"
    assert one(EraseContact(item="c0"), around) == e.ContactErased(item="e1", which="c0")


def test_the_next_contact_takes_the_place_of_the_first_who_went() -> None:
    state = people().after("cus_1", e.ContactErased(item="e1", which="c0")).state("cus_1")
    assert (state.contact, state.first_contact, [*state.contacts]) == ("李总", "c1", ["c1", "c2"])
    assert not state.contact_erased
    state = people().after("cus_1", *(e.ContactErased(item=f"e{n}", which=f"c{n}") for n in range(3))).state("cus_1")
    assert (state.contact, state.contact_erased, [*state.contacts]) == ("李总", True, [])


def test_a_signal_is_logged() -> None:
    around = customer(e.SignalLogged(item="s1", kind="asks-for-quotation"))
    assert one(LogSignal(kind="asks-for-contract-details"), around) == e.SignalLogged(
        item="s2", kind="asks-for-contract-details"
    )


@pytest.mark.parametrize(
    "asked",
    [
        ChangeCustomer(size="1"), AddContact(contact="王"), NotePainPoint(words="交期"), FormTeam(members=("li.si",)),
        LogFollowUp(channel="call"), SetNextAction(what="报价", due=DAY), LogObjection(kind="price"),
        LogSignal(kind="asks-for-quotation"),
    ],
    ids=lambda asked: asked.NAME,
)  # fmt: skip
def test_a_merged_lead_takes_nothing_more(asked: Action) -> None:
    assert refusal(asked, "cus_1", customer(e.MergedInto(survivor="cus_2"))) == "lead.merged"
