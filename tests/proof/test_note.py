"""A checkpoint is a signed note as C2SP writes it; nothing but its one form, signed with the right key, is taken."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from infra.errors.problem import Problem
from infra.transparency.signed_note import (
    COSIGNATURE,
    Checkpoint,
    Signature,
    check,
    decoded,
    must_be_signed,
    parse,
    read_key,
    text_of,
)
from infra.transparency.signing_keys import KeyFolder

# The example of Go's package golang.org/x/mod/sumdb/note, which the C2SP's signed notes come from.
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
EXAMPLE_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NAME = "salestrail/0f8fad5bd9cb469f"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def made(keys: KeyFolder, size: int = 5) -> Checkpoint:
    root = bytes(range(32))
    return keys.signer(NAME).sign(Checkpoint(NAME, size, root, text_of(NAME, size, root), ()))


def test_the_published_example_holds() -> None:
    key = read_key(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    signature = Signature("PeterNeumann", decoded(EXAMPLE_SIGNATURE))
    assert check(Checkpoint("", 0, b"", EXAMPLE_TEXT, (signature,)), [key]) == [key]
    with pytest.raises(Problem) as caught:
        check(Checkpoint("", 0, b"", EXAMPLE_TEXT + "x\n", (signature,)), [key])
    assert caught.value.code == "proof.signature"


def test_a_note_is_short_and_is_read_as_it_was_written(keys: KeyFolder) -> None:
    point = made(keys)
    assert parse(point.note) == point
    assert len(point.note.encode()) < 220
    assert point.note.startswith(f"{NAME}\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— {NAME} ")


@pytest.mark.parametrize(
    ("was", "now"),
    [("\n5\n", "\n05\n"), ("\n5\n", "\n-5\n"), ("\n5\n", "\n5.0\n"), ("\n5\n", "\n٥\n"), ("\n5\n", "\n"), ("AAEC", "AAE"),
     ("AAEC", "AA C"), ("h8=", "h9="), ("\n\n", "\n"), ("— ", "- "), ("— ", "—"), ("\n", "\r\n"), ("=\n", "="),
     (NAME, ""), ("salestrail", "sales\x00trail")],
)  # fmt: skip
def test_no_other_form_is_taken(keys: KeyFolder, was: str, now: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(made(keys).note.replace(was, now))


def test_every_changed_bit_of_a_note_is_refused(keys: KeyFolder) -> None:
    raw, known = made(keys).note.encode(), keys.known(NAME)
    for at in range(len(raw)):
        for bit in range(8):
            changed = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
            with pytest.raises((ValueError, Problem)):
                must_be_signed(parse(changed.decode()), known)


def test_a_key_is_made_once_and_only_its_owner_reads_it(keys: KeyFolder) -> None:
    key = keys.signer(NAME).key
    assert keys.signer(NAME).key == key == read_key(str(key))
    (file,) = keys.folder.glob("*.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(Problem) as caught:
        keys.signer(NAME)
    assert caught.value.code == "proof.bad_key_file"


def test_a_damaged_key_is_not_used(keys: KeyFolder) -> None:
    keys.signer(NAME)
    (file,) = keys.folder.glob("*.key")
    file.write_text(file.read_text().replace("+", "-", 1))
    with pytest.raises(Problem) as caught:
        keys.signer(NAME)
    assert caught.value.code == "proof.bad_key_file"


def test_what_an_earlier_key_signed_is_still_known(keys: KeyFolder) -> None:
    before = made(keys)
    fresh = keys.renew(NAME)
    after = made(keys)
    assert [key.raw for key in keys.known(NAME)] == [check(before, keys.known(NAME))[0].raw, fresh.key.raw]
    assert check(after, [fresh.key]) == [fresh.key]
    assert check(before, [fresh.key]) == []


@pytest.mark.parametrize(
    "text", ["", "x", "a+b", "a+00000000+AA==", f"{EXAMPLE_KEY}A", EXAMPLE_KEY.replace("c74f", "c74e")]
)
def test_what_is_no_key_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Problem) as caught:
        read_key(text)
    assert caught.value.code == "proof.bad_key"


def test_a_cosignature_covers_the_time_it_was_given(keys: KeyFolder) -> None:
    witness = keys.signer("witness", COSIGNATURE)
    point = witness.cosign(made(keys), 1_704_067_200)
    assert check(parse(point.note), [witness.key, *keys.known(NAME)]) == [keys.signer(NAME).key, witness.key]
    *others, (name, raw) = point.signatures
    later = raw[:4] + (1_704_067_201).to_bytes(8) + raw[12:]
    with pytest.raises(Problem):
        check(point._replace(signatures=(*others, Signature(name, later))), [witness.key])
