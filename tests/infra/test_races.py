"""Several writers at one store: who was slower is decided again, and a lost answer is told by its keys."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.commands.handler import CommandHandler
from infra.commands.unit_of_work import CommandResult
from infra.db.errors import StoreUncertain
from infra.errors.problem import Problem
from infra.event_store.stored_event import AppendBatch, AppendResult
from infra.store.open import open_store
from infra.store.store import Store
from tests.given import Line, lead, line, signed
from tests.infra.recording import BOSS, all_recorded, asked, hold, names, told, words


def interposed(ledger: CommandHandler, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let `act` happen between the ledger's next decision and its append."""
    append, left = ledger.log.append, [act]

    def late(some: AppendBatch) -> AppendResult:
        if left:
            left.pop()()
        return append(some)

    monkeypatch.setattr(ledger.log, "append", late)


def test_who_was_slower_is_reloaded_and_decided_again(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(store, lead("l1"))
    ledger = store.ledger(BOSS)
    interposed(ledger, monkeypatch, lambda: hold(another, line("lead.validate", "l1")))
    (answer,) = all_recorded(ledger.record(asked(line("lead.assign", "l1", owner="li.si"))))
    assert names(store) == ["customer.lead_captured", "customer.lead_validated", "customer.assigned"]
    assert [record.version for record in store.reader.stream(answer.subject)] == [1, 2, 3]


def test_who_was_slower_is_refused_where_the_decision_holds_no_more(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(store, lead("l1"))
    ledger = store.ledger(BOSS)
    interposed(ledger, monkeypatch, lambda: hold(another, line("lead.validate", "l1")))
    assert words(ledger.record(asked(line("lead.validate", "l1")))) == ["lead.already"]
    assert names(store).count("customer.lead_validated") == 1


def test_what_was_only_read_to_decide_may_not_have_changed_either(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(store, lead("l1"), lead("l2"))
    ledger = store.ledger(BOSS)
    interposed(ledger, monkeypatch, lambda: hold(another, line("lead.merge", "l1", into="l2")))
    draft = signed("c1", "l1", "1000", "2024-02-01")[0]
    assert words(ledger.record(asked(draft))) == ["lead.merged"]


def test_what_others_wrote_to_another_subject_meanwhile_is_known_at_the_next_decision(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = store.ledger(BOSS)
    draft, submit, approve, _ = signed("c1", "l1", "1000", "2024-02-01")
    all_recorded(ledger.record(asked(lead("l1"), draft)))
    interposed(ledger, monkeypatch, lambda: hold(another, submit))
    all_recorded(ledger.record(asked(lead("l2"))))
    assert words(ledger.record(asked(approve))) == ["recorded"]


def test_of_many_who_follow_up_one_customer_at_once_nobody_is_lost(store: Store) -> None:
    (captured,) = hold(store, lead("l1"))

    def work(who: str) -> list[str]:
        own = open_store(store.url, clock=store.clock)
        ledger = own.ledger(who)
        try:
            return [
                told(ledger.record(asked(line("follow-up.log", "l1", key=f"{who}{n}", channel="call")))[0])
                for n in range(8)
            ]
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = [each for some in pool.map(work, ("zhang.san", "li.si", "chen.jing", BOSS)) for each in some]
    assert outcomes == ["recorded"] * 32
    assert [record.version for record in store.reader.stream(captured.subject)] == list(range(1, 34))


def test_of_those_who_race_for_a_contract_number_one_gets_it(store: Store) -> None:
    hold(store, lead("l1"))

    def draft(turn: int) -> str:
        own = open_store(store.url, clock=store.clock)
        said = line("contract.draft", key=f"c{turn}", number="HT-1", customer="l1", amount="1000")
        try:
            return told(own.ledger(BOSS).record(asked(said))[0])
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(draft, range(4)))
    assert outcomes == ["contract.number_taken"] * 3 + ["recorded"]


def test_the_loser_of_a_contract_number_is_told_whose_it_is(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(store, lead("l1"))
    ledger = store.ledger(BOSS)
    drafts = [line("contract.draft", key=key, number="HT-1", customer="l1", amount="1000") for key in ("c1", "c2")]
    winners: list[CommandResult] = []
    interposed(ledger, monkeypatch, lambda: winners.extend(hold(another, drafts[0])))
    (answer,) = ledger.record(asked(drafts[1]))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.facts["contract"]) == ("contract.number_taken", winners[0].subject)


def lost_reply(ledger: CommandHandler, monkeypatch: pytest.MonkeyPatch, *, committed: bool) -> None:
    """Lose the connection at the next append, after or before its commit."""
    append, left = ledger.log.append, [True]

    def lossy(some: AppendBatch) -> AppendResult:
        if left:
            left.pop()
            if committed:
                append(some)
            raise StoreUncertain(store="here", why="the connection was lost")
        return append(some)

    monkeypatch.setattr(ledger.log, "append", lossy)


@pytest.mark.parametrize(("committed", "status"), [(True, "repeated"), (False, "recorded")])
def test_where_the_reply_to_the_commit_is_lost_the_keys_tell_what_is_recorded(
    store: Store, monkeypatch: pytest.MonkeyPatch, committed: bool, status: str
) -> None:
    ledger = store.ledger(BOSS)
    lost_reply(ledger, monkeypatch, committed=committed)
    assert words(ledger.record(asked(lead("l1"), lead("l2")))) == [status, status]
    assert names(store) == ["customer.lead_captured"] * 2
    assert words(ledger.record(asked(lead("l1")))) == ["repeated"]


def test_where_the_reply_is_lost_and_there_is_no_key_nobody_guesses(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = store.ledger(BOSS)
    lost_reply(ledger, monkeypatch, committed=True)
    with pytest.raises(Problem) as uncertain:
        ledger.record(asked(lead("l1"), line("lead.capture", company="甲", channel="online")))
    assert (uncertain.value.code, uncertain.value.exit_status, uncertain.value.retry) == ("store.uncertain", 7, True)
    assert len(names(store)) == 2


def two_signed(store: Store) -> None:
    """Let two contracts be signed, which can be invoiced."""
    hold(store, lead("l1"), *signed("c1", "l1", "1000", "2024-01-02", approver="chen.jing"))
    hold(store, *signed("c2", "l1", "1000", "2024-01-02", approver="chen.jing"))


def invoice(contract: str, number: str = "FP-1", **more: str) -> Line:
    return line("payment.invoice", contract, by="zhang.san", number=number, amount="9", **more)


def numbered(noun: str, customer: str, **more: str) -> Line:
    """Return a line that makes a contract or a quote of one number."""
    if noun == "contract.draft":
        return line(noun, by="zhang.san", number="N-1", customer=customer, amount="9", **more)
    return line(noun, customer, by="zhang.san", number="N-1", amount="9", valid_until="2025-06-30", **more)


def test_of_those_who_race_for_an_invoice_number_one_gets_it(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_signed(store)
    ledger = store.ledger(BOSS)
    interposed(ledger, monkeypatch, lambda: hold(another, invoice("c2")))
    assert words(ledger.record(asked(invoice("c1")))) == ["payment.invoice_taken"]


@pytest.mark.parametrize("noun", ["contract.draft", "quote.issue"])
@pytest.mark.parametrize("freed", [False, True])
def test_of_those_who_race_for_a_number_one_gets_it(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch, noun: str, freed: bool
) -> None:
    hold(store, lead("l1"), lead("l2"))
    if freed:
        hold(store, numbered(noun, "l1", key="a"), line("event.void", "a", reason="录错", by="chen.jing"))
    ledger = store.ledger(BOSS)
    interposed(ledger, monkeypatch, lambda: hold(another, numbered(noun, "l2")))
    assert words(ledger.record(asked(numbered(noun, "l1")))) == [f"{noun.partition('.')[0]}.number_taken"]


@pytest.mark.parametrize("freed", ["voided", "corrected"])
def test_who_takes_an_invoice_number_up_again_races_with_who_takes_it_first(
    store: Store, another: Store, monkeypatch: pytest.MonkeyPatch, freed: str
) -> None:
    two_signed(store)
    hold(store, invoice("c1", key="i"))
    other = {"reason": "开错", "by": "chen.jing"}
    if freed == "voided":
        hold(store, line("event.void", "i", **other))
        again = invoice("c1")
    else:
        hold(store, line("event.correct", "i", values={"number": "FP-2"}, **other))
        again = line("event.correct", "i", values={"number": "FP-1"}, **other)
    ledger = store.ledger(BOSS)
    interposed(ledger, monkeypatch, lambda: hold(another, invoice("c2")))
    assert words(ledger.record(asked(again))) == ["payment.invoice_taken"]
    assert names(store).count("payment.invoiced") == 2
