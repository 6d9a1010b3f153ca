"""The persons and groups that a view is narrowed by, looked at once for all views: a name that nobody has is no empty table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

PERSON: Final = ("person", ("per_",), ("system",))
GROUP: Final = ("group", ("grp_",), ())
EITHER: Final = ("person or group", ("per_", "grp_"), ("company",))
KINDS: Final = {"LOGIN": PERSON, "CODE": GROUP, "OWNER": EITHER}
"""By what stands for a value in help: what it names, what the ids of such begin with, and what else may stand there."""


def must_be_there(session: Session, given: Iterable[tuple[str, str]]) -> None:
    """Raise Problem if a value, given with what stands for it in help, names nobody as the log was known.

    A login on Postgres that doesn't see all groups is told the same of a group that isn't there and of one that it doesn't see.
    """
    from infra.queries import known_names

    store = session.store()
    sight = known_names.seen(store)
    for kind, name in given:
        noun, prefixes, besides = KINDS[kind]
        if name in besides:
            continue
        if sight is not None:
            _among_those_seen(session, sight, noun, name)
            continue
        position = store.moments(known_at=session.known_at).position
        if not known_names.there(store, prefixes, name, position):
            raise _unknown(store, session.known_at, noun, prefixes, name, position)


def _unknown(
    store: Store, known_at: str | None, noun: str, prefixes: tuple[str, ...], name: str, position: int
) -> Problem:
    from infra.queries import known_names

    alike, every = known_names.near(store, prefixes, name, position)
    facts: dict[str, Any] = {"noun": noun, "value": name[:80], "near": alike or every[: known_names.FEW]}
    why = marked("There was none yet.") if not every else marked("Among those that there are: {near}.")
    why = marked("Did you mean {near}?") if alike else why
    then = known_at and known_names.there(store, prefixes, name, store.reader.head()[0])
    if then:
        facts["known_at"] = known_at
    code = "usage.unknown_then" if then else "usage.unknown_name"
    return Problem(code, **facts, why=why, why_facts={"near": translate.listed(facts["near"])})


def _among_those_seen(session: Session, sight: list[str], noun: str, name: str) -> None:
    from difflib import get_close_matches

    if name in sight:
        return
    alike = get_close_matches(name, sight, 1, 0.5)
    line = marked("Your login sees no {noun} {value}.")
    if alike:
        line = marked("Your login sees no {noun} {value}. Did you mean {near}?")
    session.say(translate.filled(line, {"noun": translate.translate(noun), "value": name[:80], "near": "".join(alike)}))
