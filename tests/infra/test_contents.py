"""What a key holds is a meaning: other spellings of it are the same content, whoever digested it first."""

from __future__ import annotations

from typing import Any

import pytest

from infra.commands.request_digest import Content, digested
from infra.store.store import Store
from tests.given import Line, lead, line
from tests.infra.recording import BOSS, asked, hold, words

DEAL = [
    lead("甲", "甲公司"),
    line("opportunity.open", "甲", key="o", customer="甲", amount="100"),
    line("contract.draft", key="c", customer="甲", amount="1000", number="HT-1"),
]

SAME: list[tuple[Line, dict[str, Any]]] = [
    (lead("l", at="2024-01-08T10:00:00+08:00"), {"at": "2024-01-08T02:00:00+00:00"}),
    (lead("l", at="2024-01-08T10:00:00+08:00"), {"at": "2024-01-08T02:00:00Z"}),
    (lead("l", at="2024-01-08T10:00:00+08:00"), {"at": "2024-01-08T10:00"}),
    (lead("l", at="2024-01-08 10:00"), {"at": "2024-01-08T10:00:00.000+08:00"}),
    (line("lead.capture", key="l", company="乙公司", channel="online"), {"actor": BOSS}),
    (line("lead.validate", "甲", key="l"), {"data+": {"distinct": False}}),
    (line("follow-up.log", "甲", key="l", channel="call"), {"data+": {"reached": True}}),
    (line("opportunity.open", key="l", customer="甲", amount="100"), {"data+": {"amount": "100.00"}}),
    (line("opportunity.open", key="l", customer="甲", amount="100"), {"data+": {"currency": "CNY"}}),
    (line("opportunity.open", key="l", customer="甲公司", amount="100"), {"data+": {"customer": "甲"}}),
    (
        line("customer.form-team", "甲", key="l", members=["zhang.san", "li.si"]),
        {"data+": {"members": ["li.si", "zhang.san"]}},
    ),
    (
        line("event.correct", "c", key="l", reason="改", values={"amount": "900", "number": "HT-2"}),
        {"data+": {"values": {"number": "HT-2", "amount": "900.00"}}},
    ),
    (
        line("policy.adopt", key="l", name="pool", values={"wait_days": 5, "recall_after": 30}),
        {"data+": {"values": {"recall_after": 30, "wait_days": 5}}},
    ),
]

OTHER: list[tuple[Line, dict[str, Any]]] = [
    (lead("l", at="2024-01-08T10:00:00+08:00"), {"at": "2024-01-08T10:00:00+00:00"}),
    (lead("l", at="2024-01-08T00:00:00+08:00"), {"at": "2024-01-08"}),
    (lead("l"), {"actor": "li.si"}),
    (line("follow-up.log", "甲", key="l", channel="call"), {"data+": {"reached": False}}),
    (line("opportunity.open", key="l", customer="甲", amount="100"), {"data+": {"currency": "USD"}}),
    (line("opportunity.open", key="l", customer="甲", amount="100"), {"data+": {"amount": "100.01"}}),
    (
        line("event.correct", "c", key="l", reason="改", values={"amount": "900"}),
        {"data+": {"values": {"amount": "900", "number": None}}},
    ),
]


def changed(said: Line, how: dict[str, Any]) -> Line:
    """Return a line with members or, under `data+`, fields of its data said otherwise."""
    how = dict(how)
    more = how.pop("data+", None)
    return {**said, **how, **({"data": {**said.get("data", {}), **more}} if more else {})}


def spelling(self: Content) -> bytes:
    """Digest the spelling of a request, as programs did before meanings were digested."""
    request = self.request
    acting = "" if request.action.CREATES else self.subject
    said = (request.action.NAME, acting, request.actor, request.at, request.reason, *sorted(self.values.items()))
    return digested(said, self.secret)


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Digest as an earlier program did, until it is undone."""
    monkeypatch.setattr(Content, "digest", spelling)
    return monkeypatch


def recordable(store: Store, said: Line) -> None:
    hold(store, *DEAL)
    assert words(store.ledger(BOSS).record(asked(said))) == ["recorded"]


@pytest.mark.parametrize(("said", "how"), SAME)
def test_another_spelling_is_the_same_content(store: Store, said: Line, how: dict[str, Any]) -> None:
    recordable(store, said)
    assert words(store.ledger(BOSS).record(asked(said, changed(said, how)))) == ["repeated"] * 2


@pytest.mark.parametrize(("said", "how"), SAME)
def test_it_is_so_within_one_batch_and_the_other_way_round(store: Store, said: Line, how: dict[str, Any]) -> None:
    hold(store, *DEAL)
    given = store.ledger(BOSS).record(asked(changed(said, how), said))
    assert words(given) == ["recorded", "repeated"]
    assert words(store.ledger(BOSS).record(asked(said))) == ["repeated"]


@pytest.mark.parametrize(("said", "how"), SAME)
def test_what_an_earlier_program_recorded_is_known_in_either_spelling(
    store: Store, before: pytest.MonkeyPatch, said: Line, how: dict[str, Any]
) -> None:
    recordable(store, said)
    before.undo()
    one, other = words(store.ledger(BOSS).record(asked(said, changed(said, how))))
    assert one == "repeated"
    # The order in which a list or an object was written is lost in a digest of the spelling.
    assert other == "repeated" or isinstance(next(iter(how.get("data+", {"": 0}).values())), list | dict)


@pytest.mark.parametrize("earlier", [False, True], ids=["now", "before"])
@pytest.mark.parametrize(("said", "how"), OTHER)
def test_another_meaning_stays_a_conflict(
    store: Store, before: pytest.MonkeyPatch, said: Line, how: dict[str, Any], earlier: bool
) -> None:
    if not earlier:
        before.undo()
    recordable(store, said)
    before.undo()
    assert words(store.ledger(BOSS).record(asked(changed(said, how)))) == ["key.conflict"]


def test_an_event_is_the_same_by_its_key_its_position_and_its_id(store: Store, before: pytest.MonkeyPatch) -> None:
    (*_, drafted) = hold(store, *DEAL)
    by_key = line("event.correct", "c", key="l", reason="改", values={"amount": "900"})
    hold(store, by_key)
    before.undo()
    record = store.reader.record(drafted.position or 0)
    assert record is not None
    for name in ("c", str(record.position), record.event_id):
        assert words(store.ledger(BOSS).record(asked({**by_key, "subject": name}))) == ["repeated"]


def test_a_digest_in_an_old_log_stays_what_it_is(store: Store) -> None:
    """The digest of this line as the first programs wrote it, kept for ever."""
    (one,) = asked(
        line("follow-up.log", "甲", key="k", at="2024-01-08T10:00", by="li.si", channel="call", reached=True)
    )
    values = {"channel": "call", "reached": True}
    said = Content(one._replace(values=values), "cus_1", values, BOSS, store.ledger(BOSS).zone)
    assert spelling(said).hex() == "874d694520b4b4e88476658c5b8a3bf6"
