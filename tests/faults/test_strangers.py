"""Input from strangers: arguments, JSON Lines, CSV and workbooks made to do harm end in a code of the contract."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.faults.harmless import CONTRACT, LONG, VIEWS, harmless, views_hold
from tests.faults.running import BOSS, jsonl, sales
from tests.given import lead, line

NASTY = [
    "", " ", "\t", "\n", "\x1b[2J", "\x1b]8;;http://x\x07y\x1b]8;;\x07", "\u202e", "\ud800", "\udcff", "-", "--", "---",
    "-o", "--json=1", "--lang", "--lang=xx", "-1", "1e999", "NaN", "=1+1", "%s%n", "{0}", "{x}", "'; DROP TABLE log; --",
    "<script>", "../../etc/passwd", "/dev/null", "~", "a" * 70_000, "😀" * 300, "2024-02-30", "9999-99", "0x10",
    "--store=sqlite:///", "--store=http://x", "--as-of=never", "--period=2024Q9", "-h", "-qqq", "--=", "\\", "$(x)", "*",
]  # fmt: skip


WORDS = [
    "tracking", "progress", "audit", "log", "status", "lead", "capture", "contract", "draft", "policy", "show", "import",
    "apply", "config", "set", "get", "schema", "help", "completion", "rebuild", "export", "doctor", "period", "close",
    "target", "person", "register", "event", "correct", "diff", "replay", "pipeline", "backup", "restore", "funnel",
    "--period", "2024Q1", "--json", "-o", "csv", "--explain", "--as-of", "2024-01-31", "--reason", "--dry-run", "--level",
]  # fmt: skip


def lines_of_nonsense(chance: random.Random, count: int) -> Iterable[list[str]]:
    """Yield typed lines, half of their words nonsense."""
    for _ in range(count):
        first = [chance.choice(WORDS)] if chance.random() < 0.9 else []
        yield first + [chance.choice(WORDS if chance.random() < 0.6 else NASTY) for _ in range(chance.randrange(6))]


def arguments(store: str, seed: int, count: int) -> int:
    """Type nonsense and return how many lines were typed."""
    typed = 0
    for words in lines_of_nonsense(random.Random(seed), count):
        if {"demo", "work", "init"} & set(words) or "-" in words:
            continue
        done = sales(*words, store=store)
        assert done.status in CONTRACT, words
        assert done.status != 1, (words, done.err)
        harmless(done)
        typed += 1
    return typed


@pytest.mark.seeds(40 if LONG else 1)
def test_nonsense_typed_is_answered_by_the_contract(store: str, seed: int) -> None:
    assert arguments(store, seed, 250 if LONG else 60)


ODD_LINES = [
    b"[" * 100_000, b'{"a":' * 50_000, b'{"action": "lead.capture", "data": ' + b'{"x":' * 990 + b"1" + b"}" * 991,
    b'{"action": "lead.capture", "data": {"company": ' + b"9" * 5_000 + b"}}", b'{"action": NaN}',
    b'{"action": "lead.capture", "data": {"company": Infinity}}', b'{"action": "lead.capture", "data": {"company": -1e999}}',
    b'{"action": "lead.capture", "data": {"company": "a\\u0000b", "channel": "online"}}', b"\x00" * 200,
    b'{"action": "lead.capture", "data": {"company": "a\x00b", "channel": "online"}}',
    b'{"action": "lead.capture", "data": {"company": "\\ud800", "channel": "online"}}',
    b'{"action": "lead.capture", "data": {"company": "\xed\xa0\x80", "channel": "online"}}',
    b'{"action": "lead.capture", "action": "x", "data": {}, "data": {"company": "a", "channel": "online"}}',
    b'{"action": "lead.capture", "data": {"company": "a", "company": "b", "channel": "online"}}',
    b'{"action": "lead.capture", "key": {"a": 1}, "data": []}', b'{"action": ["x"]}', b"null", b"1", b'""', b"{}",
    b'{"action": "lead.capture", "data": {"company": "a", "channel": "online"}} {"more": 1}', b"\xff\xfe{\x00}\x00",
    b'{"action": "contract.draft", "data": {"number": "n", "customer": "a", "amount": 1e400}}',
    b'{"action": "contract.draft", "data": {"number": "n", "customer": "a", "amount": "' + b"9" * 400 + b'"}}',
    b'{"action": "contract.draft", "data": {"number": "n", "customer": "a", "amount": "1e99999999"}}',
    b'{"action": "calendar.publish", "data": {"year": 99999999999, "holidays": []}}',
    b'{"action": "lead.capture", "at": "99999-01-01", "data": {"company": "a", "channel": "online"}}',
    b'{"action": "lead.capture", "at": "0001-01-01T00:00:00+14:00", "data": {"company": "a", "channel": "online"}}',
    b'{"action": "lead.capture", "at": "9999-12-31T23:59:59-12:00", "data": {"company": "a", "channel": "online"}}',
    b'{"action": "__class__", "subject": "../../x", "data": {"__init__": 1}}', b'{"acti\\u006fn": "lead.capture"}',
]  # fmt: skip


def test_odd_json_lines_are_refused_one_by_one(store: str) -> None:
    good = json.dumps(lead("good", by=BOSS), ensure_ascii=False).encode()
    done = sales("apply", "-", store=store, given=b"\n".join([*ODD_LINES, good]) + b"\n")
    assert done.status == 8
    assert len(done.lines) == len([each for each in ODD_LINES if each.strip()]) + 1
    assert done.codes[-1] == "recorded"
    assert not {"fault", "store.broken"} & set(done.codes)
    harmless(done)
    alone = [
        sales("apply", "-", store=store, given=each + b"\n").codes for each in (ODD_LINES if LONG else ODD_LINES[:4])
    ]
    assert [codes for (codes,) in alone if codes in ("fault", "store.broken")] == []
    views_hold(store)


ORDERS = "\x1b[31m甲\x1b]8;;http://evil\x07link\x1b]8;;\x07\u202e\u2066\x9b2J\x08\x7f"


def test_orders_to_a_terminal_in_any_text_reach_it_in_no_form(store: str, tmp_path: Path) -> None:
    said = [
        line("person.register", login="zhang.san", name=f"张{ORDERS}"), line("group.form", code="g1", name=ORDERS),
        lead("l1", f"公司{ORDERS}", by=BOSS, contact=ORDERS, need=ORDERS, campaign=ORDERS),
        line("follow-up.log", "l1", by=BOSS, at="2024-01-09", channel="call", summary=ORDERS),
        line("objection.log", "l1", by=BOSS, at="2024-01-09", kind="price", words=ORDERS),
        line("opportunity.open", key="o1", by=BOSS, at="2024-01-09", customer="l1", amount="5", name=ORDERS),
        line("customer.note-pain-point", "l1", by=BOSS, at="2024-01-09", pain_point=ORDERS),
        lead(f"k{ORDERS}", ORDERS, by=BOSS), line(ORDERS), line("lead.validate", ORDERS), line("lead.capture", by=ORDERS),
    ]  # fmt: skip
    harmless(sales("apply", jsonl(tmp_path / "a.jsonl", *said), store=store))
    views_hold(store, len(VIEWS))
    for words in (("show", "l1"), ("audit", "l1"), ("audit", ORDERS), ("show", ORDERS), (ORDERS,), ("lead", ORDERS),
                  ("tracking", f"--{ORDERS}"), ("tracking", "--as-of", ORDERS), ("help", ORDERS), ("log", "--name", ORDERS),
                  ("import", ORDERS, "x"), ("import", "leads", ORDERS), ("apply", ORDERS), ("schema", ORDERS),
                  ("config", "set", ORDERS, "x"), ("rebuild", ORDERS), ("restore", ORDERS), ("lead", "capture", ORDERS),
                  ("backup", f"/dev/null/{ORDERS}"), ("tracking", "--owner", ORDERS), ("tracking", "--lang", ORDERS),
                  ("tracking", "--store", f"sqlite:////dev/null/{ORDERS}/a.db"), ("demo", "--dir", f"{tmp_path}/{ORDERS}"),
                  ("lead", "capture", f"乙{ORDERS}", "--channel", "online", "--dry-run")):  # fmt: skip
        for more in ((), ("--json",), ("--lang", "zh")):
            done = sales(*words, *more, store=store)
            assert done.status in CONTRACT - {1}, (words, done.err)
            harmless(done)


MARKUP = """</td><script>alert(1)</script>&amp;'"`; DROP TABLE log; -- %s {0} ${x} \\"""


