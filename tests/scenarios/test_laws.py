"""What holds of every history: tables, sums and what was once shown do not depend on how one came there."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from infra.commands.unit_of_work import CommandResult
from infra.read_models.connection import opened
from infra.store.store import Store
from projections.read_models.registry import HOMES
from tests.exploring import examples
from tests.given import Given, Line, Row, company, lead, line, signed
from tests.histories import Step, histories
from tests.scenarios.test_rebuild import contents

few = examples(8)


@contextmanager
def fresh_store() -> Iterator[Given]:
    """Give a store of its own to each example."""
    with tempfile.TemporaryDirectory() as folder:
        store = Given(f"sqlite:///{Path(folder) / 'store.db'}", today="2026-01-31T18:00:00+08:00")
        store.happened(*company())
        yield store
        store.close()


def play(store: Given, history: list[Step]) -> Iterator[Step]:
    """Enter a history step by step, keeping the tables in step; now and then the reader starts anew."""
    for step in history:
        if step.restart:
            restart(store.store)
        store.answers(*step.lines)
        store.store.catch_up(asked=HOMES)
        yield step


def restart(store: Store) -> None:
    store._projector = None


def shown(store: Given, known_at: str | None = None, as_of: str | None = None) -> dict[str, list[Row]]:
    """Return what the views show."""
    return {
        "tracking": store.tracking(as_of, known_at),
        "progress": store.progress("2024", as_of, known_at) + store.progress("2024Q1", as_of, known_at),
        "audit": store.audit(known_at=known_at),
    }


@few
@for_all(histories())
def test_rebuilt_tables_are_those_that_were_kept_in_step(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        in_step = contents(store.store)
        store.store.projector.rebuild(list(HOMES), batch=1_000)
        assert contents(store.store) == in_step
        restart(store.store)
        store.store.projector.rebuild(list(HOMES), batch=3)
        assert contents(store.store) == in_step


@few
@for_all(histories())
def test_persons_and_what_belongs_to_nobody_make_the_company(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        for as_of in ("2024-02-15", None):
            rows = store.progress("2024", as_of)
            for metric, basis in {(row["metric"], row["basis"]) for row in rows}:
                by_level = summed(rows, metric, basis)
                assert by_level["person"] == by_level["company"], (metric, basis)
                assert by_level["group"] + by_level["nobody"] == by_level["company"], (metric, basis)


def summed(rows: list[Row], metric: str, basis: str | None) -> dict[str, Decimal]:
    """Return the sum of a metric's actuals by level; `nobody` is what no person of a group is credited with."""
    sums = dict.fromkeys(("company", "group", "person", "nobody"), Decimal(0))
    for row in rows:
        if (row["metric"], row["basis"]) == (metric, basis):
            number = Decimal(row["denominator"]) if metric == "repurchase-rate" else Decimal(row["actual"] or 0)
            sums[row["level"]] += number
            if row["level"] == "person" and row["owner"] is None:
                sums["nobody"] += number
    return sums


@few
@for_all(histories())
def test_what_was_known_at_a_moment_never_changes(history: list[Step]) -> None:
    with fresh_store() as store:
        seen: list[tuple[str, dict[str, list[Row]]]] = []
        for n, _ in enumerate(play(store, history)):
            if n % 5 == 4:
                moment = store.last.isoformat()
                seen.append((moment, shown(store, moment)))
                assert store.tracking() == store.tracking(known_at=moment, as_of="2026-01-31")
        for moment, before in seen:
            assert shown(store, moment) == before


@few
@for_all(histories())
def test_one_line_at_a_time_ends_as_one_file_does(history: list[Step]) -> None:
    lines = [each for step in history for each in step.lines]
    with fresh_store() as singly, fresh_store() as together:
        one = [singly.answers(each)[0] for each in lines]
        all_ = together.answers(*lines)
        assert list(map(told, one)) == list(map(told, all_))
        for store in (singly, together):
            store.store.catch_up(asked=HOMES)
        assert in_the_clear(singly.store) == in_the_clear(together.store)


def in_the_clear(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table with what is sealed opened: each store seals in its own way."""
    found = contents(store)
    for rows in found.values():
        for column in range(len(rows[0]) if rows else 0):
            opened(store.db, rows, column)
    return found


def told(answer: Any) -> Any:
    return answer._replace(events=()) if isinstance(answer, CommandResult) else answer.code


def imported() -> list[Line]:
    """Return a file of rows that say nothing twice: leads, follow-ups, grades, contracts and receipts."""
    rows: list[Line] = []
    for n in range(6):
        rows += [
            lead(f"l{n}", by=("zhang.san", "zhou.ba")[n % 2], at=f"2024-01-{10 + n}"),
            line("follow-up.log", f"l{n}", key=f"f{n}", by="li.si", at=f"2024-01-{11 + n}", channel="call",
                 next_actions=[{"what": "寄样品", "due": "2024-03-01"}, {"what": "回访", "working_days": n}]),
            line("follow-up.log", f"l{n}", key=f"g{n}", by="zhang.san", at=f"2024-01-{15 + n}", channel="visit"),
            line("lead.assign", f"l{n}", key=f"a{n}", by="lin.zong", at=f"2024-02-{10 + n}", owner="li.si"),
            line("customer.note-pain-point", f"l{n}", key=f"p{n}", by="li.si", at="2024-02-01", words="交期"),
            *({"key": f"{n}/{m}", **each} for m, each in enumerate(signed(f"c{n}", f"l{n}", f"{n + 1}000", "2024-02-20"))),
            line("payment.receive", f"c{n}", key=f"r{n}", by="li.si", amount="500", date="2024-02-25"),
        ]  # fmt: skip
    return rows


@examples(4)
@for_all(st.integers(0, 10_000), st.integers(1, 40))
def test_any_order_of_an_import_ends_in_the_same_tables(seed: int, broken_off: int) -> None:
    rows = imported()
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    with fresh_store() as straight, fresh_store() as crooked:
        straight.happened(*rows)
        crooked.answers(*shuffled[:broken_off])
        # A row whose lead comes later is refused at first and holds when the file is imported again.
        while any(not isinstance(answer, CommandResult) for answer in crooked.answers(*shuffled)):
            pass
        assert by_content(crooked.tracking()) == by_content(straight.tracking())
        assert crooked.progress("2024Q1") == straight.progress("2024Q1")


def by_content(rows: list[Row]) -> list[str]:
    return sorted(map(str, rows))


@few
@for_all(histories(), st.integers(0, 1_000))
def test_a_correction_that_is_corrected_back_leaves_the_original(history: list[Step], which: int) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        drafts = [row for row in store.audit(name="contract.drafted") if row["corrected_by"] is None]
        if not drafts:
            return
        chosen = drafts[which % len(drafts)]
        amount = next(change["to"] for change in chosen["changes"] if change["field"] == "amount")
        before = (store.tracking(), store.progress("2024"))
        wrong, back = (
            line("event.correct", str(chosen["position"]), by="lin.zong", reason="试", values={"amount": value})
            for value in ("987654", amount)
        )
        if not isinstance(store.answers(wrong)[0], CommandResult):
            return
        store.happened(back)
        assert (store.tracking(), store.progress("2024")) == before
