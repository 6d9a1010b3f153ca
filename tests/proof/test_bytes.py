"""The bytes of a SQLite file edited: a changed record is found at its position, and no other byte gives a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.event_store.stored_event import Record
from tests.proof.filling import PLACES, Filling

HEADER = 15  # of a row: the types of its columns after the position's


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Filling, Path]]:
    path = tmp_path / "store.db"
    filling = Filling(f"sqlite:///{path}", tmp_path / "keys", 400)
    yield filling, path
    filling.close()


def place(record: Record, file: bytes) -> tuple[int, int]:
    """Return where a record's row lies in the file, from the types of its columns to its end."""
    texts = [value for name, value in record._asdict().items() if isinstance(value, str)]
    body = sum(len(value.encode()) for value in texts) + len(record.data) + (record.version != 1)
    at = file.index(record.data)
    assert file.count(record.data) == 1
    end = at + len(record.data)
    return end - body - HEADER, end


def test_a_changed_byte_of_a_record_is_found_at_its_position(kept: tuple[Filling, Path]) -> None:
    filling, path = kept
    point, chance = filling.checkpoint(), Random(5)
    records = [Record._make(row) for row in filling.db.all("SELECT * FROM log ORDER BY position")]
    filling.log.close()
    whole = path.read_bytes()
    for _ in range(10 * PLACES):
        record = chance.choice(records)
        first, end = place(record, whole)
        at, bit = chance.randrange(first, end), 1 << chance.randrange(8)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
        filling.reopen()
        with pytest.raises(Problem) as caught:
            filling.verify(point)
        said = caught.value
        assert (said.exit_status, said.facts.get("position")) == (9, record.position), f"byte {at - first}, bit {bit}"
        filling.log.close()
    path.write_bytes(whole)
    filling.reopen()
    filling.verify(point)


def test_any_changed_byte_is_found_or_does_not_matter_and_never_breaks_the_check(kept: tuple[Filling, Path]) -> None:
    filling, path = kept
    point, chance = filling.checkpoint(), Random(6)
    filling.log.close()
    whole = path.read_bytes()
    for _ in range(20 * PLACES):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            filling.reopen()
            filling.verify(point)
        except (Problem, StoreFault, UnicodeDecodeError):  # the last from sqlite3, of a schema that is no text
            pass
        finally:
            filling.log.close()
    path.write_bytes(whole)
    filling.reopen()
