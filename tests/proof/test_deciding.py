"""What came into the log past the rules is found when its acts are decided again; a log that the rules made is not accused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest

from infra.errors.problem import Problem
from infra.event_store.stored_event import AppendBatch, NewEvent
from infra.store.redecision import Finding, borne_out, decided_again
from tests import histories
from tests.given import Given, company, line
from tests.story import story
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP


@pytest.fixture
def told(store_url: str) -> Iterator[Given]:
    """Return a store in which the whole story has happened."""
    given = Given(store_url)
    given.happened(*story())
    yield given
    given.store.close()


def found(given: Given) -> list[Finding]:
    head, _ = given.store.reader.head()
    return list(decided_again(given.store.db, given.store.settings, head))


def forge(given: Given, forged: Forged) -> int:
    """Append an event as somebody would who writes to the database past the program; returns its position."""
    ids = {key: given.subject(key) for key in ("a", "p", "q", "x")}
    stream, data = ids.get(forged.stream, forged.stream), forged.data
    if isinstance(data, dict):
        told = {
            name: ids.get(value, value) if name in ("customer", "contract") else value for name, value in data.items()
        }
        data = json.dumps(told).encode()
    log = given.store.log
    version = max((record.version for record in log.stream(stream)), default=0)
    envelope = ("2024-12-30", None, forged.actor, forged.actor, "cli", None, str(uuid4()), None, None, forged.reason, 0)
    fresh = NewEvent(stream, version + 1, forged.name, 1, *envelope, data)
    return log.append(
        AppendBatch([fresh], now=f"2024-12-31T00:00:00.{log.head()[0]:06}Z", expected={stream: version})
    ).first


def test_the_rules_bear_out_a_history_in_which_everything_happens(told: Given) -> None:
    assert found(told) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_rules_bear_out_any_history(seed: int, store_url: str) -> None:
    given = Given(store_url)
    given.happened(*company())
    for step in histories.told(histories.dice(seed, 60)):
        given.answers(*step.lines)
    assert found(given) == []
    given.store.close()


class Forged(NamedTuple):
    """An event that somebody writes past the program, and what the rules say to it; a key stands for the subject's id."""

    code: str
    stream: str
    name: str
    actor: str
    data: dict[str, Any] | bytes
    reason: str | None = None


SIGNED: Final = {"customer": "a", "date": "2024-12-30"}
LEAD: Final = {"company": "新", "channel": "online"}
FORGED: Final = (
    Forged("person.unknown", "per_x", "person.registered", "x", {"login": "x", "name": "x", "role": "director"}),
    Forged("person.exists", f"per_{REP}", "person.registered", DIRECTOR, {"login": REP, "name": "x", "role": "rep"}),
    Forged("contract.wrong_state", "x", "contract.amended", REP, {**SIGNED, "delta": "900000"}),
    Forged("contract.wrong_state", "x", "contract.signed", REP, SIGNED),
    Forged(
        "contract.number_taken",
        "con_x",
        "contract.drafted",
        REP,
        {"number": "HT-1", "customer": "a", "kind": "sale", "amount": "1", "currency": "CNY"},
    ),
    Forged("proof.alone", "q", "opportunity.won", REP, {**SIGNED, "contract": "x"}),
    Forged("right.role", "a", "customer.contact_erased", REP, {"item": "e1"}, "本人要求"),
    Forged("reason.missing", "a", "customer.contact_erased", MANAGER, {"item": "e1"}),
    Forged("ownership.too_long", "a", "customer.protected", MANAGER, {"owner": REP, "protected_until": "2099-01-01"}),
    Forged("proof.otherwise", "a", "customer.contact_added", REP, {"item": "c99", "contact": "x"}),
    Forged("lead.untraceable", "cus_x", "customer.lead_captured", OTHER, {"company": "新", "channel": "referral"}),
    Forged("proof.otherwise", "cus_x", "customer.lead_captured", REP, LEAD),
    Forged(
        "right.role",
        "prd_2024-03",
        "period.closed",
        REP,
        {"period": "2024-03", "as_of": "2024-03-31", "position": 1, "digests": {}},
    ),
    Forged("proof.unreadable", "cus_x", "nonsense.happened", REP, {}),
    Forged("right.role", f"per_{REP}", "person.role_changed", REP, {"role": "director"}),
    Forged("proof.unreadable", f"per_{DIRECTOR}", "person.role_changed", DIRECTOR, b"\xff\xfe"),
)


def test_acts_that_no_rule_let_in_are_named(told: Given) -> None:
    forged = [(forge(told, each), each.name, each.actor, each.code) for each in FORGED]
    findings = found(told)
    assert [(each.position, each.name, each.actor, each.code) for each in findings] == forged
    with pytest.raises(Problem) as raised:
        borne_out(told.store.db, told.store.settings, findings[-1].position)
    assert raised.value.code == "proof.broken_rule"
    assert raised.value.facts["count"] == len(FORGED)
    assert f"{forged[0][0]} {forged[0][1]} ({forged[0][2]})" in raised.value.facts["shown"]


def test_what_follows_a_forged_act_is_decided_upon_the_log_as_it_is(told: Given) -> None:
    position = forge(told, Forged("", f"per_{REP}", "person.role_changed", REP, {"role": "manager"}))
    forge(told, Forged("", f"per_{MANAGER}", "person.joined_group", REP, {"group": "g1", "from": "2024-12-30"}))
    assert [each.position for each in found(told)] == [position]


def test_an_erasure_of_one_contact_or_of_all_is_borne_out(store_url: str) -> None:
    given = Given(store_url)
    given.happened(
        *company(),
        line("lead.capture", by=REP, key="k", company="甲公司", channel="online", contact="王经理", phone="138"),
        line("customer.add-contact", "k", by=REP, contact="李总", phone="139"),
        line("follow-up.log", "k", by=REP, channel="call", contact="李总", feedback="再考虑"),
        line("customer.erase-contact", "k", by=DIRECTOR, reason="本人要求", item="c1"),
        line("customer.erase-contact", "k", by=DIRECTOR, reason="本人要求", contact="王经理"),
        line("customer.erase-contact", "k", by=DIRECTOR, reason="本人要求"),
    )
    assert found(given) == []
    given.store.close()