def test_neither_sql_nor_html_is_built_from_data(store: str, tmp_path: Path) -> None:
    said = [
        line("person.register", login="zhang.san", name=MARKUP), line("group.form", code="g1", name=MARKUP),
        lead(f"k{MARKUP}", MARKUP, by=BOSS, contact=MARKUP, need=MARKUP, campaign=MARKUP),
        line("follow-up.log", MARKUP, by=BOSS, at="2024-01-09", channel="call", summary=MARKUP),
        line("opportunity.open", key="o1", by=BOSS, at="2024-01-09", customer=MARKUP, amount="5", name=MARKUP),
    ]  # fmt: skip
    done = sales("apply", jsonl(tmp_path / "a.jsonl", *said), store=store)
    assert "recorded" in done.codes
    assert "store.broken" not in done.codes
    for words in ("tracking -o html", "audit -o html", "pipeline -o html", "log -o html"):
        page = sales(*words.split(), store=store).out
        assert "<script" not in page, words
    for flag in ("--owner", "--group", "--stage", "--channel", "--grade"):
        assert sales("tracking", flag, MARKUP, store=store).status in (0, 2, 4)
    for asked in (("audit", MARKUP), ("audit", f"k{MARKUP}"), ("audit", "--name", MARKUP), ("show", f"k{MARKUP}"),
                  ("progress", "--period", "2024Q1", "--owner", MARKUP), ("audit", "--actor", MARKUP)):  # fmt: skip
        assert sales(*asked, store=store).status in (0, 2, 4), asked
    assert sales("report", "2024Q1", "--html", str(tmp_path / "r.html"), store=store).status in (0, 2)
    if (tmp_path / "r.html").exists():
        assert "<script>alert" not in (tmp_path / "r.html").read_text("utf-8")
    assert json.loads(sales("tracking", "--json", store=store).out)["rows"][0]["company"] == MARKUP.strip()


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "=\"a\"", "'=quoted", "'plain", "-5"]  # fmt: skip


def test_a_cell_that_begins_like_a_formula_is_harmless_and_comes_back_as_it_was(store: str, tmp_path: Path) -> None:
    for n, company in enumerate(FORMULAS):
        done = sales("apply", jsonl(tmp_path / "a.jsonl", lead(f"f{n}", company, by=BOSS)), store=store)
        assert done.status == 0, (company, done.lines)
    kept = {row["company"] for row in json.loads(sales("tracking", "--json", store=store).out)["rows"]}
    sales("tracking", "-o", "csv", "--out", str(tmp_path / "t.csv"), store=store)
    import csv

    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["company"] for row in csv.DictReader(file)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "＝"))]
    sales("tracking", "-o", "xlsx", "--out", str(tmp_path / "t.xlsx"), store=store)
    page = load_workbook(tmp_path / "t.xlsx").active
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    for suffix in ("csv", "xlsx"):
        other = f"sqlite:///{tmp_path}/{suffix}.db"
        again = sales("import", "leads", str(tmp_path / f"t.{suffix}"), store=other)
        assert again.status == 0, again.out
        back = {row["company"] for row in json.loads(sales("tracking", "--json", store=other).out)["rows"]}
        assert back == kept
