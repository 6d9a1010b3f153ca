"""The keys themselves: where they lie, who may read them, what happens where they are not, and what a value is bound to."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from threading import Event, Thread

import pytest

from domain.kernel.field import fields_of
from domain.kernel.registry import all_actions, all_events
from infra.commands.sealing import PERSONAL
from infra.crypto.key_export import for_oneself, lines
from infra.crypto.key_store import DataKey, KeyRows, open_keys
from infra.crypto.key_wrapping import KeyWrapper
from infra.crypto.keyring import Keyring
from infra.crypto.master_key_file import KeysUnusable, MasterKey, WrappingFile, made
from infra.crypto.unsealing import ID
from infra.db.connect import open_database
from infra.event_store import codec
from projections.engine.sealed import ERASED, SEALED, Sealed
from tests.conftest import make_store

VALUE = "王经理 13800000000"


@pytest.fixture
def ring(store_url: str, tmp_path: Path) -> Keyring:
    make_store(store_url)
    return Keyring(open_database(store_url, create=False), file=str(tmp_path / "wrapping-keys"))


def again(ring: Keyring) -> Keyring:
    """Return the keys as another process has them."""
    return Keyring(ring._db, file=str(ring.file.path))


def sealed(ring: Keyring, subject: str = "cus_1", version: int = 0, value: str = VALUE) -> str:
    return f"~1:e1:contact:{ring.seal(subject, version, 'e1', 'contact', value)}"


def test_another_process_opens_what_one_has_sealed_and_kept(ring: Keyring) -> None:
    text = sealed(ring)
    ring.keep()
    assert again(ring).opened(text) == VALUE
    assert VALUE not in text


def test_what_was_sealed_twice_looks_different_each_time(ring: Keyring) -> None:
    assert sealed(ring) != sealed(ring)


def test_a_subject_keeps_its_key_from_process_to_process_and_others_have_others(ring: Keyring) -> None:
    sealed(ring)
    ring.keep()
    other = again(ring)
    assert sealed(other)[:26] == sealed(ring)[:26]
    assert sealed(other, "cus_2")[:26] != sealed(ring)[:26]


@pytest.mark.parametrize(("old", "new"), [(":e1:", ":e2:"), (":contact:", ":phone:")])
def test_a_value_moved_to_another_event_or_field_does_not_open(ring: Keyring, old: str, new: str) -> None:
    text = sealed(ring)
    assert ring.opened(text) == VALUE
    assert ring.opened(text.replace(old, new)) == SEALED


@pytest.mark.parametrize(
    "text", ["~1:", "~1:e1:contact:", "~1:e1:contact:AAAA", "~1:e:f:" + "A" * 60, "~1:e:f:金丝雀", "x"]
)
def test_what_is_no_sealed_value_is_not_opened(ring: Keyring, text: str) -> None:
    sealed(ring)
    ring.keep()
    assert ring.opened(text) == SEALED


def test_more_values_are_opened_at_once_than_keys_are_kept(ring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [sealed(ring, f"cus_{n}", value=f"{VALUE} {n}") for n in range(9)]
    held = [f"{VALUE} {n}" for n in range(9)]
    ring.keep()
    monkeypatch.setattr("infra.crypto.keyring.KEPT", 2)
    assert again(ring).opened_each([*texts, "x"]) == [*held, SEALED]
    noting = again(ring)
    for text in texts:
        noting.ask(text.rpartition(":")[2][:ID])
    assert [noting.opened(text) for text in texts] == held


def test_a_damaged_key_hides_what_it_sealed_and_nothing_else(ring: Keyring) -> None:
    texts = [sealed(ring, "cus_1"), sealed(ring, "cus_2")]
    ring.keep()
    rows = ring.rows()
    assert rows is not None
    rows.db.run("UPDATE data_keys SET wrapped = ? WHERE subject = 'cus_1'", (bytes(60),))
    other = again(ring)
    assert other.opened_each(texts) == [SEALED, VALUE]
    with pytest.raises(KeysUnusable, match="damaged"):
        other.opened(texts[0])
    assert other.opened(texts[1]) == VALUE


def test_every_bit_of_a_sealed_value_counts(ring: Keyring) -> None:
    text = sealed(ring)
    head, body = text[:-20], text[-20:]
    for n, letter in enumerate(body.rstrip("=")[:-1]):
        assert ring.opened(head + body[:n] + ("A" if letter != "A" else "B") + body[n + 1 :]) == SEALED


def test_an_erasure_destroys_the_keys_before_it_and_no_other(ring: Keyring) -> None:
    before, other = sealed(ring), sealed(ring, "cus_2")
    ring.keep()
    after = sealed(ring, version=1)
    ring.keep()
    assert ring.erase({"cus_1": 1}) == 1
    for reader in (ring, again(ring)):
        assert [reader.opened(text) for text in (before, other, after)] == [ERASED, VALUE, VALUE]
    assert ring.erase({"cus_1": 1}) == 0


def test_an_erasure_exchanges_the_wrapping_key(ring: Keyring) -> None:
    other = sealed(ring, "cus_2")
    sealed(ring)
    ring.keep()
    before = ring.file.path.read_bytes()
    old = {key.fingerprint for key in ring.file.all()}
    ring.erase({"cus_1": 1})
    assert not old & {key.fingerprint for key in ring.file.all()}
    ring.file.path.write_bytes(before)
    with pytest.raises(KeysUnusable):
        again(ring).opened(other)


def test_a_process_that_was_writing_meanwhile_wraps_its_new_keys_with_the_new_one(ring: Keyring) -> None:
    sealed(ring)
    ring.keep()
    writer = again(ring)
    sealed(writer, "cus_2")
    writer.keep()
    ring.erase({"cus_1": 1})
    text = sealed(writer, "cus_3")
    writer.keep()
    assert again(ring).opened(text) == VALUE


def test_two_erasures_at_once_leave_the_wrapping_key_that_is_used(
    ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one destroys the old wrapping key while the other has kept a new one and not yet put it into use."""
    kept = sealed(ring, "cus_3")
    for subject in ("cus_1", "cus_2"):
        sealed(ring, subject)
    ring.keep()
    leaving, exchanged = Event(), Event()
    leave, exchange = WrappingFile.leave, KeyWrapper.exchanged

    def late(file: WrappingFile, owner: str, fingerprint: str) -> None:
        if not leaving.is_set():
            leaving.set()
            exchanged.wait(1)
        leave(file, owner, fingerprint)

    def slow(self: KeyWrapper, rows: KeyRows) -> MasterKey:
        made = exchange(self, rows)
        if leaving.is_set():
            exchanged.set()
            first.join(1)
        return made

    def erase(subject: str) -> None:
        mine = again(ring)
        mine.erase({subject: 1})
        mine.close()

    monkeypatch.setattr(WrappingFile, "leave", late)
    monkeypatch.setattr(KeyWrapper, "exchanged", slow)
    first = Thread(target=erase, args=("cus_1",))
    first.start()
    assert leaving.wait(30)
    erase("cus_2")
    first.join()
    assert again(ring).opened(kept) == VALUE
    assert len(ring.file.all()) == 1


