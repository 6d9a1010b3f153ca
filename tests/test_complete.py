"""What an event or an action still lacks, named in one line for each lack."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from cli.actions import command
from cli.docs.reference.emitted_events import events_of
from cli.main import run
from domain.kernel.action import Action
from domain.kernel.event import UPCASTS, Event
from domain.kernel.field import fields_of
from domain.kernel.registry import ON_CUSTOMER, SUBJECTS, all_actions, all_events, fold_of
from projections.engine.projection import Ask, Table
from projections.queries.organisation import Organisation
from projections.queries.targets import targets
from projections.read_models.organisation import projection as organisation
from projections.read_models.progress.schema import FACTS
from projections.read_models.records.schema import RECORDS
from projections.views import contracts, receivables, tracking
from tests.given import Given
from tests.golden import file_of
from tests.golden.write import samples
from tests.story import REFUSED, story

ROOT: Final = Path(__file__).parent.parent
STATE_OF: Final = {"payment": "contract", "delivery": "contract", **dict.fromkeys(ON_CUSTOMER, "customer")}
"""Events whose first word is not the noun of the state that they change."""

NO_STATE: Final = {
    "person.handover_completed": "what is handed over has events of its own on each customer and contract",
    "event.corrected": "the corrected event itself changes: domain.correction.actions.standing",
    "event.voided": "the voided event itself goes: domain.correction.actions.standing",
}
AUDIT_ALONE: Final = {
    "person.handover_completed": "what is handed over has events of its own on each customer and contract",
    "customer.dedicated_team_formed": "only the decision to grade a customer key asks for it",
    "customer.protected": "who is due for the pool is asked of the log itself: projections.views.pool",
    "customer.contact_erased": "what is erased is erased from every row, whatever day it shows",
    "customer.objection_answered": "an answered objection is open until it is resolved",
    "period.closed": "a closing says what the tables say, and changes nothing in them",
}
PLAIN_TEXT: Final = frozenset(
    # names that the team or the market gives, and codes
    "channels department "
    "login name code company channel campaign partner industry size credit_code number unit kind period "
    "position source terms rationale owner unmet department objection departments parts "
    # what the team has adopted for everybody, whose help says that no customer's person belongs into it
    "text "
    # ids and digests that the program makes
    "item which digest event customers contracts finding plan follow_up replaces milestone place".split()
)
"""Free text of events that is no person's data. A contact's position in their company says nothing without the name."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the events by which a row of organisation, tracking, progress, records or contracts changed."""
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('story')}/story.db")
    given.happened(*story())
    head, _ = given.store.reader.head()
    pictures = [picture(given, position) for position in range(head + 1)]
    records = given.store.reader.read(0, head)
    given.close()
    return {record.name for record in records if pictures[record.position] != pictures[record.position - 1]}


def picture(given: Given, position: int) -> Any:
    """Return what organisation, tracking, progress, records and the contracts show, as it was known at a position."""
    with given.store.view("organisation", "tracking", "progress", "records", "pipeline", "contracts") as ask:
        moments = given.store.moments()._replace(position=position)
        tables = [believed(ask, table, position) for table in (*organisation.Organisation.tables, FACTS, RECORDS)]
        teams = Organisation(ask, position)
        rows = [each.rows(ask, moments, teams, currency="CNY") for each in (tracking, contracts, receivables)]
        return tables, rows, targets(ask, moments)


def believed(ask: Ask, table: Table, position: int) -> list[tuple[Any, ...]]:
    """Return the rows of a table that were believed at a position, without when they were."""
    columns = ", ".join(name for name, _ in table.columns if name not in ("known_from", "known_to"))
    sql = f"SELECT {columns} FROM {{{table.name}}} WHERE known_from <= ? AND known_to > ?"
    return sorted(ask(sql, (position, position)), key=repr)


