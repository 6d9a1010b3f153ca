"""Cadence 跟进节奏: the windows in which a customer of a grade is to be met, and whether it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

DAY: Final = timedelta(days=1)

Version = tuple[date, Mapping[str, Any]]
"""Values of the policy `cadence`, and the first day on which they are in force (date.min: the default)."""

Graded = tuple[date, str | None]
"""A day from which a customer has a grade; None from when it is to be met no more."""


class Rhythm(NamedTuple):
    """`touches` on distinct days in so many `weeks`, through each of the `channels` at least once."""

    touches: int
    weeks: int
    channels: tuple[str, ...]


class Window(NamedTuple):
    """Days in which a customer is to be met. `cut`: another grade began before they were over.

    `adopted` is the first day of the policy that says how often.
    """

    first: date
    last: date
    grade: str
    rhythm: Rhythm
    adopted: date
    cut: bool


class Standing(NamedTuple):
    """How a window stands on a day.

    `days` are those of the touches, `missing` the channels not used that are still needed. The state is met, missed, open
    (not met, and not over), cut (not met when another grade began) or free (without a working day nothing is needed).
    """

    needed: int
    days: tuple[date, ...]
    missing: tuple[str, ...]
    state: str


def rhythm_of(values: Mapping[str, Any], grade: str) -> Rhythm | None:
    """Return how often a customer of a grade is to be met by values of the policy, or None if nothing is asked."""
    asked = values.get(grade)
    return Rhythm(asked["touches"], asked["weeks"], tuple(asked.get("channels", ()))) if asked else None


def windows(
    grades: Sequence[Graded], versions: Sequence[Version], until: date, since: date = date.min
) -> Iterator[Window]:
    """Yield the windows of a customer one after another, from one before the day `since` up to the one of `until`.

    A window of one week is the rest of the ISO week; a longer one is counted from its own first day, which is the day of
    grading or the one after the window before. Another grade begins a window of its own. The policy in force on a window's
    first day decides about the whole of it.
    """
    for n, (begun, grade) in enumerate(grades):
        day = begun
        end = grades[n + 1][0] - DAY if n + 1 < len(grades) else date.max
        while grade and day <= min(end, until):
            adopted, values, following = _in_force(versions, day)
            rhythm = rhythm_of(values, grade)
            if rhythm is None:
                day = following
                continue
            passed = _passed(day, rhythm.weeks, min(since, following, end))
            if passed:
                day += passed
                continue
            whole = DAY * ((7 - day.isoweekday()) if rhythm.weeks == 1 else 7 * rhythm.weeks - 1)
            last = day + min(whole, end - day)
            yield Window(day, last, grade, rhythm, adopted, whole > end - day and end < date.max)
            if last >= min(end, until):
                break
            day = last + DAY


def _in_force(versions: Sequence[Version], day: date) -> tuple[date, Mapping[str, Any], date]:
    """Return the version in force on a day, and the first day of the one after it."""
    following = date.max
    for adopted, values in reversed(versions):
        if adopted <= day:
            return adopted, values, following
        following = adopted
    return date.min, {}, following


def like(begun: date, grade: str, versions: Sequence[Version], since: date, until: date) -> date:
    """Return the last day on which the windows of a grade may as well have begun, seen from `since` to `until`.

    It is `begun` itself where another policy comes in between; so the windows of many customers are those of a few days.
    """
    _, values, following = _in_force(versions, begun)
    rhythm = rhythm_of(values, grade)
    if rhythm is None or following <= until:
        return begun
    if rhythm.weeks == 1:
        return max(begun, since - DAY * (since.isoweekday() - 1))
    return begun + _passed(begun, rhythm.weeks, since)


def _passed(day: date, weeks: int, since: date) -> timedelta:
    """Return how long the windows from `day` on take that are over before `since`: no need to go through each."""
    if weeks == 1 and day.isoweekday() != 1:
        return timedelta()
    return max(0, (since - day).days // (7 * weeks)) * weeks * 7 * DAY


def changes(grades: Iterable[Graded]) -> list[Graded]:
    """Return the days on which the grade became another one: the last of a day counts, the same again is no change."""
    found: list[Graded] = []
    for day, grade in grades:
        if found and found[-1][0] == day:
            found.pop()
        if (found[-1][1] if found else None) != grade:
            found.append((day, grade))
    return found


def standing(window: Window, touches: Iterable[tuple[date, str]], calendar: WorkCalendar, over: date) -> Standing:
    """Return how a window stands once the day `over` is over, given the touches (day, channel) up to then.

    No more touches are needed than there are working days in the window, and no more of the channels than touches.
    """
    within = [(day, channel) for day, channel in touches if window.first <= day <= window.last]
    needed = min(window.rhythm.touches, calendar.working_days(window.first, window.last))
    return stood(window, needed, within, over)


def stood(window: Window, needed: int, touches: Collection[tuple[date, str]], over: date) -> Standing:
    """Return how a window that needs so many touches stands, given those in it."""
    days = tuple(sorted({day for day, _ in touches}))
    used = {channel for _, channel in touches}
    lacking = tuple(channel for channel in window.rhythm.channels if channel not in used)
    asked = min(needed, len(window.rhythm.channels))
    missing = lacking if len(window.rhythm.channels) - len(lacking) < asked else ()
    if not needed:
        state = "free"
    elif len(days) >= needed and not missing:
        state = "met"
    elif over < window.last:
        state = "open"
    else:
        state = "cut" if window.cut else "missed"
    return Standing(needed, days, missing, state)


def due(window: Window, calendar: WorkCalendar, today: date) -> date:
    """Return the day by which an open window is to be met: its last working day, or its end once that is past."""
    day = window.last
    while day > window.first and not calendar.is_working(day):
        day -= DAY
    return day if day >= today and calendar.is_working(day) else window.last