@pytest.mark.parametrize("many", [1, 3])
def test_who_reads_while_the_wrapping_key_is_exchanged_opens_what_is_not_erased(
    ring: Keyring, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    texts = [sealed(ring, f"cus_{n}") for n in range(many + 1)]
    ring.keep()
    reader = again(ring)
    exchanged_after(reader, "by_ids", ring, many, monkeypatch)
    assert reader.opened_each(texts) == [*[ERASED] * many, VALUE]
    assert [again(ring).opened(text) for text in texts] == [*[ERASED] * many, VALUE]


def test_who_seals_while_the_wrapping_key_is_exchanged_seals(ring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed(ring, "cus_0")
    before = sealed(ring, "cus_1")
    ring.keep()
    writer = again(ring)
    exchanged_after(writer, "live", ring, 1, monkeypatch)
    text = sealed(writer, "cus_1")
    writer.keep()
    assert text[:26] == before[:26]  # with the same key
    assert again(ring).opened(text) == VALUE


def test_keys_that_are_carried_while_the_wrapping_key_is_exchanged_are_carried(
    ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        sealed(ring, f"cus_{n}")
    ring.keep()
    carrying = again(ring)
    exchanged_after(carrying, "every", ring, 1, monkeypatch)
    count, told = lines(carrying, for_oneself(carrying))
    said = {line["subject"]: line for line in map(json.loads, told)}
    assert count == len(said) == 2
    assert "destroyed" in said["cus_0"]
    assert "wrapped" in said["cus_1"]


def exchanged_after(ring: Keyring, ask: str, other: Keyring, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another erase so many subjects, one after the other, each time that this one has read keys."""
    rows = ring.rows()
    assert rows is not None
    erased = iter(range(many))

    def exchanging(read: Callable[..., list[DataKey]]) -> Callable[..., list[DataKey]]:
        def reads(*asked: Iterable[str]) -> list[DataKey]:
            found = read(*asked)
            for n in islice(erased, 1):
                other.erase({f"cus_{n}": 1})
            return found

        return reads

    for name in {ask, "by_ids"}:
        monkeypatch.setattr(rows, name, exchanging(getattr(rows, name)))


def test_an_exchange_that_was_broken_off_is_finished_by_the_next_erasure(ring: Keyring) -> None:
    text = sealed(ring)
    ring.keep()
    rows = ring.rows()
    assert rows is not None
    ring.file.add(made(rows.id))  # the new wrapping key is kept, and then the power goes
    assert again(ring).opened(text) == VALUE
    again(ring).erase({"cus_9": 1})
    assert len(ring.file.of(rows.id)) == 1
    assert again(ring).opened(text) == VALUE


def test_the_wrapping_keys_of_another_store_stay(ring: Keyring, tmp_path: Path) -> None:
    sealed(ring)
    ring.keep()
    url = f"sqlite:///{tmp_path}/second.db"
    make_store(url)
    second = Keyring(open_database(url, create=False), file=str(ring.file.path))
    text = sealed(second, "cus_7")
    second.keep()
    ring.erase({"cus_1": 1})
    assert again(second).opened(text) == VALUE


def test_without_the_wrapping_key_nothing_is_opened_made_or_destroyed(ring: Keyring) -> None:
    text = sealed(ring)
    sealed(ring, "cus_2")
    ring.keep()
    ring.file.path.unlink()
    lost = again(ring)
    assert lost.opened_each([text, text]) == [SEALED, SEALED]
    for act in (lambda: lost.opened(text), lost.ready, lambda: lost.erase({"cus_1": 1})):
        with pytest.raises(KeysUnusable, match="lacks the wrapping key"):
            act()
    sealed(lost, "cus_3")
    with pytest.raises(KeysUnusable):
        lost.keep()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_files_of_keys_are_their_owners_alone(ring: Keyring, store_url: str, tmp_path: Path) -> None:
    sealed(ring)
    ring.keep()
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
    ring.file.path.chmod(0o644)
    with pytest.raises(KeysUnusable, match="others can read it"):
        ring.file.all()


@pytest.mark.parametrize("text", ["x", "a b c d", "keys-1 ff not-base64!"])
def test_a_damaged_file_of_wrapping_keys_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrapping-keys"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeysUnusable, match="no wrapping key"):
        WrappingFile(str(file)).all()


def test_keys_are_on_disk_before_the_events_that_they_seal(ring: Keyring) -> None:
    assert open_keys(ring._db, None, create=False) is None
    sealed(ring)
    ring.keep()
    db = open_keys(ring._db, None, create=False)
    assert db is not None
    assert [key.subject for key in KeyRows(db).every()] == ["cus_1"]
    db.close()


def test_the_key_store_holds_no_key_in_the_clear(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    make_store(url)
    ring = Keyring(open_database(url, create=False), file=str(tmp_path / "w"))
    sealed(ring)
    raw = next(raw for _, _, raw in ring._fresh.values())
    ring.keep()
    ring.close()
    kept = sqlite3.connect(tmp_path / "a.keys")
    assert kept.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    kept.close()
    for file in tmp_path.iterdir():
        assert raw not in file.read_bytes()


def test_requests_are_digested_with_one_secret_whoever_asks_first(ring: Keyring) -> None:
    mine, theirs = again(ring), again(ring)
    assert mine.secret() == theirs.secret() == ring.secret()
    sealed(ring)
    ring.keep()
    ring.erase({"cus_1": 1})
    assert again(ring).secret() == mine.secret()


def test_every_personal_field_of_events_is_digested_with_the_secret() -> None:
    personal = {field.name for event in all_events() for field in fields_of(event) if field.personal}
    said = {field.name for action in all_actions() for field in fields_of(action) if "(personal" in field.help}
    assert personal | said <= PERSONAL


def test_stored_in_the_clear_a_value_stays_readable() -> None:
    stored = json.dumps({"item": "c1", "contact": "王经理"}).encode()
    assert codec.decode("customer.contact_added", 1, stored) == {"item": "c1", "contact": "王经理"}


def test_a_sealed_value_equals_what_it_holds(ring: Keyring) -> None:
    one, other = Sealed(sealed(ring), ring), Sealed(sealed(ring), ring)
    assert one == VALUE
    assert one == other
    assert one != "张三"
    assert str.__ne__(one, other)


def test_without_its_keys_a_value_is_neither_shown_nor_lost() -> None:
    data = codec.decode("customer.contact_added", 1, b'{"item":"c1","contact":{"~1":"AAAAAAAAAAAAxxxx"}}', "e1")
    assert codec.opened(data) == {"item": "c1", "contact": SEALED}
