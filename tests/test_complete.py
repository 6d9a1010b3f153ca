"""What an event or an action still lacks, named in one line for each lack."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from cli import from_action
from cli.main import run
from cli.reference.made import events_of
from domain.action import Action
from domain.catalogue import SUBJECTS, all_actions, all_events, fold_of
from domain.event import UPCASTS, Event
from domain.field import fields_of
from projections.organisation.ask import Organisation
from projections.progress import ask as progress
from projections.tracking import ask as tracking
from tests.given import Given, Line
from tests.golden import file_of
from tests.golden.write import samples
from tests.story import story

ROOT: Final = Path(__file__).parent.parent
STATE_OF: Final = {"payment": "contract"}
"""Events whose first word is not the noun of the state that they change."""

NO_STATE: Final = {
    "person.handover_completed": "what is handed over has events of its own on each customer and contract",
    "event.corrected": "the corrected event itself changes: domain.correction.standing",
    "event.voided": "the voided event itself goes: domain.correction.standing",
}
AUDIT_ALONE: Final = {
    "person.handover_completed": "what is handed over has events of its own on each customer and contract",
    "customer.contact_added": "tracking shows a contact added to a file that has none",
    "customer.dedicated_team_formed": "only the decision to grade a customer key asks for it",
    "customer.objection_answered": "an answered objection is open until it is resolved",
    "customer.signal_logged": "the list of unanswered signals is still to come",
    "contract.drafted": "a contract counts from its signing",
    "contract.submitted": "a contract counts from its signing",
    "contract.approved": "a contract counts from its signing",
    "contract.returned": "a contract counts from its signing",
}
PLAIN_TEXT: Final = frozenset(
    # names that the team or the market gives, and codes
    "login name code company channel campaign partner industry size credit_code number currency unit kind period "
    "position source terms rationale owner unmet "
    # ids and digests that the program makes
    "item digest event customers contracts".split()
)
"""Free text of events that is no person's data. A contact's position in their company says nothing without the name."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the events that changed a row of organisation, tracking or progress when they were recorded."""
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('story')}/story.db")
    given.happened(*story())
    head, _ = given.store.reader.head()
    pictures = [picture(given, position) for position in range(head + 1)]
    records = given.store.reader.read(0, head)
    given.close()
    return {record.name for record in records if pictures[record.position] != pictures[record.position - 1]}


def picture(given: Given, position: int) -> Any:
    """Return every row of organisation, tracking and progress as it was known at a position."""
    with given.store.view("organisation", "tracking", "progress") as ask:
        moments = given.store.moments()._replace(position=position)
        known = Organisation(ask, position)
        days = [known.policy_since(name, moments.day) for name in ("new-customer-window",)]
        facts = "SELECT * FROM {facts} WHERE known_from <= ? AND known_to > ? ORDER BY 1, 2, 3, 4, 5"
        return (
            (known.persons(), known.groups(), known.memberships(), known.calendar().working_days, days),
            tracking.rows(ask, moments, known, currency="CNY"),
            [row[:5] + row[7:] for row in ask(facts, (position, position))],
            progress.targets(ask, moments),
        )
