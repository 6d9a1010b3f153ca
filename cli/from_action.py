"""A command from an action's declaration: its words, its flags, its help, and the request they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cli.frame import Command
from cli.options import Option, argument, option
from cli.text import marked
from domain.action import Action
from domain.field import Field, fields_of
from infra.problem import Problem

if TYPE_CHECKING:
    from cli.session import Session
    from infra.gathered import Recorded
    from infra.store import Store

DAYS_BACK = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}


def command_of(cls: type[Action]) -> Command:
    """Return the command of an action class."""
    fields = fields_of(cls)
    words = argument("bare", required=False, many=True)
    params: list[Any] = [words, *(flag_of(field) for field in fields)]
    if redoes(cls):
        params.append(option("--subject", metavar="ID", help=marked("The one that exists already, to change it.")))

    def run(session: Session, *, bare: tuple[str, ...], **flags: Any) -> None:
        from cli.answer import told

        request = read(cls, bare, flags)
        told(session, request, record(session, request))

    return Command(
        cls.NAME.partition(".")[2],
        run,
        params=params,
        help=" ".join((cls.__doc__ or "").split()),
        example=cls.EXAMPLE,
        usage=usage_of(cls),
        shows="action",
    )


def redoes(cls: type[Action]) -> bool:
    """Say whether a creating action may also name an existing subject."""
    return cls.CREATES and cls.REDO


def bare_subject(cls: type[Action]) -> bool:
    """Say whether the first bare word names the subject."""
    return not cls.CREATES or (redoes(cls) and not any(field.positional for field in fields_of(cls)))


def flag_of(field: Field) -> Option:
    """Return the flag of a field; what is required or wrong is found out by `typed`, as for a batch."""
    name = f"--{field.flag}"
    panel = marked("Fields")
    if field.kind.word == "flag":
        return option(field.name, f"{name}/--no-{field.flag}", flag=True, help=field.help, panel=panel)
    made = option(
        field.name, name, many=field.many, metavar=metavar(field), offers=field.choices, help=field.help, panel=panel
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
    }
    return words.get(field.kind.word, "TEXT")


def usage_of(cls: type[Action]) -> str:
    """Return the words of the usage line."""
    subject = [cls.SUBJECT.upper()] if bare_subject(cls) else []
    words = [f.flag.upper() if f.required else f"[{f.flag.upper()}]" for f in fields_of(cls) if f.positional]
    return " ".join([*(f"[{word}]" if cls.CREATES else word for word in subject), *words])


def read(cls: type[Action], bare: Sequence[str], flags: Mapping[str, Any]) -> Any:
    """Return the request that the typed words make. Raises Problem.

    Bare words fill the subject, then those positional fields that no flag gives, in their order.
    """
    from infra.request import Request, typed

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
    return Request(cls, typed(cls, data), subject)


def record(session: Session, request: Any) -> Recorded:
    """Record the request, with the envelope that the session holds. Raises Problem."""
    store = session.store()
    actor, login = session.actor, session.login
    ledger = store.ledger(actor, recorder=login if login != actor else None)
    asked = request._replace(key=session.key, at=business_time(session.at, store), reason=session.reason)
    answer = ledger.record([asked], dry_run=session.dry_run)[0]
    if isinstance(answer, Problem):
        raise answer
    return answer


def business_time(typed: str | None, store: Store) -> str | None:
    """Return the time of --at as the ledger takes it: `today` and `yesterday` are plain days of the store's zone."""
    if typed is None or typed.strip().lower() in ("now", "现在"):
        return None
    back = DAYS_BACK.get(typed.strip().lower())
    if back is None:
        return typed.strip()
    today = store.clock().astimezone(store.zone).date()
    return (today - timedelta(days=back)).isoformat()
