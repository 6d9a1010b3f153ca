"""Proofs in files hold by themselves, and no bit of one can change: fault 11 of the catalogue."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from infra.errors.problem import Problem
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import Record
from infra.transparency.merkle_tree import BadProof
from infra.transparency.proof_file import (
    EventProof,
    check_event,
    check_growth,
    prove_event,
    prove_growth,
    read_event,
    read_growth,
    write_event,
    write_growth,
)
from infra.transparency.signed_note import VerifierKey, must_be_signed
from tests.proof.filling import Filling
from tests.proof.tampering import change, with_all_rights

CHECKER = Path(__file__).parents[2] / "docs" / "check_proof.py"


def record(filled: Filling, position: int) -> Record:
    found = EventReader(filled.db).record(position)
    assert found is not None
    return found


@pytest.fixture
def proof(tmp_path: Path) -> Iterator[tuple[bytes, VerifierKey]]:
    """Return a small proof as a file's bytes, and the key that it is checked with."""
    filling = Filling(f"sqlite:///{tmp_path}/store.db", tmp_path / "keys", 5)
    point = filling.checkpoint()
    yield write_event(prove_event(filling.db, record(filling, 3), point)), filling.keys.signer(point.origin).key
    filling.close()


@pytest.fixture
def checker() -> ModuleType:
    """Return the stand-alone checker, which shares no line with the program."""
    spec = importlib.util.spec_from_file_location("check_proof", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_event_is_proven_in_under_two_kilobytes(filled: Filling, checker: ModuleType) -> None:
    filled.checkpoint()
    filled.grow(33)
    point = filled.checkpoint()
    key = str(filled.keys.signer(point.origin).key)
    for position in (1, 2, 255, 256, 257, 512, 513, 600, 601, 632, 633):
        raw = write_event(prove_event(filled.db, record(filled, position), point))
        assert len(raw) < 2048
        read = read_event(raw)
        check_event(read)
        must_be_signed(read.checkpoint, filled.keys.known(point.origin))
        assert read.record == record(filled, position)
        assert checker.check(raw, key)["position"] == position


def test_growth_is_proven_between_any_two_checkpoints(filled: Filling) -> None:
    points = [filled.checkpoint()]
    for more in (1, 30, 137, 300):
        filled.grow(more)
        points.append(filled.checkpoint())
    for n, later in enumerate(points):
        for earlier in points[: n + 1]:
            raw = write_growth(prove_growth(filled.db, earlier, later))
            check_growth(read_growth(raw))
            if earlier.size != later.size:
                wrong = read_growth(raw)._replace(earlier=earlier._replace(root=bytes(32)))
                with pytest.raises(BadProof):
                    check_growth(wrong)


def test_every_changed_bit_of_a_proof_is_refused(proof: tuple[bytes, VerifierKey]) -> None:
    raw, key = proof
    whole(raw, key)
    for changed in flipped(raw):
        with pytest.raises((ValueError, Problem, BadProof)):
            whole(changed, key)


def whole(raw: bytes, key: VerifierKey) -> None:
    read = read_event(raw)
    check_event(read)
    must_be_signed(read.checkpoint, [key])


def flipped(raw: bytes) -> Iterator[bytes]:
    for at in range(len(raw)):
        for bit in range(8):
            yield raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]


def test_the_checker_takes_the_proof_and_refuses_every_changed_bit_too(
    proof: tuple[bytes, VerifierKey], checker: ModuleType
) -> None:
    raw, key = proof
    assert checker.check(raw, str(key))["position"] == 3
    for changed in flipped(raw):
        with pytest.raises(checker.Refused):
            checker.check(changed, str(key))


def test_the_checker_is_a_program(proof: tuple[bytes, VerifierKey], tmp_path: Path) -> None:
    import subprocess

    raw, key = proof
    file = tmp_path / "3.proof"
    file.write_bytes(raw)
    done = subprocess.run([sys.executable, CHECKER, file, str(key)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"position 3 of 5 in {key.name}")
    file.write_bytes(raw.replace(b"followed_up", b"followed-up"))
    done = subprocess.run([sys.executable, CHECKER, file, str(key)], capture_output=True, text=True, check=False)
    assert done.returncode == 9


def test_another_index_and_another_size_are_refused(filled: Filling) -> None:
    point = filled.checkpoint()
    proven = prove_event(filled.db, record(filled, 300), point)
    for position in (1, 299, 301, 600, 601, 0):
        with pytest.raises(BadProof):
            check_event(proven._replace(record=proven.record._replace(position=position)))
    for size in (1, 299, 300, 599, 601, 1200):
        other = point._replace(size=size, text=point.text.replace("600", str(size)))
        with pytest.raises((BadProof, Problem)):
            whole(write_event(proven._replace(checkpoint=other)), filled.keys.signer(point.origin).key)


def test_more_members_less_members_and_other_types_are_refused(proof: tuple[bytes, VerifierKey]) -> None:
    raw, _ = proof
    for was, now in (
        (b'"path":', b'"more":1,"path":'), (b'"version":', b'"version2":'), (b'"schema":1', b'"schema":"1"'),
        (b'"schema":1', b'"schema":1.0'), (b'"schema":1', b'"schema":true'), (b'"path":[', b'"path":[null,'),
        (b'"path":[', b'"path":["AA==",'), (b'"reason":', b'"reason": '), (b"{", b"[{"), (b'"data":"', b'"data":5,"x":"'),
    ):  # fmt: skip
        assert was in raw
        with pytest.raises((ValueError, BadProof)):
            check_event(read_event(raw.replace(was, now, 1)))


def test_a_record_that_is_not_text_is_proven_too(tmp_path: Path) -> None:
    filling = Filling(f"sqlite:///{tmp_path}/store.db", tmp_path / "keys", 5)
    with with_all_rights(filling.url) as run:
        run("UPDATE log SET data = x'ff00' WHERE position = 4")
    raw = write_event(prove_event(filling.db, record(filling, 4), filling.checkpoint()))
    check_event(read_event(raw))
    assert read_event(raw).record.data == b"\xff\x00"
    filling.close()


def test_no_proof_is_made_of_a_changed_event(filled: Filling) -> None:
    point = filled.checkpoint()
    with with_all_rights(filled.url) as run:
        change(run, 77, 600, filled.chance)
    with pytest.raises(Problem) as caught:
        prove_event(filled.db, record(filled, 77), point)
    assert (caught.value.code, caught.value.facts["position"]) == ("proof.changed", 77)


def test_a_proof_is_of_its_record_only(filled: Filling) -> None:
    point = filled.checkpoint()
    proven: EventProof = prove_event(filled.db, record(filled, 5), point)
    with pytest.raises(BadProof):
        check_event(proven._replace(record=record(filled, 6)._replace(position=5)))
