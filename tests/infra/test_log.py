"""One log, whatever keeps it: what an append records, refuses and leaves alone, and what can be asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.db.connect import open_database
from infra.db.errors import RecordedTooEarly, StoreRefused
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.migrations import init_store
from infra.event_store.stored_event import Claim, Conflict, IdempotencyRecord
from tests.infra.appending import EVENING, MORNING, NOON, batch, event, positions


def test_an_append_records_every_value_as_it_was_given(log: EventStore) -> None:
    given = event("customer-1", key="crm:7", correlation="c", causation="d", reason="late", migrated=0)
    appended = log.append(batch(given))
    assert appended == (1, 1, MORNING)
    (stored,) = log.read(0, 10)
    assert stored == (1, *given._replace(recorded=MORNING))
    assert isinstance(stored.data, bytes)


def test_positions_follow_one_another_over_batches_and_streams(log: EventStore) -> None:
    log.append(batch(event("a", 1), event("b", 1), event("a", 2), expected={"a": 0, "b": 0}))
    assert log.append(batch(event("b", 2), expected={"b": 1})) == (4, 4, MORNING)
    assert positions(log) == [1, 2, 3, 4]
    assert log.head() == (4, MORNING)


def test_a_batch_of_a_thousand_is_one_append(log: EventStore) -> None:
    many = [event(f"customer-{n}") for n in range(1000)]
    seen = {record.stream: 0 for record in many}
    keys = [(f"import:{n}", b"digest", n, 1) for n in range(1000)]
    assert log.append(batch(*many, expected=seen, keys=keys)).last == 1000
    assert log.keyed(["import:999"]) == {
        "import:999": IdempotencyRecord("import:999", b"digest", 1000, "customer-999", 1)
    }


def test_an_empty_log_has_position_zero(log: EventStore) -> None:
    assert log.head() == (0, "")
    assert log.read(0, 10) == []
    assert log.position_at(EVENING) == 0


def test_recorded_time_never_goes_back_when_the_clock_does(log: EventStore) -> None:
    log.append(batch(event("a"), now=NOON))
    assert log.append(batch(event("b"), now=MORNING)).recorded == NOON
    assert log.append(batch(event("c"), now=EVENING)).recorded == EVENING


def test_recorded_times_may_be_given_in_order(log: EventStore) -> None:
    given = [event("a", 1, recorded=MORNING, migrated=1), event("a", 2, recorded=NOON, migrated=1)]
    assert log.append(batch(*given, now=EVENING)) == (1, 2, NOON)
    assert [record.recorded for record in log.read(0, 10)] == [MORNING, NOON]


@pytest.mark.parametrize("times", [(MORNING,), (EVENING, NOON)], ids=["before the last", "falling"])
def test_a_given_recorded_time_before_the_last_is_refused(log: EventStore, times: tuple[str, ...]) -> None:
    log.append(batch(event("a"), now=NOON))
    given = [event("b", n, recorded=time, migrated=1) for n, time in enumerate(times, 1)]
    with pytest.raises(RecordedTooEarly) as refused:
        log.append(batch(*given, now=EVENING))
    assert refused.value.facts == {"recorded": times[-1], "last": (NOON, *times)[-2]}
    assert log.head() == (1, NOON)


def test_a_stream_that_has_grown_meanwhile_conflicts(log: EventStore) -> None:
    log.append(batch(event("a", 1), expected={"a": 0}))
    with pytest.raises(Conflict) as conflict:
        log.append(batch(event("x", 1), event("a", 1), expected={"x": 0, "a": 0}))
    assert (conflict.value.what, conflict.value.detail) == ("version", "a")
    assert positions(log) == [1]


def test_a_stream_that_was_only_read_conflicts_too(log: EventStore) -> None:
    log.append(batch(event("policy", 1)))
    with pytest.raises(Conflict, match="version: policy"):
        log.append(batch(event("a", 1), expected={"a": 0, "policy": 0}))


def test_a_version_taken_in_a_stream_nobody_expected_conflicts(log: EventStore) -> None:
    log.append(batch(event("a, b", 1)))
    with pytest.raises(Conflict, match="version: a, b"):
        log.append(batch(event("a, b", 1)))


def test_a_key_used_twice_conflicts_and_still_says_what_it_recorded(log: EventStore) -> None:
    log.append(batch(event("a", 1), event("a", 2), keys=[("crm:1", b"one", 0, 2)]))
    with pytest.raises(Conflict) as conflict:
        log.append(batch(event("b"), event("c"), keys=[("crm:0", b"nil", 0, 1), ("crm:1", b"two", 1, 1)]))
    assert (conflict.value.what, conflict.value.detail) == ("key", "crm:1")
    assert log.keyed(["crm:0", "crm:1"]) == {"crm:1": IdempotencyRecord("crm:1", b"one", 1, "a", 2)}


def test_an_event_id_used_twice_conflicts(log: EventStore) -> None:
    first = event("a")
    log.append(batch(first))
    with pytest.raises(Conflict, match=f"key: {first.event_id}"):
        log.append(batch(event("b", event_id=first.event_id)))


def test_a_claim_taken_conflicts_until_it_is_given_back(log: EventStore) -> None:
    log.append(batch(event("a", 1), claims=[Claim("credit_code", "91, 31", 0, "a")]))
    with pytest.raises(Conflict) as conflict:
        log.append(batch(event("b", 1), claims=[Claim("phone", "1", 0, "b"), Claim("credit_code", "91, 31", 0, "b")]))
    assert (conflict.value.what, conflict.value.detail) == ("claim", "credit_code 91, 31")
    assert log.holders("phone", ["1"]) == {}
    log.append(
        batch(event("a", 2), unclaim=[("credit_code", "91, 31", 0)], claims=[Claim("credit_code", "92", 0, "a")])
    )
    log.append(batch(event("b", 1), claims=[Claim("credit_code", "91, 31", 0, "b")]))
    assert log.holders("credit_code", ["91, 31", "92", "93"]) == {"91, 31": ["b"], "92": ["a"]}


def test_several_may_hold_a_value_that_need_not_be_unique(log: EventStore) -> None:
    log.append(batch(event("a"), claims=[Claim("name", "上海", 0, "a")]))
    log.append(batch(event("b"), claims=[Claim("name", "上海", 1, "b")]))
    assert log.holders("name", ["上海"]) == {"上海": ["a", "b"]}
    assert [claim.n for claim in log.claims("name", ["上海"])["上海"]] == [0, 1]
    with pytest.raises(Conflict, match="claim: name 上海"):
        log.append(batch(event("c"), claims=[Claim("name", "上海", 1, "c")]))


def test_a_refused_append_leaves_no_gap_and_no_trace(log: EventStore) -> None:
    log.append(batch(event("a"), keys=[("k", b"", 0, 1)]))
    with pytest.raises(Conflict):
        log.append(batch(event("b"), claims=[Claim("name", "x", 0, "b")], keys=[("k", b"", 0, 1)], mentions=[("m", 0)]))
    assert log.append(batch(event("c"))).first == 2
    assert positions(log) == [1, 2]
    assert log.holders("name", ["x"]) == {}
    assert log.about("m") == []


def test_a_batch_that_leaves_out_a_version_is_a_mistake_of_the_caller(log: EventStore) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        log.append(batch(event("a", 2), expected={"a": 0}))
    with pytest.raises(ValueError, match="for all records"):
        log.append(batch(event("a", 1, recorded=NOON), event("a", 2)))


def test_streams_come_in_the_order_of_positions(log: EventStore) -> None:
    names = [f"s{n}" for n in range(600)]
    log.append(batch(*[event(name) for name in reversed(names)]))
    log.append(batch(event("s5", 2)))
    assert [record.version for record in log.stream("s5")] == [1, 2]
    assert [record.version for record in log.stream("s5", after_version=1)] == [2]
    found = log.streams([*names, "nobody"])
    assert [record.position for record in found] == list(range(1, 602))


def test_streams_are_listed_by_the_beginning_of_their_names(log: EventStore) -> None:
    log.append(
        batch(event("per_b"), event("per_a", 1), event("per_a", 2), event("pers"), event("per"), event("per_李"))
    )
    assert log.streams_like("per_") == ["per_a", "per_b", "per_李"]


def test_texts_come_back_as_they_were_whatever_they_hold(log: EventStore) -> None:
    odd = ["", "NULL", '"', "\\", '{a,"b"}', "a\nb\t", "上海 😀", "'; DROP TABLE log", "$1 %s ?"]
    log.append(batch(*[event(text or "empty", reason=text, data=text.encode()) for text in odd], event("none")))
    stored = log.read(0, 100)
    assert [record.reason for record in stored] == [*odd, None]
    assert [record.data for record in stored[:-1]] == [text.encode() for text in odd]


def test_a_subject_is_about_its_own_stream_and_where_it_is_mentioned(log: EventStore) -> None:
    log.append(batch(event("a", 1), event("contract", 1), event("b", 1), mentions=[("a", 1), ("a", 1), ("a", 0)]))
    log.append(batch(event("a", 2)))
    assert [record.position for record in log.about("a")] == [1, 2, 4]
    assert [record.position for record in log.about("a", upto=2)] == [1, 2]


def test_a_moment_has_a_position(log: EventStore) -> None:
    log.append(batch(event("a"), event("b"), now=MORNING))
    log.append(batch(event("c"), now=EVENING))
    assert [log.position_at(moment) for moment in ("2025-03-01", MORNING, NOON, EVENING)] == [0, 2, 2, 3]


def test_a_record_is_found_by_position_and_by_event_id(log: EventStore) -> None:
    known = event("a")
    log.append(batch(known))
    found = log.by_event_id(known.event_id)
    assert found is not None
    assert found == log.record(1)
    assert log.record(2) is None
    assert log.by_event_id("none") is None


def test_what_is_derived_can_be_made_again_while_reading_the_log(log: EventStore) -> None:
    log.append(batch(event("a"), event("b"), claims=[Claim("name", "x", 0, "a")], keys=[("k", b"", 0, 1)]))
    claims = (Claim("name", row[0], 0, row[0]) for row in log.db.rows("SELECT stream FROM log ORDER BY position"))
    log.rebuild_derived(claims, [IdempotencyRecord("k2", b"d", 2, "b", 1)], [("a", 2)])
    assert log.holders("name", ["a", "b", "x"]) == {"a": ["a"], "b": ["b"]}
    assert list(log.keyed(["k", "k2"])) == ["k2"]
    assert [record.position for record in log.about("a")] == [1, 2]


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE log SET actor = 'eve'",
        "UPDATE log SET actor = 'eve' WHERE position = 99 OR position = 1",
        "DELETE FROM log",
        "DELETE FROM log WHERE position = 1",
    ],
)
def test_the_log_refuses_to_be_changed(log: EventStore, act: str) -> None:
    log.append(batch(event("a")))
    before = log.read(0, 10)
    with pytest.raises(StoreRefused):
        log.db.run(act)
    assert log.read(0, 10) == before


def test_postgres_refuses_to_truncate_the_log(postgres_url: str) -> None:
    db = open_database(postgres_url, create=True)
    init_store(db)
    with pytest.raises(StoreRefused, match="never changed"):
        db.run("TRUNCATE log")
    db.close()


@pytest.mark.parametrize("taken", ["position", "version", "event_id"])
def test_sqlite_refuses_to_replace_a_record(tmp_path: Path, taken: str) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    db = open_database(url, create=True)
    init_store(db)
    log = open_log(url)
    log.append(batch(event("a", 1, event_id="e1")))
    row: list[Any] = [2, *event("b", 1, event_id="e2", recorded=NOON)]
    row[{"position": 0, "version": 1, "event_id": 11}[taken]] = {"position": 1, "version": "a", "event_id": "e1"}[taken]
    with pytest.raises(StoreRefused):
        db.run(f"INSERT OR REPLACE INTO log VALUES ({','.join('?' * 17)})", row)
    assert [record.stream for record in log.read(0, 10)] == ["a"]
    log.close()
    db.close()
