"""What a cold command does not load: neither keys nor the library that uses them, but where a sealed value is shown or made."""

from __future__ import annotations

import json

import pytest

from infra.store.open import create_store
from tests.faults.running import BOSS, sales
from tests.given import lead, line
from tests.test_budget import imported

UNSEALING = {"cryptography", "infra.crypto.key_store"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a SQLite store that holds personal data, with its tables in step."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cold')}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    lines = [
        lead("l1", "甲公司", by=BOSS, contact="王经理"),
        line("objection.log", "l1", kind="price", words="贵", at="2024-01-09"),
    ]
    given = "".join(json.dumps(said) + "\n" for said in lines).encode()
    assert sales("apply", "-", store=url, given=given).status == 0
    assert sales("tracking", store=url).status == 0
    return url


@pytest.mark.parametrize("words", ["tracking", "objections", "progress", "pipeline", "log", "status"])
def test_a_view_opens_no_key(store: str, words: str) -> None:
    assert not imported(store, *words.split()) & UNSEALING


def test_the_audit_opens_what_it_shows(store: str) -> None:
    assert "cryptography" in imported(store, "audit", "l1")
    assert "cryptography" not in imported(store, "audit", "--name", "person.registered")


def test_an_act_without_personal_data_needs_no_key_even_on_a_customer_that_has_some(store: str) -> None:
    assert "cryptography" not in imported(store, "signal", "log", "l1", "--kind", "asks-for-quotation")
    assert "cryptography" in imported(
        store, "signal", "log", "l1", "--kind", "asks-for-quotation", "--words", "何时到货"
    )


def test_the_quick_door_to_the_library_is_the_one_that_it_shows() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

    from infra.crypto.key_wrapping import cipher_of

    assert type(cipher_of(bytes(32))) is AESGCM
    assert AESSIV.__module__ == AESGCM.__module__
