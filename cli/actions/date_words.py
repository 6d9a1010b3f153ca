"""Words for days among the typed values of an action, turned into plain dates and said back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.calendar.date_words import NoDay, Reckoning, named_day, split_time, working_days_of
from domain.kernel.action import Action
from domain.kernel.field import Field, fields_of
from infra.errors.problem import Problem

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

SPOKEN = ("date", "next action")
"""Kinds of fields in which a word may stand for a day."""


def business_time(session: Session) -> str | None:
    """Return the time of --at as the ledger takes it: a word becomes a plain day, or a time of that day. Raises Problem."""
    typed = session.at
    if typed is None or typed.strip().lower() in ("now", "现在"):
        return None
    written = typed.strip()
    if written[:4].isdecimal() and written[4:8:3] == "--":
        return str(written)
    store = session.store()
    try:
        words, hour = split_time(written)
        day = named_day(words if hour is None or words else "today", store.reckoning(back=True))
    except NoDay as wrong:
        raise Problem("usage.bad_time", field="at", value=typed[:80], **wrong.told) from None
    session.said_back("at", day, written)
    return day.isoformat() if hour is None else datetime.combine(day, hour).isoformat()


def resolved(session: Session, cls: type[Action], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed `data` of an action with words for days turned into dates. Raises Problem."""
    found = dict(data)
    for field in fields_of(cls):
        typed = found.get(field.name)
        if field.kind.word in SPOKEN and typed is not None:
            read = promise if field.kind.word == "next action" else day_of
            found[field.name] = (
                [read(session, cls, field, each) for each in typed] if field.many else read(session, cls, field, typed)
            )
    return found


def day_of(session: Session, cls: type[Action], field: Field, typed: str) -> str:
    """Return the day that a flag's value names, as it is written in a batch. Raises Problem."""
    written = typed.strip()
    if len(written) == 10 and written[4] == "-" and written[7] == "-":
        return written
    back = field.name == cls.DATED and not cls.PLANS
    try:
        day = named_day(written, reckoning(session, back=back))
    except NoDay as wrong:
        raise Problem("usage.bad_value", field=field.name, value=typed[:80], help=field.help, **wrong.told) from None
    session.said_back(field.flag, day, written)
    return day.isoformat()


def promise(session: Session, cls: type[Action], field: Field, typed: str) -> str:
    """Return a next action with the day after its @ resolved; working days stay working days."""
    what, at, when = typed.rpartition("@")
    if not at:
        return typed
    days = working_days_of(when)
    return f"{what}@ {days}wd" if days is not None else f"{what}@ {day_of(session, cls, field, when)}"


def reckoning(session: Session, *, back: bool) -> Reckoning:
    """Return from where words are reckoned: today, and what is counted in days from the day of --at."""
    store = session.store()
    at = business_time(session)
    return store.reckoning(_day(at, store) if at else None, back=back)


def _day(at: str, store: Store) -> date | None:
    from domain.calendar.moment import day_of as business_day

    try:
        return business_day(at, store.zone)
    except ValueError:
        return None  # the ledger says what is wrong with it
