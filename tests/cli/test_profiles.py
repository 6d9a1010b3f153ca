"""Profiles of settings, and the password of a server's store: where each comes from, and where none may stand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.core.session import Session
from infra.db.errors import has_password, without_password
from infra.db.postgres import Address

from .conftest import Sales

SERVER = "postgresql://me@db/sales"


def store_of(sales: Sales, *words: str) -> tuple[str, str]:
    rows = {row["name"]: row for row in json.loads(sales("config", "show", "--json", *words).out)["rows"]}
    return rows["store"]["value"], rows["store"]["origin"]


@pytest.fixture
def profiles(sales: Sales, machine: Path) -> Sales:
    """Two profiles in the user's own file, one of them spelled by hand."""
    sales("config", "set", "store", "sqlite:///plain.db")
    sales("config", "set", "store", "sqlite:///north.db", "--profile", "north")
    sales("config", "set", "lang", "zh", "--profile", "north")
    path = Path(sales("config", "path").out.strip())
    path.write_text(path.read_text("utf-8") + '\n# by hand\n[profiles.south]\nstore = "sqlite:///south.db"\n', "utf-8")
    return sales


def test_a_profile_counts_where_it_was_chosen(profiles: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_of(profiles)[0] == "sqlite:///plain.db"
    assert store_of(profiles, "--profile", "south")[0] == "sqlite:///south.db"
    assert profiles("config", "use", "north").status == 0
    value, origin = store_of(profiles)
    assert (value, origin.endswith("config.toml [profiles.north]")) == ("sqlite:///north.db", True)
    Path("salestrail.toml").write_text('store = "sqlite:///folder.db"\n', "utf-8")
    assert store_of(profiles)[0] == "sqlite:///folder.db"
    monkeypatch.setenv("SALES_PROFILE", "south")
    assert store_of(profiles)[0] == "sqlite:///south.db"
    monkeypatch.setenv("SALES_STORE", "sqlite:///environment.db")
    assert store_of(profiles)[0] == "sqlite:///environment.db"
    assert store_of(profiles, "--profile", "north")[0] == "sqlite:///north.db"
    assert store_of(profiles, "--profile", "north", "--store", "sqlite:///flag.db")[0] == "sqlite:///flag.db"


def test_profiles_are_listed_chosen_and_left(profiles: Sales) -> None:
    profiles("config", "use", "north")

    rows = json.loads(profiles("config", "use", "--json").out)["rows"]
    assert [(row["profile"], row["store"], bool(row["used"])) for row in rows] == [
        ("north", "sqlite:///north.db", True),
        ("south", "sqlite:///south.db", False),
    ]
    assert profiles("config", "show").out.startswith("设置")
    assert profiles("config", "use", "--none").status == 0
    assert store_of(profiles)[0] == "sqlite:///plain.db"
    path = Path(profiles("config", "path").out.strip())
    assert path.read_text("utf-8").startswith('store = "sqlite:///plain.db"\n\n[profiles.north]\n')
    assert "# by hand" in path.read_text("utf-8")


def test_a_profile_that_there_is_not_is_named_and_can_be_left(profiles: Sales) -> None:
    for words in (
        ("config", "use", "west"),
        ("tracking", "--profile", "west"),
        ("config", "show", "--profile", "west"),
    ):
        done = profiles(*words)
        assert (done.status, done.err.splitlines()[0]) == (2, "error: There is no profile west.")
        assert "Profiles are: north, south." in done.err
    done = profiles("--lang", "zh", "tracking", "--profile", "west")
    assert done.err.splitlines()[0] == "错误：没有名为 west 的配置档。"
    profiles("config", "set", "profile", "west")
    assert profiles("tracking").status == 2
    found = {row["check"]: row for row in json.loads(profiles("doctor", "--json").out)["rows"]}
    assert (found["config"]["state"], bool(found["config"]["remedy"])) == ("problem", True)
    assert profiles("config", "use", "--none").status == 0


@pytest.mark.parametrize(
    "text", ["[profiles.north]\ncolour = 1\n", "profiles = 3\n", "[profiles.north]\nprofile = 'x'\n"]
)
def test_a_wrong_file_is_refused(sales: Sales, text: str) -> None:
    path = Path(sales("config", "path").out.strip())
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")

    assert sales("tracking").status == 2


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:geheim@db/sales", "postgresql://me@db/sales"),
        ("postgresql://me:ge@he/im@db/sales", "postgresql://me@db/sales"),
        ("postgresql://db/sales?user=me&password=geheim", "postgresql://db/sales?user=me&password=***"),
    ],
)
def test_a_password_is_refused_on_the_line_and_masked_elsewhere(
    sales: Sales, monkeypatch: pytest.MonkeyPatch, url: str, shown: str
) -> None:
    for words in (("--store", url, "tracking"), ("config", "set", "store", url)):
        done = sales(*words)
        assert (done.status, done.err.splitlines()[-1]) == (2, "[config.password_typed]")
        assert "geheim" not in done.err
    assert without_password(url) == shown
    monkeypatch.setenv("SALES_STORE", url)
    assert store_of(sales) == (shown, "environment")


