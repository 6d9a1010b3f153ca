"""Quick entry: on a terminal, what an action still needs is asked for, one thing at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.actions.next_step import quote
from domain.calendar.date_words import working_days_of
from domain.kernel.action import Action
from domain.kernel.field import TEXT, BadValue, Field, fields_of
from domain.kernel.registry import SUBJECTS
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.request import Request

_ = translate.translate


class Offer(NamedTuple):
    """A field that is worth asking for though it may stay empty.

    `after` names the one without which it is not asked; one that `starts` is asked for even if nothing is lacking.
    """

    field: str
    after: str = ""
    starts: bool = False


OFFERED: Final[dict[str, tuple[Offer, ...]]] = {
    "customer.dispute": (Offer("evidence", starts=True),),
    "objection.answer": (Offer("answer", starts=True),),
    "objection.resolve": (Offer("outcome", starts=True),),
    "follow-up.log": (Offer("feedback"), Offer("next_action"), Offer("due", after="next_action")),
}
"""Beside what an action needs, what is worth asking for once one is asked."""

NEAR: Final = 5
LISTS: Final = ",，、;；"
"""What stands between several values of one answer."""


def lacking(cls: type[Action], data: dict[str, Any], subject: str | None) -> bool:
    """Say whether an action can't be recorded with what was typed."""
    starts = any(offer.starts and offer.field not in data for offer in OFFERED.get(cls.NAME, ()))
    return starts or (not cls.CREATES and not subject) or next(needed(cls, data), None) is not None


def needed(cls: type[Action], data: dict[str, Any]) -> Iterator[Field]:
    """Yield the fields that are needed and not given; of a due day and a number of working days one is."""
    fields = {field.name: field for field in fields_of(cls)}
    for field in fields.values():
        if field.required and field.name not in data:
            yield field
    if {"due", "working_days"} <= fields.keys() - data.keys() and "next_action" not in fields:
        yield fields["due"]


def completed(
    session: Session, cls: type[Action], data: dict[str, Any], subject: str | None
) -> tuple[dict[str, Any], str | None]:
    """Return the typed values and the subject, with what was lacking asked for. Raises Problem after a Ctrl-C."""
    if not lacking(cls, data, subject):
        return data, subject
    try:
        return _asked(session, cls, dict(data), subject)
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        raise Problem("asking.left") from None


def _asked(
    session: Session, cls: type[Action], data: dict[str, Any], subject: str | None
) -> tuple[dict[str, Any], str | None]:
    session.say(_(" ".join((cls.__doc__ or "").split())))
    if not cls.CREATES and not subject:
        subject = answer_of(session, subject_field(cls), cls)
    for field in list(needed(cls, data)):
        take(session, cls, field, data)
    fields = {field.name: field for field in fields_of(cls)}
    for offer in OFFERED.get(cls.NAME, ()):
        wanted = not offer.after or offer.after in data
        if wanted and offer.field not in data:
            take(session, cls, fields[offer.field], data, optional=not offer.after)
    session.say(filled(marked("in one line: {command}"), {"command": in_one_line(cls, data, subject)}))
    return data, subject


def subject_field(cls: type[Action]) -> Field:
    """Return what is asked for where nobody said on what the action acts."""
    noun = cls.SUBJECT
    help = marked("Its position, id or key.") if noun == "event" else marked("Its id, key or exact name.")
    return Field(noun, noun, noun, TEXT, (), False, True, None, help, True, (), False, False, noun)


def take(session: Session, cls: type[Action], field: Field, data: dict[str, Any], *, optional: bool = False) -> None:
    """Ask for a field and put the answer among the typed values; a number of working days is kept as one."""
    given = answer_of(session, field, cls, optional=optional)
    if given is None:
        return
    days = working_days_of(given) if isinstance(given, str) and field.name == "due" else None
    if days is not None:
        data["working_days"] = str(days)
    else:
        data[field.name] = given


