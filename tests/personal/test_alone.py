"""One contact of several is erased alone: what is the contact's is nowhere, and what is said of the others stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.errors.problem import Problem
from infra.event_store.erasures import TOGETHER
from tests.faults.running import sales
from tests.given import DIRECTOR, Given, company, lead, line
from tests.personal.canaries import REP, found

REASON = "本人要求删除"
MINE = "CANARY-mine"
OTHERS = "CANARY-others"

LINES = [
    lead("k", by=REP, contact=f"{OTHERS}-first", phone=f"{OTHERS}-phone", need=f"{OTHERS}-need"),
    line("customer.add-contact", "k", by=REP, key="k1", contact="李总", phone=f"{MINE}-phone", email=f"{MINE}-mail"),
    line("customer.add-contact", "k", by=REP, key="k2", contact="赵工", phone=f"{OTHERS}-zhao"),
    line("customer.change", "k", by=REP, item="c1", phone=f"{MINE}-changed"),
    line("customer.change", "k", by=REP, item="c1", contact=f"{MINE}-name"),
    line("follow-up.log", "k", by=REP, key="f", channel="call", contact=f"{MINE}-name", feedback=f"{MINE}-said",
         need_change=f"{MINE}-wants", summary=f"{MINE}-sum"),
    line("event.correct", "f", by=DIRECTOR, reason="写错了", values={"feedback": f"{MINE}-corrected"}),
    line("event.correct", "k1", by=DIRECTOR, reason="写错了", values={"email": f"{MINE}-mended"}),
    line("follow-up.log", "k", by=REP, channel="call", contact="赵工", feedback=f"{OTHERS}-said"),
    line("follow-up.log", "k", by=REP, channel="call", feedback=f"{OTHERS}-nobody"),
    line("customer.note-pain-point", "k", by=REP, words=f"{OTHERS}-words"),
]  # fmt: skip


@pytest.fixture
def given(place: Path, store_url: str) -> Iterator[Given]:
    fresh = Given(store_url)
    fresh.happened(*company(), *LINES)
    yield fresh
    fresh.close()


def erase(given: Given, **which: str) -> Problem | object:
    return given.live(line("customer.erase-contact", "k", reason=REASON, **which))


def told(given: Given) -> str:
    said = [given.audit("k"), given.customer("k"), json.loads(sales("show", "k", "--json", store=given.url).out)]
    return json.dumps(said, ensure_ascii=False, default=str)


def test_what_is_the_contacts_is_in_no_file_no_table_and_no_export(given: Given, store_url: str, place: Path) -> None:
    before, records = told(given), given.store.reader.read(0, 1000)
    assert len({part.split('"')[0] for part in before.split(MINE)[1:]}) == 9
    assert not isinstance(erase(given, item="c1"), Problem)
    given.store.catch_up()
    assert sales("export", "--out", str(place / "after.jsonl"), store=store_url).status == 0
    for form in ("csv", "html", "json", "xlsx"):
        done = sales("audit", "-o", form, "--out", str(place / f"audit.{form}"), store=store_url)
        assert done.status == 0, done.err
    after = told(given)
    assert MINE not in after
    assert {part.split('"')[0] for part in after.split(OTHERS)[1:]} == {
        part.split('"')[0] for part in before.split(OTHERS)[1:]
    }
    assert given.store.reader.read(0, len(records)) == records
    assert sales("verify", store=store_url).status == 0
    given.close()
    assert found(MINE, store_url, place) == []


def test_a_contact_is_named_by_number_or_by_name(given: Given) -> None:
    assert not isinstance(erase(given, contact=f"{MINE}-name"), Problem)
    assert MINE not in told(given)
    assert given.store.reader.read(given.store.reader.head()[0] - 1, 1)[0].data == b'{"item":"e1","which":"c1"}'


def test_the_first_contact_goes_and_the_next_one_takes_the_place(given: Given) -> None:
    assert given.customer("k")["contact"] == f"{OTHERS}-first"
    before = given.customer("k")["completeness"]
    assert not isinstance(erase(given, item="c0"), Problem)
    assert given.customer("k")["contact"] == f"{MINE}-name"
    assert given.customer("k")["completeness"] == before
    given.reopened()
    given.store.projector.rebuild(("tracking", "audit"))
    assert given.customer("k")["contact"] == f"{MINE}-name"
    assert f"{OTHERS}-first" not in told(given)
    assert f"{OTHERS}-phone" not in told(given)
    assert f"{OTHERS}-need" in told(given)


def test_contacts_go_one_by_one_and_the_rest_goes_with_all(given: Given) -> None:
    for item in ("c1", "c0", "c2"):
        assert not isinstance(erase(given, item=item), Problem)
    assert given.customer("k")["contact"] == "[erased]"
    assert f"{OTHERS}-nobody" in told(given)
    assert not isinstance(erase(given), Problem)
    assert OTHERS not in told(given)


def test_all_go_at_once_as_before(given: Given, store_url: str, place: Path) -> None:
    assert not isinstance(erase(given), Problem)
    given.store.catch_up()
    given.close()
    assert found("CANARY-", store_url, place) == []


def test_after_one_has_gone_the_others_are_spoken_with_and_go_too(given: Given) -> None:
    erase(given, item="c1")
    given.reopened()
    for said in (
        line("follow-up.log", "k", channel="call", contact="赵工", feedback=f"{MINE}-later"),
        line("customer.add-contact", "k", contact="孙总", phone=f"{OTHERS}-new"),
    ):
        assert not isinstance(given.live(said), Problem)
    assert f"{MINE}-later" in told(given)
    erase(given, item="c2")
    assert f"{MINE}-later" not in told(given)
    assert f"{OTHERS}-new" in told(given)


def test_who_is_not_there_or_not_told_apart_is_refused(given: Given) -> None:
    given.happened(line("customer.add-contact", "k", by=REP, contact="赵工"))
    for which, code in (
        ({"item": "c9"}, "customer.no_such_item"),
        ({"contact": "没有这人"}, "customer.no_such_item"),
        ({"contact": "赵工", "item": "c1"}, "customer.no_such_item"),
        ({"contact": "赵工"}, "customer.contact_ambiguous"),
    ):
        answer = erase(given, **which)
        assert isinstance(answer, Problem)
        assert answer.code == code
    erase(given, item="c2")
    again = erase(given, item="c2")
    assert isinstance(again, Problem)
    assert again.code == "customer.no_such_item"


def older(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record as a program did that had one key for all of a customer's people."""
    with monkeypatch.context() as before:
        before.setattr("domain.customer.data_subject.contact_of", lambda *_: TOGETHER)
        given.happened(
            lead("old", by=REP, contact=f"{OTHERS}-old", phone=f"{OTHERS}-old2"),
            line("customer.add-contact", "old", by=REP, key="o1", contact=f"{MINE}-old", phone=f"{MINE}-old2"),
            line("follow-up.log", "old", by=REP, channel="call", contact=f"{MINE}-old", feedback=f"{MINE}-old3"),
        )


