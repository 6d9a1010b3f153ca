"""Settings: flags before environment before project file before user file before default, each with its origin."""

import json
from pathlib import Path

import pytest

from .conftest import Sales


def settings(sales: Sales, *words: str) -> dict[str, dict]:
    return {row["name"]: row for row in json.loads(sales("config", "show", "-o", "json", *words).out)["rows"]}


def test_nothing_has_to_be_configured(sales: Sales, machine: Path) -> None:
    found = settings(sales)

    assert found["store"]["value"] == f"sqlite:///{machine}/home/.local/share/salestrail/salestrail.db"
    assert found["actor"] == {"name": "actor", "value": "wang.fang", "origin": "default"}
    assert found["lang"]["value"] == "en"


def test_flags_win_over_environment_over_project_over_user(
    sales: Sales, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales("config", "set", "store", "sqlite:///user.db")
    user = settings(sales)["store"]
    sales("config", "set", "store", "sqlite:///project.db", "--project")
    project = settings(sales)["store"]
    monkeypatch.setenv("SALES_STORE", "sqlite:///environment.db")
    environment = settings(sales)["store"]
    flag = settings(sales, "--store", "sqlite:///flag.db")["store"]

    assert [found["value"][10:] for found in (user, project, environment, flag)] == [
        *("user.db", "project.db", "environment.db", "flag.db"),
    ]
    assert [Path(found["origin"]).name for found in (user, project, environment, flag)] == [
        *("config.toml", "salestrail.toml", "environment", "flag"),
    ]


def test_a_setting_is_replaced_and_the_rest_of_the_file_stays(sales: Sales) -> None:
    path = Path(sales("config", "path").out.strip())
    path.parent.mkdir(parents=True)
    path.write_text('# mine\nlang = "en"\nactor = "li.si"\n', "utf-8")

    sales("config", "set", "lang", "zh")

    assert path.read_text("utf-8") == '# mine\nactor = "li.si"\nlang = "zh"\n'
    assert settings(sales)["actor"]["value"] == "li.si"


@pytest.mark.parametrize(
    ("name", "value", "lang"),
    [
        ("LANG", "zh_CN.UTF-8", "zh"),
        ("LANG", "de_DE.UTF-8", "en"),
        ("LC_ALL", "zh_TW", "zh"),
        ("SALES_LANG", "zh", "zh"),
    ],
)
def test_the_language_follows_the_surroundings(
    sales: Sales, monkeypatch: pytest.MonkeyPatch, name: str, value: str, lang: str
) -> None:
    monkeypatch.setenv(name, value)

    assert settings(sales)["lang"]["value"] == lang


def test_a_password_is_never_shown(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_STORE", "postgresql://me:secret@db/sales")
    shown = settings(sales)["store"]["value"]

    assert "secret" not in shown
    assert "db/sales" in shown


def test_an_odd_user_name_becomes_a_login(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "Wang Fang")

    assert settings(sales)["actor"]["value"] == "Wang.Fang"
    assert sales("lead", "capture", "某某", "--channel", "online").status == 0
