"""Who may do what: the table of rights, role by role."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import pytest

from domain.correction.actions import CorrectEvent, VoidEvent
from domain.customer.lead import CaptureLead
from domain.kernel.field import fields_of
from domain.kernel.refusal import Refused
from domain.kernel.registry import all_actions, all_events, event_class, home_of
from domain.kernel.rights import LEADERS, OPEN, RECORDERS, RIGHTS, TOLD, may, open_to_all, recording, roles
from domain.kernel.unique_numbers import NUMBERED
from domain.organisation.person import ChangeRole, JoinGroup, PersonRegistered, RegisterPerson
from domain.policy.actions import PolicyAdopted
from tests.domain.context import ROLES, Around, decide, refusal
from tests.given import Given
from tests.story import story

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


@pytest.fixture(scope="module")
def recorded() -> list[tuple[str, str, int, str]]:
    """Return what was recorded in the history in which everything happens: (action, event, version, stream)."""
    found = []
    with TemporaryDirectory() as folder:
        given = Given(f"sqlite:///{folder}/store.db")
        lines = story()
        for said, answer in zip(lines, given.happened(*lines), strict=True):
            assert answer.position is not None
            records = given.store.reader.read(answer.position - 1, len(answer.names))
            found += [(said["action"], record.name, record.version, record.stream) for record in records]
        given.close()
    return found


def test_an_event_is_for_whom_the_actions_are_that_record_it(recorded: list[tuple[str, str, int, str]]) -> None:
    acts: dict[str, set[str]] = {}
    for action, name, _, _ in recorded:
        acts.setdefault(name, set()).add(action)
    assert acts.keys() == {happened.NAME for happened in all_events()}
    for name, actions in acts.items():
        wanted = {role for action in actions for role in roles(action)}
        assert set(recording(event_class(name))) == wanted, (name, actions)
        assert open_to_all(event_class(name)) == (actions <= OPEN), (name, actions)


def test_a_history_begins_with_what_its_subject_says_and_lies_where_its_noun_does(
    recorded: list[tuple[str, str, int, str]],
) -> None:
    for _, name, version, stream in recorded:
        home = home_of(name)
        assert home is None or stream.startswith(home.prefix)
        if version == 1:
            assert home is not None
            assert home.begins == name


def test_what_is_told_of_the_unseen_are_fields_of_its_event() -> None:
    for name, kept in TOLD.items():
        assert set(kept) <= {field.name for field in fields_of(event_class(name))}
        assert not any(field.personal for field in fields_of(event_class(name)) if field.name in kept)


def test_whoever_decides_is_told_the_numbers_that_others_bear() -> None:
    assert all("number" in TOLD[name] for name in NUMBERED)
