"""The waterfall 瀑布图: how the pipeline at one moment became that at a later one, each bar with its events.

What is open and in scope counts. A step that changes what counts adds the difference to one bar, so that the bars
always sum to the closing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.pipeline_scope import Scope, Told
from projections.views.column import Column, Note, Rows, only_json
from projections.views.pipeline import HOLDS, OPEN, amount
from projections.views.spec import Between, Query, View, view

OPENING: Final = f"""
SELECT o.opportunity, o.owner, o.amount, o.currency, l.position, l.event_id, l.name, l.stream
FROM {OPEN} CROSS JOIN {{log}} l WHERE {HOLDS} AND l.position = o.valued
"""
STEPS: Final = """
SELECT o.since, o.opportunity, o.status, o.owner, o.amount, o.currency, o.valued,
       l.position, l.event_id, l.name, l.stream
FROM {opportunities} o JOIN {log} l ON l.position = o.step
WHERE o.since > ? AND o.since <= ? AND o.known_from <= ? AND o.known_to > ?
"""
BARS: Final = ("open", "new", "up", "down", "won", "lost")
MOVES: Final = ("moved-in", "moved-out")


class Standing(NamedTuple):
    """An open opportunity: whose it is, what it is worth by which event, and what of that counts here."""

    owner: str
    amount: int
    currency: str
    valued: Told
    counts: bool


class Bars:
    """The events of each bar by currency, each with what it moved."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, list[tuple[str, Told, int]]]] = {}

    def add(self, bar: str, currency: str, opportunity: str, told: Told, moved: int) -> None:
        self._held.setdefault(currency, {}).setdefault(bar, []).append((opportunity, told, moved))

    def rows(self, currency: str, names: Sequence[str]) -> list[dict[str, Any]]:
        """Return the bars of these names, of each currency; of `currency` alone where nothing counts."""
        several = sorted(self._held, key=lambda each: (each != currency, each)) or [currency]
        return [_row(name, each, self._held.get(each, {}).get(name, [])) for each in several for name in names]


def _row(bar: str, currency: str, held: Sequence[tuple[str, Told, int]]) -> dict[str, Any]:
    return {
        "bar": bar,
        "amount": amount(sum(moved for _, _, moved in held)),
        "currency": currency,
        "count": len(held),
        "events": [
            {
                "position": told.position,
                "event": told.event,
                "name": told.name,
                "subject": told.subject,
                "amount": amount(moved),
                "opportunity": opportunity,
            }
            for opportunity, told, moved in held
        ],
    }


def waterfall(
    ask: Ask,
    start: AsOf,
    end: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    owner: str | None = None,
    group: str | None = None,
) -> list[dict[str, Any]]:
    """Return the bars from `start` to `end`, both as known at the end's position; each currency apart, `currency` first.

    open and closing are what was open then; between them new (opened or reopened), up and down (forecast), won and lost.
    With an `owner` or a `group` (those below it included) moved-in and moved-out say what changed hands. A bar has its
    signed `amount`, and the `count` of its `events`: {position, event, name, subject, amount, opportunity}.
    """
    scope = Scope(organisation, start, end, owner, group)
    bars = Bars()
    standing: dict[str, Standing] = {}
    known = (end.position, end.position)
    for opportunity, whose, worth, unit, *told in ask(OPENING, (start.micros, start.micros, *known)):
        standing[opportunity] = Standing(whose, worth, unit, Told(*told), scope.holds(whose, start.micros))
    _note("open", standing, bars)
    for since, opportunity, *now in _in_order(ask(STEPS, (start.micros, end.micros, *known)), scope.moves(ask)):
        if opportunity is None:
            login, told = now
            for each, before in list(standing.items()):
                if before.owner == login:
                    _turn(each, before, before._replace(counts=scope.holds(login, since)), "open", told, standing, bars)
        else:
            _step(since, opportunity, now, scope, standing, bars)
    _note("closing", standing, bars)
    return bars.rows(currency, (*BARS, *(MOVES if owner or group else ()), "closing"))


