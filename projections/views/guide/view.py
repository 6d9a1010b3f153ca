"""Questions about the process: what a stage or a role has to do, and what one customer lacks for its next stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from domain.policy.defaults import DEFAULTS
from domain.process import FILE, PROCESS, STAGES, Step, done_by, fields, help_of, next_stage, steps
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.records import Stood
from projections.views import playbook
from projections.views.guide.customer import Facts, facts

NEEDS: Final = ("tracking", "records", "audit", "pipeline", "objections", "organisation")
PARTS: Final = ("stands", "missing", "step", "practice")


def of_stage(ask: Ask, moments: Moments, organisation: Organisation, stage: str) -> list[dict[str, Any]]:
    """Return the steps of a stage, and what the team has adopted for it."""
    found = [_step(stage, step, organisation, moments) for step in steps(stage)]
    return [*found, *_practices(stage, playbook.fitting(playbook.practices(ask, moments), stage=stage))]


def of_role(organisation: Organisation, moments: Moments, role: str) -> list[dict[str, Any]]:
    """Return the steps that a role may do, stage by stage."""
    mine = ((stage, step) for stage in PROCESS for step in steps(stage) if role in done_by(step))
    return [_step(stage, step, organisation, moments) for stage, step in mine]


def of_customer(ask: Ask, moments: Moments, organisation: Organisation, row: Mapping[str, Any]) -> list[dict[str, Any]]:
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


def _step(stage: str, step: Step, organisation: Organisation, moments: Moments) -> dict[str, Any]:
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
