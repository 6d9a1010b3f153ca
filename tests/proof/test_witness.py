"""A witness signs what only grows: not two histories, nothing older, and nothing of a log that it was not told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.errors.problem import Problem
from infra.transparency.proof_file import GrowthProof, prove_growth
from infra.transparency.signed_note import Checkpoint, check
from infra.transparency.witness import Witness
from tests.proof.filling import Filling


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness")


def refusal(witness: Witness, shown: Checkpoint, growth: GrowthProof | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        witness.take(shown, growth, lambda: 5.0)
    return caught.value


def test_a_log_that_only_grows_is_signed_again_and_again(filled: Filling, witness: Witness) -> None:
    before = filled.checkpoint()
    for key in filled.keys.known(before.origin):
        witness.keys.trust(key)
    witness.take(before, None, lambda: 5.0)
    witness.take(before, None, lambda: 6.0)
    for more in (1, 300):
        filled.grow(more)
        shown = filled.checkpoint()
        assert refusal(witness, shown).code == "proof.no_growth"
        cosigned = witness.take(shown, prove_growth(filled.db, before, shown), lambda: 7.0)
        assert check(cosigned, [witness.key]) == [witness.key]
        assert filled.verify(cosigned).events == shown.size
        assert refusal(witness, before).code == "proof.older"
        before = cosigned


def test_a_log_that_it_was_not_told_of_is_refused(filled: Filling, witness: Witness) -> None:
    assert refusal(witness, filled.checkpoint()).code == "proof.unknown_log"


def test_two_histories_are_refused_with_exit_9_and_nothing_is_signed(
    filled: Filling, witness: Witness, tmp_path: Path
) -> None:
    seen = filled.checkpoint()
    signer = filled.keys.signer(seen.origin)
    witness.keys.trust(signer.key)
    witness.take(seen, None, lambda: 5.0)
    other = Filling(f"sqlite:///{tmp_path}/other.db", tmp_path / "other", 600, seed=8)
    same_size = other.checkpoint()
    other.grow(10)
    larger = other.checkpoint()

    def as_seen(point: Checkpoint) -> Checkpoint:
        """Return another log's checkpoint under this log's name, signed with its key: what a rewritten log would show."""
        text = point.text.replace(point.origin, seen.origin)
        return signer.sign(Checkpoint(seen.origin, point.size, point.root, text, ()))

    assert refusal(witness, as_seen(same_size)).exit_status == 9
    growth = prove_growth(other.db, same_size, larger)
    shown = as_seen(larger)
    forged = growth._replace(earlier=as_seen(same_size), later=shown)
    assert (refusal(witness, shown, forged).code, refusal(witness, shown, forged).exit_status) == ("proof.fork", 9)
    kept = witness.last(seen.origin)
    assert kept is not None
    assert kept.root == seen.root
    other.close()


def test_a_checkpoint_that_its_log_did_not_sign_is_refused(filled: Filling, witness: Witness) -> None:
    shown = filled.checkpoint()
    witness.keys.trust(filled.keys.signer(shown.origin).key)
    assert refusal(witness, shown._replace(signatures=())).code == "proof.not_signed"
    changed = shown._replace(size=601, text=shown.text.replace("600", "601"))
    assert refusal(witness, changed).code == "proof.signature"
