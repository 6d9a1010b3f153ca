"""Time in stage: through which stages the opportunities of a period went, how many went on, and how long they stayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final, NamedTuple

from domain.calendar.moment import end_of, instant
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio, text_of
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import standing, survivors
from projections.queries.events import named
from projections.queries.organisation import Organisation
from projections.views.column import Column, Rows, only_json
from projections.views.columns import LEVEL, PLACES
from projections.views.parameters import By
from projections.views.spec import Query, View, view

STAGES: Final = (None, "contacted", "need-identified", "proposed", "negotiating")
"""The stages of an opportunity; None: it is open, and nobody has said more."""

COURSES: Final = """
SELECT o.opportunity, o.since, o.step, o.status, o.stage, o.owner, o.customer FROM {opportunities} o
WHERE o.since <= ? AND o.known_from <= ? AND o.known_to > ?
 AND o.opportunity IN (SELECT q.opportunity FROM {opportunities} q WHERE q.since BETWEEN ? AND ?
                       AND q.known_from <= ? AND q.known_to > ?)
ORDER BY o.opportunity, o.since, o.step
"""
"""The courses of opportunities of which something happened in a period: those that were opened in it are among them."""


class Turn(NamedTuple):
    """An opportunity as it stood from the moment `since`, by the event at position `step`."""

    since: int
    step: int
    status: str
    stage: str | None
    owner: str
    customer: str


class Stay(NamedTuple):
    """A stay of an opportunity in a stage: `days` of it, and what ended it (on, back, won, lost; None: nothing yet)."""

    stage: str | None
    days: int
    ended: str | None
    sources: tuple[int, ...]


class Course(NamedTuple):
    """An opportunity with its places by every grouping and its stays, in order."""

    places: Mapping[str, str | None]
    stays: Sequence[Stay]


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str = "",
    by: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return a row for each stage of the opportunities opened in a period: of each channel, campaign, owner, group, of all.

    `median_days` is the middle one of the stays that have ended, in calendar days.
    """
    found = _courses(ask, moments, organisation, period)
    groups: dict[str | None, list[Course]] = {}
    for course in found if by else ():
        groups.setdefault(course.places[by or ""], []).append(course)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0] is None, each[0] or ""))
    several = [*((by or "", name, some) for name, some in ordered), ("all", None, found)]
    stays = [
        (level, name, stage, [stay for course in some for stay in course.stays if stay.stage == stage])
        for level, name, some in several
        for stage in STAGES
    ]
    shown = [_row(*each, period) for each in stays]
    if explain:
        behind = named(ask, (n for *_, some in stays for stay in some for n in stay.sources), moments)
        for row, (*_, some) in zip(shown, stays, strict=True):
            row["events"] = [e for n in sorted({n for stay in some for n in stay.sources}) for e in behind[n]]
    return shown


def _row(level: str, name: str | None, stage: str | None, some: Sequence[Stay], period: Period) -> dict[str, Any]:
    ends = [stay.ended for stay in some]
    on, over = ends.count("on") + ends.count("won"), sum(end is not None for end in ends)
    days = [stay.days for stay in some if stay.ended is not None]
    return {
        "level": level,
        "name": name,
        "period": period.name,
        "stage": stage,
        "entered": len(some),
        "here": ends.count(None),
        "went_on": ends.count("on"),
        "went_back": ends.count("back"),
        "won": ends.count("won"),
        "lost": ends.count("lost"),
        "numerator": on,
        "denominator": over,
        "conversion": text_of(ratio(on, over)),
        "median_days": format(median(days), "g") if days else None,
    }


