"""Every event can be traced to what was asked for, so that a recorded act can be decided again."""

from __future__ import annotations

import pytest

from cli.docs.reference.emitted_events import events_of
from domain.correction.recorded_request import ALONG, MADE_BY, READ_BACK
from domain.kernel.action import Action
from domain.kernel.event import Event
from domain.kernel.registry import all_actions, all_events

TWINS = {"lead.assign": "customer.assign"}
"""Actions that make the same event of the same fields as another, which is asked in their place."""


@pytest.mark.parametrize("event", all_events(), ids=lambda event: event.NAME)
def test_an_event_begins_an_act_or_comes_along_with_one(event: type[Event]) -> None:
    assert (event.NAME in MADE_BY) != (event.NAME in ALONG)


@pytest.mark.parametrize("action", all_actions(), ids=lambda action: action.NAME)
def test_an_action_is_read_back_from_an_event_that_it_makes(action: type[Action]) -> None:
    name = TWINS.get(action.NAME, action.NAME)
    begun = {event for event, actions in MADE_BY.items() if name in actions}
    assert begun
    assert begun <= {event.NAME for event in events_of(action)}


def test_what_is_read_back_otherwise_is_an_action() -> None:
    assert READ_BACK.keys() <= {action.NAME for action in all_actions()}
