"""A generated company plays its year; every total of every view is what plain arithmetic on its lines says."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from cli.main import run
from domain.kernel.registry import all_actions
from tests.year.asked import Moment, said
from tests.year.company import company
from tests.year.company.office import CLOSED
from tests.year.company.organisation import AFTER_SALES, DIRECTOR
from tests.year.reckoning import frames, history, progress
from tests.year.reckoning.book import Act, Book, read
from tests.year.reckoning.periods import span
from tests.year.totals import Totals, differing, laid_out
from tests.year.views import COMPARED

NOW: Final = Moment(date(2024, 12, 31))
MOMENTS: Final = (
    NOW,
    Moment(date(2024, 3, 31)),
    Moment(date(2024, 5, 15)),
    Moment(date(2024, 6, 30), date(2024, 7, 1)),
    Moment(date(2024, 9, 30), date(2024, 9, 30)),
)
"""The end of each quarter and a day within one; two of them before what was entered late was known."""

DEAR: Final = {"norms": MOMENTS[2:3], "capacity": MOMENTS[1:3]}
"""What is folded week by week is held against the lines at fewer moments."""

FIGURES: Final = (
    *("state", "target", "original_target", "actual", "numerator", "denominator", "attainment", "gap"),
    *("allocated", "unallocated"),
)
"""What events change; the need of a day changes with the days that pass too, which is no difference."""


class Year:
    """The lines of the year, and what is believed of them."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self.lines, self.acts = lines, read(lines)
        self._books: dict[Moment, Book] = {}

    def book(self, moment: Moment) -> Book:
        if moment not in self._books:
            self._books[moment] = Book(self.acts, *moment)
        return self._books[moment]

    def play(self, folder: Path, store: str) -> None:
        """Record the lines as a log that moves into a store."""
        file = folder / "year.jsonl"
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines), encoding="utf-8")
        assert run(("apply", str(file), "--recorded-as-given", "--store", store, "-q")) == 0

    def wrong(self, store: str, view: str, moment: Moment) -> dict[str, tuple[Any, Any]]:
        """Return the totals of a view that are shown otherwise than reckoned."""
        return differing(*COMPARED[view](store, moment, self.book(moment)))


@pytest.fixture(scope="module")
def year() -> Year:
    return Year(company())


