"""Rows of a sheet as requests: what each field, key and person becomes, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.commands.handler import CommandHandler
from infra.commands.request import Request, request
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.migrations import read_settings
from infra.imports.annotated_copy import column_of
from infra.imports.column_mapping import Mapping, load
from infra.imports.form import form
from infra.imports.row_commands import Told, people, rows
from infra.imports.table_reader import read
from tests.conftest import make_store

CONTRACTS = "合同号,客户,金额,签订日期,销售,审批人,币种\n"


def table(folder: Path, content: str, name: str = "expo.csv") -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


def mapped(folder: Path, toml: str, noun: str = "leads") -> Mapping:
    return load(table(folder, toml, "map.toml"), form(noun))


def told(path: Path, mapping: Mapping | None = None) -> list[Told]:
    return list(rows(read(path), mapping, form("leads"), importer="li.si"))


def sold(path: Path, mapping: Mapping | None = None) -> list[Told]:
    return list(rows(read(path), mapping, form("contracts"), importer="li.si"))


def requests(rows: list[Told]) -> list[Request]:
    out: list[Request] = []
    for _, row in rows:
        assert isinstance(row, list), row
        out += row
    return out


def problem(rows: list[Told]) -> Problem:
    assert isinstance(rows[0][1], Problem)
    return rows[0][1]


def test_a_row_is_a_lead_captured_by_its_author_and_recorded_by_the_importer(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "编号,公司,来源,展会,联系人,手机,负责人,获取日期,录入人\n17,甲公司,展会,CIIE-2024,王经理,13800138000,zhang.san,2024/1/8,wang.wu\n",
    )
    [(ref, row)] = told(path)
    assert (ref.row, ref.key, ref.gave) == (2, "expo#17", True)
    assert isinstance(row, list)
    [capture] = row
    assert capture.action.NAME == "lead.capture"
    assert capture.values == {
        "company": "甲公司",
        "channel": "exhibition",
        "campaign": "CIIE-2024",
        "contact": "王经理",
        "phone": "13800138000",
        "owner": "zhang.san",
    }
    assert (capture.key, capture.actor, capture.recorder, capture.at) == ("expo#17", "wang.wu", "li.si", "2024-01-08")


def test_without_an_author_the_importer_is_the_actor_whoever_that_is(tmp_path: Path) -> None:
    [capture] = requests(told(table(tmp_path, "company,channel\nA,online\n")))
    assert (capture.actor, capture.recorder, capture.at) == (None, "li.si", None)


def test_rows_without_an_id_keep_their_keys_when_they_are_shuffled_or_the_file_is_copied(tmp_path: Path) -> None:
    rows = ["A,online,2024-01-08", "B,online,2024-01-08", "A,online,2024-01-09", "A,fair,2024-01-08"]
    keys: dict[str, set[str]] = {}
    for name, order in [("expo.csv", rows), ("expo (1).csv", rows[::-1]), ("expo-result.csv", rows)]:
        path = table(tmp_path, "\n".join(["company,channel,date", *order]), name)
        for ref, row in told(path):
            assert isinstance(row, list)
            keys.setdefault(str(row[0].values | {"at": row[0].at}), set()).add(ref.key)
    assert [len(known) for known in keys.values()] == [1, 1, 1, 1]
    assert len(set.union(*keys.values())) == 4


def test_a_key_says_nothing_personal_and_a_mended_phone_keeps_it(tmp_path: Path) -> None:
    first, mended, other, nameless = (
        told(table(tmp_path, f"company,channel,contact,phone\nA,online,{contact},{phone}\n"))[0][0].key
        for contact, phone in [("王", "1"), ("王", "2"), ("李", "2"), ("", "2")]
    )
    assert first == mended
    assert len({first, other, nameless}) == 3
    assert not any(said in first for said in ("王", "phone"))


def test_a_key_column_is_taken_whole_and_a_row_without_one_by_what_it_says(tmp_path: Path) -> None:
    refs = [ref.key for ref, _ in told(table(tmp_path, "key,company,channel\nexpo#17,A,online\n,B,online\n"))]
    assert refs[0] == "expo#17"
    assert refs[1].startswith("leads#")


def test_a_mapping_fills_templates_defaults_conditions_and_words(tmp_path: Path) -> None:
    mapping = mapped(
        tmp_path,
        """
        key = "crm#{nr}"
        actor = { column = "rep", default = "ana", values = { "Ana Silva" = "ana" } }
        at = "when"
        date_formats = ["%d-%m-%Y %H:%M"]
        zone = "America/Sao_Paulo"
        [columns]
        company = { template = "Shop {nr}" }
        channel = { column = "via", default = "not-given", values = { "boca a boca" = "referral" } }
        referrer = { column = "by", when = { channel = "referral" } }
        partner = { column = "by", when = { channel = ["partner", "agency"] } }
        """,
    )
    path = table(
        tmp_path, "nr,via,by,rep,when\n1,Boca a Boca,Rui,Ana Silva,08-01-2024 10:30\n2,,Rui,,\n3,agency,Rui,b,\n"
    )
    first, second, third = requests(told(path, mapping))
    assert first.values == {"company": "Shop 1", "channel": "referral", "referrer": "Rui"}
    assert (first.key, first.actor, first.at) == ("crm#1", "ana", "2024-01-08T10:30:00-03:00")
    assert second.values == {"company": "Shop 2", "channel": "not-given"}
    assert (second.actor, second.at) == ("ana", None)
    assert third.values["partner"] == "Rui"


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2024-02-18", "2024-02-18"),
        ("2024.2.8", "2024-02-08"),
        ("2024年2月18日", "2024-02-18"),
        ("２０２４/2/18", "2024-02-18"),
        ("2024-02-18 9:30", "2024-02-18T09:30:00"),
        ("2024-02-18T10:00:00+08:00", "2024-02-18T10:00:00+08:00"),
    ],
)
def test_a_day_or_a_time_is_read_as_people_write_it(tmp_path: Path, cell: str, at: str) -> None:
    [capture] = requests(told(table(tmp_path, f"company,channel,date\nA,online,{cell}\n")))
    assert capture.at == at


@pytest.mark.parametrize("cell", ["02/03/2024", "2024-02-30", "soon", "2024-W07", "45340", "#N/A"])
def test_a_day_that_can_be_read_in_two_ways_or_none_is_refused_naming_its_cell(tmp_path: Path, cell: str) -> None:
    wrong = problem(told(table(tmp_path, f"company,channel,日期\nA,online,{cell}\n")))
    assert wrong.code == "import.bad_cell"
    assert (wrong.facts["row"], wrong.facts["column"], wrong.facts["value"]) == (2, "日期", cell)
    assert column_of(wrong) == "日期"


def test_a_row_that_lacks_a_cell_or_has_one_too_many_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    rows = told(table(tmp_path, "company,channel\nA,\nB,online\nC,on,line\n,online\n#REF!,online\n"))
    codes = [row.code if isinstance(row, Problem) else row[0].values["company"] for _, row in rows]
    assert codes == ["import.empty_cell", "B", "import.surplus_cells", "import.empty_cell", "import.bad_cell"]
    assert [ref.row for ref, _ in rows] == [2, 3, 4, 5, 6]


def test_people_are_the_actors_and_owners_that_requests_name(tmp_path: Path) -> None:
    path = table(tmp_path, "company,channel,owner,actor\nA,online,a,b\nB,online,a,\nC,online,,c\n")
    assert people(requests(told(path))) == ["b", "a", "c"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    url = f"sqlite:///{tmp_path}/store.db"
    make_store(url)
    opened = open_log(url)
    yield opened
    opened.close()


def ledger(store: EventStore) -> CommandHandler:
    now = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
    return CommandHandler(store, read_settings(store.db), clock=lambda: now, actor="li.si", source="import")


def staff(store: EventStore, **roles: str) -> None:
    for login, role in roles.items():
        line = {"action": "person.register", "data": {"login": login.replace("_", "."), "name": login, "role": role}}
        [answer] = ledger(store).record([request(line)])
        assert isinstance(answer, CommandResult)


def statuses(store: EventStore, rows: list[Told]) -> list[str]:
    out = []
    for _, row in rows:
        answers: list[Any] = [row] if isinstance(row, Problem) else list(ledger(store).record(row))
        out += [getattr(answer, "status", None) or answer.code for answer in answers]
    return out


def test_a_file_imported_again_after_mending_records_only_what_was_mended(tmp_path: Path, store: EventStore) -> None:
    staff(store, li_si="director")
    heading = "company,channel,campaign,date\n"
    path = table(tmp_path, f"{heading}A,展会,CIIE,2024-01-08\nB,展会,,2024-01-08\nC,online,,8.1.\n")
    assert statuses(store, told(path)) == ["recorded", "lead.untraceable", "import.bad_cell"]
    table(tmp_path, f"{heading}C,online,,2024-01-08\nA,展会,CIIE,2024-01-08\nB,展会,CIIE,2024-01-08\n")
    assert statuses(store, told(path)) == ["recorded", "repeated", "recorded"]


def test_contracts_are_recorded_for_the_customers_that_the_leads_made(tmp_path: Path, store: EventStore) -> None:
    staff(store, li_si="director", a="rep")
    statuses(store, told(table(tmp_path, "id,company,channel\n1,甲公司,online\n", "crm.csv")))
    path = table(
        tmp_path, f"{CONTRACTS}HT-1,甲公司,0,2024-03-28,a,,\nHT-2,crm#1,5,2024-03-28,a,,\nHT-3,乙,5,2024-03-28,a,,"
    )
    answers = statuses(store, sold(path))
    assert answers[:8] == ["recorded"] * 8
    assert answers[8:] == ["subject.unknown"] * 4
    assert statuses(store, sold(path))[:8] == ["repeated"] * 8
