"""The report of a quarter: a page that is whole and safe, whose numbers are the views' and lead to their events."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.calendar.period import Period
from infra.formats.grid import Grid, Row, behind
from infra.i18n import translate
from infra.report.builder import Report, build_report
from infra.report.event_links import Evidence
from infra.report.html_page import page
from infra.report.model import Head, Section
from infra.report.question import TABLES, question
from infra.report.workbook import workbook
from infra.store.open import open_store
from infra.store.store import Store
from projections.queries.organisation import Organisation
from projections.views.column import Column
from tests.given import Given

from .conftest import Sales

QUARTER = Path(__file__).parents[2] / "cli" / "commands" / "demo_quarter.jsonl"
HOSTILE = "<script>alert('x')</script>\"&\u202e\x1b[31m=1+1"
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta"}
ENGLISH = re.compile(r"[A-Za-z]{2,}")


class Read(HTMLParser):
    """A page as a reader's program sees it: every element closed, its ids, its links, the texts of its headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.headings: list[str] = []
        self.cells: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.names.add(tag)
        self.attributes.update(held)
        if "id" in held:
            self.ids.append(held["id"])
        if "href" in held:
            self.links.add(held["href"])
        if tag not in EMPTY:
            self.open.append(tag)
        if tag in ("h1", "h2", "th", "caption", "title", "dt"):
            self.headings.append("")
        if tag == "td":
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if (
            any(tag in ("h1", "h2", "th", "caption", "title", "dt") for tag in self.open)
            and "dl" not in self.open[-2:-1]
        ):
            self.headings[-1] += data
        if "td" in self.open:
            self.cells[-1] += data


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    before = translate.language()
    translate.use("en")
    yield
    translate.use(before)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of the demo's quarter."""
    url = f"sqlite:///{tmp_path_factory.mktemp('report')}/a.db"
    played(url).close()
    store = open_store(url)
    yield store
    store.close()


def played(url: str) -> Given:
    given = Given(url, today="2024-04-20T20:00:00+08:00")
    given.happened(*(json.loads(each) for each in QUARTER.read_text(encoding="utf-8").splitlines()))
    return given


def told(
    store: Store, as_of: str = "2024-03-31", known_at: str | None = None, period: str = "2024Q1"
) -> Iterator[Report]:
    """Yield what the report says, while its events can be asked for."""
    with store.view(*TABLES) as ask:
        yield build_report(question(ask, store, Period.parse(period), store.moments(as_of, known_at)))


def pages(store: Store, **asked: Any) -> str:
    return next("".join(page(*everything)) for everything in told(store, **asked))


def books(store: Store, **asked: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(next(workbook(*everything) for everything in told(store, **asked))))


def test_the_page_is_whole_and_needs_nothing_else(demo: Store) -> None:
    made = pages(demo)
    read = Read(made)

    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert all(link.startswith("#") for link in read.links)
    assert not {"script", "link", "img", "iframe", "form"} & read.names
    assert not re.search(r"https?:|url\(|@import|//", made.split("</head>")[1])
    assert not {name for name in read.attributes if name.startswith("on")} | {"src"} & read.attributes


def test_every_chart_says_what_it_shows(demo: Store) -> None:
    pictures = re.findall(r"<svg .*?</svg>", pages(demo), re.DOTALL)

    assert len(pictures) == 4
    for picture in pictures:
        assert 'role="img"' in picture
        assert re.search(r"<title [^>]*>[^<]+</title><desc [^>]*>[^<]*\d[^<]*</desc>", picture)


def test_the_answer_comes_first_with_both_its_times(demo: Store) -> None:
    made = pages(demo, known_at="2024-02-19")

    assert "2024Q1: CNY 380,000 signed of a target of 5,000,000, 7.6\u00a0%." in made
    assert "As of 2024-03-31 23:59+08:00 · as known at 2024-02-19 23:59+08:00 · log position" in made


def test_a_running_quarter_is_held_against_its_pace(demo: Store) -> None:
    made = pages(demo, as_of="2024-02-18", known_at="2024-02-18")

    assert "after 31 of 61 working days: 2,160,984 behind the pace." in made


