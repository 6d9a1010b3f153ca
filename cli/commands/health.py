"""What `sales doctor` looks for in a store that opens: settings, tables, clock, checkpoints, calendar, an older state."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.calendar.moment import utc_text
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store


class Found(NamedTuple):
    """What a check found (ok, warning or problem), and what to do about it."""

    check: str
    state: str
    detail: str
    remedy: str = ""


Check = Callable[["Session"], Iterator[Found]]

LAGS: Final = 10_000
"""How many events a table may lie behind before a daemon is missed; a reader folds that many in about a second."""
MOST: Final = 5
"""How many of one kind are told; sales verify --thorough finds them all."""
STALE_HOURS: Final = 24
NEXT_YEAR_FROM: Final = 11
"""The month from which next year's calendar is missed: the state council publishes it in November."""


KEEP: Final = marked(
    "Keep the file as it is. Put back the last backup: sales restore FILE --store sqlite:///new.db; what can still be read"
    " of the events after it: sales export --out FILE"
)
"""What to do about a log that is damaged."""


def failed(check: str, wrong: Problem | StoreFault) -> Found:
    """Return what a check found that could not be done."""
    from cli.core.errors import message_and_hint, problem_of

    problem = problem_of(wrong)
    message, hint = message_and_hint(problem)
    return Found(check, "problem", message, filled(KEEP, {}) if problem.code == "store.broken" else hint)


def of_an_open_store(check: Callable[[Session, Store], Iterator[Found]]) -> Check:
    """Make a check that says nothing where the store does not open, which is said elsewhere."""

    @wraps(check)
    def checked(session: Session) -> Iterator[Found]:
        try:
            opened = session.store()
        except Problem:
            return
        try:
            yield from check(session, opened)
        except (Problem, StoreFault) as wrong:
            yield failed(check.__name__.replace("_", "-"), wrong)

    return checked


