"""Questions about the process: what a stage or a role has to do, and what one customer lacks for its next stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args

from domain.kernel.action import given
from domain.kernel.refusal import Refused
from domain.kernel.rights import RECORDERS
from domain.kernel.types import PersonRole
from domain.policy.defaults import DEFAULTS
from domain.process import FILE, PROCESS, STAGES, Step, done_by, fields, help_of, next_stage, steps
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.records import Stood
from projections.views import playbook, tracking
from projections.views.column import Column, Note, Row, Rows, only_json
from projections.views.guide.customer import Facts, facts
from projections.views.parameters import Topic
from projections.views.spec import NoAnswer, Query, View, by_policies, view

NEEDS: Final = ("tracking", "records", "audit", "pipeline", "objections", "organisation")
PARTS: Final = ("stands", "missing", "step", "practice")


def of_stage(ask: Ask, moments: AsOf, organisation: Organisation, stage: str) -> list[dict[str, Any]]:
    """Return the steps of a stage, and what the team has adopted for it."""
    found = [_step(stage, step, organisation, moments) for step in steps(stage)]
    return [*found, *_practices(stage, playbook.fitting(playbook.practices(ask, moments), stage=stage))]


def of_role(organisation: Organisation, moments: AsOf, role: str) -> list[dict[str, Any]]:
    """Return the steps that a role may do, stage by stage."""
    mine = ((stage, step) for stage in PROCESS for step in steps(stage) if role in done_by(step))
    return [_step(stage, step, organisation, moments) for stage, step in mine]


def of_customer(ask: Ask, moments: AsOf, organisation: Organisation, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return where a customer stands, what it lacks for the next stage, the steps of its stage, and what helps with it.

    `row` is its row of tracking.
    """
    stage = row["stage"]
    known = facts(ask, moments, row)
    stands = _row("stands", stage, what=row["next_action"], who=_some(row["owner"]), due=row["next_due"])
    lacks = [*_lacking(stage, known), *_of_file(stage, known)]
    done = [_step(stage, step, organisation, moments) for step in steps(stage)]
    practices = playbook.practices(ask, moments)
    adopted = playbook.fitting(practices, stage=stage, grade=row["grade"])
    for kind in dict.fromkeys(each["kind"] for each in row["open_objections"]):
        adopted += playbook.fitting(practices, objection=kind)
    helping = {practice.subject: practice for practice in adopted}
    return [stands, *lacks, *done, *_practices(stage, helping.values())]


def _lacking(stage: str, known: Facts) -> Iterator[dict[str, Any]]:
    """Yield what has to happen before the next stage, what an earlier stage was left without first."""
    after = next_stage(stage)
    if after is None:
        return
    for reached in STAGES[1 : STAGES.index(after) + 1]:
        for action in known.lacks(reached, after):
            needed, _ = fields(action)
            yield _row("missing", reached, action, what=help_of(action), fields=needed, required=needed)


def _of_file(stage: str, known: Facts) -> Iterator[dict[str, Any]]:
    """Yield what fills the file up; a grade is asked for by the stage of that name."""
    by_action: dict[str, list[str]] = {}
    for name in known.unfilled:
        if name != "grade" and stage not in ("invalid", "lost"):
            by_action.setdefault(FILE[name], []).append(name)
    for action, names in by_action.items():
        yield _row("missing", stage, action, what=help_of(action), fields=names)


def _step(stage: str, step: Step, organisation: Organisation, moments: AsOf) -> dict[str, Any]:
    needed, others = fields(step.action)
    norm = step.norm if step.norm in DEFAULTS else None
    (held,) = organisation.in_force(moments.day, norm) if norm else ({"values": None},)
    return _row(
        "step", stage, step.action, what=help_of(step.action), who=list(done_by(step)), norm=norm,
        values=held["values"], fields=[*needed, *others], required=needed,
    )  # fmt: skip


def _practices(stage: str, practices: Iterable[Stood]) -> list[dict[str, Any]]:
    return [
        _row("practice", stage, what=each.said["text"], kind=each.said["kind"], id=each.subject) for each in practices
    ]


