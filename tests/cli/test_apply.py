"""`sales apply`: an answer a line, whatever the file holds; atomic, dry, as given; and what each ends with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from infra.commands.batch import LONGEST
from infra.store.open import create_store, open_store
from projections.engine.json import _loads
from tests.faults.running import BOSS, Done, jsonl, sales
from tests.given import lead, line, signed


@pytest.fixture
def store(store_url: str) -> str:
    """Return the address of a store that knows its director and a rep."""
    create_store(store_url, first_actor=BOSS)[0].close()
    assert applied(store_url, line("person.register", login="zhang.san", name="张三")).status == 0
    return store_url


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the address of a SQLite store that is not made yet."""
    return f"sqlite:///{tmp_path}/a.db"


def applied(store: str, *lines: dict[str, Any] | str | bytes, words: tuple[str, ...] = (), **more: str) -> Done:
    """Apply lines from stdin."""
    raw = [each if isinstance(each, bytes) else each.encode() for each in map(spelled, lines)]
    return sales("apply", "-", *words, store=store, given=b"".join(each + b"\n" for each in raw), **more)


def spelled(said: dict[str, Any] | str | bytes) -> str | bytes:
    return json.dumps(said, ensure_ascii=False) if isinstance(said, dict) else said


def events(store: str) -> list[str]:
    opened = open_store(store)
    names = [record.name for record in opened.reader.read(0, 10_000) if record.name != "person.registered"]
    opened.close()
    return names


def test_each_line_is_answered_in_order_and_a_bad_one_holds_up_nobody(store: str) -> None:
    done = applied(
        store, lead("l1"), "{", lead("l2", channel="referral"), "", line("lead.validate", "l1"), lead("l1"), lead("l3")
    )
    assert done.status == 8
    assert [said["line"] for said in done.lines] == [1, 2, 3, 5, 6, 7]
    assert done.codes == ["recorded", "line.not_json", "lead.untraceable", "recorded", "repeated", "recorded"]
    assert [said.get("position") for said in done.lines] == [3, None, None, 4, 3, 5]
    first = done.lines[0]
    assert first == {
        "line": 1,
        "ok": True,
        "status": "recorded",
        "subject": first["subject"],
        "events": ["customer.lead_captured"],
        "position": 3,
    }
    assert done.err == "3 recorded, 1 already recorded, 2 failed.\n"


def test_the_same_file_again_is_already_recorded_and_fine(store: str, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *(lead(f"l{n}") for n in range(180)))
    assert sales("apply", path, store=store).status == 0
    again = sales("apply", path, store=store)
    assert (again.status, again.err) == (0, "0 recorded, 180 already recorded, 0 failed.\n")
    assert events(store) == ["customer.lead_captured"] * 180


def test_a_changed_row_under_its_key_shows_both_and_overwrites_nothing(store: str) -> None:
    applied(store, lead("l1", "甲公司"))
    done = applied(store, lead("l1", "乙公司"))
    error = done.lines[0]["error"]
    assert (done.status, error["code"], error["retry"]) == (8, "key.conflict", False)
    assert "甲公司" in error["facts"]["recorded"]
    assert "乙公司" in error["facts"]["given"]
    assert events(store) == ["customer.lead_captured"]


