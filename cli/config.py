"""`sales config`: the settings in force with their origin, and the user's own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.frame import Command, Group, command
from cli.options import argument, option
from cli.text import filled, marked
from cli.view import Column, View
from infra.config import KEPT, PROJECT_FILE, write

if TYPE_CHECKING:
    from cli.session import Session

COLUMNS = (
    Column("name", marked("Setting")),
    Column("value", marked("Value"), missing="not set"),
    Column("origin", marked("Comes from")),
)


@command(example="sales config show")
def show(session: Session) -> None:
    """Show each setting with where its value comes from: a flag, the environment, a file or the default."""
    rows = []
    for name in KEPT:
        setting = session.setting(name)
        rows.append({"name": name, "value": without_password(name, setting.value), "origin": setting.origin})
    session.show(View("config", COLUMNS, rows))


def without_password(name: str, value: Any) -> Any:
    """Return a setting as it may be shown."""
    if name == "store":
        from infra.database import without_password as shown

        return shown(value)
    return value


@command(
    argument("name", help=marked("A setting, as sales config show lists them.")),
    argument("value", help=marked("Its value.")),
    option("--project", flag=True, help=marked("Write the file of this folder, salestrail.toml, instead of your own.")),
    example="sales config set lang zh",
    name="set",
    shows="plain",
)
def set_(session: Session, *, name: str, value: str, project: bool | None) -> None:
    """Keep a setting in your own config file, for all later runs."""
    path = Path(PROJECT_FILE) if project else session.config.user_file
    write(path, name, value)
    session.say(filled("{name} is kept in {file}", {"name": name, "file": path}))


@command(example="sales config path", shows="plain")
def path(session: Session) -> None:
    """Print the path of your own config file."""
    print(session.config.user_file)


class Config(Group):
    """The three verbs of `sales config`."""

    verbs: dict[str, Command]

    def __init__(self) -> None:
        """Hold the verbs."""
        super().__init__("config", help=marked("Show or set settings."), example="sales config show")
        self.verbs = {"show": show, "set": set_, "path": path}

    def lines(self) -> list[tuple[str, str, str]]:
        return [(name, made.help or "", marked("Commands")) for name, made in self.verbs.items()]

    def load(self, name: str) -> Any:
        return self.verbs.get(name)


config = Config()
