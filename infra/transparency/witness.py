"""A witness: keeps the last checkpoint of each log that it has seen, and signs only what continues it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.errors.problem import Problem
from infra.transparency.merkle_tree import BadProof
from infra.transparency.proof_file import GrowthProof, check_growth
from infra.transparency.signed_note import COSIGNATURE, Checkpoint, Signature, VerifierKey, must_be_signed, parse
from infra.transparency.signing_keys import KeyFolder

NAME: Final = "witness"


class Witness:
    """The folder of one witness: its key, and for each log the keys that it trusts and the last note it signed."""

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.keys = KeyFolder(folder)
        self.signer = self.keys.signer(name, COSIGNATURE)

    @property
    def key(self) -> VerifierKey:
        return self.signer.key

    def last(self, origin: str) -> Checkpoint | None:
        """Return the last checkpoint of a log that was cosigned here. Raises Problem."""
        note = self.keys.last(origin)
        try:
            return parse(note) if note else None
        except ValueError as wrong:
            raise Problem("proof.bad_note", file=self.keys.last_file(origin), why=str(wrong)) from None

    def take(self, shown: Checkpoint, growth: GrowthProof | None, clock: Callable[[], float]) -> Checkpoint:
        """Cosign a checkpoint that continues the last one of its log, and keep it. Raises Problem, and signs nothing.

        Exit status 9 for a fork: a signed checkpoint that does not continue the one that was cosigned before.
        """
        keys = self.keys.known(shown.origin)
        if not keys:
            raise Problem("proof.unknown_log", origin=shown.origin)
        must_be_signed(shown, keys)
        before = self.last(shown.origin)
        if before is not None:
            self._must_continue(before, shown, growth)
        cosigned = self.signer.cosign(shown._replace(signatures=self._others(shown)), int(clock()))
        self.keys.keep_last(shown.origin, cosigned.note)
        return cosigned

    def _others(self, shown: Checkpoint) -> tuple[Signature, ...]:
        return tuple(each for each in shown.signatures if each.name != self.key.name)

    def _must_continue(self, before: Checkpoint, shown: Checkpoint, growth: GrowthProof | None) -> None:
        if shown.size == before.size:
            if shown.root != before.root:
                raise Problem("proof.fork", origin=shown.origin, before=before.size, size=shown.size)
            return
        if shown.size < before.size:
            raise Problem("proof.older", size=shown.size, before=before.size)
        if before.size == 0:
            return
        if growth is None or growth.earlier.size != before.size or growth.later.text != shown.text:
            raise Problem(
                "proof.no_growth", size=shown.size, before=before.size, file=self.keys.last_file(shown.origin)
            )
        try:
            check_growth(growth._replace(earlier=before))
        except BadProof:
            raise Problem("proof.fork", origin=shown.origin, before=before.size, size=shown.size) from None
