"""The second half of the matrix: what is appended past the program, through a raw connection, by each who may append."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import uuid4

import psycopg
import pytest

from infra.event_store.postgres_arrays import arrays
from infra.event_store.postgres_store import APPEND
from infra.event_store.stored_event import AppendBatch, Claim, NewEvent
from tests.infra.appending import event
from tests.protection.who import Team

# yes: the person may do the same by a command; a service's program has asked for whom it acts, so that only what no
# program records is refused to it.
MATRIX: Final = """
act                                          person manager director service
follow up one's own customer                 yes    yes     yes      yes
capture a lead                               yes    yes     yes      yes
become a director                            no     no      yes      yes
register a director                          no     no      yes      yes
register a rep                               no     yes     yes      yes
make a director by a correction              no     no      yes      yes
adopt a policy                               no     yes     yes      yes
close a period                               no     yes     yes      yes
approve a target                             no     yes     yes      yes
approve a contract                           no     yes     yes      yes
erase one's own customer's contact           no     yes     yes      yes
erase another group's contact                no     no      yes      yes
recall a customer                            no     yes     yes      yes
rule on a dispute                            no     yes     yes      yes
follow up another group's customer           no     no      yes      yes
move another group's opportunity             no     no      yes      yes
amend another group's contract               no     no      yes      yes
draft a contract for another group           no     no      yes      yes
file another group's target                  no     no      yes      yes
dispute another group's customer             yes    yes     yes      yes
report another group's duplicate             yes    yes     yes      yes
void a colleague's assignment                no     yes     yes      yes
void another group's event                   no     no      yes      yes
correct a colleague's follow-up              yes    yes     yes      yes
correct an event of another history          no     no      no       no
correct an event that is not there           no     no      no       no
record as the rules                          no     yes     yes      yes
record an event that nobody knows            no     no      no       no
record a schema that nobody knows            no     no      no       no
record in another subject's history          no     no      no       no
record in a history of no kind               no     no      no       no
begin a history in its middle                no     no      no       no
leave versions out                           no     no      no       no
record version 0                             no     no      no       no
record under another login                   no     no      no       no
record bytes that are no UTF-8               no     no      no       no
record what is no JSON                       no     no      no       no
record what is no object                     no     no      no       no
record an unknown field                      no     no      no       no
record without a field                       no     no      no       no
record a day that is none                    no     no      no       no
record a number that is none                 no     no      no       no
record a word that is none                   no     no      no       no
record a time that is none                   no     no      no       no
record five megabytes                        no     no      no       no
record a reason of three megabytes           no     no      no       no
record what is nested deeply                 no     no      no       no
record more columns than events              no     no      no       no
say that it was migrated                     no     no      no       no
say that it was migrated twice               no     no      no       no
claim for another's subject                  no     no      no       no
claim a number again                         no     no      no       no
give back another's claim                    no     no      no       no
take a key of the future                     no     no      no       no
take a key without an event                  no     no      no       no
mention an event of another batch            no     no      no       no
mention whom the event doesn't name          no     no      no       no
"""
PERSONS: Final = {"person": "zhang.san", "manager": "chen.jing", "director": "lin.zong", "service": "li.si"}
DAY: Final = "2025-03-03"


class Known(NamedTuple):
    """What a forger may know of the store: streams by the keys of their lines, versions, and events."""

    connection: psycopg.Connection

    def of(self, key: str) -> str:
        return str(self._one("SELECT stream FROM keys WHERE key = %s", key)[0])

    def version(self, stream: str) -> int:
        return int(self._one("SELECT coalesce(max(version), 0) FROM log WHERE stream = %s", stream)[0])

    def event(self, stream: str, name: str) -> tuple[int, str]:
        row = self._one("SELECT position, event_id FROM log WHERE stream = %s AND name = %s", stream, name)
        return int(row[0]), str(row[1])

    def _one(self, sql: str, *params: str) -> tuple[Any, ...]:
        row = self.connection.execute(sql.encode(), params).fetchone()
        assert row is not None
        return row


class Forger(NamedTuple):
    """Somebody with a connection, and what they append."""

    known: Known
    me: str

    def event(self, stream: str, happened: str, /, *, actor: str | None = None, **data: Any) -> NewEvent:
        return self.raw(stream, happened, json.dumps(data).encode(), actor=actor or self.me)

    def raw(self, stream: str, name: str, data: bytes, **envelope: Any) -> NewEvent:
        mine = {"version": self.known.version(stream) + 1, "occurred": DAY, "actor": self.me, "recorder": self.me}
        return event(stream, **{"name": name, "data": data, **mine, **envelope})

    def touch(self, of: str = "a", **envelope: Any) -> NewEvent:
        return self.raw(self.known.of(of), "customer.followed_up", b'{"item":"f9","channel":"call"}', **envelope)

    def change(self, stream: str, name: str, values: dict[str, Any] | None = None, on: str | None = None) -> NewEvent:
        """Correct an event, or void it."""
        at, event_id = self.known.event(stream, name)
        said: dict[str, Any] = {"event": event_id, "at": at, "by": self.me}
        done = "event.voided" if values is None else "event.corrected"
        if values is not None:
            said |= {"name": name, "values": values}
        return self.event(on or stream, done, **said)


def fresh(prefix: str) -> str:
    return prefix + uuid4().hex[:16]


def made(f: Forger, act: str) -> AppendBatch:
    """Return the batch of an act."""
    one = _one_event(f, act)
    return _beside(f, act) if one is None else AppendBatch([one], now="")


def _one_event(f: Forger, act: str) -> NewEvent | None:
    of, a, c = f.known.of, f.known.of("a"), f.known.of("c")
    target, contract = of("t1"), of("x")
    match act:
        case "follow up one's own customer":
            return f.touch()
        case "capture a lead":
            return f.event(fresh("cus_"), "customer.lead_captured", company="x", channel="online", owner=f.me)
        case "become a director":
            return f.event(f"per_{f.me}", "person.role_changed", role="director")
        case "register a director":
            return f.event("per_eve", "person.registered", login="eve", name="Eve", role="director")
        case "register a rep":
            return f.event("per_eve", "person.registered", login="eve", name="Eve", role="rep")
        case "make a director by a correction":
            return f.change("per_wu.jiu", "person.registered", {"role": "director"})
        case "adopt a policy":
            return f.event("pol_pool", "policy.adopted", name="pool", values={}, **{"from": DAY})
        case "close a period":
            return f.event("prd_2023Q1", "period.closed", period="2023Q1", as_of=DAY, position=1, digests={})
        case "approve a target":
            return f.event(target, "target.approved", digest="x", by=f.me)
        case "approve a contract":
            return f.event(contract, "contract.approved", customer=a, digest="x", by=f.me)
        case "erase one's own customer's contact":
            return f.event(a, "customer.contact_erased", item="e1")
        case "erase another group's contact":
            return f.event(c, "customer.contact_erased", item="e1")
        case "recall a customer":
            return f.event(a, "customer.recalled", former="zhang.san", untouched_since=DAY)
        case "rule on a dispute":
            return f.event(a, "customer.ownership_ruled", item="t1", owner=f.me)
        case "follow up another group's customer":
            return f.touch("c")
        case "move another group's opportunity":
            return f.event(of("p2"), "opportunity.moved", customer=c, stage="negotiating")
        case "amend another group's contract":
            return f.event(of("y"), "contract.amended", customer=c, delta="1", date=DAY)
        case "draft a contract for another group":
            of_c: dict[str, Any] = {"number": "F-1", "customer": c, "kind": "sale", "amount": "1", "currency": "CNY"}
            return f.event(fresh("con_"), "contract.drafted", **of_c)
        case "file another group's target":
            return f.event(of("t2"), "target.filed", digest="x")
        case "dispute another group's customer":
            return f.event(c, "customer.ownership_disputed", item="t1", claimant=f.me, owner="zhou.ba")
        case "void a colleague's assignment":
            return f.change(of("b"), "customer.lead_captured", {"owner": f.me})
        case "void another group's event":
            return f.change(c, "customer.objection_logged")
        case "correct a colleague's follow-up":
            return f.change(a, "customer.objection_logged", {"kind": "quality"})
        case "correct an event of another history":
            return f.change(a, "customer.objection_logged", {"kind": "quality"}, on=of("b"))
        case "correct an event that is not there":
            return f.event(a, "event.voided", event="x", at=1 << 40, by=f.me)
        case "record as the rules":
            return f.event(a, "customer.recalled", actor="system", former="zhang.san", untouched_since=DAY)
        case "record under another login":
            return f.touch(recorder="he.ping")
        case "record in another subject's history":
            return f.event(f"per_{f.me}", "customer.graded", grade="key")
        case "begin a history in its middle":
            return f.event(fresh("cus_"), "customer.graded", grade="key")
        case "leave versions out":
            return f.touch(version=99)
        case "record version 0":
            return f.touch(version=0)
        case "say that it was migrated":
            return f.touch(migrated=1)
        case "say that it was migrated twice":
            return f.touch(migrated=2)
        case "record a time that is none":
            return f.touch(occurred="2025-03-03T25:00:00+08:00")
        case "record a schema that nobody knows":
            return f.touch(schema=2)
        case "record a reason of three megabytes":
            return f.touch(reason="x" * 3_000_000)
    return _shaped(f, act, a)


def _shaped(f: Forger, act: str, a: str) -> NewEvent | None:
    data: dict[str, tuple[str, bytes]] = {
        "record an event that nobody knows": ("nonsense.happened", b"{}"),
        "record bytes that are no UTF-8": ("customer.graded", b"\xff\xfe"),
        "record what is no JSON": ("customer.graded", b'{"grade":'),
        "record what is no object": ("customer.graded", b'["grade"]'),
        "record an unknown field": ("customer.graded", b'{"grade":"key","colour":"red"}'),
        "record without a field": ("customer.graded", b"{}"),
        "record a word that is none": ("customer.graded", b'{"grade":"best"}'),
        "record a day that is none": ("customer.next_action_set", b'{"item":"n9","what":"x","due":"2025-02-30"}'),
        "record five megabytes": ("customer.pain_point_noted", b'{"item":"p","words":"%s"}' % (b"x" * 5_000_000)),
    }
    if act in data:
        return f.raw(a, *data[act])
    if act == "record a number that is none":
        return f.event(f.known.of("x"), "contract.amended", customer=a, delta="1e9", date=DAY)
    if act == "record what is nested deeply":
        deep = b'{"x":' * 500 + b"1" + b"}" * 500
        return f.raw("pol_pool", "policy.adopted", b'{"name":"pool","from":"2025-03-03","values":%s}' % deep)
    if act == "record in a history of no kind":
        return f.raw(fresh("xyz_"), "customer.lead_captured", b'{"company":"x","channel":"online"}')
    return None


def _beside(f: Forger, act: str) -> AppendBatch:
    touched, a, c = f.touch(), f.known.of("a"), f.known.of("c")
    match act:
        case "report another group's duplicate":
            return AppendBatch(
                [f.event(a, "customer.leads_merged", duplicate=c), f.event(c, "customer.merged_into", survivor=a)],
                now="",
                mentions=[(c, 0), (a, 1)],
            )
        case "record more columns than events":
            return AppendBatch([touched, touched], now="")
        case "claim for another's subject":
            return AppendBatch([touched], now="", claims=[Claim("name", "x", 0, c)])
        case "claim a number again":
            return AppendBatch([touched], now="", claims=[Claim("contract-number", "HT-y", 7, a)])
        case "give back another's claim":
            return AppendBatch([touched], now="", unclaim=[("contract-number", "HT-y", 0)])
        case "take a key of the future":
            return AppendBatch([touched._replace(key="k")], now="", keys=[("k", b"x", 5, 1)])
        case "take a key without an event":
            return AppendBatch([touched], now="", keys=[("k", b"x", 0, 1)])
        case "mention an event of another batch":
            return AppendBatch([touched], now="", mentions=[(c, -5)])
        case "mention whom the event doesn't name":
            return AppendBatch([touched], now="", mentions=[(c, 0)])
    raise AssertionError(act)


HEADING, *ROWS = (line for line in MATRIX.splitlines() if line)
WHO: Final = HEADING.split()[1:]
LISTED: Final = [(row[:45].strip(), who, said) for row in ROWS for who, said in zip(WHO, row[45:].split(), strict=True)]


@pytest.fixture(scope="module")
def writers(team: Team) -> Iterator[dict[str, psycopg.Connection]]:
    """Connect as each who may append, in the role in which one may, and as the superuser, who knows everything."""
    opened = {who: team.connect(who) for who in (*PERSONS, "superuser")}
    for who in PERSONS:
        opened[who].execute(f"SET ROLE {team.roles.writer}".encode())
        opened[who].commit()
    yield opened
    for connection in opened.values():
        connection.close()


@pytest.mark.parametrize(("act", "who", "allowed"), LISTED, ids=[f"{who}-{act}" for act, who, _ in LISTED])
def test_what_is_appended_past_the_program_is_what_a_command_would_record(
    writers: dict[str, psycopg.Connection], act: str, who: str, allowed: str
) -> None:
    batch = made(Forger(Known(writers["superuser"]), PERSONS[who]), act)
    params = arrays(batch)
    if act == "record more columns than events":
        params[0] = params[0] and "{" + params[0][1:-1].split(",")[0] + "}"
    writers["superuser"].rollback()
    connection, why = writers[who], ""
    try:
        connection.execute(APPEND, params).fetchone()
    except psycopg.DatabaseError as refused:
        why = str(refused).splitlines()[0]
    finally:
        connection.rollback()
    assert ("no" if why else "yes") == allowed, why
