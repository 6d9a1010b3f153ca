"""Who may do what: the table of rights, role by role."""

from __future__ import annotations

import pytest

from domain.catalogue import all_actions
from domain.correction import CorrectEvent, VoidEvent
from domain.customer.lead import CaptureLead
from domain.person import ChangeRole, JoinGroup, PersonRegistered, RegisterPerson
from domain.policy import PolicyAdopted
from domain.refusal import Refused
from domain.rights import LEADERS, RECORDERS, RIGHTS, may
from tests.domain.context import ROLES, Around, decide, refusal

LEADING = {
    *("person.register person.join person.leave person.change-role person.depart person.hand-over".split()),
    *(
        "group.form calendar.publish policy.adopt period.close target.approve plan.approve customer.erase-contact "
        "customer.recall customer.rule practice.adopt practice.retire".split()
    ),
}
DECIDING = {"resource.grant", "resource.decline"}
SELLING = ("opportunity", "contract", "quote")
OWNING = ("customer.protect", "customer.release", "customer.claim", "customer.dispute")
EVERYBODY = (*RECORDERS, "auditor")


@pytest.mark.parametrize("action", [cls.NAME for cls in all_actions()])
def test_each_action_is_for_the_roles_of_the_table(action: str) -> None:
    if action in LEADING:
        wanted = set(LEADERS)
    elif action in DECIDING:
        wanted = {*RECORDERS} - {"rep"}
    elif action in OWNING or (
        action.partition(".")[0] in SELLING and action not in ("contract.approve", "contract.review")
    ):
        wanted = {"rep", *LEADERS}
    else:
        wanted = set(RECORDERS)
    assert {role for role in EVERYBODY if may(role, action)} == wanted


def test_every_line_of_the_table_speaks_of_an_action_a_noun_or_a_right_in_words() -> None:
    names = {cls.NAME for cls in all_actions()} | {"customer.erase-contact"}
    nouns = {name.partition(".")[0] for name in names}
    assert all(right in names | nouns or " " in right for right in RIGHTS)


def test_the_auditor_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, "shen.ji", "auditor")
    refused = decide(CaptureLead(company="甲", channel="online"), "cus_1", Around("shen.ji"))
    facts = {"actor": "shen.ji", "role": "auditor", "action": "lead.capture", "allowed": ", ".join(RECORDERS)}
    assert refused == Refused("right.role", **facts)


def test_marketing_captures_leads_and_registers_nobody() -> None:
    around = Around("ma.qiao")
    decide(CaptureLead(company="甲", channel="online"), "cus_1", around)
    assert refusal(RegisterPerson(login="x", name="x"), "per_x", around) == "right.role"


def test_a_rep_puts_nobody_into_a_group() -> None:
    around = Around().after("per_li.si", PersonRegistered(login="li.si", name="李四", role="rep"))
    assert refusal(JoinGroup(group="g1"), "per_li.si", around) == "right.role"


def test_only_a_director_makes_a_director() -> None:
    around = Around("chen.jing").after("per_li.si", PersonRegistered(login="li.si", name="李四", role="rep"))
    assert refusal(RegisterPerson(login="x", name="x", role="director"), "per_x", around) == "right.role"
    assert refusal(ChangeRole(role="director"), "per_li.si", around) == "right.role"
    assert decide(ChangeRole(role="manager"), "per_li.si", around)
    assert decide(RegisterPerson(login="x", name="x", role="director"), "per_x", Around("lin.zong"))


@pytest.mark.parametrize("done", [CorrectEvent(values={"name": "李思"}), VoidEvent()])
def test_a_rep_undoes_nothing_that_a_rep_may_not_do(done: CorrectEvent | VoidEvent) -> None:
    values = {"basis": "collected"}
    around = Around(reason="笔误").after(
        "pol_sales-basis", PolicyAdopted(name="sales-basis", values=values, from_=Around().day), by="lin.zong"
    )
    assert refusal(done, around.heard("policy.adopted"), around) == "right.role"


def test_a_manager_corrects_a_registration_but_not_into_a_directors() -> None:
    around = Around("chen.jing", reason="笔误").after(
        "per_li.si", PersonRegistered(login="li.si", name="李四", role="rep"), by="lin.zong"
    )
    registered = around.heard("person.registered")
    assert decide(CorrectEvent(values={"name": "李思"}), registered, around)
    assert refusal(CorrectEvent(values={"role": "director"}), registered, around) == "right.role"