def test_what_lies_under_the_old_key_of_all_can_not_go_alone_and_is_named(
    given: Given, store_url: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(given, monkeypatch)
    answer = given.live(line("customer.erase-contact", "old", reason=REASON, item="c1"))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.facts["count"]) == ("customer.contact_not_alone", 4)
    assert answer.facts["said"].count("contact") == 2
    assert f"{MINE}-old3" in json.dumps(given.audit("old"), ensure_ascii=False, default=str)
    assert not isinstance(given.live(line("customer.erase-contact", "old", reason=REASON)), Problem)
    given.store.catch_up()
    given.close()
    assert [each for each in (f"{MINE}-old", f"{OTHERS}-old") if found(each, store_url, place)] == []


def test_a_contact_added_since_goes_alone_beside_what_lies_under_the_old_key(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(given, monkeypatch)
    given.happened(line("customer.add-contact", "old", by=REP, contact="新人", phone=f"{MINE}-new"))
    assert not isinstance(given.live(line("customer.erase-contact", "old", reason=REASON, item="c2")), Problem)
    said = json.dumps(given.audit("old"), ensure_ascii=False, default=str)
    assert f"{MINE}-new" not in said
    assert f"{MINE}-old2" in said


def test_what_was_corrected_since_goes_with_what_was_there_before(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(given, monkeypatch)
    given.live(line("event.correct", "o1", reason="x", values={"phone": f"{MINE}-since"}))
    said = json.dumps(given.audit("old"), ensure_ascii=False, default=str)
    assert f"{MINE}-since" in said
    given.live(line("customer.erase-contact", "old", reason=REASON))
    assert "CANARY-" not in json.dumps(given.audit("old"), ensure_ascii=False, default=str)


def test_a_touch_with_somebody_who_was_no_contact_yet_keeps_the_contact_from_going_alone(given: Given) -> None:
    given.happened(
        line("follow-up.log", "k", by=REP, channel="call", contact="周姐", feedback="先聊过"),
        line("customer.add-contact", "k", by=REP, contact="周姐"),
    )
    answer = erase(given, contact="周姐")
    assert isinstance(answer, Problem)
    assert answer.code == "customer.contact_not_alone"


def test_the_keys_of_single_contacts_move_with_the_log(given: Given, store_url: str, place: Path) -> None:
    file, again = place / "log.jsonl", f"sqlite:///{place}/again.db"
    assert sales("export", "--out", str(file), store=store_url).status == 0
    assert sales("import", "log", str(file), store=again).status == 0
    assert f"{MINE}-corrected" in sales("audit", "k", store=again).out
    words = ("customer", "erase-contact", "k", "--item", "c1", "--reason", REASON, "--yes")
    assert sales(*words, store=again).status == 0
    shown = sales("audit", "k", store=again).out
    assert MINE not in shown
    assert f"{OTHERS}-first" in shown
