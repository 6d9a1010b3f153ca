"""The command suggested after an act: it can be typed as it is, and it is not refused where the subject stands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from cli.actions.next_step import NEXT, suggestion
from domain.kernel.registry import all_events
from infra.commands.request import request
from infra.commands.unit_of_work import CommandResult
from tests.faults.running import sales
from tests.given import Given, line
from tests.story import DIRECTOR, REP, customers, organisation, story


def test_every_suggestion_of_a_whole_history_is_understood_and_holds(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('suggested')}/store.db"
    given = Given(url)
    wrong = []
    for said in story():
        (answer,) = given.happened(said)
        command = suggestion(given.store.ledger(DIRECTOR), request(said), answer)
        words = shlex.split(command)
        assert words[0] == "sales"
        actor = [] if "--actor" in words else ["--actor", said["actor"]]
        done = sales(*words[1:], *actor, "--dry-run", "--no-input", store=url)
        # What is lacking is asked for on a terminal, which is where a suggestion is shown.
        if done.status and done.code not in ("usage.missing_field", "next_action.when"):
            wrong.append((said["action"], command, done.code))
    given.close()
    assert wrong == []


def test_the_table_names_events_that_there_are() -> None:
    assert set(NEXT) <= {event.NAME for event in all_events()}


@pytest.fixture
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    opened = Given(f"sqlite:///{tmp_path_factory.mktemp('next')}/store.db")
    opened.happened(*organisation.LINES, customers.LINES[0])
    yield opened
    opened.close()


def after(given: Given, action: str, subject: str | None = None, **data: object) -> str:
    """Return what is suggested after an act of the rep."""
    said = line(action, subject, by=REP, at="2024-02-06", **data)  # type: ignore[arg-type]
    (answer,) = given.happened(said)
    assert isinstance(answer, CommandResult)
    return suggestion(given.store.ledger(REP), request(said), answer)


def test_it_follows_from_where_the_subject_stands(given: Given) -> None:
    assert after(given, "lead.validate", "a") == "sales lead grade a --grade initial"
    assert after(given, "follow-up.log", "a", channel="call") == "sales next-action set a"
    agreed = {"channel": "call", "next_actions": ["寄报价 @ 3wd"]}
    assert after(given, "follow-up.log", "a", **agreed) == "sales show a"
    assert after(given, "follow-up.log", "a", channel="call") == "sales next-action complete a n1"
    assert after(given, "next-action.complete", "a") == "sales follow-up log a"
    assert after(given, "objection.log", "a", kind="price") == "sales objection answer a o1"
    assert after(given, "objection.log", "a", kind="quality") == "sales objection answer a o2"
    assert after(given, "objection.resolve", "a", item="o2") == "sales objection answer a o1"
    assert after(given, "opportunity.open", customer="a", amount="1000", key="p").startswith(
        "sales opportunity move opp_"
    )
    moved = after(given, "opportunity.move", "p", stage="negotiating")
    assert moved == f"sales contract draft --customer {given.subject('a')} --opportunity p --amount 1000"


def test_of_a_contract_it_names_who_may_approve_and_what_is_outstanding(given: Given) -> None:
    after(given, "contract.draft", number="HT 1", customer="a", amount="80000", key="x")
    submitted = after(given, "contract.submit", "HT 1")
    assert submitted == "sales contract approve 'HT 1' --actor chen.jing"
    given.happened(line("contract.approve", "x", by="chen.jing", at="2024-02-06"))
    assert after(given, "contract.sign", "HT 1") == "sales payment receive 'HT 1' --amount 80000"
    assert after(given, "payment.receive", "HT 1", amount="30000") == "sales payment receive 'HT 1' --amount 50000"
    assert after(given, "payment.receive", "HT 1", amount="50000") == "sales contract complete 'HT 1'"


def test_of_what_goes_on_about_a_contract_it_names_what_waits(given: Given) -> None:
    after(given, "contract.draft", number="F-2", customer="a", amount="0", kind="framework", key="f")
    assert after(given, "contract.review", "F-2", department="legal", opinion="for") == "sales contract submit F-2"
    after(given, "contract.submit", "F-2")
    given.happened(line("contract.approve", "f", by="chen.jing", at="2024-02-06"))
    assert after(given, "contract.sign", "F-2") == "sales contract order F-2"
    assert after(given, "contract.order", "F-2", number="D", amount="50") == "sales payment invoice F-2"
    assert after(given, "payment.invoice", "F-2", number="B", amount="50") == "sales payment receive F-2 --amount 50"
    assert after(given, "delivery.deliver", "F-2", milestone="首批") == "sales delivery accept F-2 d1"
    assert after(given, "delivery.accept", "F-2") == "sales payment receive F-2 --amount 50"
    assert after(given, "payment.promise", "F-2", amount="50", due="2025-01-31") == "sales receivables F-2"
