"""Questions about the playbook: which practices are in use, for what, and what became of the objections they answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any, Final, Literal, NamedTuple

from domain.kernel.action import given
from domain.kernel.money import ratio, text_of
from domain.kernel.types import CustomerStage
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import behind
from projections.queries.customers import chunks
from projections.queries.records import Stood, stood
from projections.views.column import Column
from projections.views.parameters import Grade
from projections.views.spec import Query, View, view

NEEDS: Final = ("records", "audit", "pipeline", "objections")
FOR: Final = ("stage", "grade", "objection")
NAMING: Final = """
SELECT n.subject, n.position FROM {{audit_named}} n JOIN {{log}} l ON l.position = n.position
WHERE n.subject IN ({marks}) AND n.position <= ? AND l.name = 'customer.objection_answered'
"""
STOOD: Final = """
SELECT o.kind, o.logged, o.answered, o.resolved, o.sources FROM {objections} o
WHERE o.since <= ? AND o.ends > ? AND o.known_from <= ? AND o.known_to > ?
"""


class Use(NamedTuple):
    """How often a practice answered an objection, how many of these were resolved, and the day of its last answer."""

    used: int = 0
    resolved: int = 0
    last: int = 0


NEVER: Final = Use()


def rows(
    ask: Ask,
    moments: AsOf,
    *,
    stage: str | None = None,
    grade: str | None = None,
    objection: str | None = None,
    kind: str | None = None,
    retired: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the practices in use, the first adopted first; with `retired` those that were retired by then too.

    What is asked for a stage, a grade or an objection is answered by the practices for it, then by those for everything.
    """
    kept = (each for each in practices(ask, moments, retired=retired) if kind in (None, each.said["kind"]))
    shown = fitting(kept, stage=stage, grade=grade, objection=objection)
    uses = _uses(ask, moments, [each.subject for each in shown])
    made = [_row(each, uses.get(each.subject, NEVER)) for each in shown]
    if explain:
        for row, events in zip(made, behind(ask, moments, shown), strict=True):
            row["events"] = events
    return made


def practices(ask: Ask, moments: AsOf, *, retired: bool = False) -> list[Stood]:
    """Return the practices in use, the first adopted first; with `retired` those that were retired by then too."""
    return stood(ask, moments, "practice", still_open=not retired)


def fitting(
    several: Iterable[Stood], *, stage: str | None = None, grade: str | None = None, objection: str | None = None
) -> list[Stood]:
    """Return the practices for what is asked, those for it before those for everything; in their order if nothing is asked."""
    wanted = {name: value for name, value in zip(FOR, (stage, grade, objection), strict=True) if value}
    if not wanted:
        return list(several)
    meant = [(each, {name: each.said[name] for name in FOR if each.said.get(name)}) for each in several]
    fit = [(each, said) for each, said in meant if not said or _fits(said, wanted)]
    return [each for each, said in fit if said] + [each for each, said in fit if not said]


