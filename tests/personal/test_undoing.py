"""Undoing what a person's data was: the words come back as words, never as the sealed form in which they are stored."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest

from infra.commands.undo import prepared
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.ids import event_ids
from infra.store.double_sealing import sealed_texts
from projections.engine.sealed import sealed_form
from tests.faults.running import sales
from tests.given import DIRECTOR, Given, company, line
from tests.personal.canaries import REP, canaries


@pytest.fixture
def given(store_url: str) -> Iterator[Given]:
    fresh = Given(store_url)
    fresh.happened(*company(), *canaries())
    yield fresh
    fresh.close()


def undone(given: Given, named: str, by: str = DIRECTOR) -> str:
    """Undo an act; return what did it, or the code of the refusal."""
    ledger = given.store.ledger(by)
    try:
        asked = prepared(given.store, ledger, named, None)
    except Problem as problem:
        return problem.code
    (*_, answer) = ledger.record(asked.requests, atomic=True)
    return answer.code if isinstance(answer, Problem) else asked.requests[0].action.NAME


def told(given: Given) -> str:
    """Return all that the audit says of the customer and of what was made of it."""
    return json.dumps([given.audit(key) for key in ("k", "p", "x", "r")], ensure_ascii=False, default=str)


def personal(given: Given) -> list[tuple[int, str, str, str]]:
    """Return each personal text of the log that can be corrected: position, event, field and what it holds."""
    found = []
    for record in given.store.reader.read(0, 1000):
        if record.name.startswith("event."):
            continue
        data = codec.decode(record.name, record.schema, record.data, record.event_id, given.store.reader.ring)
        named = [name for name in codec.personal_fields(record.name) & data.keys() if isinstance(data[name], str)]
        found += [(record.position, record.name, name, codec.opened(data[name])) for name in named]
    return found


def test_every_personal_field_that_is_corrected_and_undone_reads_as_before(given: Given) -> None:
    fields = personal(given)
    assert len(fields) > 25
    undoing = 0
    for position, _, name, held in fields:
        wrong = line("event.correct", str(position), reason="写错", values={name: "改了"})
        answer = given.live(wrong)
        if isinstance(answer, Problem):
            assert answer.code == "event.not_correctable"
            continue
        undoing += 1
        assert undone(given, str(answer.position)) == "event.correct"
        *_, last = [record for record in given.store.reader.read(0, 1000) if record.name == "event.corrected"]
        data = codec.decode(last.name, last.schema, last.data, last.event_id, given.store.reader.ring)
        want = "金丝雀CANARY-mended" if (name, held) == ("phone", "金丝雀CANARY-second") else held
        assert codec.opened(data["values"]) == {name: want}
    assert undoing > 20
    assert not any("~1:" in said for said in (told(given), json.dumps(given.customer("k"), default=str)))


def test_undo_of_a_corrected_feedback_shows_the_words_again(given: Given) -> None:
    given.happened(line("follow-up.log", "k", by=REP, key="g", channel="call", feedback="再考虑"))
    given.live(line("event.correct", "g", reason="写错", values={"feedback": "同意报价"}))
    assert undone(given, given.subject("k")) == "event.correct"
    assert "再考虑" in told(given)
    assert "~1:" not in told(given)


@pytest.mark.parametrize("field", ["contact", "phone", "email", "need"])
def test_undo_of_a_change_of_a_contact_is_a_withdrawal_that_brings_back_what_was_there(
    given: Given, field: str
) -> None:
    before = told(given)
    answer = given.live(line("customer.change", "k", **{field: "别的"}))
    assert not isinstance(answer, Problem)
    assert undone(given, str(answer.position)) == "event.void"
    assert "~1:" not in told(given)
    assert before.count("CANARY-") <= told(given).count("CANARY-")
    assert given.customer("k")["contact"] == "金丝雀CANARY-contact"


def test_what_was_erased_does_not_come_back_as_a_word(given: Given) -> None:
    corrected = given.live(line("event.correct", "f", reason="写错", values={"feedback": "同意"}))
    assert not isinstance(corrected, Problem)
    given.live(line("customer.erase-contact", "k", reason="本人要求"))
    assert undone(given, str(corrected.position)) == "undo.erasure"


def test_no_action_seals_a_text_that_is_a_sealed_form(given: Given) -> None:
    record = next(each for each in given.store.reader.read(0, 1000) if each.name == "customer.followed_up")
    data = codec.decode(record.name, record.schema, record.data, record.event_id, given.store.reader.ring)
    token = str.__str__(data["feedback"])
    assert sealed_form(token)
    for said in (
        line("customer.note-pain-point", "k", by=REP, words=token),
        line("customer.add-contact", "k", by=REP, contact="x", phone=f" {token}"),
        line("event.correct", "f", by=DIRECTOR, reason="x", values={"feedback": token}),
    ):
        assert given.refused(said) == "personal.sealed_form"


@pytest.mark.parametrize("text", ["~1", "~1万", "~1:30 回电", "~1:1 折算", "1:~1:x"])
def test_what_people_write_with_a_tilde_is_taken(given: Given, text: str) -> None:
    given.happened(line("customer.note-pain-point", "k", by=REP, words=text))
    assert text in given.customer("k")["pain_points"]


def spoiled(given: Given) -> tuple[int, int]:
    """Write a correction as an older program did: the sealed form, sealed as if it were the words.

    Returns the position of the event that it corrects, and its own.
    """
    ledger = given.store.ledger(DIRECTOR)
    reader = given.store.reader
    record = next(each for each in reader.read(0, 1000) if each.name == "customer.followed_up")
    data = codec.decode(record.name, record.schema, record.data, record.event_id, reader.ring)
    token, event_id = str.__str__(data["feedback"]), next(event_ids())
    ring = ledger.reader.ring
    body = ring.seal(record.stream, 0, event_id, "values/feedback", token)
    ring.keep()
    said = {
        "event": record.event_id, "at": record.position, "name": record.name,
        "values": {"feedback": {"~1": body}}, "customer": None, "by": DIRECTOR,
    }  # fmt: skip
    append(given, record.stream, event_id, json.dumps(said).encode())
    return record.position, reader.head()[0]


def append(given: Given, stream: str, event_id: str, data: bytes) -> None:
    from infra.event_store.stored_event import AppendBatch, NewEvent

    version = len(given.store.reader.stream(stream)) + 1
    fresh = NewEvent(
        stream, version, "event.corrected", 1, "2024-12-31", None, DIRECTOR, DIRECTOR, "cli", None, event_id,
        None, None, "x", 0, data,
    )  # fmt: skip
    given.store.log.append(AppendBatch([fresh], now="2024-12-31T10:00:00.000000Z"))


def test_doctor_finds_a_record_whose_words_are_a_sealed_form_and_its_command_mends_it(given: Given) -> None:
    assert [*sealed_texts(given.store)] == []
    at, by = spoiled(given)
    assert "~1:" in told(given)
    (found,) = sealed_texts(given.store)
    assert (found.position, found.corrects, found.fields) == (by, at, {"feedback": "金丝雀CANARY-feedback"})
    given.live(line("event.correct", str(at), reason="写错", values=found.fields))
    assert [*sealed_texts(given.store)] == []
    assert "金丝雀CANARY-feedback" in told(given)


def test_what_such_a_record_held_may_be_gone(given: Given) -> None:
    spoiled(given)
    given.live(line("customer.erase-contact", "k", reason="本人要求"))
    assert [*sealed_texts(given.store)] == []


def test_doctor_names_it_and_says_the_command_with_the_true_words(given: Given, store_url: str) -> None:
    clean = sales("doctor", "--json", store=store_url)
    assert [row["state"] for row in json.loads(clean.out)["rows"] if row["check"] == "words"] == ["ok"]
    at, by = spoiled(given)
    done = sales("doctor", "--json", store=store_url)
    (row,) = [row for row in json.loads(done.out)["rows"] if row["check"] == "words"]
    assert done.status == 9
    assert row["state"] == "problem"
    assert f"event {by} " in row["detail"]
    _, *words = shlex.split(row["remedy"].replace("--reason ...", "--reason mended"))
    assert words[:3] == ["event", "correct", str(at)]
    mended = sales(*words, "--actor", DIRECTOR, store=store_url)
    assert mended.status == 0, mended.err
    after = sales("doctor", "--json", store=store_url)
    assert [row["state"] for row in json.loads(after.out)["rows"] if row["check"] == "words"] == ["ok"]


def test_the_command_undo_brings_back_the_words(given: Given, store_url: str) -> None:
    said = ("event", "correct", "f", "--values", '{"feedback": "同意报价"}', "--reason", "写错", "--actor", DIRECTOR)
    assert sales(*said, store=store_url).status == 0
    assert sales("undo", "--yes", "--actor", DIRECTOR, store=store_url).status == 0
    shown = sales("show", given.subject("k"), store=store_url).out
    assert "CANARY-feedback" in shown
    assert "~1:" not in shown
