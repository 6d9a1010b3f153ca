"""The player's screen as lines: a pure function of the frames, the player and the size of the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from cli.replay.braille_chart import Series, dotted, drawn, solid, sparse
from cli.replay.frame_words import Frame, day_text, figure, happenings, measure_of, measure_word, share, short, summary
from cli.replay.plain import against
from cli.replay.player_state import SPEEDS, Player
from cli.replay.styled_line import Line, Span, beside, fitted, words
from infra.formats.text_table import amount
from infra.i18n import translate
from infra.i18n.terminal_text import pad, width
from infra.i18n.translate import filled, marked

_ = translate.translate

WIDE: Final = 90
"""From this width on the figures stand beside the chart."""
ASIDE: Final = 36
AXIS: Final = 7
KEYS: Final = (
    (marked("space"), marked("play or pause")),
    ("← →  h l", marked("one step back or on")),
    ("PgUp PgDn", marked("a week back or on")),
    ("Home End", marked("the first or the last")),
    ("g", marked("go to a date")),
    ("+ -", marked("faster or slower")),
    ("↑ ↓  k j", marked("scroll what happened")),
    ("?", marked("this page")),
    ("q", marked("quit")),
)


class Reel(NamedTuple):
    """What is played: the frames with their days, and what they are of."""

    title: str
    frames: Sequence[Frame]
    days: Sequence[date]
    first: date
    last: date


def screen(reel: Reel, player: Player, columns: int, rows: int) -> list[Line]:
    """Return the screen's lines: `rows` of them, each exactly `columns` wide."""
    frame = reel.frames[player.at]
    head = [heading(reel, player, columns), status(frame, columns)]
    room = max(rows - len(head) - 1, 0)
    if player.help:
        body = help_page(columns)
    elif columns >= WIDE:
        tall = min(max(room * 3 // 5, 8), 22)
        chart = chart_block(reel, player.at, columns - ASIDE - 2, tall)
        body = beside(chart, figures_block(frame, ASIDE), columns - ASIDE - 2, tall)
        body += lists_block(frame, player.scroll, columns, room - tall)
    else:
        body = narrow(reel, player, columns, room)
    lines = [*head, *body[:room], *([[]] * (room - len(body))), footing(player, columns)]
    return [fitted(line, columns) for line in lines[:rows]]


def narrow(reel: Reel, player: Player, columns: int, room: int) -> list[Line]:
    """Return the body for a screen without room for two columns."""
    frame = reel.frames[player.at]
    short_figures = figures_block(frame, columns)[: max(room // 3, 3)]
    tall = max((room - len(short_figures)) // 2, 4)
    chart = chart_block(reel, player.at, columns, tall)
    left = room - len(short_figures) - len(chart)
    return [*chart, *short_figures, *lists_block(frame, player.scroll, columns, left)]


def heading(reel: Reel, player: Player, columns: int) -> Line:
    """Return the first line: what is played, the day, and which frame it is of how many."""
    sign = "▶" if player.playing else "‖"
    right = f"{sign} x{SPEEDS[player.speed]:g}  {player.at + 1}/{len(reel.frames)} "
    left = f" {reel.title}  {day_text(reel.frames[player.at])}"
    gap = columns - width(left) - width(right)
    return [Span(left + " " * max(gap, 1) + right, "bar")]


def status(frame: Frame, columns: int) -> Line:
    """Return the second line: working days gone by, and up to which event the frame knows."""
    line = marked("{elapsed} of {days} working days; known up to event {position}")
    facts = {"elapsed": frame["elapsed_days"], "days": frame["working_days"], "position": frame["position"]}
    return [Span(" " + filled(line, facts), "faint")]


def footing(player: Player, columns: int) -> Line:
    """Return the last line: the keys, or the date that is being typed."""
    if player.asking is not None:
        wrong = f"  {_('that is no day')}" if player.wrong else ""
        return [Span(f" {_('go to date:')} {player.asking}▏", "title"), Span(wrong, "bad")]
    line = _(" space play · ← → step · PgUp PgDn week · g date · + - speed · ? help · q quit")
    return [Span(line, "faint")]


def help_page(columns: int) -> list[Line]:
    """Return the page about the keys and the curves."""
    wide = max(width(_(key)) for key, _meaning in KEYS)
    keys: list[Line] = [[Span("  " + pad(_(key), wide), "title"), Span("  " + _(meaning))] for key, meaning in KEYS]
    told = _("Each frame shows what was known at the end of its day; hindsight is the same day as known now.")
    return [[], *keys, [], [Span("  "), *legend()], [], [Span("  " + told)]]


def legend() -> Line:
    """Return what each curve is, with its pattern."""
    return [
        Span("⠒⠒⠒ ", "known"), Span(_("known then")), Span("   "),
        Span("⠒ ⠒ ", "hindsight"), Span(_("hindsight")), Span("   "),
        Span("⠂ ⠂ ", "pace"), Span(_("working-day pace")),
    ]  # fmt: skip


def chart_block(reel: Reel, at: int, columns: int, rows: int) -> list[Line]:
    """Return the chart with its axes and legend in `rows` lines."""
    tall = max(rows - 2, 1)
    low, high = bounds(reel.frames)
    lines = drawn(curves_of(reel, at), max(columns - AXIS, 4), tall, low, high)
    marks = {0: high, tall - 1: low} | ({(tall - 1) // 2: (high + low) / 2} if tall > 4 else {})
    labelled = [
        [
            Span(
                pad(short(marks[n]) if n in marks else "", AXIS - 2, right=True) + " ┤"
                if n in marks
                else " " * (AXIS - 1) + "│",
                "faint",
            ),
            *line,
        ]
        for n, line in enumerate(lines)
    ]
    return [*labelled, [Span(axis(reel, max(columns - AXIS, 4)), "faint")], [Span(" " * AXIS), *legend()]][:rows]


def axis(reel: Reel, columns: int) -> str:
    """Return the line of dates below the chart: the first of each month, or of each week in short periods."""
    length = max((reel.last - reel.first).days, 1)
    marks = [reel.first + timedelta(days=n) for n in range(length + 1)]
    marks = [day for day in marks if day == reel.first or (day.day == 1 if length > 45 else day.weekday() == 0)]
    line = ""
    for day in marks:
        place = round((day - reel.first).days / length * (columns - 1))
        label = f"{day:%m-%d}"
        if place >= width(line) + (1 if line else 0) and place + len(label) <= columns:
            line = line.ljust(place) + label
    return " " * AXIS + line


def bounds(frames: Sequence[Frame]) -> tuple[float, float]:
    """Return between which values the chart lies, the same for all frames."""
    measure = measure_of(frames[-1])
    values = [0.0]
    for frame in frames:
        values += map(float, figure(frame, measure))
        values += [float(frame["target"])] if frame["target"] else []
    return min(values), max(*values, 1.0)


def curves_of(reel: Reel, at: int) -> list[Series]:
    """Return the curves: known up to the frame, hindsight, and the pace of the target that the frame knows."""
    length = max((reel.last - reel.first).days, 1)
    places = [(day - reel.first).days / length for day in reel.days]
    measure, frame = measure_of(reel.frames[at]), reel.frames[at]
    values = [figure(each, measure) for each in reel.frames]
    known = [(places[n], float(value)) for n, (value, _later) in enumerate(values[: at + 1])]
    later = [(places[n], float(value)) for n, (_then, value) in enumerate(values)]
    curves = [Series(known, "known", solid), Series(later, "hindsight", dotted)]
    if frame["target"] is not None and frame["working_days"]:
        each = float(Decimal(frame["target"]) / frame["working_days"])
        paced = [(places[n], each * one["elapsed_days"]) for n, one in enumerate(reel.frames)]
        curves.append(Series(paced, "pace", sparse, steps=False))
    return curves


def figures_block(frame: Frame, columns: int) -> list[Line]:
    """Return the figures of a frame, label and value to a line."""
    measure = measure_of(frame)
    known, hindsight = figure(frame, measure)
    unit = f" {frame['currency']}" if frame["currency"] else ""
    reached = share(frame, measure, known)
    lines = [words(measure_word(measure), f"{amount(known)}{unit}", columns, "known")]
    if hindsight != known:
        lines.append(words(_("hindsight"), amount(hindsight), columns, "hindsight"))
    if frame["target"] is None:
        lines.append(words(_("target"), _("not set"), columns))
    else:
        lines.append(words(_("target"), f"{amount(frame['target'])}  {reached}".rstrip(), columns))
        if frame["original_target"] not in (None, frame["target"]):
            lines.append(words(_("original target"), amount(frame["original_target"]), columns))
    if frame["pace"] is not None:
        lines.append(words(_("working-day pace"), amount(frame["pace"]), columns, "pace"))
        style = "good" if known >= Decimal(frame["pace"]) else "bad"
        lines.append(words("", against(known, Decimal(frame["pace"])), columns, style))
    lines += [words(*other, columns) for other in others(frame)]
    return [*lines, *(words(_("open deals"), open_told(each), columns) for each in frame["pipeline"])]


def others(frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield the other measures as label and value; hindsight in brackets where it differs."""
    main = measure_of(frame)
    for each in frame["figures"]:
        if each["measure"] == main and each["currency"] in (None, frame["currency"]):
            continue
        unit = f" {each['currency']}" if each["currency"] not in (None, frame["currency"]) else ""
        later = "" if each["known"] == each["hindsight"] else f" ({amount(each['hindsight'])})"
        yield measure_word(each["measure"]) + unit, f"{amount(each['known'])}{later}"


def open_told(pipeline: Mapping[str, Any]) -> str:
    """Return how many deals are open, and what they are worth."""
    return f"{pipeline['count']} / {amount(pipeline['amount'])} {pipeline['currency']}"


def lists_block(frame: Frame, scroll: int, columns: int, room: int) -> list[Line]:
    """Return what happened in the frame, as far as there is room; the last line says how much more there is."""
    if room <= 0:
        return []
    several = list(happenings(frame))
    if not several:
        return [[Span(" " + _("Nothing was recorded that changed the picture."), "faint")]]
    wide = max(width(each.kind) for each in several)
    lines: list[Line] = [[Span(" " + pad(each.kind, wide), each.style), Span("  " + each.told)] for each in several]
    if len(lines) <= room:
        return lines
    lines = [[Span(" " + summary(several), "title")], *lines]
    begin = min(scroll, len(lines) - room + 1)
    shown = lines[begin : begin + room - 1]
    left = len(lines) - begin - len(shown)
    more = filled(marked("{count} above, {left} below (↑ ↓)"), {"count": begin, "left": left})
    return [*shown, [Span(" " + more, "faint")]]
