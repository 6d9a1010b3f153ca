"""A leaf is one formula, written three times: plainly, quickly, and in the database's SQL; golden leaves hold them all."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.event_store.stored_event import Record
from infra.transparency.leaf import NO_LEAF, entry, leaf, leaves, sql
from infra.transparency.tile_store import read
from tests.proof.filling import Filling

PLAIN = Record(
    1, "cus_0f8fad5bd9cb469f", 1, "customer.lead_captured", 1, "2024-01-08", "2024-01-08T02:00:00.000000Z", "zhang.san",
    "zhang.san", "cli", None, "01a20aa7a085cb776b58a716000003e8", None, None, None, 0, b'{"company":"A"}',
)  # fmt: skip
ODD = PLAIN._replace(
    position=2**40, actor="张三", key="", reason="补录", correlation="00", migrated=1, data=b"\xff\x00"
)
GOLDEN = (
    (PLAIN, "8335fe47a2f9909cdeeb01961ff1a0f961bceab2bbb95b2fd7a5d5da00101edc"),
    (ODD, "a14bd94d1bb282b382f0d46250b21ff324736d781c52c61185d2feca97b87beb"),
)
PLAIN_ENTRY = (
    "salestrail.leaf.v1\n"
    "00000000000000010000000000000001000000010000000000000014000000160000000a0000001b"
    "000000090000000900000003ffffffff00000020ffffffffffffffffffffffff0000000f\n"
    "cus_0f8fad5bd9cb469fcustomer.lead_captured2024-01-082024-01-"
    '08T02:00:00.000000Zzhang.sanzhang.sancli01a20aa7a085cb776b58a716000003e8{"company":"A"}'
)


@pytest.mark.parametrize(("record", "hash"), GOLDEN)
def test_the_golden_leaves_hold(record: Record, hash: str) -> None:
    assert leaf(record).hex() == leaves([record])[0].hex() == hash
    assert leaf(record) == sha256(b"\0" + entry(record)).digest()


def test_the_golden_entry_is_as_documented() -> None:
    assert entry(PLAIN).decode() == PLAIN_ENTRY


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
records = st.builds(
    Record, st.integers(1, 2**62), texts, st.integers(1, 2**40), texts, st.integers(1, 9), texts, texts, texts, texts,
    texts, st.none() | texts, texts, st.none() | texts, st.none() | texts, st.none() | texts, st.integers(0, 1),
    st.binary(max_size=12),
)  # fmt: skip


@given(records, records)
def test_two_records_have_one_leaf_only_if_they_are_the_same(one: Record, other: Record) -> None:
    assert leaves([one, other]) == [leaf(one), leaf(other)]
    assert (entry(one) == entry(other)) == (one == other)


@pytest.mark.parametrize(
    "moved", [{"actor": "zhang", "recorder": ".sanzhang.san"}, {"key": ""}, {"data": b'{"company":"A" }'}]
)
def test_no_byte_can_move_to_the_next_field(moved: dict[str, object]) -> None:
    assert leaf(PLAIN._replace(**moved)) != leaf(PLAIN)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"actor": None}, {"actor": b"zhang.san"}, {"version": "1"}, {"version": 1.0}, {"data": "{}"}, {"key": 5},
              {"event_id": None}, {"migrated": None}, {"reason": b""}, {"stream": "\ud800"}],
)  # fmt: skip
def test_a_value_of_another_type_has_no_leaf(wrong: dict[str, object]) -> None:
    for sound in (PLAIN, ODD):
        record = sound._replace(**wrong)  # type: ignore[arg-type]
        assert leaves([record]) == [leaf(record)] == [NO_LEAF]


def test_the_database_works_out_the_same_leaves(filled: Filling) -> None:
    rows = read(filled.db, 0, 600)
    there = filled.db.all(f"SELECT {sql(filled.db)} FROM log ORDER BY position")
    assert leaves(rows) == [leaf(Record._make(row)) for row in rows] == [bytes(hash) for (hash,) in there]
    assert len(set(there)) == 600


@pytest.mark.parametrize(("record", "hash"), GOLDEN)
def test_the_golden_leaves_hold_in_the_database(filled: Filling, record: Record, hash: str) -> None:
    columns = ", ".join(f"{'CAST(? AS bytea)' if name == 'data' and filled.db.dialect == 'postgres' else cast(name)} AS {name}"
                        for name in Record._fields)  # fmt: skip
    row = filled.db.one(f"SELECT {sql(filled.db)} FROM (SELECT {columns}) AS log", record)
    assert row is not None
    assert bytes(row[0]).hex() == hash


def cast(name: str) -> str:
    kinds = {"position": "bigint", "version": "bigint", "schema": "integer", "migrated": "integer", "data": "blob"}
    return f"CAST(? AS {kinds.get(name, 'text')})"