@pytest.mark.parametrize("known_at", [None, "2024-02-19"])
def test_its_numbers_are_those_of_the_views(demo: Store, known_at: str | None) -> None:
    everything = next(told(demo, known_at=known_at))
    grids = {grid.key: grid for section in everything.sections for grid in section.grids}
    with demo.view("progress", "organisation") as ask:
        from projections.views.progress import view as progress

        moments = demo.moments("2024-03-31", known_at)
        organisation = Organisation(ask, moments.position)
        rows = progress.rows(ask, Period.parse("2024Q1"), moments, organisation, currency="CNY", metric="sales")
    signed = {row["owner"]: row for row in rows if row["basis"] == "signed"}

    shown = {
        re.sub(r".*\((.*)\)", r"\1", row.values["owner"]).lower(): row.values
        for row in grids["targets-sales-signed"].rows
    }
    for owner in ("company", "g1", "g2", "zhang.san"):
        assert [shown[owner][key] for key in ("value", "actual", "attainment")] == [
            signed[owner][key] for key in ("target", "actual", "attainment")
        ]
    last = grids["curve-CNY"].rows[-1].values
    assert format(last["hindsight"], "f") == signed["company"]["actual"]
    bars = {row.values["kind"]: Decimal(row.values["amount"]) for row in grids["waterfall-CNY"].rows}
    assert sum(amount for kind, amount in bars.items() if kind != "closing") == bars["closing"]


def test_the_events_behind_a_sum_sum_to_it(demo: Store) -> None:
    everything = next(told(demo))
    grids = [grid for section in everything.sections for grid in section.grids]
    summed = {"curve-CNY": ("known", "hindsight", "difference"), "waterfall-CNY": ("amount",)}
    checked = 0
    for grid in grids:
        for row in grid.rows:
            for key in summed.get(grid.key, ()):
                events = sum((Decimal(amount or 0) for _, amount in row.behind[key]), Decimal(0))
                assert events == Decimal(row.values[key])
                checked += bool(events)
    assert checked > 20


def test_every_number_that_is_not_nothing_leads_to_its_events(demo: Store) -> None:
    everything = next(told(demo))
    for section in everything.sections:
        for grid in section.grids:
            for row in grid.rows:
                for column in grid.columns:
                    value = row.values.get(column.key)
                    if column.kind in ("amount", "ratio") and value is not None and Decimal(value):
                        assert row.behind.get(column.key), (grid.key, column.key, row.values)


def test_a_correction_and_what_it_corrects_name_each_other(demo: Store) -> None:
    made = pages(demo)
    (correction,) = re.findall(r'<tr id="e(\d+)">(?:(?!</tr>).)*corrects', made)
    original = re.search(rf'<tr id="e{correction}">(?:(?!</tr>).)*href="#e(\d+)">corrects', made)

    assert original
    assert re.search(rf'<tr id="e{original[1]}">(?:(?!</tr>).)*href="#e{correction}">corrected by', made)


def test_in_chinese_no_heading_is_left_in_english(demo: Store) -> None:
    translate.use("zh")
    made = pages(demo)
    own = ("CNY", "g1", "g2", "2024Q1")

    assert '<html lang="zh-Hans">' in made
    left = [
        heading
        for heading in Read(made).headings
        if ENGLISH.search(re.sub("|".join(own) + r"|\([\w.]+\)", "", heading))
    ]
    assert left == []
    assert "225万" in made


def test_both_databases_tell_the_same(store_url: str) -> None:
    given = played(store_url)
    made = pages(given.store, known_at="2024-04-01")
    given.close()

    assert "CNY 2,250,000 signed of a target of 5,000,000" in made
    assert {link[1:] for link in Read(made).links} <= set(Read(made).ids)


def test_an_empty_quarter_has_a_report_too(demo: Store) -> None:
    made = pages(demo, as_of="2030-03-31", period="2030Q1")

    assert "2030Q1: CNY 0 signed; no target was set." in made
    assert "Everything was entered in time." in made
    Read(made)
    assert books(demo, as_of="2030-03-31", period="2030Q1").sheetnames[0] == "About"


def small(value: Any, *events: int) -> Grid:
    """Return a table with one number and its events."""
    columns = (Column("who", "Owner"), Column("sum", "Amount", "amount"))
    row = Row({"who": HOSTILE, "sum": value}, {"sum": tuple((event, "1.5") for event in events)})
    return Grid("t", HOSTILE, columns, [row], ("who",), f"sales tracking {HOSTILE}")


def event(position: int) -> Row:
    named = ("name", "subject", "actor", "recorder", "reason", "named")
    row: dict[str, Any] = dict.fromkeys(named, HOSTILE)
    row |= {"position": position, "occurred": "2024-01-01T08:00", "recorded": "2024-01-02T08:00", "late_days": 1}
    changes = [{"field": HOSTILE, "from": HOSTILE, "to": HOSTILE}]
    return Row({**row, "changes": changes, "corrects": None, "corrected_by": None})


HEAD = Head(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 9, HOSTILE)
FIGURES = Grid(
    "figures", "f", (Column("figure", "Figure"), Column("value", "Amount", "amount")), [], ("figure",), "sales"
)