def _in_order(steps: Sequence[Sequence[Any]], moves: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return all steps by moment; at one moment a person's move comes first, then a customer's, then the others."""

    def place(step: Sequence[Any]) -> tuple[int, int, int]:
        if step[1] is None:
            return step[0], 0, step[3].position
        return step[0], 2 if step[9].startswith("opportunity.") else 1, step[7]

    return sorted([*steps, *moves], key=place)


def _step(
    since: int, opportunity: str, now: Sequence[Any], scope: Scope, standing: dict[str, Standing], bars: Bars
) -> None:
    """Take a step of an opportunity."""
    status, owner, worth, currency, valued, *rest = now
    told, before = Told(*rest), standing.get(opportunity)
    because = before.valued if before and valued != told.position else told
    counts = status == "open" and scope.holds(owner, since)
    _turn(opportunity, before, Standing(owner, worth, currency, because, counts), status, told, standing, bars)


def _turn(
    opportunity: str,
    before: Standing | None,
    after: Standing,
    status: str,
    told: Told,
    standing: dict[str, Standing],
    bars: Bars,
) -> None:
    """Let an opportunity stand as it does `after` the event, and note in a bar what that changes of what counts."""
    counted = before is not None and before.counts
    was = before.amount if before is not None and counted else 0
    moved = (after.amount if after.counts else 0) - was
    if counted and not after.counts:
        bars.add("moved-out" if status == "open" else status, after.currency, opportunity, told, moved)
    elif after.counts and not counted:
        bars.add("new" if before is None else "moved-in", after.currency, opportunity, told, moved)
    elif moved:
        bars.add("up" if moved > 0 else "down", after.currency, opportunity, told, moved)
    if status == "open":
        standing[opportunity] = after
    else:
        standing.pop(opportunity, None)


def _note(bar: str, standing: dict[str, Standing], bars: Bars) -> None:
    """Note what counts as it stands."""
    for opportunity, at in sorted(standing.items(), key=lambda each: (each[1].valued.position, each[0])):
        if at.counts:
            bars.add(bar, at.currency, opportunity, at.valued, at.amount)


NAMES: Final = {
    "open": Note("opening"),
    "new": Note("new"),
    "up": Note("up"),
    "down": Note("down"),
    "won": Note("won"),
    "lost": Note("lost"),
    "moved-in": Note("moved in"),
    "moved-out": Note("moved out"),
    "closing": Note("closing"),
}


@view(
    "waterfall",
    title="Pipeline waterfall",
    about="A row a bar: how what was open became what is open.",
    asked="sales waterfall --from 2024-02-01 --to 2024-03-01 --json",
    example="sales waterfall --from 2024-02-01 --to 2024-03-01",
    needs=("pipeline", "organisation"),
    key=("currency", "bar"),
    moments="two",
    period="present",
    period_help="From the day before its first day to its last day.",
)
class Waterfall(View):
    """Show how the pipeline changed between two days: open, new, up, down, won, lost, closing, each with its events."""

    owner: Login | None = given("Only opportunities of this owner.", default=None)
    group: GroupCode | None = given("Only opportunities of this group and those below it.", default=None)

    BETWEEN = Between(
        since="The waterfall begins with what was open then.",
        until="It ends with what was open then; --as-of unless given.",
        both="A period says from when to when; give --period or --from and --to.",
        twice="--to is the as-of of a waterfall; give one of them.",
        backwards="The waterfall would run backwards: from {since} to {until}.",
    )
    COLUMNS = (
        Column(
            "bar", "Bar", eye=lambda row: NAMES[row["bar"]],
            meaning="open, new, up, down, won, lost, with --owner or --group moved-in and moved-out, and closing.",
        ),
        Column(
            "amount", "Amount", "amount", missing="",
            meaning="What it adds, negative for down, won, lost and moved-out; closing is the sum of the others.",
        ),
        Column("currency", "Currency", missing="", meaning="Each currency has bars of its own."),
        Column("count", "Events", "count", missing="", meaning="How many events."),
        only_json(
            "events",
            "list",
            "The events, as below; of open and closing, for each opportunity the one that its amount rests on.",
        ),
    )  # fmt: skip
    EVENTS = "lines"
    CHART = "bars"

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group}
        return waterfall(q.ask, q.begins, q.moments, q.organisation, currency=q.currency, **whose)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {
            "from": q.begins.as_of.isoformat(timespec="seconds"),
            "to": q.moments.as_of.isoformat(timespec="seconds"),
        }

    def line(self, event: Mapping[str, Any]) -> dict[str, Any]:
        said = f"  {event['position']} {event['name']}"
        return {"bar": said, "amount": event["amount"], "drawn": event["opportunity"]}