@pytest.mark.parametrize(
    "url", ["postgresql://me:@db/x", SERVER, "postgresql://db:5432/x?user=a@b", "sqlite:///a:b@c.db"]
)
def test_an_address_without_a_password_is_none_with(url: str) -> None:
    assert not has_password(url)


def params(machine: Path) -> object:
    """Return the password with which a server would be asked."""
    import os

    return Address(Session(os.environ).store_url).params.get("password")


def test_a_password_comes_from_a_file_a_command_or_the_keyring(
    sales: Sales, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = machine / "secret"
    secret.write_text("geheim\nmore\n", "utf-8")
    secret.chmod(0o600)
    sales("config", "set", "store", SERVER, "--profile", "north")
    sales("config", "use", "north")
    assert params(machine) is None
    sales("config", "set", "password_file", str(secret), "--profile", "north")
    assert params(machine) == "geheim"
    assert "geheim" not in sales("config", "show").out
    monkeypatch.setenv("SALES_PASSWORD_FILE", str(machine / "none"))
    path = Path(sales("config", "path").out.strip())
    path.write_text(f'store = "{SERVER}"\npassword_command = "printf from-command"\n', "utf-8")
    monkeypatch.delenv("SALES_PASSWORD_FILE")
    assert params(machine) == "from-command"
    path.write_text(f'store = "{SERVER}"\npassword_keyring = "salestrail/me"\n', "utf-8")
    held = {("salestrail", "me"): "from-keyring"}
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *entry: held.get(entry)))
    assert params(machine) == "from-keyring"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("password_file", "none", "secret.unusable"),
        ("password_file", "open", "secret.unusable"),
        ("password_file", "empty", "secret.unusable"),
        ("password_command", "false", "secret.unusable"),
        ("password_command", "true", "secret.unusable"),
        ("password_keyring", "me", "secret.unusable"),
        ("password_keyring", "salestrail/me", "secret.no_keyring"),
    ],
)
def test_a_password_that_can_not_be_had_is_said(
    sales: Sales, monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    Path("open").write_text("geheim\n", "utf-8")
    Path("open").chmod(0o644)
    Path("empty").touch(0o600)
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setenv("SALES_STORE", SERVER)
    monkeypatch.setenv(f"SALES_{name.upper()}", value)

    done = sales("tracking")
    assert (done.status, done.err.splitlines()[-1]) == (7, f"[{code}]")
    found = {row["check"]: row for row in json.loads(sales("doctor", "--json").out)["rows"]}
    assert (found["password"]["state"], bool(found["password"]["remedy"])) == ("problem", True)


def test_a_folders_file_says_no_password_and_gets_none_of_another_file(sales: Sales, machine: Path) -> None:
    """Whoever wrote a folder's file would run a command of theirs, or be sent a password that is not for them."""
    done = sales("config", "set", "password_command", "echo x", "--project")
    assert done.err.splitlines()[-1] == "[config.own_only]"
    sales("config", "set", "password_command", "echo mine")
    Path("salestrail.toml").write_text('store = "postgresql://me@elsewhere/x"\n', "utf-8")
    assert params(machine) is None
    Path("salestrail.toml").write_text('[profiles.a]\npassword_command = "echo x"\n', "utf-8")
    assert sales("tracking").err.splitlines()[-1] == "[config.own_only]"


def test_a_store_on_a_server_opens_with_a_password_from_a_file(
    sales: Sales, machine: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = machine / "secret"
    secret.write_text("geheim\n", "utf-8")
    secret.chmod(0o600)
    monkeypatch.setenv("SALES_STORE", postgres_url)
    monkeypatch.setenv("SALES_PASSWORD_FILE", str(secret))
    assert sales("init").status == 0
    assert sales("lead", "capture", "甲公司", "--channel", "online").status == 0