@pytest.fixture(scope="module")
def store(year: Year, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("year")
    address = f"sqlite:///{folder / 'store.db'}"
    year.play(folder, address)
    return address


def test_the_company_is_one_of_fifty_in_which_every_action_occurs(year: Year) -> None:
    people = [act for act in year.acts if act.action == "person.register"]
    assert len(people) == 50
    assert {DIRECTOR, "aud", *AFTER_SALES} <= {act.data["login"] for act in people}
    assert {act.action for act in year.acts} == {action.NAME for action in all_actions()}
    assert 3_000 <= len(year.lines) <= 6_000
    assert {f"2024Q{(act.day.month + 2) // 3}" for act in year.acts} == {f"2024Q{n}" for n in range(1, 5)}


@pytest.mark.parametrize("view", COMPARED)
def test_every_total_of_a_view_is_what_its_lines_say(year: Year, store: str, view: str) -> None:
    wrong = {moment: year.wrong(store, view, moment) for moment in DEAR.get(view, MOMENTS)}
    assert not any(wrong.values()), {moment: dict(list(each.items())[:9]) for moment, each in wrong.items() if each}


def reached(acts: list[Act], period: str, known_at: date | None, as_of: date | None = None) -> Totals:
    """Return the figures of progress in a period as they were known."""
    rows = progress.rows(Book(acts, as_of or span(period)[1], known_at), period)
    return laid_out(rows, ("level", "owner", "metric", "basis", "currency"), FIGURES)


def shown(rows: list[dict[str, Any]]) -> Totals:
    return laid_out(rows, ("level", "owner", "metric", "basis", "currency"), FIGURES)


@pytest.mark.parametrize("period", CLOSED)
def test_a_closed_period_keeps_its_figures(year: Year, store: str, period: str) -> None:
    closed = said(store, "period", "show", period, "--as-closed")
    assert not differing(shown(closed["rows"]), reached(year.acts, period, CLOSED[period]))
    assert not differing(shown(said(store, "period", "show", period)["rows"]), reached(year.acts, period, None))


def changed(before: Totals, after: Totals) -> Totals:
    """Return what differs: both figures, by name; a row of nothing is as good as none."""
    return {name: str(pair) for name, pair in differing(before, after).items() if any(pair)}


def differences(rows: list[dict[str, Any]], first: str, second: str) -> Totals:
    """Return what a view of differences says of progress, in the same form."""
    found: Totals = {}
    for row in rows:
        if row["view"] == "progress" and row["field"] in FIGURES:
            key = {name: row["key"].get(name) for name in ("level", "owner", "metric", "basis", "currency")}
            one, other = ({**key, **dict.fromkeys(FIGURES), row["field"]: row[side]} for side in (first, second))
            found |= changed(shown([one]), shown([other]))
    return found


def test_what_differs_from_a_closed_period_is_what_was_learned_since(year: Year, store: str) -> None:
    rows = [row for row in said(store, "period", "diff", "2024Q1")["rows"] if row["kind"] == "restated"]
    wanted = changed(reached(year.acts, "2024Q1", CLOSED["2024Q1"]), reached(year.acts, "2024Q1", None))
    assert wanted
    assert differences(rows, "closed", "restated") == wanted


def test_what_differs_between_two_days_is_what_happened_between_them(year: Year, store: str) -> None:
    before, after = date(2024, 4, 30), date(2024, 5, 15)
    rows = said(store, "diff", "--from", before.isoformat(), "--to", after.isoformat())["rows"]
    wanted = changed(*(reached(year.acts, "2024Q2", None, day) for day in (before, after)))
    assert differences(rows, "from", "to") == wanted


def test_a_replay_shows_each_week_as_it_was_known_and_in_hindsight(year: Year, store: str) -> None:
    told = said(store, "replay", "2024Q1", "--by", "week")["frames"]
    days = [date.fromisoformat(frame["day"]) for frame in told]
    figures = {
        f"{frame['day']} {name} {each['measure']} {each['currency']}": each[name]
        for frame in told
        for each in frame["figures"]
        for name in ("known", "hindsight")
        if Decimal(each[name] or 0)
    }
    assert days[0] > date(2024, 1, 1)
    assert days[1] - days[0] == timedelta(days=7)
    assert not differing(figures, frames.figures(year.acts, "2024Q1", days))


def test_the_log_has_an_event_for_all_that_was_told(year: Year, store: str) -> None:
    rows = said(store, "log", "--limit", "100000")["rows"]
    told = [act.key for act in history.events(year.book(NOW))]
    assert [row["key"] for row in rows] == told


def test_the_same_totals_on_postgres(year: Year, postgres_url: str, tmp_path: Path) -> None:
    year.play(tmp_path, postgres_url)
    moment = MOMENTS[3]
    wrong = {view: year.wrong(postgres_url, view, moment) for view in COMPARED if view not in DEAR}
    assert not any(wrong.values()), {view: dict(list(each.items())[:9]) for view, each in wrong.items() if each}


def test_a_rebuild_leaves_every_total_as_it_was(year: Year, store: str) -> None:
    assert run(("rebuild", "--store", store, "-q")) == 0
    wrong = {view: year.wrong(store, view, NOW) for view in COMPARED if view not in DEAR}
    assert not any(wrong.values()), {view: dict(list(each.items())[:9]) for view, each in wrong.items() if each}
    closed = said(store, "period", "show", "2024Q1", "--as-closed")["rows"]
    assert not differing(shown(closed), reached(year.acts, "2024Q1", CLOSED["2024Q1"]))
