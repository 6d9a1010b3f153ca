"""The pool, who is due for it, disputes, duplicates and grades as a user reads them, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.given import Given, company, lead, line

from .conftest import Sales

CODE = "91350100M000100Y43"


@pytest.fixture
def store(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a few customers have changed hands in the store that the environment names."""
    url = f"sqlite:///{machine}/a.db"
    given = Given(url, today="2024-02-20T18:00:00+08:00")
    clear = {"need_fit": "clear", "decision_chain": "engaged"}
    given.happened(
        *company(),
        lead("a", "甲制造有限公司", at="2024-01-08", credit_code=CODE),
        lead("b", "乙精密仪器有限公司", at="2024-02-06", by="li.si"),
        lead("c", "乙精密仪器（上海）有限公司", at="2024-02-06", by="zhou.ba"),
        line("lead.grade", "a", by="zhang.san", at="2024-01-10", grade="high", budget="matches", **clear),
        line("lead.grade", "a", by="zhang.san", at="2024-01-22", grade="initial", budget="short", reason="预算取消"),
        line("customer.dispute", "b", by="wang.wu", at="2024-02-07", evidence="一月已拜访"),
        line("customer.release", "a", by="zhang.san", at="2024-02-08", reason="行业不符"),
        line("customer.protect", "c", by="chen.jing", at="2024-02-08", until="2024-02-28"),
    )
    given.close()
    monkeypatch.setenv("SALES_STORE", url)
    monkeypatch.setenv("SALES_ACTOR", "lin.zong")
    return machine


TRANSCRIPTS = {
    ("pool", "en"): """\
Company         In the pool since  Days  How it came  Former owner  Reason    Claimable from  Last contact  Former owner from  Grade
──────────────  ─────────────────  ────  ───────────  ────────────  ────────  ──────────────  ────────────  ─────────────────  ───────
甲制造有限公司  2024-02-08           12  released     zhang.san     行业不符  2024-02-08      —             2024-02-21         initial
By the policies: pool (default).
""",
    ("pool --due --within 20", "en"): """\
Company                     Owner    Untouched since  Recalled on  Days left  Protected until  Disputed  Grade  Next action  Due
──────────────────────────  ───────  ───────────────  ───────────  ─────────  ───────────────  ────────  ─────  ───────────  ───
乙精密仪器（上海）有限公司  zhou.ba  2024-02-06       2024-03-04           9  2024-02-28       no        —      —            —
乙精密仪器有限公司          li.si    2024-02-06       2024-03-04           9  —                yes       —      —            —
By the policies: pool (default).
""",
    ("disputes", "en"): """\
Company             State  Owner  Claimant  Evidence    Raised      Awarded to  Ruled  Ruled by  Owner registered  Claimant registered  Item
──────────────────  ─────  ─────  ────────  ──────────  ──────────  ──────────  ─────  ────────  ────────────────  ───────────────────  ────
乙精密仪器有限公司  open   li.si  wang.wu   一月已拜访  2024-02-07  —           —      —         2024-02-06 18:00  2024-02-07 18:00     t1
""",
    ("duplicates", "en"): """\
Group no.  Customers  Company                     Owner    Likest to                   Its owner  How   Likeness  Id
─────────  ─────────  ──────────────────────────  ───────  ──────────────────────────  ─────────  ────  ────────  ────────────────────
        1          2  乙精密仪器有限公司          li.si    乙精密仪器（上海）有限公司  zhou.ba    near    97.5 %  cus_id
        1          2  乙精密仪器（上海）有限公司  zhou.ba  乙精密仪器有限公司          li.si      near    97.5 %  cus_id
Groups: 1; customers in them: 2.
""",
    ("grades", "en"): """\
Company         Grade    From        To          Days  Need   Budget   Decision chain  By         Reason
──────────────  ───────  ──────────  ──────────  ────  ─────  ───────  ──────────────  ─────────  ────────
甲制造有限公司  high     2024-01-10  2024-01-21    12  clear  matches  engaged         zhang.san
甲制造有限公司  initial  2024-01-22  —             30  clear  short    engaged         zhang.san  预算取消
""",
    ("pool", "zh"): """\
公司            进入公海日  天数  进入方式  原负责人   原因      可认领日    最后联系  原负责人可认领日  等级
──────────────  ──────────  ────  ────────  ─────────  ────────  ──────────  ────────  ────────────────  ───────
甲制造有限公司  2024-02-08    12  released  zhang.san  行业不符  2024-02-08  —         2024-02-21        initial
依据制度：pool（默认）。
""",
    ("pool --due --within 20", "zh"): """\
公司                        负责人   未触达起始日  收回日期    剩余天数  保护至      有争议  等级  下一步行动  到期
──────────────────────────  ───────  ────────────  ──────────  ────────  ──────────  ──────  ────  ──────────  ────
乙精密仪器（上海）有限公司  zhou.ba  2024-02-06    2024-03-04         9  2024-02-28  否      —     —           —
乙精密仪器有限公司          li.si    2024-02-06    2024-03-04         9  —           是      —     —           —
依据制度：pool（默认）。
""",
    ("disputes", "zh"): """\
公司                状态  负责人  主张人   依据        提出日      裁定归属  裁定日  裁定人  负责人登记        主张人登记        条目
──────────────────  ────  ──────  ───────  ──────────  ──────────  ────────  ──────  ──────  ────────────────  ────────────────  ────
乙精密仪器有限公司  open  li.si   wang.wu  一月已拜访  2024-02-07  —         —       —       2024-02-06 18:00  2024-02-07 18:00  t1
""",
    ("duplicates", "zh"): """\
组号  客户数  公司                        负责人   最像                        其负责人  判断依据  相似度  编号
────  ──────  ──────────────────────────  ───────  ──────────────────────────  ────────  ────────  ──────  ────────────────────
   1       2  乙精密仪器有限公司          li.si    乙精密仪器（上海）有限公司  zhou.ba   near      97.5 %  cus_id
   1       2  乙精密仪器（上海）有限公司  zhou.ba  乙精密仪器有限公司          li.si     near      97.5 %  cus_id
共 1 组，2 个客户。
""",
    ("grades", "zh"): """\
公司            等级     自          至          天数  需求   预算     决策链   经办人     原因
──────────────  ───────  ──────────  ──────────  ────  ─────  ───────  ───────  ─────────  ────────
甲制造有限公司  high     2024-01-10  2024-01-21    12  clear  matches  engaged  zhang.san
甲制造有限公司  initial  2024-01-22  —             30  clear  short    engaged  zhang.san  预算取消
""",
}
"""What is printed, the table first; an id stands as cus_id."""