def _row(
    part: str,
    stage: str,
    action: str | None = None,
    *,
    what: str | None = None,
    who: list[str] | None = None,
    due: str | None = None,
    norm: str | None = None,
    values: Mapping[str, Any] | None = None,
    fields: list[str] | None = None,
    required: list[str] | None = None,
    kind: str | None = None,
    id: str | None = None,
) -> dict[str, Any]:
    return {
        "part": part,
        "stage": stage,
        "action": action,
        "what": what,
        "who": who or [],
        "due": due,
        "norm": norm,
        "values": values,
        "fields": fields or [],
        "required": required or [],
        "kind": kind,
        "id": id,
    }


def _some(login: str | None) -> list[str]:
    return [login] if login else []


def word_of(topic: str) -> str | None:
    """Return the stage or the role that a topic names, None for none."""
    word = "-".join(topic.strip().lower().replace("_", " ").split())
    return word if word in PROCESS or word in get_args(PersonRole) else None


SAID: Final = {"stands": Note("stands"), "missing": Note("missing"), "step": Note("step"), "practice": Note("practice")}


def _in_words(row: Row) -> Any:
    """Return what is done in words; what somebody wrote stays as it is."""
    return Note(row["what"]) if row["what"] and row["action"] else row["what"]


def _by_whom(row: Row) -> Any:
    return [Note("everybody")] if set(row["who"]) == set(RECORDERS) else row["who"] or None


def _fields_named(row: Row) -> Any:
    """Return of a step the fields that it needs, of what is missing all."""
    return (row["fields"] if row["part"] == "missing" else row["required"]) or None


@view(
    "guide",
    title="Guide",
    about="What is missing, what is to be done, what helps: of a stage, a role or a customer.",
    asked="sales guide proposed --json",
    example="sales guide proposed",
    needs=NEEDS,
    key=("part", "stage", "action", "id"),
)
class Guide(View):
    """Show what is to be done in a stage or by a role, under which norm, with what the team has adopted; or what a customer lacks."""

    topic: Topic = given("A stage, as proposed; a role, as rep; or a customer: id, key or exact name.", positional=True)

    EVENTS = ""
    COLUMNS = (
        Column(
            "part", "Part", text=lambda row: SAID[row["part"]],
            meaning="stands (of a customer), missing (of a customer), step, or practice.",
        ),
        Column(
            "stage", "Stage",
            meaning="The stage that it belongs to; of what is missing, the stage that it leads to.",
        ),
        Column(
            "what", "What", missing="", text=_in_words,
            meaning="What is done; of stands the next action; of a practice its text.",
        ),
        Column("action", "Action", missing="", meaning="The action that records it, as lead.validate."),
        Column("due", "Due", "date", missing="", meaning="Of stands: when the next action is due."),
        Column("norm", "Norm", missing="", meaning="The policy that says by when or how."),
        Column(
            "who", "By whom", "list", missing="", text=_by_whom,
            meaning="The roles that may do it; of stands the customer's owner.",
        ),
        Column(
            "fields", "Fields", "list", missing="", text=_fields_named,
            meaning="The fields of the action; of what a file lacks, those that are not filled.",
        ),
        Column(
            "kind", "Kind", missing="",
            meaning="Of a practice: discovery-question, script, case or template.",
        ),
        Column("id", "Id", missing="", meaning="Of a practice: its id."),
        only_json("values", "object", "Its values in force."),
        only_json("required", "list", "Those of them without which it is refused."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        if self.topic in PROCESS:
            return of_stage(q.ask, q.moments, q.organisation, self.topic)
        if self.topic in get_args(PersonRole):
            return of_role(q.organisation, q.moments, self.topic)
        found = tracking.rows(q.ask, q.moments, q.organisation, currency=q.currency, customer=self.topic)
        if not found:
            raise NoAnswer(Refused("subject.unknown", noun="customer", subject=q.typed["topic"]))
        return of_customer(q.ask, q.moments, q.organisation, found[0])

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        norms = dict.fromkeys(row["norm"] for row in rows if row["norm"])
        return {"policies": q.organisation.in_force(q.moments.day, *norms)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        if q.said["policies"]:
            yield by_policies(q.said["policies"])
        if rows and rows[0]["part"] == "stands":
            lacking = sum(1 for row in rows if row["part"] == "missing")
            yield Note("It stands at {stage}; missing: {count}.", {"stage": rows[0]["stage"], "count": lacking})
