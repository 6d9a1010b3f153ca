"""Completion by Tab from the store: for each kind of word, in each shell, also of many, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.queries import prefix_search
from tests.faults.running import sales
from tests.given import Given, line
from tests.story import REP, story


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('completion')}/store.db")
    given.happened(
        *story(),
        line("lead.capture", by=REP, key="acme", company="ACME (China) Ltd", channel="online"),
        line("next-action.set", "acme", by=REP, what="寄样品", due="2024-12-31"),
        line("objection.log", "acme", by=REP, kind="price"),
        line("opportunity.open", by=REP, key="o", customer="acme", amount="1000"),
    )
    given.store.catch_up()
    yield given
    given.close()


def offered(given: Given, typed: str, shell: str = "fish") -> list[str]:
    """Return what a shell is offered for a line that ends where the cursor is."""
    asked: dict[str, Any] = {"_SALES_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": typed}
    if shell == "fish":
        asked["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    if shell == "bash":
        words = typed.split(" ")
        asked |= {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    done = sales(store=given.url, **asked)
    assert done.err == ""
    return [line for line in done.out.splitlines() if line]


def words(given: Given, typed: str) -> list[str]:
    return [each.partition("\t")[0] for each in offered(given, typed)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sales show 丙", ["丙仪器有限公司"]),
        ("sales follow-up log AC", ["ACME (China) Ltd"]),
        ("sales contract sign H", ["HT-1"]),
        ("sales show z", ["zhang.san"]),
        ("sales help tut", ["tutorial"]),
        ("sales lead assign acme ch", ["chen.jing"]),
        ("sales lead assign acme --owner li", ["li.si", "lin.zong"]),
        ("sales tracking --group g", ["g1", "g2"]),
        ("sales audit acme --actor w", ["wang.wu"]),
        ("sales next-action complete acme ", ["n1"]),
        ("sales objection resolve acme --item ", ["o1"]),
        ("sales lead grade acme h", ["high"]),
        ("sales policy show p", ["pool"]),
        ("sales schema follow-up.l", ["follow-up.log"]),
        ("sales next-action set acme --due 下", ["下周一"]),
        ("sales show 没有这个", []),
        ("sales event void ", []),
    ],
)
def test_a_word_is_completed_from_the_store(store: Given, typed: str, meant: list[str]) -> None:
    assert words(store, typed) == meant


def test_ids_are_completed_with_what_they_stand_for(store: Given) -> None:
    mine = store.subject("o")
    assert offered(store, f"sales opportunity move {mine}") == [f"{mine}\tACME (China) Ltd open 1000 CNY"]
    assert words(store, "sales contract draft --customer acme --opportunity ") == [mine]
    assert store.subject("acme") in words(store, "sales show cus_")
    assert any("2024Q1 sales company" in each for each in offered(store, "sales target submit tgt_"))
    assert len(words(store, "sales progress --period 20")) > 10


def test_a_kind_of_subject_without_an_entry_of_its_own_is_completed_by_id(store: Given) -> None:
    log = store.store.reader
    for prefix, typed in (("pln_", "sales plan submit "), ("rsc_", "sales resource grant ")):
        ids = log.streams_like(prefix)
        assert ids
        assert words(store, typed) == ids[:40]


def test_each_shell_gets_its_own_form(store: Given) -> None:
    assert offered(store, "sales show AC", "bash") == ["ACME\\ \\(China\\)\\ Ltd"]
    (zsh,) = offered(store, "sales show AC", "zsh")
    assert zsh == f"""_arguments '*: :(("ACME (China) Ltd":"{store.subject("acme")}"))'"""
    for shell in ("bash", "zsh", "fish"):
        assert "sales" in sales("completion", shell, store=store.url).out


def test_many_customers_make_a_few_candidates_through_an_index(store: Given, tmp_path: Path) -> None:
    many = Given(f"sqlite:///{tmp_path}/many.db")
    names = [("name", f"公司{number:05}", 0, f"cus_{number:05}") for number in range(50_000)]
    with many.store.db.transaction():
        many.store.db.insert("claims", ("kind", "value", "n", "stream"), names)
    assert words(many, "sales show 公司1234") == [f"公司1234{digit}" for digit in range(10)]
    assert len(words(many, "sales show 公")) == prefix_search.LIMIT
    for sql, params in (
        (prefix_search.CLAIMED, ("name", "公", "公" + prefix_search.LAST)),
        (prefix_search.BEGUN, ("cus_", "cus_" + prefix_search.LAST)),
    ):
        plan = [row[3] for row in many.store.db.all(f"EXPLAIN QUERY PLAN {sql}", params)]
        assert all(step.startswith("SEARCH") for step in plan), plan
    many.close()


def test_it_is_never_in_the_way(store: Given, tmp_path: Path) -> None:
    asked: dict[str, Any] = {
        "_SALES_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": "sales show x",
    }
    for url in (f"sqlite:///{tmp_path}/none.db", "postgresql://nobody@127.0.0.1:1/none", "nonsense"):
        done = sales(store=url, **asked)
        assert (done.out.strip(), done.err) == ("", "")
    assert not list(tmp_path.iterdir())


def test_on_a_server_too(postgres_url: str) -> None:
    given = Given(postgres_url)
    given.happened(
        line("person.register", by="lin.zong", at="2024-01-01", login="lin.zong", name="林总", role="director"),
        line("lead.capture", by="lin.zong", key="a", company="甲公司", channel="online"),
        line("lead.capture", by="lin.zong", key="b", company="乙公司", channel="online"),
        line("next-action.set", "a", by="lin.zong", what="寄样品", due="2024-12-31"),
        line("opportunity.open", by="lin.zong", key="o", customer="a", amount="1000"),
    )
    given.store.catch_up()
    assert words(given, "sales show 甲") == ["甲公司"]
    assert words(given, "sales tracking --owner li") == ["lin.zong"]
    assert words(given, "sales next-action complete 甲公司 ") == ["n1"]
    assert offered(given, "sales opportunity move opp") == [f"{given.subject('o')}\t甲公司 open 1000 CNY"]
    given.close()


def test_what_is_said_of_a_flag_is_in_the_language_of_the_session(store: Given) -> None:
    asked: dict[str, Any] = {
        "_SALES_COMPLETE": "complete_powershell",
        "_TYPER_COMPLETE_ARGS": "sales lead ",
        "SALES_LANG": "zh",
    }
    assert all(":::" in each for each in sales(store=store.url, **asked).out.splitlines())
    flags = {**asked, "_TYPER_COMPLETE_ARGS": "sales tracking --js", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "--js"}
    assert sales(store=store.url, **flags).out == "--json:::等同于 -o json。\n"


def test_after_a_double_dash_no_flag_is_offered(store: Given) -> None:
    assert words(store, "sales tracking -- --") == []
