"""Every action has four outcomes: it is done, refused, repeated under its key, or in conflict with what the key recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from domain.catalogue import all_actions
from infra.gathered import Recorded
from infra.problem import Problem
from tests.given import Given, Line, line
from tests.story import DIRECTOR, MANAGER, REP, story

BOTH: Final[dict[str, Any]] = {"due": "2024-06-03", "working_days": 3}
REFUSED: Final = [
    (line("person.register", by=DIRECTOR, login=REP, name="张三"), "person.exists"),
    (line("person.join", "wang.wu", by=DIRECTOR, group="g1"), "person.departed"),
    (line("person.leave", DIRECTOR, by=DIRECTOR), "person.not_in_group"),
    (line("person.change-role", "nobody", by=DIRECTOR, role="rep"), "person.unknown"),
    (line("person.depart", "wang.wu", by=DIRECTOR), "person.departed"),
    (line("person.hand-over", REP, by=DIRECTOR, to="wang.wu"), "person.departed"),
    (line("group.form", by=DIRECTOR, code="g1", name="一组"), "group.exists"),
    (line("calendar.publish", by=DIRECTOR, year=2024, holidays=["2025-01-01"]), "calendar.not_the_year"),
    (line("policy.adopt", by=REP, name="sales-basis", values={"basis": "signed"}), "right.role"),
    (line("target.set", by=MANAGER, owner="nobody"), "target.no_owner"),
    (line("target.allocate", "t", by=MANAGER, child="nobody", value="1"), "target.no_owner"),
    (line("target.reallocate", "t", by=MANAGER, from_="g1", to="nobody", value="1"), "target.no_owner"),
    (line("target.revise", "t", by=MANAGER, value="1"), "reason.missing"),
    (line("target.submit", "t", by=MANAGER), "target.wrong_state"),
    (line("target.approve", "t", by=DIRECTOR), "target.wrong_state"),
    (line("target.return", "t", by=DIRECTOR), "reason.missing"),
    (line("target.file", "t", by=DIRECTOR), "target.wrong_state"),
    (line("target.withdraw", "t", by=MANAGER), "reason.missing"),
    (line("lead.capture", by=REP, company="丁", channel="exhibition"), "lead.untraceable"),
    (line("lead.validate", "a", by=REP), "lead.already"),
    (line("lead.invalidate", "a", by=REP), "reason.missing"),
    (line("lead.assign", "a", by=REP, owner=REP), "lead.owned"),
    (line("lead.grade", "a", by=REP, grade="high"), "lead.criterion"),
    (line("lead.merge", "a", by=REP, duplicate="a"), "lead.same"),
    (line("lead.unmerge", "b", by=REP), "lead.not_merged"),
    (line("customer.change", "a", by=REP, industry="制造"), "event.nothing_changes"),
    (line("customer.add-contact", "d", by=REP, contact="李总"), "lead.merged"),
    (line("customer.erase-contact", "a", by=MANAGER), "reason.missing"),
    (line("customer.recall", "d", by=MANAGER), "lead.merged"),
    (line("customer.note-pain-point", "d", by=REP, words="交期太长"), "lead.merged"),
    (line("customer.form-team", "a", by=REP, members=["nobody"]), "person.unknown"),
    (line("follow-up.log", "a", by=REP, channel="call", next_action="寄样品", **BOTH), "next_action.when"),
    (line("next-action.set", "a", by=REP, what="寄样品", **BOTH), "next_action.when"),
    (line("next-action.complete", "a", by=REP, item="n9"), "customer.no_such_item"),
    (line("next-action.reschedule", "a", by=REP, item="n9", due="2024-06-03"), "customer.no_such_item"),
    (line("next-action.drop", "a", by=REP, item="n9"), "customer.no_such_item"),
    (line("objection.log", "d", by=REP, kind="price"), "lead.merged"),
    (line("objection.answer", "a", by=REP), "customer.no_such_item"),
    (line("objection.resolve", "a", by=REP), "customer.no_such_item"),
    (line("signal.log", "d", by=REP, kind="asks-for-quotation"), "lead.merged"),
    (line("opportunity.open", by=REP, customer="d", amount="1"), "lead.merged"),
    (line("opportunity.move", "p", by=REP, stage="proposed"), "opportunity.closed"),
    (line("opportunity.forecast", "q", by=REP, probability="1.5"), "opportunity.probability"),
    (line("opportunity.lose", "p", by=REP), "reason.missing"),
    (line("opportunity.reopen", "p", by=REP, reason="重新询价"), "opportunity.not_lost"),
    (line("contract.draft", by=REP, number="HT-1", customer="a", amount="1"), "contract.number_taken"),
    (line("contract.submit", "x", by=REP), "contract.wrong_state"),
    (line("contract.approve", "x", by=MANAGER), "contract.wrong_state"),
    (line("contract.return", "x", by=MANAGER), "reason.missing"),
    (line("contract.sign", "x", by=REP), "contract.wrong_state"),
    (line("contract.amend", "x", by=REP, delta="1"), "contract.wrong_state"),
    (line("contract.cancel", "x", by=MANAGER), "reason.missing"),
    (line("payment.receive", "x", by=REP, amount="0"), "payment.not_positive"),
    (line("period.close", by=MANAGER, period="2024-01"), "period.closed"),
    (line("event.correct", "x", by=MANAGER, values={"amount": "1"}), "reason.missing"),
    (line("event.void", "9999", by=MANAGER, reason="重复"), "event.unknown"),
]
ACTIONS: Final = [action.NAME for action in all_actions()]


def told() -> list[Line]:
    """Return the history with a key on every line."""
    return [{"key": f"line {number}", **said} for number, said in enumerate(story())]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('outcomes')}/store.db")
    given.happened(*told())
    yield given
    given.close()


@pytest.mark.parametrize("name", ACTIONS)
def test_told_again_under_its_key_it_is_repeated_and_told_otherwise_it_conflicts(played: Given, name: str) -> None:
    head = played.store.reader.head()
    said = next(each for each in told() if each["action"] == name)
    (again,) = played.answers(said)
    assert isinstance(again, Recorded)
    assert again.status == "repeated"
    assert again.position == played.store.reader.keyed([said["key"]])[said["key"]].position
    (otherwise,) = played.answers({**said, "reason": "anders"})
    assert isinstance(otherwise, Problem)
    assert otherwise.code == "key.conflict"
    assert played.store.reader.head() == head


@pytest.mark.parametrize(("said", "code"), REFUSED, ids=lambda part: part["action"] if isinstance(part, dict) else "")
def test_it_is_refused_without_a_trace(played: Given, said: Line, code: str) -> None:
    assert played.refused(said) == code
