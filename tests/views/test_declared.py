"""A declared view says what its columns mean and finds its rows by its key; and a new one is a command, in every format, at once."""

from __future__ import annotations

import csv
import importlib
import json
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

import openpyxl
import pytest

from cli.registry import COMMANDS, EXTRAS
from domain.kernel.field import fields_of
from infra.queries.runner import Answer, run
from infra.store.open import open_store
from infra.store.store import Store
from projections.views import digest, registry
from projections.views.column import Column
from projections.views.registry import VIEWS, view_class
from projections.views.spec import View
from tests.cli.conftest import Sales
from tests.views.toys import Toys

QUARTER: Final = "2024Q1"
WEEK: Final = "2024-W12"
END: Final = "2024-03-31"
ASKED: Final[dict[str, dict[str, Any]]] = {
    "guide": {"topic": "proposed"},
    "duplicates": {"likeness": "0.5", "all": True},
    "pool-due": {"within": "300"},
    "target-shares": {"target": "demo#target/g1", "past": "2024Q1"},
}
"""What a view is asked with that can't be asked without."""

EMPTY: Final = {"duplicates"}
"""What the demo's quarter has nothing of."""


@pytest.fixture(scope="module")
def store(quarter: str) -> Iterator[Store]:
    opened = open_store(quarter)
    yield opened
    opened.close()


def answered(store: Store, name: str, **given: Any) -> Answer:
    """Return what a view answers of the demo's quarter."""
    cls = view_class(name)
    parameters = {field.attribute: field.default for field in fields_of(cls)}
    parameters |= ASKED.get(name, {}) | given
    moments: dict[str, Any] = {} if cls.MOMENTS == "two" else {"as_of": END}
    return run(
        store, cls, parameters, **moments, period=WEEK if "week" in cls.PERIOD else QUARTER if cls.PERIOD else None
    )


def tables_of(cls: type[View]) -> dict[str, tuple[Column, ...]]:
    """Return the columns of each table that a view gives."""
    return {cls.NAME: cls.COLUMNS} | ({f"{cls.NAME}-summary": cls.SUMMARY.columns} if cls.SUMMARY else {})


@pytest.mark.parametrize("name", VIEWS)
def test_every_column_says_what_it_means(name: str) -> None:
    cls = view_class(name)
    assert name == cls.NAME
    for table, columns in tables_of(cls).items():
        assert columns, table
        keys = Counter(column.key for column in columns)
        assert [key for key, many in keys.items() if many > 1] == [], table
        unsaid = [c.key for c in columns if not c.meaning.strip() and not (c.text or c.eye)]
        assert unsaid == [], f"{table}: a column without a meaning holds what only a reader sees"
        assert all(column.title or column.form for column in columns), table


@pytest.mark.parametrize("name", VIEWS)
def test_a_row_is_found_by_the_key_of_its_view(store: Store, name: str) -> None:
    cls = view_class(name)
    rows = answered(store, name).rows
    assert bool(rows) != (name in EMPTY)
    meant = {column.key for column in cls.COLUMNS if column.meaning}
    assert set(cls.KEY) <= meant
    found = Counter(json.dumps([row[key] for key in cls.KEY], ensure_ascii=False) for row in rows)
    assert [key for key, many in found.items() if many > 1] == []


@pytest.mark.parametrize("name", VIEWS)
def test_a_row_holds_what_its_columns_mean_and_nothing_else(store: Store, name: str) -> None:
    cls = view_class(name)
    meant = {column.key for column in cls.COLUMNS if column.meaning}
    assert {frozenset(row) for row in answered(store, name).rows} <= {frozenset(meant)}


FOR_EVER = {
    "progress": (
        *("level", "owner", "metric", "basis", "period", "state", "target", "original_target", "actual"),
        *("numerator", "denominator", "attainment", "gap", "working_days", "elapsed_days", "daily_need"),
        *("allocated", "unallocated", "currency"),
    ),
    "tracking": (
        *("id", "company", "industry", "size", "stage", "channel", "campaign", "grade", "owner", "group"),
        *("last_contact", "next_due", "open_objections", "expected", "signed", "collected", "currency"),
        "completeness",
    ),
    "pipeline": (
        *("id", "name", "customer", "company", "owner", "group", "stage", "status", "amount", "currency"),
        *("close_date", "probability", "opened", "changed"),
    ),
    "targets": (
        *("id", "level", "owner", "metric", "basis", "period", "state", "value", "original", "currency", "parent"),
        *("share_of_parent", "allocated", "unallocated", "over_allocated", "revisions", "actual", "attainment"),
    ),
    "funnel": (
        *("level", "name", "period", "captured", "valid", "graded", "contacted", "opportunities", "signed"),
        *("signed_amounts", "median_days"),
    ),
    "objections": (
        *("customer", "company", "item", "kind", "logged", "by", "answered", "resolved", "state", "days_open"),
        *("owner", "group"),
    ),
    "scorecard": (
        *("owner", "group", "period", "measure", "numerator", "denominator", "ratio", "cap", "weight", "counted"),
        *("points", "why"),
    ),
    "contracts": (
        *("id", "number", "customer", "company", "kind", "state", "signed_on", "owner", "group", "amount", "value"),
        *("currency", "approved_by", "collected", "outstanding", "invoiced", "delivered", "accepted", "orders"),
    ),
    "receivables": (
        *("contract", "number", "customer", "company", "owner", "group", "part", "instalment", "due", "amount"),
        *("invoiced", "received", "outstanding", "currency", "promise", "promised", "promise_due"),
    ),
    "audit": (
        *("position", "event", "name", "subject", "occurred", "recorded", "actor", "recorder", "source", "key"),
        *("corrects", "corrected_by", "late_days"),
    ),
}
"""What the digest of each view covers: periods were closed with it, so nothing of it may ever change."""