def hostile_page(grid: Grid) -> str:
    section = Section("s", HOSTILE, [HOSTILE], [grid, grid])
    return "".join(page(HEAD, FIGURES, [section], lambda positions: [event(p) for p in positions]))


def test_hostile_names_stay_texts() -> None:
    made = hostile_page(small("3", 1, 2))

    assert "<script" not in made
    assert not set("\u202e\x1b") & set(made)
    assert "\\u202e" in made
    assert "script" not in Read(made).names


def test_a_number_with_very_many_events_names_the_weightiest_and_says_how_to_see_the_others() -> None:
    grid = small("9000", *range(1, 6001))
    made = hostile_page(grid._replace(command="sales progress --explain"))

    assert "6,000 events" in made
    assert re.search(r"and 5,000 more: <code>sales progress --explain</code>", made)
    assert len(made) < 1_000_000


def test_a_long_table_says_what_it_leaves_out() -> None:
    grid = small("1")
    made = hostile_page(grid._replace(rows=[*grid.rows] * 5, most=2, command="sales targets"))

    assert "And 3 more: <code>sales targets</code>" in made.replace("</p>", "")


def test_one_event_is_led_to_and_several_are_listed() -> None:
    evidence, one, two = Evidence(), small("1", 7), small("3", 7, 8)

    assert evidence.add(one, one.rows[0], "sum") == "#e7"
    assert evidence.add(two, two.rows[0], "sum") == evidence.add(two, two.rows[0], "sum") == "#n1"
    assert evidence.add(small("0"), small("0").rows[0], "sum") is None
    assert evidence.positions(1) == {7}


def test_the_weightiest_events_come_first() -> None:
    found = behind([{"position": 3}, {"position": 1, "amount": "-9"}, {"position": 2, "amount": "5"}])

    assert found == ((1, "-9"), (2, "5"), (3, None))


def test_the_workbook_has_the_same_tables_with_charts(demo: Store) -> None:
    book = books(demo)

    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert about["Log position"].isdigit()
    assert about["As of"].startswith("2024-03-31 23:59")
    assert sum(len(page._charts) for page in book) == 4
    signed = book["Sales, signed, CNY"]
    assert signed.freeze_panes == "B2"
    assert signed.auto_filter.ref
    cells = {cell.value: cell.column for cell in signed[1]}
    assert signed.cell(2, cells["Actual"]).value == 2250000
    assert signed.cell(2, cells["Actual"]).hyperlink.location.startswith("'Events behind the numbers'!A")
    assert signed.cell(2, cells["Attainment"]).number_format == "0.0 %"
    assert book["Events"]["B2"].is_date


def test_the_workbook_s_links_lead_to_their_lines(demo: Store) -> None:
    book = books(demo)
    followed = 0
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.hyperlink:
                    title, _, place = cell.hyperlink.location.rpartition("!")
                    assert book[title.strip("'")][place].value is not None
                    followed += 1
    assert followed > 100


def test_a_workbook_holds_no_formula() -> None:
    section = Section("s", HOSTILE, [], [small("3", 1, 2), small("=1+1")])
    made = workbook(HEAD, FIGURES, [section], lambda positions: [event(p)._replace() for p in positions])

    kinds = {
        cell.data_type
        for sheet in openpyxl.load_workbook(io.BytesIO(made))
        for line in sheet.iter_rows()
        for cell in line
    }
    assert "f" not in kinds


def test_the_command_writes_what_it_says(sales: Sales, machine: Path) -> None:
    assert sales("demo", "--dir", ".").status == 0
    store = "sqlite:///demo.db"
    Path("q.html").write_text("old")
    done = sales("report", "2024Q1", "--html", "q.html", "--xlsx", "q.xlsx", "--store", store)

    assert done.status == 0
    assert done.err.count("Written: ") == 2
    assert "CNY 2,250,000 signed" in Path("q.html").read_text("utf-8")
    assert openpyxl.load_workbook("q.xlsx").sheetnames[0] == "About"
    assert sorted(path.name for path in Path().iterdir()) == ["demo.db", "demo.keys", "q.html", "q.xlsx"]


def test_a_report_that_can_not_be_written_leaves_nothing(sales: Sales, machine: Path) -> None:
    assert sales("init").status == 0
    done = sales("report", "2024Q1", "--html", "no/such/q.html")

    assert "[file.unwritable]" in done.err
    assert not list(Path().iterdir())
    assert sales("report", "2024Q1").status == 2
    assert sales("report", "soon", "--html", "q.html").status == 2
