"""An older form of an event is read as today's everywhere, and its stored bytes stay as they are.

The example: once a captured lead said `source` for its channel, and held its contact as one object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from domain.customer.events import LeadCaptured
from domain.kernel.event import UPCASTS, upcast, upcasted
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.store import export, shadow_rebuild
from tests.given import Given, line

NAME = "customer.lead_captured"
OLD = '{"company":"某某科技有限公司","source":"online","contact":{"name":"王经理","phone":"138"},"owner":"zhang.san"}'
PERSON = '{"login":"%s","name":"%s","role":"%s"}'
LOG = [
    ("per_lin.zong", "person.registered", 1, PERSON % ("lin.zong", "林总", "director")),
    ("per_zhang.san", "person.registered", 1, PERSON % ("zhang.san", "张三", "rep")),
    ("cus_1", NAME, 1, OLD),
]


def lift(data: dict[str, Any]) -> dict[str, Any]:
    contact = data.pop("contact", {})
    lifted = {**data, "channel": data["source"], "contact": contact.get("name"), "phone": contact.get("phone")}
    del lifted["source"]
    return lifted


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make today's form the second one, with the step that leads to it."""
    second_form(monkeypatch)
    monkeypatch.setitem(UPCASTS, (NAME, 1), lift)


def second_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LeadCaptured, "SCHEMA", 2)
    monkeypatch.setattr("domain.kernel.json_form._schemas", {})


def exported(log: list[tuple[str, str, int, str]]) -> Iterator[bytes]:
    """Yield a log as a program of that time exported it."""
    for position, (stream, name, schema, data) in enumerate(log, 1):
        envelope = {
            "position": position,
            "stream": stream,
            "version": 1,
            "name": name,
            "schema": schema,
            "occurred": "2024-01-08",
            "recorded": f"2024-01-08T02:00:0{position}.000000Z",
            "actor": "zhang.san",
            "recorder": "zhang.san",
            "source": "batch",
            "event_id": f"{position:032x}",
            "migrated": 0,
        }
        yield json.dumps(envelope).encode()[:-1] + b',"data":' + data.encode() + b"}\n"


def moved_in(url: str, log: list[tuple[str, str, int, str]]) -> Given:
    given = Given(url)
    for _ in export.take(given.store.log, exported(log), len(log)):
        pass
    return given


@pytest.fixture
def old(store_url: str, newer: None) -> Iterator[Given]:
    """Return a store with a lead in the older form, on SQLite and on Postgres."""
    given = moved_in(store_url, LOG)
    yield given
    given.close()


def test_the_tables_show_the_older_form_as_todays(old: Given) -> None:
    (row,) = old.tracking()
    assert (row["channel"], row["contact"], row["owner"]) == ("online", "王经理", "zhang.san")
    assert old.figure("zhang.san", "leads")["actual"] == "1"
    (entry,) = old.audit(name=NAME)
    assert {change["field"]: change["to"] for change in entry["changes"]} == {
        "company": "某某科技有限公司",
        "channel": "online",
        "contact": "王经理",
        "phone": "138",
        "owner": "zhang.san",
    }


def test_decisions_build_on_the_older_form(old: Given) -> None:
    again = old.live(line("lead.capture", company="某某科技（有限公司）", channel="online"))
    assert isinstance(again, CommandResult)
    assert again.events[0].duplicates == ("cus_1",)  # type: ignore[attr-defined]
    corrected = old.live(line("event.correct", "3", reason="记错", values={"channel": "walk-in"}))
    assert isinstance(corrected, CommandResult)
    assert [row["channel"] for row in old.tracking()] == ["walk-in", "online"]


def test_what_is_stored_stays_byte_for_byte_and_new_events_take_the_new_form(old: Given) -> None:
    old.tracking()
    old.live(line("lead.capture", company="乙贸易有限公司", channel="online"))
    first, second = (old.store.log.record(position) for position in (3, 4))
    assert first is not None
    assert second is not None
    assert (first.schema, first.data) == (1, OLD.encode())
    assert second.schema == 2
    again = list(export.lines(old.store.reader, old.store.settings))
    assert OLD.encode() in again[3]


def test_a_rebuild_of_tables_and_constraints_reads_it_too(old: Given) -> None:
    before = old.tracking(), old.progress(), old.audit()
    shadow_rebuild.make_again(old.store.log)
    old.store.projector.rebuild(["organisation", "tracking", "progress", "audit"])
    assert (old.tracking(), old.progress(), old.audit()) == before
    assert old.store.reader.holders("company", ["某某科技"]) == {"某某科技": ["cus_1"]}


def test_steps_are_taken_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.kernel.event.UPCASTS", {})
    upcast("a.happened", 1)(lambda data: {**data, "two": True})
    upcast("a.happened", 2)(lambda data: {**data, "three": data["two"]})
    assert upcasted("a.happened", 1, 3, {}) == {"two": True, "three": True}
    assert upcasted("a.happened", 2, 3, {"two": False}) == {"two": False, "three": False}
    with pytest.raises(LookupError):
        upcasted("b.happened", 1, 2, {})


def test_a_form_newer_than_the_program_stops_the_tables_by_name_until_the_program_knows_it(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        second_form(newer)
        given = moved_in(store_url, [*LOG[:2], ("cus_1", NAME, 2, '{"company":"甲","channel":"online"}')])
    with pytest.raises(Problem) as stopped:
        given.tracking()
    assert stopped.value.code == "projection.stopped"
    assert (stopped.value.facts["position"], stopped.value.facts["event"]) == (3, NAME)
    assert given.store.reader.head()[0] == 3

    second_form(monkeypatch)
    given.store.projector.rebuild(["organisation", "tracking", "progress", "audit"])
    assert [row["company"] for row in given.tracking()] == ["甲"]
    given.close()