def test_a_view_keeps_what_digests_have_always_covered() -> None:
    assert {cls.NAME: cls.DIGEST for cls in registry.all_views() if cls.DIGEST} == FOR_EVER
    assert all(set(figured.key) <= set(view_class(name).KEY) for name, figured in digest.VIEWS.items())


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> type[View]:
    """The view of toys, registered as any other is: by one line."""
    monkeypatch.setitem(sys.modules, "projections.views.toys", importlib.import_module("tests.views.toys"))
    monkeypatch.setitem(VIEWS, "toys", registry.Entry("toys", "Toys", "Who plays with what."))
    monkeypatch.setitem(COMMANDS, "toys", _entry("toys"))
    return Toys


def _entry(name: str) -> Any:
    from cli.registry import _declared

    return _declared(name)


def test_every_view_with_a_line_is_a_command() -> None:
    entries = {*COMMANDS.values(), *EXTRAS.values()}
    assert {name for name, entry in VIEWS.items() if entry.line and _entry(name) not in entries} == set()


@pytest.mark.usefixtures("toys")
def test_a_new_view_is_a_command_with_its_options_and_stands_in_help(sales: Sales) -> None:
    assert "Who plays with what." in sales("--help").out
    told = sales("toys", "--help").out
    assert "Show who plays with which toy." in told
    for said in ("--toy robot|kite", "--owner LOGIN", "--broken", "--summary", "--period PERIOD", "Only this toy."):
        assert said in told
    assert "sales toys --owner zhang.san" in told
    refused = sales("toys", "--toy", "doll")
    assert refused.status != 0
    assert "robot, kite" in refused.err


@pytest.mark.usefixtures("toys")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("to", ["toys"]), ("toys --toy ", ["robot", "kite"]), ("toys --owner zh", ["zhang.san", "zhao.liu"])],
)
def test_it_is_completed(
    sales: Sales, quarter: str, monkeypatch: pytest.MonkeyPatch, typed: str, offered: list[str]
) -> None:
    monkeypatch.setenv("SALES_STORE", quarter)
    monkeypatch.setenv("_SALES_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"sales {typed}")
    said = [line.partition("\t")[0] for line in sales().out.splitlines()]
    assert said[: len(offered)] == offered


@pytest.mark.usefixtures("toys")
def test_its_keys_stand_in_the_reference_and_its_texts_in_the_catalogue() -> None:
    from cli.docs.reference import page
    from infra.i18n.catalogue.messages import messages

    written = page("views")
    for said in ("## toys", "A row a customer.", "| `toy` | text | robot or kite. |", "| `broken` | true or false |"):
        assert said in written
    assert "## toys-summary" in written
    assert "sales toys" in page("commands")
    texts = {"Toys of customers", "Price of a toy", "Only toys of this period.", "Toys in all", "How many toys"}
    assert texts | {"Who plays with what.", "Show who plays with which toy."} <= set(messages())


@pytest.mark.usefixtures("toys")
def test_programs_get_its_values(sales: Sales, quarter: str) -> None:
    told = json.loads(sales("toys", "--json", "--store", quarter).out)
    assert told["view"] == "toys"
    assert told["totals"] == {"count": len(told["rows"])}
    assert set(told["rows"][0]) == {"customer", "company", "owner", "toy", "price", "broken", "known"}
    lines = sales("toys", "-o", "jsonl", "--store", quarter).out.splitlines()
    assert [json.loads(line) for line in lines] == told["rows"]
    broken = json.loads(sales("toys", "--broken", "--json", "--store", quarter).out)
    assert [row for row in told["rows"] if row["broken"]] == broken["rows"] != told["rows"]


@pytest.mark.usefixtures("toys")
def test_readers_get_its_texts(sales: Sales, quarter: str) -> None:
    shown = sales("toys", "--owner", "zhang.san", "--store", quarter)
    head = shown.out.splitlines()[0].split()
    assert head[:2] == ["Company", "Toy"]
    assert "Id" not in head
    assert "Broken?" not in head, "nothing is broken, and the column is not worth its width"
    assert "a kite" in shown.out
    assert "toys, 1,200 each." in shown.err
    (summed,) = json.loads(sales("toys", "--summary", "--json", "--store", quarter).out)["rows"]
    assert summed["many"] > 1


@pytest.mark.usefixtures("toys")
@pytest.mark.parametrize("form", ["csv", "html", "md", "plain"])
def test_files_get_its_wide_columns_too(sales: Sales, quarter: str, form: str) -> None:
    rows = json.loads(sales("toys", "--json", "--store", quarter).out)["rows"]
    out = sales("toys", "-o", form, "--store", quarter).out
    assert all(row["customer"] in out.replace("\\", "") and row["company"] in out for row in rows)
    if form == "csv":
        head, *lines = csv.reader(StringIO(out.removeprefix("\ufeff")))
        assert head[-1] == "customer"
        assert len(lines) == len(rows)


@pytest.mark.usefixtures("toys")
def test_a_workbook_has_its_title_and_numbers(sales: Sales, quarter: str) -> None:
    assert sales("toys", "--out", "toys.xlsx", "--store", quarter).status == 0
    sheet = openpyxl.load_workbook("toys.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert {"Company", "Toy", "Price of a toy", "Id"} <= set(heads)
    assert sheet[2][heads.index("Price of a toy")].value == 1200


@pytest.mark.usefixtures("toys")
def test_its_example_is_one_that_it_answers(sales: Sales, quarter: str) -> None:
    words = shlex.split(Toys.EXAMPLE)[1:]
    assert sales(*words, "--store", quarter).status == 0