@pytest.mark.parametrize(
    ("said", "code", "text"),
    [
        ("{", "line.not_json", "The line is no JSON"),
        ('{"action": "lead.capture"} x', "line.not_json", "The line is no JSON"),
        ("[1]", "line.not_object", "The line is no JSON object."),
        ('"lead.capture"', "line.not_object", "The line is no JSON object."),
        ("[" * 3_000, "line.not_json", "The line is no JSON"),
        ('{"action": "lead.captur"}', "usage.unknown_action", "There is no action lead.captur."),
        ('{"action": 7}', "usage.unknown_action", "There is no action 7."),
        ("{}", "usage.unknown_action", "There is no action None."),
        ('{"action": "lead.validate", "sbject": "x"}', "line.unknown_member", "A line has no member sbject."),
        (
            '{"action": "lead.capture", "company": "丙"}',
            "line.unknown_member",
            "A line has no member company: it is a field of lead.capture.",
        ),
        ('{"action": "lead.validate", "data": []}', "subject.missing", "lead.validate needs its customer"),
        ('{"action": "lead.validate", "data": [1]}', "usage.bad_value", "data can't be [1]: a JSON object is expected."),
        ('{"action": "lead.capture", "data": {"channel": "web"}}', "usage.missing_field", "lead.capture needs company."),
        (
            '{"action": "lead.capture", "data": {"company": "x", "chanel": "web"}}',
            "usage.unknown_field",
            "lead.capture has no field chanel.",
        ),
        (
            '{"action": "lead.capture", "data": {"company": "", "channel": "web"}}',
            "usage.bad_value",
            "company can't be",
        ),
        (
            '{"action": "lead.capture", "data": {"company": {}, "channel": "web"}}',
            "usage.bad_value",
            "company can't be {}: a text is expected.",
        ),
        ('{"action": "lead.validate", "subject": "l9"}', "subject.unknown", "There is no customer l9."),
        ('{"action": "lead.validate", "subject": {}}', "usage.bad_value", "subject can't be {}: a text is expected."),
        ('{"action": "lead.validate", "subject": "con_1"}', "subject.wrong_kind", "con_1 names something else: contract, not customer."),
        ('{"action": "lead.validate", "key": 7, "subject": "x"}', "usage.bad_value", "key can't be 7"),
        ('{"action": "lead.validate", "key": "\\u0000", "subject": "x"}', "usage.bad_value", "key can't be"),
        ('{"action": "lead.validate", "key": "\\ud800", "subject": "x"}', "line.not_json", "The line is no JSON"),
        (
            '{"action": "lead.validate", "subject": "x", "at": "2024-02-30"}',
            "usage.bad_time",
            "at can't be 2024-02-30: it is no time of the calendar.",
        ),
        ('{"action": "lead.validate", "subject": "x", "at": "2024-W07-1"}', "usage.bad_time", "at can't be 2024-W07-1"),
        ('{"action": "lead.validate", "subject": "x", "at": "20240218"}', "usage.bad_time", "at can't be 20240218"),
        (
            '{"action": "lead.validate", "subject": "x", "at": "0001-01-01T00:00:00+23:00"}',
            "usage.bad_time",
            "at can't be 0001-01-01",
        ),
        (
            '{"action": "lead.validate", "subject": "x", "actor": "nobody"}',
            "subject.unknown",
            "There is no customer x.",
        ),
        ('{"action": "lead.capture", "actor": "eve", "data": {"company": "x", "channel": "web"}}', "person.unknown", "eve"),
        ('{"action": "lead.validate", "subject": "x", "recorded": "2024-01-01"}', "migration.not_asked", "gives a recorded"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_said_with_its_code(tmp_path: Path, said: str, code: str, text: str) -> None:
    done = applied(f"sqlite:///{tmp_path}/a.db", said)
    assert done.status == 8
    (answer,) = done.lines
    assert (answer["line"], answer["ok"], answer["error"]["code"]) == (1, False, code)
    assert text in answer["error"]["message"]
    assert set(answer["error"]) == {"code", "message", "facts", "hint", "retry"}


@pytest.mark.parametrize(
    "amount",
    [
        '"12万"',
        '"1e3"',
        '"nan"',
        "NaN",
        "Infinity",
        '"1,00"',
        '"0.00001"',
        '""',
        '"¥5"',
        "true",
        "[]",
        '"１２"',
        "1e400",
    ],
)
def test_what_is_no_amount_is_refused(tmp_path: Path, amount: str) -> None:
    done = applied(
        f"sqlite:///{tmp_path}/a.db",
        lead("l1", by=BOSS),
        '{"action": "contract.draft", "data": {"number": "1", "customer": "l1", "amount": ' + amount + "}}",
    )
    assert done.codes[0] == "recorded"
    assert done.codes[1] in ("usage.bad_value", "line.not_json")


@pytest.mark.parametrize("date", ["2024-02-30", "2024-2-3", "20240203", "03.02.2024", "yesterday", "2024-02-03T10:00"])
def test_what_is_no_day_of_the_calendar_is_refused(tmp_path: Path, date: str) -> None:
    done = applied(f"sqlite:///{tmp_path}/a.db", line("contract.sign", "c1", date=date))
    assert done.codes == ["usage.bad_value"]


@pytest.mark.parametrize(
    ("said", "suggested"),
    [
        ('{"action": "lead.captur"}', "lead.capture"),
        ('{"action": "leed.capture"}', "lead.capture"),
        ('{"action": "contract.sing", "subject": "x"}', "contract.sign"),
        ('{"action": "lead.capture", "data": {"compny": "x"}}', "company"),
    ],
)
def test_a_typo_gets_a_suggestion(file: str, said: str, suggested: str) -> None:
    error = applied(file, said).lines[0]["error"]
    assert error["facts"]["suggestion"] == suggested
    assert f"Did you mean {suggested}?" in error["hint"]


def test_a_line_in_another_encoding_is_named_by_its_byte(file: str) -> None:
    done = applied(file, lead("l1", by=BOSS), json.dumps(lead("l2", "上海"), ensure_ascii=False).encode("gb18030"))
    assert done.codes == ["recorded", "line.encoding"]
    assert done.lines[1]["error"]["hint"].startswith("Save the file as UTF-8")


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(file: str) -> None:
    said = json.dumps(lead("l1", "上海", by=BOSS), ensure_ascii=False).encode()
    done = sales("apply", "-", store=file, given=b"\xef\xbb\xbf" + said + b"\r\n\r\n" + said + b"\r\n")
    assert done.codes == ["recorded", "repeated"]


def test_a_last_line_without_its_newline_counts(file: str) -> None:
    assert sales("apply", "-", store=file, given=json.dumps(lead("l1", by=BOSS)).encode()).codes == ["recorded"]


def test_a_line_too_long_is_refused_and_the_next_one_read(file: str) -> None:
    done = applied(file, lead("l1", "x" * LONGEST, by=BOSS), lead("l2", by=BOSS))
    assert done.codes == ["line.too_long", "recorded"]


def test_an_empty_file_is_nothing_to_do(store: str) -> None:
    done = applied(store)
    assert (done.status, done.out, done.err) == (0, "", "0 recorded, 0 already recorded, 0 failed.\n")


def test_atomic_records_nothing_unless_every_line_holds(store: str) -> None:
    lines = [lead("l1"), lead("l2", channel="referral"), lead("l3")]
    done = applied(store, *lines, words=("--atomic",))
    assert done.codes == ["batch.held_back", "lead.untraceable", "batch.held_back"]
    assert done.lines[0]["error"]["message"] == "Not recorded, because line 2 failed (--atomic)."
    assert done.status == 3
    assert events(store) == []
    assert applied(store, lines[0], lines[2], words=("--atomic",)).status == 0
    assert events(store) == ["customer.lead_captured"] * 2


@pytest.mark.parametrize(
    ("bad", "status"),
    [("{", 2), (line("lead.validate", "nobody"), 4), (lead("l0", "别的公司"), 5), (line("target.approve", "t"), 4)],
)
def test_atomic_ends_as_the_line_that_failed(store: str, bad: dict[str, Any] | str, status: int) -> None:
    applied(store, lead("l0"))
    for lines in ([bad, lead("l1")], [lead("l1"), bad]):
        assert applied(store, *lines, words=("--atomic",)).status == status
    assert events(store) == ["customer.lead_captured"]


def test_atomic_takes_a_hand_over_of_what_it_has_just_captured(store: str) -> None:
    lines = [
        line("person.register", login="li.si", name="李四"),
        lead("l1"),
        line("person.hand-over", "zhang.san", to="li.si"),
    ]
    assert applied(store, *lines).codes == ["recorded"] * 3


def test_a_dry_run_answers_as_the_run_would_and_records_nothing(store: str) -> None:
    lines = [lead("l1"), line("lead.validate", "l1"), lead("l2", channel="referral")]
    dry = applied(store, *lines, words=("--dry-run",))
    assert (dry.status, dry.codes) == (8, ["recorded", "recorded", "lead.untraceable"])
    assert events(store) == []
    assert applied(store, *lines).codes == dry.codes


def test_people_are_registered_on_request(store: str) -> None:
    lines = [lead("l1", by="wang.wu"), lead("l2", by="li.si", owner="zhao.liu")]
    refused = applied(store, *lines)
    assert refused.codes == ["person.unknown"] * 2
    assert "sales person register wang.wu" in refused.lines[0]["error"]["hint"]
    assert applied(store, *lines, words=("--register-people",)).codes == ["recorded"] * 2
    assert applied(store, *lines).codes == ["repeated"] * 2


MOVED = [
    line(
        "person.register",
        key="boss",
        by=BOSS,
        entered="2024-01-01T08:00:00+08:00",
        login=BOSS,
        name="林总",
        role="director",
    ),
    lead("l1", by=BOSS, at="2024-01-08", entered="2024-01-09T10:00:00+08:00"),
]


def test_recorded_times_are_taken_as_given_into_an_empty_store(store_url: str) -> None:
    done = applied(store_url, *MOVED, words=("--recorded-as-given",))
    assert (done.status, done.codes) == (0, ["recorded"] * 2)
    (row,) = json.loads(sales("audit", "l1", "--json", store=store_url).out)["rows"]
    assert row["recorded"].startswith("2024-01-09T10:00:00")
    assert json.loads(sales("tracking", "--json", "--known-at", "2024-01-08", store=store_url).out)["rows"] == []
    again = applied(store_url, *MOVED, words=("--recorded-as-given",))
    assert (again.status, again.codes) == (0, ["repeated"] * 2)
    other = applied(store_url, *reversed(MOVED), words=("--recorded-as-given",))
    assert (other.status, other.code) == (3, "migration.differs")


def test_recorded_times_are_not_given_to_a_store_with_events_of_its_own(store: str) -> None:
    done = applied(store, *MOVED, words=("--recorded-as-given",))
    assert (done.status, done.code) == (3, "migration.not_empty")


def test_recorded_times_that_go_back_are_refused_line_by_line(file: str) -> None:
    early = lead("l2", by=BOSS, entered="2024-01-02T10:00:00+08:00")
    without = lead("l3", by=BOSS)
    done = applied(file, *MOVED, early, without, words=("--recorded-as-given",))
    assert done.codes == ["recorded", "recorded", "migration.backwards", "migration.no_recorded"]
    assert done.lines[2]["error"]["hint"] == "Sort the file by its recorded times."


def test_a_line_may_not_give_its_recorded_time_unasked(store: str) -> None:
    assert applied(store, lead("l1", entered="2024-01-09")).codes == ["migration.not_asked"]


def test_an_actor_of_the_batch_acts_and_who_types_is_the_recorder(store: str) -> None:
    applied(store, lead("l1", by="zhang.san"))
    (row,) = json.loads(sales("audit", "l1", "--json", store=store).out)["rows"]
    assert (row["actor"], row["recorder"], row["source"]) == ("zhang.san", BOSS, "batch")


def test_a_contract_goes_all_its_way_in_one_file(store: str) -> None:
    done = applied(store, lead("l1"), *signed("c1", "l1", "300000", "2024-03-28", approver=BOSS))
    assert done.codes == ["recorded"] * 5
    rows = json.loads(sales("progress", "--period", "2024Q1", "--metric", "sales", "--json", store=store).out)["rows"]
    (mine,) = [row for row in rows if row["owner"] == "zhang.san" and row["basis"] == "signed"]
    assert mine["actual"] == "300000"


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_said(file: str, tmp_path: Path, name: str) -> None:
    done = sales("apply", str(tmp_path / name), store=file)
    assert (done.status, done.code) == (2, "file.unreadable")
    assert done.out == ""


def test_what_is_no_text_at_all_is_refused_line_by_line(file: str) -> None:
    done = applied(file, bytes(range(256)).replace(b"\n", b""), b"\x00\x00")
    assert done.status == 8
    assert set(done.codes) <= {"line.encoding", "line.not_json"}


@pytest.mark.parametrize("said", ["NaN", "[-Infinity]", '{"a": "\\ud800"}', '["\\uDC00"]', "\ufeff{}", "{'a': 1}"])
def test_a_short_file_is_read_as_strictly_as_a_long_one(said: str) -> None:
    for loads in (_loads, orjson.loads):
        with pytest.raises(ValueError):  # noqa: PT011
            loads(said)


ERRORS_IN_BOTH = [
    ("en", "{", "The line is no JSON: ", "One JSON object a line; "),
    ("zh", "{", "这一行不是 JSON", "每行一个 JSON 对象"),
    ("en", lead("l1", by="eve"), "No person has the login eve.", "Register them first: "),
    ("zh", lead("l1", by="eve"), "没有登录名为 eve 的人员", "sales person register eve"),
]


@pytest.mark.parametrize(("lang", "said", "message", "hint"), ERRORS_IN_BOTH)
def test_errors_are_told_in_both_languages_under_one_code(
    file: str, lang: str, said: dict[str, Any] | str, message: str, hint: str
) -> None:
    error = applied(file, said, SALES_LANG=lang).lines[0]["error"]
    assert message in error["message"]
    assert hint in error["hint"]
    assert error["code"] in ("line.not_json", "person.unknown")