def _fits(meant: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Say whether a practice that is meant for something is for one of what is wanted and no other of its kind."""
    common = meant.keys() & wanted.keys()
    return bool(common) and all(meant[name] == wanted[name] for name in common)


def _row(practice: Stood, use: Use) -> dict[str, Any]:
    said, retired = practice.said, practice.state == "retired"
    return {
        "id": practice.subject,
        "kind": said["kind"],
        "stage": said.get("stage"),
        "grade": said.get("grade"),
        "objection": said.get("objection"),
        "text": said["text"],
        "used": use.used,
        "resolved": use.resolved,
        "adopted": practice.opened.isoformat(),
        "by": practice.actor,
        "review": said.get("review"),
        "finding": said.get("finding"),
        "state": practice.state,
        "retired": practice.closed.isoformat() if practice.closed else None,
        "reason": practice.steps[-1][4] if retired else None,
    }


def _uses(ask: Ask, moments: AsOf, practices: Iterable[str]) -> dict[str, Use]:
    """Return how often each practice was named by an answer that stands."""
    answers = {
        position: practice
        for marks, some in chunks(practices)
        for practice, position in ask(NAMING.format(marks=marks), (*some, moments.position))
    }
    uses: dict[str, Use] = {}
    for _, _, answered, resolved, sources in _objections(ask, moments) if answers else ():
        for practice in {answers[position] for position in json.loads(sources) if position in answers}:
            before = uses.get(practice, NEVER)
            last = max(before.last, answered or 0)
            uses[practice] = Use(before.used + 1, before.resolved + (resolved is not None), last)
    return uses


def _objections(ask: Ask, moments: AsOf) -> Sequence[tuple[Any, ...]]:
    return ask(STOOD, (moments.micros, moments.micros, moments.position, moments.position))


def against(ask: Ask, moments: AsOf, kind: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return how objections of a kind ended, and the practices against it, the one that worked last first.

    No text of any customer is among it: counts, days, and what the team has adopted for everybody.
    """
    of_kind = [(logged, resolved) for one, logged, _, resolved, _ in _objections(ask, moments) if one == kind]
    days = [resolved - logged for logged, resolved in of_kind if resolved]
    told = {
        "kind": kind,
        "count": len(of_kind),
        "resolved": len(days),
        "resolved_share": text_of(ratio(len(days), len(of_kind))),
        "median_days": format(median(days), "g") if days else None,
    }
    meant = [each for each in practices(ask, moments) if each.said.get("objection") == kind]
    uses = _uses(ask, moments, [each.subject for each in meant])
    meant.sort(key=lambda each: (-uses.get(each.subject, NEVER).last, -each.position))
    return told, [_row(each, uses.get(each.subject, NEVER)) for each in meant]


@view(
    "playbook",
    title="Playbook",
    about="A row a practice, the first adopted first.",
    example="sales playbook --objection price",
    needs=(*NEEDS, "organisation"),
    key=("id",),
)
class Playbook(View):
    """Show the questions, scripts, cases and templates that the team has adopted, and how often they worked."""

    stage: CustomerStage | None = given("For this stage, as proposed.", default=None)
    grade: Grade | None = given("For customers of this grade.", default=None)
    objection: str | None = given("Against this kind of objection, as price.", default=None)
    kind: Literal["discovery-question", "script", "case", "template"] | None = given("Only these.", default=None)
    retired: bool = given("Those that were retired too.", default=False)

    COLUMNS = (
        Column("kind", "Kind", meaning="discovery-question, script, case or template."),
        Column("stage", "Stage", missing="", meaning="For which stage; null for any."),
        Column("grade", "Grade", missing="", meaning="For customers of which grade; null for any."),
        Column("objection", "Objection", missing="", meaning="Against which kind of objection; null for none."),
        Column("text", "Text", meaning="Its text."),
        Column("used", "Used", "count", meaning="Objections with an answer that named it."),
        Column("resolved", "Resolved", "count", meaning="Of these resolved."),
        Column("adopted", "Adopted on", "date", meaning="When it was adopted."),
        Column("id", "Id", meaning="The practice's id."),
        Column("state", "State", meaning="adopted or retired; the retired ones with --retired."),
        Column("retired", "Retired", "date", meaning="When it was retired."),
        Column("by", "By", wide=True, meaning="Who adopted it.", form="login"),
        Column("review", "Review", wide=True, meaning="The id of the review that it comes from."),
        Column("finding", "Finding", wide=True, meaning="The number of the finding there."),
        Column("reason", "Reason", wide=True, meaning="Why it was retired."),
    )

    def columns(self, output: str) -> tuple[Column, ...]:
        several = View.columns(self, output)
        shown = self.retired or output != "table"
        return several if shown else tuple(c for c in several if c.key not in ("state", "retired"))

    def rows(self, q: Query) -> list[dict[str, Any]]:
        wanted: Any = {"stage": self.stage, "grade": self.grade, "objection": self.objection, "kind": self.kind}
        return rows(q.ask, q.moments, **wanted, retired=self.retired, explain=q.explain)
