"""The charts of a report: what they draw, what they say where nobody sees them, and what they take from hostile names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from infra.formats.svg.attainment import Reached, attainment_chart, reach
from infra.formats.svg.curve import Dot, Lines, curve_chart, days_named
from infra.formats.svg.elements import apart, safe, short, ticks
from infra.formats.svg.funnel import Panel, Step, funnel_chart
from infra.formats.svg.waterfall import Bar, spans, waterfall_chart
from infra.i18n import translate

HOSTILE = "<script>alert('x')</script>\"&\u202e\x1b[31m"
FIRST = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    before = translate.language()
    translate.use("en")
    yield
    translate.use(before)


def drawn(picture: str) -> ElementTree.Element:
    """Return the picture read as XML, with what it says in words."""
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img"
    assert root.findtext("title")
    assert root.findtext("desc")
    assert not list(root.iter("script"))
    return root


def words(picture: str) -> list[str]:
    return [each.text or "" for each in drawn(picture).iter("text")]


def lines(*known: int, seen: tuple[int, ...] = (), target: int | None = None) -> Lines:
    days = [FIRST + timedelta(days=n) for n in range(len(known))]
    curves = [Decimal(value) for value in known], [Decimal(value) for value in seen or known]
    pace = [Decimal(target * (n + 1)) / 91 for n in range(len(known))] if target else []
    return Lines(FIRST, date(2024, 3, 31), days, *curves, pace, Decimal(target) if target else None)


def test_the_curve_names_its_lines_where_they_end() -> None:
    picture = curve_chart("c", "Signed", "300 known", lines(0, 300, 300, seen=(300, 300, 500), target=1000))

    assert {"Target 1k", "As known each day 300", "In hindsight 500"} <= set(words(picture))
    assert {"1 Jan", "1 Feb", "16 Mar"} <= set(words(picture))
    assert 'class="between"' in picture


def test_a_curve_that_was_known_at_once_shades_nothing() -> None:
    assert 'class="between"' not in curve_chart("c", "Signed", "as known", lines(0, 300, target=1000))


def test_a_curve_without_target_or_days_is_drawn_all_the_same() -> None:
    assert "Target" not in " ".join(words(curve_chart("c", "t", "d", lines(5))))
    assert words(curve_chart("c", "t", "d", lines()))


def test_a_curve_may_fall_below_nothing() -> None:
    assert "−150" in words(curve_chart("c", "t", "d", lines(0, -150)))


def test_the_events_on_the_curve_lead_to_what_they_say() -> None:
    dot = Dot(FIRST, "1", "#e7", HOSTILE)
    root = drawn(curve_chart("c", "t", "d", lines(5, 9)._replace(dots=[dot, dot._replace(day=date(2025, 1, 1))])))

    assert [a.get("href") for a in root.iter("a")] == ["#e7"]


def test_the_bars_of_a_waterfall_hang_from_each_other() -> None:
    bars = [
        Bar("whole", "At the start", Decimal(100), whole=True),
        Bar("gain", "New", Decimal(50), href="#n1"),
        Bar("loss", "Lost", Decimal(-30)),
        Bar("whole", "At the end", Decimal(120), whole=True),
    ]
    reaches = [(int(begin), int(end)) for begin, end in spans(bars)]
    assert reaches == [(0, 100), (100, 150), (150, 120), (0, 120)]
    said = words(waterfall_chart("w", "t", "d", bars))
    assert {"100", "+50", "−30", "120", "New"} <= set(said)


def test_the_funnel_tells_shares_of_its_first_step() -> None:
    steps = [Step("Captured", 8), Step("Valid", 6, "#n1"), Step("Signed", 0)]
    said = words(funnel_chart("f", "t", "d", [Panel(HOSTILE, steps), Panel("online", [])]))

    assert {"8", "6 · 75%", "0 · 0%", "online"} <= set(said)


def test_attainment_ends_at_the_target_or_where_most_end() -> None:
    assert reach([Decimal("0.4")]) == 1
    assert reach([Decimal("0.4"), Decimal("0.5"), Decimal(9)]) == Decimal("1.5")
    assert reach([Decimal(4), Decimal(5), Decimal(6)]) == 6


def test_attainment_shows_the_elapsed_days_while_the_period_runs() -> None:
    rows = [
        Reached("g1", Decimal("0.5"), "50 %"),
        Reached("g2", Decimal("-0.1"), "-10 %", 1),
        Reached("g3", Decimal(9), "900 %"),
    ]

    assert "Working days elapsed 51%" in words(attainment_chart("a", "t", "d", rows, Decimal("0.508")))
    assert not any("elapsed" in said for said in words(attainment_chart("a", "t", "d", rows, Decimal(1))))
    assert "beyond" in attainment_chart("a", "t", "d", rows, None)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [("0", "0", "0"), ("999.5", "1,000", "1,000"), ("12500", "12.5k", "1.25万"), ("-3370000", "−3.37M", "−337万"),
     ("2174654000", "2.17bn", "21.7亿"), ("0.25", "0.25", "0.25")],
)  # fmt: skip
def test_large_numbers_are_short_in_each_language(value: str, english: str, chinese: str) -> None:
    assert short(Decimal(value)) == english
    translate.use("zh")
    assert short(Decimal(value)) == chinese


@pytest.mark.parametrize(("low", "high"), [("0", "1"), ("-150", "0"), ("0", "352600000"), ("3", "3"), ("0", "0.0004")])
def test_an_axis_covers_its_values_in_few_round_steps(low: str, high: str) -> None:
    marks = ticks(Decimal(low), Decimal(high))

    assert marks[0] <= Decimal(low)
    assert marks[-1] >= Decimal(high)
    assert 2 <= len(marks) <= 7


def test_names_that_would_touch_are_moved_apart() -> None:
    moved = apart([100, 101, 102, 290], 17, 0, 290)

    assert all(b - a >= 17 for a, b in zip(sorted(moved), sorted(moved)[1:], strict=False))
    assert max(moved) <= 290


@pytest.mark.parametrize(
    ("last", "count"), [("2024-01-07", 7), ("2024-01-31", 5), ("2024-03-31", 6), ("2024-12-31", 6)]
)
def test_an_axis_names_few_days(last: str, count: int) -> None:
    assert len(days_named(FIRST, date.fromisoformat(last))) == count


def test_a_hostile_name_stays_a_text() -> None:
    told = safe(HOSTILE)

    assert not re.search("[<>\"'\u202e\x1b]", told)
    assert "&lt;script&gt;" in told
