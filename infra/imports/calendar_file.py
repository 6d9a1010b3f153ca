"""Reading the days off and the make-up days of whole years from a file: iCalendar, or a table of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from infra.errors.problem import Problem
from infra.files.reader import whole

OFF: Final = frozenset("off holiday 休 假 放假 节假日 休息".split())
WORK: Final = frozenset("work working workday make-up 班 上班 补班 调休上班 工作日".split())
MOST_BYTES: Final = 4 << 20
LONGEST: Final = 366


class Days(NamedTuple):
    """A year's days off and the weekend days that are worked, in order."""

    year: int
    holidays: tuple[dt.date, ...]
    make_up_days: tuple[dt.date, ...]


def read(path: Path) -> list[Days]:
    """Return the years of a file. Raises Problem, naming the line that can't be read.

    An iCalendar (.ics) has an all-day event for each holiday, of one day or more. A table (.csv) has a day in its first
    column (2026-01-01, or 2026-02-15..2026-02-23) and in its second `off` or `work` (or 休, 班); what follows is a remark.
    """
    raw = whole(path, MOST_BYTES)
    lines = _decoded(raw, path).splitlines()
    said = _of_events(path, lines) if _is_ics(lines) else _of_table(path, lines)
    years: dict[int, tuple[set[dt.date], set[dt.date]]] = {}
    for first, last, works in said:
        for n in range((last - first).days + 1):
            day = first + dt.timedelta(days=n)
            years.setdefault(day.year, (set(), set()))[works].add(day)
    if not years:
        raise Problem("file.unreadable", file=str(path), why="it names no day")
    return [Days(year, tuple(sorted(off)), tuple(sorted(on))) for year, (off, on) in sorted(years.items())]


Said = Iterator[tuple[dt.date, dt.date, bool]]
"""From the first day to the last, and whether they are worked."""


def _decoded(raw: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem("file.unreadable", file=str(path), why="it is neither UTF-8 nor GB18030")


def _is_ics(lines: Iterable[str]) -> bool:
    return next((line.strip().upper() for line in lines if line.strip()), "") == "BEGIN:VCALENDAR"


def _of_events(path: Path, lines: list[str]) -> Said:
    """Yield the all-day events of an iCalendar (RFC 5545); DTEND is the day after the last one."""
    start: dt.date | None = None
    end: dt.date | None = None
    for number, line in enumerate(lines, 1):
        name, _, value = line.strip().partition(":")
        word = name.partition(";")[0].upper()
        if word == "BEGIN" and value.upper() == "VEVENT":
            start = end = None
        elif word == "DTSTART":
            start = _basic(path, number, value)
        elif word == "DTEND":
            end = _basic(path, number, value)
        elif word == "END" and value.upper() == "VEVENT" and start:
            last = end - dt.timedelta(days=1) if end and end > start else start
            yield start, _within(path, number, start, last), False


def _basic(path: Path, number: int, value: str) -> dt.date:
    try:
        return dt.datetime.strptime(value.strip()[:8], "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise _bad(path, number, value) from None


def _of_table(path: Path, lines: list[str]) -> Said:
    for number, line in enumerate(lines, 1):
        cells = [cell.strip().strip('"') for cell in line.replace("\t", ",").replace("，", ",").split(",")]
        if not cells[0] or cells[0].startswith("#"):
            continue
        first, _, last = cells[0].partition("..")
        word = cells[1].lower() if len(cells) > 1 else ""
        try:
            start, end = dt.date.fromisoformat(first.strip()), dt.date.fromisoformat((last or first).strip())
        except ValueError:
            if number == 1:  # a heading
                continue
            raise _bad(path, number, cells[0]) from None
        if word not in OFF and word not in WORK:
            raise _bad(path, number, word or line)
        yield start, _within(path, number, start, end), word in WORK


def _within(path: Path, number: int, first: dt.date, last: dt.date) -> dt.date:
    if not 0 <= (last - first).days < LONGEST:
        raise _bad(path, number, f"{first}..{last}")
    return last


def _bad(path: Path, number: int, value: str) -> Problem:
    return Problem("calendar.bad_line", file=str(path), line=number, value=value[:80])