def answer_of(session: Session, field: Field, cls: type[Action], *, optional: bool = False) -> Any:
    """Ask until the answer is one that the field can take; None where nothing is answered and that is allowed."""
    for line in question(field, optional=optional):
        print(line, file=sys.stderr)
    while True:
        given = typed_line(field.flag)
        if not given:
            if optional:
                return None
            continue
        try:
            return taken(session, field, cls, given)
        except Problem as wrong:
            from cli.core.errors import message_and_hint

            message, _hint = message_and_hint(wrong)
            print(f"  {message}", file=sys.stderr)
            near = beginning_with(session, field, given)
            if near:
                print(f"  {filled(marked('There is: {names}'), {'names': ', '.join(near)})}", file=sys.stderr)


def question(field: Field, *, optional: bool) -> Iterator[str]:
    """Yield what is said before the prompt: what is asked for, and the choices with their numbers."""
    empty = f" {_('(Enter: nothing)')}" if optional else ""
    yield f"{_(field.help)}{empty}"
    if field.choices:
        yield "  " + "  ".join(f"{number} {choice}" for number, choice in enumerate(field.choices, 1))


def taken(session: Session, field: Field, cls: type[Action], given: str) -> Any:
    """Return an answer as a flag would have given it. Raises Problem for one that the field can't take."""
    if field.choices and given.isdecimal() and 0 < int(given) <= len(field.choices):
        given = field.choices[int(given) - 1]
    if field.name == "due" and working_days_of(given) is not None:
        return given
    if field.role in SUBJECTS:
        known(session, field.role or "", given)
        return given
    from cli.actions.date_words import resolved

    value: Any = given
    if field.many:
        value = [part.strip() for part in given.translate(dict.fromkeys(map(ord, LISTS), "\n")).split("\n")]
    value = resolved(session, cls, {field.name: value}).get(field.name, value)
    try:
        field.kind.read(value)
    except BadValue as wrong:
        facts = {**wrong.told, "help": field.help}
        raise Problem("usage.bad_value", field=field.flag, value=given[:80], **facts) from None
    return value


def known(session: Session, noun: str, named: str) -> None:
    """Raise Problem unless `named` names a subject of the kind `noun`."""
    kind = SUBJECTS[noun]
    whole = kind.prefix + named if kind.identity and not named.startswith(kind.prefix) else named
    try:
        stream = session.store().subject(whole)
    except Problem as problem:
        if problem.code != "subject.unknown":
            raise
        stream = ""
    if not stream.startswith(kind.prefix):
        raise Problem("subject.unknown", noun=noun, subject=named)


def beginning_with(session: Session, field: Field, given: str) -> list[str]:
    """Return some names that begin with an answer which names nothing."""
    kinds = {"customer": "name", "contract": "contract-number"}
    if field.role not in kinds:
        return []
    from infra.queries.prefix_search import claimed

    return list(dict(claimed(session.store().db, kinds[field.role], given)))[:NEAR]


def in_one_line(cls: type[Action], data: dict[str, Any], subject: str | None) -> str:
    """Return the command that would have said the same without a question."""
    words = ["sales", *cls.NAME.split(".")]
    if subject:
        words.append(subject)
    for name, value in data.items():
        flag = f"--{name.replace('_', '-')}"
        for each in value if isinstance(value, list | tuple) else [value]:
            words += [flag if each is True else f"--no-{flag[2:]}"] if isinstance(each, bool) else [flag, str(each)]
    return clean(" ".join(map(quote, words)))


def mended(session: Session, request: Request, problem: Problem) -> Request | None:
    """Return the request with what a rule has missed in it, as somebody was asked for it; None where that is no such rule.

    Raises Problem where the answer is a Ctrl-C.
    """
    cls = request.action
    missed = next((field for field in fields_of(cls) if field.name == problem.facts.get("missing")), None)
    if problem.code != "reason.missing" and (missed is None or missed.attribute in request.values):
        return None
    try:
        if missed is None:
            print(_("This needs a reason."), file=sys.stderr)
            while not (given := typed_line("reason")):
                pass
            session.config.flags["reason"] = given
            return request
        value = missed.kind.read(answer_of(session, missed, cls))
        return request._replace(values={**request.values, missed.attribute: value})
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        raise Problem("asking.left") from None


def typed_line(prompt: str) -> str:
    """Return the line that is typed after a prompt. Raises EOFError at its end."""
    print(f"{prompt}: ", end="", file=sys.stderr, flush=True)
    typed = sys.stdin.readline()
    if not typed:
        raise EOFError
    return typed.strip()