def _courses(ask: Ask, moments: AsOf, organisation: Organisation, period: Period) -> list[Course]:
    told: dict[str, list[Turn]] = {}
    known = (moments.position, moments.position)
    ends = (period.first.isoformat(), end_of(period.last, moments.zone).isoformat())
    within = (instant(each, moments.zone) for each in ends)
    for opportunity, *row in ask(COURSES, (moments.micros, *known, *within, *known)):
        told.setdefault(opportunity, []).append(Turn._make(row))
    mine = {
        opportunity: turns for opportunity, turns in told.items() if period.contains(moments.day_of(turns[0].since))
    }
    merged = survivors(ask, moments)
    homes = {opportunity: merged.get(turns[-1].customer, turns[-1].customer) for opportunity, turns in mine.items()}
    stood = standing(ask, moments, homes.values())
    found = []
    for opportunity, turns in mine.items():
        customer, owner = stood.get(homes[opportunity]), turns[-1].owner or None
        places = {
            "channel": customer.channel if customer else None,
            "campaign": customer.campaign if customer else None,
            "owner": owner,
            "group": organisation.group_of(owner, moments.day) if owner else None,
        }
        found.append(Course(places, _stays(turns, moments)))
    return found


def _stays(turns: Sequence[Turn], moments: AsOf) -> list[Stay]:
    """Return the stays of an opportunity: a reopened one goes on in the stage in which it was lost."""
    stays: list[Stay] = []
    begun: tuple[str | None, int, int] | None = None
    for since, step, status, stage, *_ in turns:
        day = moments.day_of(since).toordinal()
        if begun is not None and (status != "open" or stage != begun[0]):
            ended = status if status != "open" else _way(begun[0], stage)
            stays.append(Stay(begun[0], day - begun[1], ended, (begun[2], step)))
            begun = None
        if begun is None and status == "open":
            begun = (stage, day, step)
    if begun is not None:
        stays.append(Stay(begun[0], moments.day.toordinal() - begun[1], None, (begun[2],)))
    return stays


def _way(stage: str | None, to: str | None) -> str:
    return "on" if STAGES.index(to) > STAGES.index(stage) else "back"


@view(
    "stages",
    title="Time in stage",
    about="A row for each stage of each of what --by names, and of all.",
    asked="sales stages --period 2024Q1 --by channel --json",
    example="sales stages --period 2024Q1 --by channel",
    needs=("tracking", "audit", "pipeline", "organisation"),
    key=("level", "name", "stage"),
    period="present",
)
class Stages(View):
    """Show through which stages the opportunities opened in a period went, how many went on, and how long they stayed.

    The conversion is of the stays in a stage that have ended: those that ended in a later stage or were won. The days are
    calendar days, the middle one of those stays. A lost opportunity that is reopened begins another stay.
    """

    by: By | None = given("Lines for each of these, and for all.", default=None)

    COLUMNS = (
        LEVEL._replace(meaning="channel, campaign, owner or group, as --by says; `all` in the last rows."),
        PLACES[None]._replace(meaning="Which of them; null for none, and in the rows of all."),
        Column(
            "stage", "Stage", missing="opened",
            meaning="contacted, need-identified, proposed or negotiating; null for one that is open and no more.",
        ),
        Column("entered", "Entered", "count", meaning="Stays of the period's opportunities in the stage."),
        Column("here", "Still there", "count", meaning="Those that have not ended."),
        Column("went_on", "Went on", "count", meaning="Those that ended in a later stage."),
        Column("went_back", "Went back", "count", meaning="Those that ended in an earlier one."),
        Column("won", "Won", "count", meaning="Those that a signed contract ended."),
        Column("lost", "Lost", "count", meaning="Those that the loss of the opportunity ended."),
        Column(
            "conversion", "Conversion", "ratio", missing="n/a",
            meaning="numerator / denominator; null while none has ended.",
        ),
        Column(
            "median_days", "Median days", "count", form="number",
            meaning="Calendar days of those that have ended, the middle one; null while none has.",
        ),
        only_json("period", "text", "The period, as 2024Q1."),
        only_json("numerator", "count", "went_on + won."),
        only_json("denominator", "count", "Those that have ended."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(q.ask, q.moments, q.organisation, q.in_period, by=self.by, explain=q.explain)

    def columns(self, output: str) -> tuple[Column, ...]:
        level, _, *others = View.columns(self, output)
        if output == "table":
            return (PLACES[self.by], *others) if self.by else tuple(others)
        return level, PLACES[self.by]._replace(missing=""), *others

    def readable(self, rows: Rows, output: str) -> Rows:
        return [row for row in rows if row["entered"]] if output == "table" else rows