@of_an_open_store
def settings(session: Session, store: Store) -> Iterator[Found]:
    """Look at what decides whether an acknowledged event survives a power cut."""
    if store.db.fixed:
        return
    wanted = {"sqlite": {"journal_mode": "wal", "synchronous": "2"}}.get(
        store.db.dialect, {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    )
    for name, value in wanted.items():
        row = store.db.one(f"PRAGMA {name}" if store.db.dialect == "sqlite" else f"SHOW {name}")
        found = str(row[0]) if row else ""
        if found == value or (name == "synchronous" and found == "3") or (found in ("remote_apply", "local")):
            yield Found(name.replace("_", "-"), "ok", found)
            continue
        line = marked("{name} is {found}: a power cut can lose what was answered as recorded")
        remedy = marked("Set {name} to {value}.")
        facts = {"name": name, "found": found, "value": value}
        yield Found(name.replace("_", "-"), "problem", filled(line, facts), filled(remedy, facts))


@of_an_open_store
def tables(session: Session, store: Store) -> Iterator[Found]:
    """Look for tables that an event has stopped, that lag, or that another version of the program has made."""
    from infra.read_models.tables import standings
    from projections.read_models.registry import ON_DEMAND, VERSIONS

    head, _ = store.reader.head()
    for name, at in standings(store.db).items():
        facts = {"position": at.position, "lag": head - at.position, "table": name}
        if at.stopped is not None:
            line = marked("stopped at event {position} ({event}): {why}")
            remedy = marked("The log is whole. After an update of the program: sales rebuild {table}")
            facts |= {"position": at.stopped, "event": at.event, "why": at.why}
            yield Found(name, "problem", filled(line, facts), filled(remedy, facts))
        elif at.version > VERSIONS.get(name, at.version):
            line = marked("a newer program has made this table")
            yield Found(name, "problem", filled(line, facts), filled(marked("Update salestrail."), facts))
        elif head - at.position > LAGS and name not in ON_DEMAND:
            line = marked("position {position}, {lag} events behind")
            remedy = marked("Let sales work run; the next view folds them otherwise.")
            # Whoever reads a file folds it first; on a server that may be another's task.
            state = "warning" if store.db.dialect == "sqlite" else "problem"
            yield Found(name, state, filled(line, facts), filled(remedy, facts))
        else:
            yield Found(name, "ok", filled(marked("position {position}"), facts))


@of_an_open_store
def secrets(session: Session, store: Store) -> Iterator[Found]:
    """Look whether keys, which lie in files of their own, can be read by others."""
    from infra.crypto.key_store import place_of

    places = [Path(session.wrapping_key_file), Path(session.proof_keys)]
    if store.db.dialect == "sqlite":
        places.append(Path(place_of(store.db)))
    inside = [file for place in places if place.is_dir() for file in place.glob("*.key")]
    for file in (*places, *inside):
        if os.name == "posix" and file.exists() and file.stat().st_mode & 0o077:
            line = marked("{file} can be read by others; chmod 600 keeps it yours")
            remedy = marked("chmod go= {file}")
            yield Found("keys", "problem", filled(line, {"file": file}), filled(remedy, {"file": file}))


WEAK: Final = {
    "roles": (
        marked("the store has no roles of its own: every login that may write may do all"),
        marked("Let a login that may make roles run: sales init"),
    ),
    "trigger": (
        marked("nothing keeps the log from being changed: its trigger is switched off"),
        marked("As the owner of the log: ALTER TABLE log ENABLE ALWAYS TRIGGER log_keeps; then: sales verify"),
    ),
    "append": (
        marked("who records needs rights of their own on the log, and could write to it past the rules"),
        marked("Let a login that may make roles run: sales init"),
    ),
    "owner": (
        marked("the table {table} belongs to somebody who is not the store, and who may change it"),
        marked("Let a login that may make roles run: sales init"),
    ),
    "rows": (
        marked("the table {table} shows every row to everybody who may read"),
        marked("Let a login that may make roles run: sales init"),
    ),
}
"""What is said of each kind of weakness of a store on Postgres, and what to do about it."""


@of_an_open_store
def protection(session: Session, store: Store) -> Iterator[Found]:
    """Look whether a server's store has its roles, without which whoever may write may change the log, and all they hold."""
    if store.db.dialect == "sqlite":
        return
    from infra.access.postgres_hardening import weaknesses

    found = weaknesses(store.db)
    for weakness in found:
        kind, _, table = weakness.partition(": ")
        line, remedy = WEAK[kind]
        state = "warning" if kind == "roles" else "problem"
        yield Found("protection", state, filled(line, {"table": table}), filled(remedy, {}))
    if not found:
        yield Found("protection", "ok", filled(marked("roles of its own"), {}))


@of_an_open_store
def guards(session: Session, store: Store) -> Iterator[Found]:
    """Look whether tables, indexes, triggers and the register are as this program makes them."""
    from infra.read_models.tables import standings
    from infra.store import schema_check

    with store.db.snapshot():
        standing = standings(store.db)
        found = list(schema_check.problems(store.db, standing.values()))
        head, _ = store.reader.head()
    yield from _told_of("guards", [*found, *schema_check.ahead(standing, head)])


@of_an_open_store
def samples(session: Session, store: Store) -> Iterator[Found]:
    """Look at some events of chance, others each time: are the rows that they brought in the tables?"""
    from random import Random

    from infra.access.session_role import sees_all
    from infra.store.sample_check import sampled

    if not sees_all(store.db):
        return
    chance = Random(int(store.clock().timestamp() * 1_000_000))
    yield from _told_of("samples", list(sampled(store.db, store.zone, chance)))


def _told_of(check: str, found: list[Problem]) -> Iterator[Found]:
    """Yield what was found wrong, or that it is well."""
    from cli.core.errors import message_and_hint

    for problem in found[:MOST]:
        yield Found(check, "problem", *message_and_hint(problem))
    if not found:
        yield Found(check, "ok", filled(marked("as the log and the program give it"), {}))


@of_an_open_store
def clock(session: Session, store: Store) -> Iterator[Found]:
    """Look whether the clock is behind what the log recorded last."""
    _, recorded = store.reader.head()
    present = store.clock()
    if recorded <= utc_text(present):
        yield Found("clock", "ok", present.astimezone(store.zone).isoformat(timespec="seconds"))
        return
    line = marked("the clock says {now}, and the last event was recorded at {recorded}")
    remedy = marked("Set the clock right: until then every event gets the last event's recorded time.")
    facts = {"now": utc_text(present), "recorded": recorded}
    yield Found("clock", "problem", filled(line, facts), filled(remedy, facts))


@of_an_open_store
def checkpoint(session: Session, store: Store) -> Iterator[Found]:
    """Look whether the last checkpoint covers what is older than a day, and whether the log still is as long."""
    from cli.commands.proof.files import key_folder
    from infra.transparency import checkpoint_store
    from infra.transparency.signed_note import parse

    head, _ = store.reader.head()
    kept = checkpoint_store.last(store.db)
    outside = key_folder(session).last(checkpoint_store.origin_of(store.db))
    covered = max(kept.size if kept else 0, parse(outside).size if outside else 0)
    if covered > head:
        line = marked("the log has {count} events, and a checkpoint covers {size}")
        facts: dict[str, Any] = {"count": head, "size": covered}
        yield Found("checkpoint", "problem", filled(line, facts), filled(marked("See: sales verify"), {}))
    elif kept is None:
        if head:
            line = marked("no checkpoint covers the {count} events")
            yield Found("checkpoint", "warning", filled(line, {"count": head}), _remedy())
    else:
        line = marked("the last checkpoint is of {made}: {size} of {count} events")
        facts = {"size": kept.size, "count": head, "made": kept.made}
        stale = kept.size < head and _old(store, kept.size)
        state, remedy = ("problem", _remedy()) if stale else ("ok", "")
        yield Found("checkpoint", state, filled(line, facts), remedy)


def _remedy() -> str:
    return filled(marked("sales checkpoint; let sales work run, which makes one each minute."), {})


def _old(store: Store, covered: int) -> bool:
    """Say whether the first event that no checkpoint covers was recorded more than a day ago."""
    row = store.db.one("SELECT recorded FROM log WHERE position = ?", (covered + 1,))
    if row is None:
        return False
    return (store.clock() - datetime.fromisoformat(row[0])).total_seconds() > STALE_HOURS * 3600


@of_an_open_store
def older_state(session: Session, store: Store) -> Iterator[Found]:
    """Look whether the log still has the last event that this machine backed up; an old backup put back has not."""
    from infra.store import rollback_guard

    last = rollback_guard.noted(Path(session.notes), store.settings.get("store_id", ""))
    if last is None:
        return
    facts = {"position": last.position, "recorded": last.recorded, "count": store.reader.head()[0]}
    if rollback_guard.still_there(store.db, last):
        yield Found("history", "ok", filled(marked("event {position}, seen before, is there"), facts))
        return
    line = marked("event {position} of {recorded}, seen before, is gone; the log has {count} events: an older state")
    remedy = marked("Find who put it back; restore the newest backup into a new store: sales restore")
    yield Found("history", "problem", filled(line, facts), filled(remedy, facts))


@of_an_open_store
def calendar(session: Session, store: Store) -> Iterator[Found]:
    """Look whether the working days of this year are published, and of the next where that is due."""
    known = store.ledger(session.login).world.calendar()
    today = store.clock().astimezone(store.zone).date()
    for year in (today.year, *([today.year + 1] if today.month >= NEXT_YEAR_FROM else [])):
        facts = {"year": year}
        if known.provisional(date(year, 1, 1)):
            line = marked("{year} is not published; Monday to Friday count until then")
            remedy = filled(marked("sales calendar publish {year} ..."), facts)
            yield Found("calendar", "warning", filled(line, facts), remedy)
        else:
            yield Found("calendar", "ok", str(year))


CHECKS: Final[tuple[Check, ...]] = (
    *(settings, tables, secrets, protection, guards, samples),
    *(clock, checkpoint, older_state, calendar),
)
