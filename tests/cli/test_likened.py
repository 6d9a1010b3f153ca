"""At the end of a file it is said, once, how many of its leads have a name like another customer's."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel
from rapidfuzz.process import extract

from cli.actions import similar_names
from infra.db.database import Database
from infra.queries import similar_customers
from infra.store.open import create_store
from projections.engine.name_similarity import cutoff, similar
from tests.exploring import examples

from .conftest import Sales

LINE = "2 of 4 leads have a name or a number like other customers': sales duplicates"


def lead(company: str) -> str:
    """Return a line that captures a company."""
    return json.dumps({"action": "lead.capture", "key": company, "data": {"company": company, "channel": "online"}})


@pytest.fixture
def known(team: Sales) -> Sales:
    """Run commands in a store that knows a customer already."""
    assert team("lead", "capture", "华星机械股份有限公司", "--channel", "online").status == 0
    return team


COMPANIES = ("上海华星机械有限公司", "华星机械", "德昌贸易", "联通软件")
"""The first is near the one that is known, the second the same."""


def test_a_file_of_leads_is_warned_of_once(known: Sales) -> None:
    Path("a.jsonl").write_text("".join(f"{lead(company)}\n" for company in COMPANIES))

    assert known("apply", "a.jsonl", "--dry-run").err.count("sales duplicates") == 0
    done = known("apply", "a.jsonl")
    assert done.status == 0
    assert done.err.splitlines()[-1] == f"warning: {LINE}"
    assert len(done.out.splitlines()) == 4
    assert "sales duplicates" not in known("apply", "a.jsonl").err  # recorded already


def test_a_sheet_of_leads_is_warned_of_once_and_in_chinese(known: Sales) -> None:
    Path("a.csv").write_text("公司,渠道\n" + "".join(f"{company},online\n" for company in COMPANIES), "utf-8")

    done = known("import", "leads", "a.csv", "--lang", "zh")
    assert done.status == 0
    assert done.err.splitlines()[-1] == "警告：4 条线索中有 2 条与其他客户同名、名称相近或注册号相同：sales duplicates"


def test_leads_of_a_file_that_are_like_each_other_are_found(team: Sales) -> None:
    Path("a.jsonl").write_text(f"{lead('苏州恒瑞包装')}\n{lead('恒瑞包装（苏州）有限公司')}\n{lead('德昌贸易')}\n")
    assert "2 of 3 leads" in team("apply", "a.jsonl").err


def test_names_that_are_like_no_other_are_no_talk(known: Sales) -> None:
    Path("a.jsonl").write_text(f"{lead('德昌贸易')}\n{lead('联通软件')}\n")
    assert "duplicates" not in known("apply", "a.jsonl").err


def test_near_names_of_a_long_file_are_not_looked_for(known: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar_names, "MOST", 3)
    monkeypatch.setattr(similar_customers, "several", lambda *_: pytest.fail("a long file asks nothing"))
    Path("a.jsonl").write_text("".join(f"{lead(company)}\n" for company in COMPANIES))

    assert known("apply", "a.jsonl").err.splitlines()[-1] == (
        "warning: 1 of 4 leads have the name or the number of other customers; those with a near name: sales duplicates"
    )


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Return a store's database that knows some companies with names of few letters, in two scripts."""
    from infra.commands.request import request

    store = create_store(f"sqlite:///{tmp_path_factory.mktemp('like')}/a.db", first_actor="lin.zong")[0]
    names = [
        f"{a}{b}{c}" for a in ("上海", "华") for b in ("星", "源科", "ab", "b") for c in ("机械", "机", "c 科", "星ab")
    ]
    asked = [request(json.loads(lead(name))) for name in names]
    store.ledger("lin.zong").record(asked)
    return store.db


@examples(200)
@given(st.text("上海华星源科机械abc ", min_size=1, max_size=9).filter(str.strip))
def test_several_at_once_are_found_as_one_by_one(db: Database, company: str) -> None:
    assert bool(similar_customers.several(db, [("cus_x", company)])) == bool(
        similar_customers.near(db, company, ("cus_x",))
    )


def test_no_name_that_is_as_like_as_the_least_is_left_out() -> None:
    for one, other in ((one, other) for one in range(1, 30) for other in range(1, 30)):
        for same in range(1, min(one, other) + 1):
            texts = "a" * same + "b" * (one - same), "a" * same + "c" * (other - same)
            least = cutoff(similar(*texts))
            assert extract(texts[0], [texts[1]], scorer=Indel.normalized_similarity, score_cutoff=least, processor=None)


def test_of_two_names_of_one_customer_the_liker_counts(team: Sales) -> None:
    assert team("lead", "capture", "华星源科机械", "--channel", "online").status == 0
    for company in ("华星源科机械丁", "华星源科机械一"):
        assert team("customer", "change", "华星源科机械", "--company", company).status == 0
    done = team("lead", "capture", "华星源科机械一二", "--channel", "online")
    assert "华星源科机械一 (" in done.err
