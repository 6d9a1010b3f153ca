"""The ledger: keys, atomic batches, races, lost answers, clocks that jump, and recorded times that are given."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.commands import batch
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.store.open import create_store
from infra.store.store import Store
from tests.given import lead, line
from tests.infra.recording import BOSS, NOON, Clock, all_recorded, asked, hold, names, told, words


def test_the_same_again_under_its_key_is_already_recorded(store: Store) -> None:
    ledger = store.ledger(BOSS)
    first, twin, other = all_recorded(ledger.record(asked(lead("l1"), lead("l1"), lead("l2"))))
    assert (first.status, twin.status, other.status) == ("recorded", "repeated", "recorded")
    assert twin[1:4] == first[1:4]
    head = store.reader.head()
    for again in (ledger, store.ledger(BOSS)):
        (answer,) = all_recorded(again.record(asked(lead("l1"))))
        assert answer[:4] == ("repeated", *first[1:4])
    assert store.reader.head() == head


def test_a_key_that_recorded_two_events_is_repeated_as_two(store: Store) -> None:
    hold(store, lead("l1"), lead("l2"))
    merge = line("lead.merge", "l1", key="m", duplicate="l2")
    (first,), (again,) = hold(store, merge), hold(store, merge)
    assert first.names == ("customer.leads_merged", "customer.merged_into")
    assert again[:4] == ("repeated", *first[1:4])


@pytest.mark.parametrize("apart", [False, True], ids=["in one batch", "across batches"])
def test_other_content_under_a_key_is_a_conflict_that_shows_both(store: Store, apart: bool) -> None:
    first, other = lead("l1", "甲公司"), lead("l1", "乙公司")
    if apart:
        hold(store, first)
        (answer,) = store.ledger(BOSS).record(asked(other))
    else:
        _, answer = store.ledger(BOSS).record(asked(first, other))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.exit_status) == ("key.conflict", 5)
    assert "甲公司" in answer.facts["recorded"]
    assert "乙公司" in answer.facts["given"]
    assert names(store) == ["customer.lead_captured"]


@pytest.mark.parametrize("changed", [{"at": "2024-01-09"}, {"by": "li.si"}, {"channel": "phone"}])
def test_another_envelope_is_other_content_too(store: Store, changed: dict[str, str]) -> None:
    hold(store, lead("l1"))
    assert words(store.ledger(BOSS).record(asked(lead("l1", **changed)))) == ["key.conflict"]


def test_what_has_no_key_is_another_each_time(store: Store) -> None:
    without = line("lead.capture", company="甲公司", channel="online")
    one, two = hold(store, without, without)
    assert one.subject != two.subject


def test_a_line_under_a_key_stays_repeated_when_its_name_has_become_ambiguous(store: Store) -> None:
    validated = line("lead.validate", "甲公司", key="v")
    hold(store, lead("l1", "甲公司"), validated)
    hold(store, lead("l2", "甲公司"))
    assert words(store.ledger(BOSS).record(asked(validated))) == ["repeated"]


def test_a_shuffled_import_makes_the_same_subjects(store: Store, tmp_path: Path, clock: Clock) -> None:
    lines = [lead(f"l{n}", f"公司{n % 20}") for n in range(60)]
    shuffled = random.Random(7).sample(lines, len(lines))
    with_people = [line("person.register", login="zhang.san", name="张三"), *shuffled]
    other, _ = create_store(f"sqlite:///{tmp_path}/other.db", first_actor=BOSS, clock=clock)
    here = dict(zip([said["key"] for said in lines], hold(store, *lines), strict=True))
    there = dict(zip([said["key"] for said in shuffled], hold(other, *with_people)[1:], strict=True))
    other.close()
    assert {key: answer.subject for key, answer in here.items()} == {k: a.subject for k, a in there.items()}


def test_an_atomic_batch_records_nothing_unless_all_hold(store: Store) -> None:
    lines = asked(lead("l1"), lead("l2", channel="referral"), line("lead.validate", "l1"))
    ledger = store.ledger(BOSS)
    assert words(ledger.record(lines, atomic=True)) == ["recorded", "lead.untraceable", "recorded"]
    assert names(store) == []
    assert words(ledger.record(asked(line("lead.validate", "l1")))) == ["subject.unknown"]
    assert words(ledger.record([lines[0], lines[2]], atomic=True)) == ["recorded", "recorded"]
    assert names(store) == ["customer.lead_captured", "customer.lead_validated"]


def test_a_refused_line_leaves_no_trace_and_the_others_go_on(store: Store) -> None:
    answers = store.ledger(BOSS).record(
        asked(lead("l1"), lead("l2", channel="referral"), line("lead.validate", "l2"), line("lead.validate", "l1"))
    )
    assert words(answers) == ["recorded", "lead.untraceable", "subject.unknown", "recorded"]
    assert [a.position for a in answers if isinstance(a, CommandResult)] == [5, 6]


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(store: Store) -> None:
    ledger = store.ledger(BOSS)
    (would,) = all_recorded(ledger.record(asked(lead("l1")), dry_run=True))
    assert [happened.NAME for happened in would.events] == ["customer.lead_captured"]
    assert (would.position, names(store)) == (None, [])
    (really,) = all_recorded(ledger.record(asked(lead("l1"))))
    assert (really.status, really.subject) == ("recorded", would.subject)


def test_a_dry_run_of_a_long_file_knows_its_earlier_lines(store: Store) -> None:
    lines = [batch.Read(n, said) for n, said in enumerate(asked(*(lead(f"l{n}") for n in range(1_100))), 1)]
    lines.append(batch.Read(1_101, asked(line("lead.validate", "l0"))[0]))
    done = list(batch.apply(store.ledger(BOSS), lines, dry_run=True))
    assert {told(each.answer) for each in done} == {"recorded"}
    assert names(store) == []


def test_recorded_time_does_not_go_back_when_the_clock_does(store: Store, clock: Clock) -> None:
    ledger = store.ledger(BOSS)
    for step in (0, -3600, 5, -1, 7200):
        clock.present = NOON + timedelta(seconds=step)
        all_recorded(ledger.record(asked(line("lead.capture", company=f"公司{step}", channel="online"))))
    times = [record.recorded for record in store.reader.read(0, 100)]
    assert times == sorted(times)
    assert store.reader.head()[1] == "2024-03-29T14:00:00.000000Z"


def test_an_unknown_actor_is_refused_with_the_command_that_registers_them(store: Store) -> None:
    (answer,) = store.ledger(BOSS).record(asked(lead("l1", by="wang.wu")))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.exit_status) == ("person.unknown", 4)
    assert answer.text.hint.format(**answer.facts).startswith("Register them first: sales person register wang.wu")


def test_people_whom_a_batch_names_are_registered_if_asked_for(store: Store) -> None:
    lines = asked(lead("l1", by="wang.wu", owner="zhao.liu"), lead("l2", by="zhang.san"), lead("l3", by="wang.wu"))
    reads = [batch.Read(n, said) for n, said in enumerate(lines, 1)]
    ledger = store.ledger(BOSS)
    done = list(batch.apply(ledger, reads))
    assert [told(each.answer) for each in done] == ["person.unknown", "recorded", "person.unknown"]
    done = list(batch.apply(ledger, reads, register_people=True))
    assert [told(each.answer) for each in done] == ["recorded", "repeated", "recorded"]
    assert names(store) == ["customer.lead_captured"] * 3
    assert ledger.knows("wang.wu")
    assert ledger.knows("zhao.liu")
    assert [told(each.answer) for each in batch.apply(ledger, reads, register_people=True)] == ["repeated"] * 3


def test_people_whom_a_batch_names_are_registered_with_all_of_it_or_not_at_all(store: Store) -> None:
    reads = [
        batch.Read(n, said)
        for n, said in enumerate(asked(lead("l1", by="wang.wu"), lead("l2", channel="referral", by="wang.wu")), 1)
    ]
    ledger = store.ledger(BOSS)
    done = list(batch.apply(ledger, reads, atomic=True, register_people=True))
    assert [told(each.answer) for each in done] == ["batch.held_back", "lead.untraceable"]
    assert not ledger.knows("wang.wu")


@pytest.fixture
def empty(store_url: str, clock: Clock) -> Iterator[Store]:
    made, _ = create_store(store_url, first_actor=None, clock=clock)
    yield made
    made.close()


NEW_YEAR = "2024-01-01T08:00:00+08:00"


REGISTERED = line("person.register", by=BOSS, entered=NEW_YEAR, login=BOSS, name="林总", role="director")


def test_the_first_line_of_a_moved_log_registers_its_own_actor(empty: Store) -> None:
    ledger = empty.ledger("nobody", migrating=True)
    answers = ledger.record(asked(REGISTERED, lead("l1", by=BOSS, entered="2024-01-08T10:00:00+08:00")))
    assert words(answers) == ["recorded", "recorded"]
    records = empty.reader.read(0, 10)
    assert [record.recorded for record in records] == ["2024-01-01T00:00:00.000000Z", "2024-01-08T02:00:00.000000Z"]
    assert [record.migrated for record in records] == [1, 1]
    assert empty.moments(known_at="2024-01-05").position == 1


def test_who_is_unknown_does_not_begin_a_moved_log_by_acting(empty: Store) -> None:
    ledger = empty.ledger("nobody", migrating=True)
    assert words(ledger.record(asked(lead("l1", by=BOSS, entered="2024-01-08T10:00:00+08:00")))) == ["person.unknown"]


def test_given_recorded_times_do_not_go_back(empty: Store) -> None:
    ledger = empty.ledger(BOSS, migrating=True)
    lines = [
        REGISTERED,
        lead("l1", by=BOSS, entered="2024-01-09T10:00:00+08:00"),
        lead("l2", by=BOSS, entered="2024-01-08T10:00:00+08:00"),
        lead("l3", by=BOSS, entered="2024-01-09T02:00:00Z"),
    ]
    answers = ledger.record(asked(*lines))
    assert words(answers) == ["recorded", "recorded", "migration.backwards", "recorded"]
    assert words(ledger.record(asked(lines[2]))) == ["migration.backwards"]
    assert words(ledger.record(asked(lines[1]))) == ["repeated"]


def test_recorded_times_are_given_with_every_line_or_with_none(empty: Store) -> None:
    moving = empty.ledger(BOSS, migrating=True)
    assert words(moving.record(asked(REGISTERED, lead("l1", by=BOSS)))) == ["recorded", "migration.no_recorded"]
    assert words(empty.ledger(BOSS).record(asked(lead("l1", entered="2024-01-09")))) == ["migration.not_asked"]
