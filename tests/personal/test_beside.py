"""What is erased while others project, rebuild, read and seal is nowhere afterwards, and nothing else is lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.commands.handler import CommandHandler
from infra.commands.request import request
from infra.errors.problem import Problem
from infra.event_store.codec import opened
from infra.event_store.erasures import subject_of
from infra.read_models import tables
from infra.read_models.projector import Projector
from infra.store.open import open_store
from infra.store.store import Store
from infra.store.thorough_check import derived_sound
from projections.read_models.registry import SHOWING, TABLES
from tests.given import DIRECTOR, Given, company, lead, line

WORDS = "金丝雀"
REP = "zhang.san"


@pytest.fixture
def given(place: Path, store_url: str) -> Iterator[Given]:
    fresh = Given(store_url)
    fresh.happened(
        *company(),
        lead("k", by=REP, contact=f"{WORDS}王", phone="13800000000"),
        line("customer.note-pain-point", "k", by=REP, words=f"{WORDS}交期"),
        line("objection.log", "k", by=REP, key="o", kind="price", words=f"{WORDS}太贵"),
        lead("b", "别家", by="li.si", contact="别人"),
    )
    yield fresh
    fresh.close()


@pytest.fixture
def other(given: Given) -> Iterator[Store]:
    """Return the store as another process has it."""
    opened = open_store(given.url, clock=lambda: given.today)
    yield opened
    opened.close()


def erase(given: Given) -> None:
    assert not isinstance(given.live(line("customer.erase-contact", "k", reason="本人要求")), Problem)


def erase_half(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an erasure be recorded, and nothing yet be done of what follows from it."""
    with monkeypatch.context() as broken:
        broken.setattr(CommandHandler, "recorded", lambda self, batch: None)
        erase(given)


def shown(store: Store) -> list[tuple[Any, ...]]:
    """Return the rows of the tables in use in which the erased words stand."""
    real = tables.in_use(store.db, SHOWING)
    listed = {table: real[table] for name in SHOWING for table in TABLES[name]}
    return [(table, *row) for table, name in listed.items() for row in store.db.all(f"SELECT * FROM {name}")
            if any(WORDS in str(cell) for cell in row)]  # fmt: skip


def must_be_gone(store: Store) -> None:
    store.catch_up()
    assert shown(store) == []
    assert [f"{each.code} {each.facts}" for each in derived_sound(store.db).problems] == []


def before_it(projector: Projector, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something happen before a projector swaps in, for the first time, what it has built."""
    swap = projector._swap

    def swaps(*words: Any) -> Any:
        monkeypatch.setattr(projector, "_swap", swap)
        act()
        return swap(*words)

    monkeypatch.setattr(projector, "_swap", swaps)


def test_who_opened_it_before_writes_it_into_no_table_that_somebody_else_has_cleared(
    given: Given, other: Store
) -> None:
    other.catch_up()
    assert shown(other)
    erase(given)
    given.live(line("lead.grade", "k", grade="initial"))
    must_be_gone(other)


def test_who_opened_it_before_shows_it_no_more_in_an_answer(given: Given, other: Store) -> None:
    other.catch_up()
    stream = given.subject("k")
    assert WORDS in str(told(other, stream))
    erase(given)
    other.catch_up()  # another has brought the tables in step
    assert WORDS not in str(told(other, stream))


def test_who_opened_it_before_decides_by_it_no_more(given: Given, other: Store) -> None:
    ledger, stream = other.ledger(DIRECTOR), given.subject("k")
    would = request(line("lead.grade", "k", grade="initial"))

    def known() -> str:
        ledger.record([would], dry_run=True)
        return str([opened(told.data) for told in ledger.history(stream)])

    assert WORDS in known()
    erase(given)
    assert WORDS not in known()


def told(store: Store, stream: str) -> list[Any]:
    """Return what is known of a subject, as an answer shows it."""
    return [opened(seen.data) for seen in store.history(stream, store.reader.head()[0])]


def test_a_rebuild_that_began_before_it_swaps_nothing_in_that_it_erased(
    given: Given, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_it(other.projector, lambda: erase(given), monkeypatch)
    other.projector.rebuild(SHOWING)
    assert shown(other) == []
    must_be_gone(other)


@pytest.mark.parametrize("seen", [True, False], ids=["which sees it", "which sees nothing of it yet"])
def test_who_clears_the_tables_does_so_though_a_rebuild_that_began_before_is_faster(
    given: Given, other: Store, monkeypatch: pytest.MonkeyPatch, seen: bool
) -> None:
    given.store.catch_up()
    if not seen:
        monkeypatch.setattr(other.reader, "tells", lambda name, after: False)
    clearing = open_store(given.url, clock=lambda: given.today)
    swap = Projector._swap

    def erased() -> None:
        erase_half(given, monkeypatch)
        before_it(clearing.projector, swap_in, monkeypatch)
        clearing.catch_up()

    taken: list[Any] = []

    def swap_in() -> None:
        swap(other.projector, *taken)

    def swaps(*words: Any) -> Any:
        if not taken:
            taken.extend(words)
            erased()
        return swap(other.projector, *words)

    monkeypatch.setattr(other.projector, "_swap", swaps)
    other.projector.rebuild(SHOWING)
    assert shown(clearing) == []
    must_be_gone(clearing)
    clearing.close()


def test_a_rebuild_begins_again_where_another_destroys_the_key_of_what_it_has_read(
    given: Given, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.store.catch_up()
    erase_half(given, monkeypatch)
    last = given.store.reader.head()[0]
    stream = given.subject("k")
    done: list[int] = []

    def destroyed(reached: int, end: int) -> None:
        if reached == last - 1 and not done:
            done.append(given.store.reader.ring.erase({subject_of(stream, ""): 1}))

    other.projector.rebuild(SHOWING, batch=1, told=destroyed)
    assert done
    assert shown(other) == []
    must_be_gone(given.store)


def test_an_erasure_of_another_customer_leaves_what_is_not_erased(given: Given, other: Store) -> None:
    other.catch_up()
    erase(given)
    given.live(line("lead.grade", "b", grade="initial"))
    other.catch_up()
    assert given.customer("b")["contact"] == "别人"
