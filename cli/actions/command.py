"""A command from an action's declaration: its words, its flags, its help, and the request they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.core.command import Command
from cli.core.options import Option, argument, option
from domain.kernel.action import Action
from domain.kernel.field import Field, fields_of
from infra.errors.problem import Problem
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.unit_of_work import CommandResult


def command_of(cls: type[Action]) -> Command:
    """Return the command of an action class."""
    fields = fields_of(cls)
    words = argument("bare", required=False, many=True, offers=lambda ctx, start: bare_words(cls, ctx, start))
    params: list[Any] = [words, *(flag_of(field, cls.NAME.partition(".")[0]) for field in fields)]
    if redoes(cls):
        params.append(option("--subject", metavar="ID", help=marked("The one that exists already, to change it.")))

    def run(session: Session, *, bare: tuple[str, ...], **flags: Any) -> None:
        from cli.actions.outcome import told

        session.acts = True
        request = read(cls, bare, flags, session)
        if cls.NAME == "customer.erase-contact":
            from cli.actions.erasure import erase

            erase(session, request)
            return
        told(session, request, recorded(session, request))

    return Command(
        cls.NAME.partition(".")[2],
        run,
        params=params,
        help=" ".join((cls.__doc__ or "").split()),
        example=cls.EXAMPLE,
        usage=usage_of(cls),
        shows="action",
    )


def bare_words(cls: type[Action], ctx: Any, start: str) -> list[tuple[str, str]]:
    """Return what the next bare word may become."""
    from cli.core.completion import bare_words as candidates

    return candidates(cls, ctx, start)


def redoes(cls: type[Action]) -> bool:
    """Say whether a creating action may also name an existing subject."""
    return cls.CREATES and cls.REDO


def bare_subject(cls: type[Action]) -> bool:
    """Say whether the first bare word names the subject."""
    return not cls.CREATES or (redoes(cls) and not any(field.positional for field in fields_of(cls)))


def flag_of(field: Field, noun: str = "") -> Option:
    """Return the flag of a field; what is required or wrong is found out by `typed`, as for a batch."""
    name = f"--{field.flag}"
    panel = marked("Fields")
    if field.kind.word == "flag":
        return option(field.name, f"{name}/--no-{field.flag}", flag=True, help=field.help, panel=panel)
    made = option(
        field.name,
        name,
        many=field.many,
        metavar=metavar(field),
        offers=() if field.open and not field.worded else field.choices,
        help=field.help,
        panel=panel,
        completes="ITEM:" + noun if field.name == "item" else "METRIC" if field.open and not field.worded else "",
    )
    made.needed, made.many = field.required, field.many
    made.usual = field.default if isinstance(field.default, str) else ""
    return made


def metavar(field: Field) -> str:
    """Return what stands for a field's value in help."""
    if field.choices:
        return "|".join(field.choices)
    if field.role:
        return {"person": "LOGIN", "group": "CODE"}.get(field.role, field.role.upper())
    words = {
        "number": "NUMBER",
        "count": "N",
        "date": "DATE",
        "period": "PERIOD",
        "table": "JSON",
        "next action": '"WHAT @ WHEN"',
        "instalment": '"PART @ WHEN"',
        "promise": '"WHAT @ DATE"',
    }
    return words.get(field.kind.word, "TEXT")


def usage_of(cls: type[Action]) -> str:
    """Return the words of the usage line."""
    subject = [cls.SUBJECT.upper()] if bare_subject(cls) else []
    words = [f.flag.upper() if f.required else f"[{f.flag.upper()}]" for f in fields_of(cls) if f.positional]
    return " ".join([*(f"[{word}]" if cls.CREATES else word for word in subject), *words])


def read(cls: type[Action], bare: Sequence[str], flags: Mapping[str, Any], session: Session | None = None) -> Any:
    """Return the request that the typed words make. Raises Problem.

    With a session, words for days are understood, and on a terminal what is lacking is asked for.
    """
    from infra.commands.request import Request, typed

    data, subject = placed(cls, bare, flags)
    if session is not None:
        from cli.actions.date_words import resolved

        if session.can_ask:
            from cli.actions import prompt

            data, subject = prompt.completed(session, cls, data, subject)
        data = resolved(session, cls, data)
    return Request(cls, typed(cls, data), subject)


def placed(cls: type[Action], bare: Sequence[str], flags: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the values of the fields as they were typed, and the subject. Raises Problem.

    Bare words fill the subject, then those positional fields that no flag gives, in their order.
    """
    data = {name: value for name, value in flags.items() if value is not None and value != () and name != "subject"}
    subject = flags.get("subject") if redoes(cls) else None
    waiting = list(bare)
    if bare_subject(cls) and waiting and subject is None:
        subject = waiting.pop(0)
    for field in fields_of(cls):
        if field.positional and field.name not in data and waiting:
            data[field.name] = [waiting.pop(0)] if field.many else waiting.pop(0)
    if waiting:
        why = marked("There is one word too many: {word}.")
        raise Problem("usage.options", why=why, why_facts={"word": waiting[0]}, command=cls.NAME.replace(".", " "))
    return data, subject


def recorded(session: Session, request: Any) -> CommandResult:
    """Record the request; on a terminal what a rule misses, a reason or a field, is asked for. Raises Problem."""
    return tried(session, request, dry_run=bool(session.dry_run))[1]


def tried(session: Session, request: Any, *, dry_run: bool) -> tuple[Any, CommandResult]:
    """Record the request, or find out what would be; return it as it was at last asked for, and the answer."""
    while True:
        try:
            return request, record(session, request, dry_run=dry_run)
        except Problem as problem:
            if not session.can_ask:
                raise
            from cli.actions.prompt import mended

            more = mended(session, request, problem)
            if more is None:
                raise
            request = more


def record(session: Session, request: Any, *, dry_run: bool) -> CommandResult:
    """Record the request, or find out what would be, with the envelope that the session holds. Raises Problem.

    Where it would be a store's first, it is decided in a passing one before any is made.
    """
    from cli.actions.date_words import business_time

    store = session.store()
    trying, session.acts = bool(session.trying), True
    if not trying:
        session.remember(store)
    actor, login = session.actor, session.login
    ledger = store.ledger(actor, recorder=login if login != actor else None)
    asked = request._replace(key=session.key, at=business_time(session), reason=session.reason)
    answer = ledger.record([asked], dry_run=dry_run or trying)[0]
    if isinstance(answer, Problem):
        raise answer
    if trying and not dry_run:
        session.begun()
        return record(session, request, dry_run=dry_run)
    if "person.departed" in answer.names and not dry_run:
        from cli.commands.logins import of_departed

        of_departed(session, store, answer.subject)
    return answer