def lacks_of_event(event: type[Event], shown: set[str]) -> Iterator[str]:
    """Yield what an event lacks."""
    if event.NAME not in NO_STATE and not changes_state(event):
        yield "an evolve case: no state of its subject changes by it"
    for schema in range(event.SCHEMA, 0, -1):
        if not file_of(event.NAME, schema).exists():
            yield f"a golden file: {file_of(event.NAME, schema).relative_to(ROOT)} (python -m tests.golden.write)"
        if schema < event.SCHEMA and (event.NAME, schema) not in UPCASTS:
            yield f"an upcast from schema {schema}"
    if event.NAME not in shown and event.NAME not in AUDIT_ALONE:
        yield "a table line: no row of organisation, tracking, progress, records or contracts changes by it, and no reason is given"
    if f"\n## {event.NAME}\n" not in reference("events"):
        yield "documentation: python -m cli.docs.reference"
    for field in fields_of(event):
        free = field.kind.word == "text" and not (field.personal or field.role or field.names)
        if free and field.name not in PLAIN_TEXT:
            yield f"a mark of {field.name}: free text is personal, or stands on a short list"


def changes_state(event: type[Event]) -> bool:
    """Say whether some state of the event's subject changes by it: the first one, or one after another event of its."""
    noun = event.NAME.partition(".")[0]
    begin, evolve = fold_of(SUBJECTS[STATE_OF.get(noun, noun)])
    before: list[list[Event]] = [[], *([made] for made in of_noun(noun))]
    for happened in samples(event):
        for earlier in before:
            state = begin()
            for each in earlier:
                state = evolve(state, each)
            if evolve(copy.deepcopy(state), happened) != state:
                return True
    return False


def of_noun(noun: str) -> list[Event]:
    return [samples(event)[0] for event in all_events() if event.NAME.partition(".")[0] == noun]


def lacks_of_action(action: type[Action], capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """Yield what an action lacks."""
    if not action.__doc__:
        yield "a docstring, which is its help"
    for field in fields_of(action):
        if not field.help:
            yield f"help for its field {field.name}"
    if not events_of(action):
        yield "an event that it makes"
    if not any(said["action"] == action.NAME for said in story()):
        yield "a line that is done, and then repeated and in conflict: tests/story"
    if f"\n### {action.NAME}\n" not in reference("actions"):
        yield "documentation: python -m cli.docs.reference"
    wrong = wrong_with_example(action, capsys)
    if wrong:
        yield f"an example that parses: {wrong}"
    if not any(said["action"] == action.NAME for said, _code in REFUSED):
        yield "a line that is refused: REFUSED in tests/story"


def wrong_with_example(action: type[Action], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the command line says against the action's example, which stops short of recording."""
    asked: list[Any] = []

    def stop(session: Any, request: Any, **_: Any) -> None:
        asked.append(request)
        raise SystemExit(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "record", stop)
        status = run(shlex.split(action.EXAMPLE)[1:])
    said = capsys.readouterr().err.strip().replace("\n", " ")
    if status or not asked:
        return said or "it runs something else"
    return "" if asked[0].action is action else f"it is one of {asked[0].action.NAME}"


@cache
def reference(page: str) -> str:
    return (ROOT / "docs" / "reference" / f"{page}.md").read_text("utf-8")


def test_no_event_lacks_anything(shown: set[str]) -> None:
    lacks = [f"event {event.NAME} lacks {lack}" for event in all_events() for lack in lacks_of_event(event, shown)]
    assert not lacks, "\n".join(lacks)


def test_no_action_lacks_anything(capsys: pytest.CaptureFixture[str]) -> None:
    lacks = [f"action {a.NAME} lacks {lack}" for a in all_actions() for lack in lacks_of_action(a, capsys)]
    assert not lacks, "\n".join(lacks)


def test_no_stated_reason_is_out_of_date(shown: set[str]) -> None:
    known = {event.NAME for event in all_events()}
    assert set(NO_STATE) | set(AUDIT_ALONE) <= known
    assert not shown & set(AUDIT_ALONE)
    free = {f.name for event in all_events() for f in fields_of(event) if f.kind.word == "text" and not f.personal}
    assert free >= PLAIN_TEXT