@pytest.mark.usefixtures("store")
def test_the_tables_read_so(sales: Sales) -> None:
    for (words, language), text in TRANSCRIPTS.items():
        done = sales(*words.split(), "--as-of", "2024-02-20", "--lang", language)
        assert re.sub(r"cus_\w{16}", "cus_id", done.out + done.err) == text, words


@pytest.mark.usefixtures("store")
def test_rows_name_their_policy_and_their_events(sales: Sales) -> None:
    told = json.loads(sales("pool", "--json", "--explain").out)
    (policy,) = told["policies"]
    assert (policy["name"], policy["from"], policy["values"]["wait_days"]) == ("pool", None, 5)
    (row,) = told["rows"]
    assert (row["why"], row["former"], row["claimable_from"], row["former_from"]) == (
        *("released", "zhang.san", "2024-02-08", "2024-02-21"),
    )
    assert [event["name"] for event in row["events"]] == ["customer.released"]
    for words in (("pool", "--due", "--within", "20"), ("disputes",), ("duplicates",), ("grades",)):
        rows = [json.loads(line) for line in sales(*words, "--explain", "-o", "jsonl").out.splitlines()]
        assert rows
        assert all(row["events"] for row in rows), words
        for form in ("plain", "csv", "html"):
            assert len(sales(*words, "-o", form).out.splitlines()) > len(rows)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "status", "code", "said"),
    [
        ("pool --due --period 2024Q1", 2, "usage.options", "--due stands with"),
        ("pool --period 2024Q9", 2, "usage.bad_period", "2024Q9"),
        ("pool --due --within none", 2, "usage.bad_value", "none"),
        ("duplicates --likeness 3", 2, "usage.options", "3 is no likeness"),
        ("grades 丙公司", 4, "subject.unknown", "丙公司"),
        ("customer claim 乙精密仪器有限公司", 3, "pool.owned", "li.si owns this customer"),
        ("customer release 乙精密仪器有限公司", 3, "ownership.disputed", "wang.wu disputes whose"),
        ("customer protect 甲制造有限公司", 3, "pool.unowned", "in the pool already"),
        (f"lead capture 丁 --channel online --credit-code {CODE[:-1]}8", 3, "customer.code_digit", "must be 3"),
    ],
)
def test_what_is_wrong_is_said(sales: Sales, words: str, status: int, code: str, said: str) -> None:
    done = sales(*words.split())
    assert (done.status, done.err.splitlines()[-1]) == (status, f"[{code}]")
    assert said in done.err
    assert "错误：" in sales(*words.split(), "--lang", "zh").err


@pytest.mark.usefixtures("store")
def test_who_is_captured_under_a_like_name_is_warned_of(sales: Sales) -> None:
    done = sales("lead", "capture", "甲制造厂有限公司", "--channel", "online")
    assert done.err.startswith("warning: Its name is like 甲制造 (cus_")
    told = json.loads(sales("lead", "capture", "北京乙精密仪器有限公司", "--channel", "online", "--json").out)
    (warning,) = told["warnings"]
    assert warning["code"] == "lead.near"
    assert warning["facts"]["customers"].startswith("乙精密仪器 (cus_")
    assert "warning" not in sales("lead", "capture", "丙电子有限公司", "--channel", "online").err
