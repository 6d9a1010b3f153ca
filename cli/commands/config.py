"""`sales config`: the settings in force with their origin, and the user's own file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import Command, Group, command
from cli.core.options import argument, option
from infra.config.settings import KEPT, PROJECT_FILE, SECRETS
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

PROFILES: Final = (
    Column("profile", marked("Profile")),
    Column("store", marked("Store"), missing="not set"),
    Column("used", marked("In use"), missing=""),
)
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
    session.show(Result("config", COLUMNS, rows))


def without_password(name: str, value: Any) -> Any:
    """Return a setting as it may be shown."""
    if name in ("store", "keys") and isinstance(value, str):
        from infra.db.errors import without_password as shown

        return shown(value)
    return value


PROJECT: Final = option(
    "--project", flag=True, help=marked("Write the file of this folder, salestrail.toml, instead of your own.")
)


@command(
    argument("name", help=marked("A setting, as sales config show lists them."), completes="SETTING"),
    argument("value", help=marked("Its value.")),
    PROJECT,
    example="""
        sales config set lang zh
        sales config set store postgresql://sales@db/sales --profile north""",
    name="set",
    shows="plain",
)
def set_(session: Session, *, name: str, value: str, project: bool | None) -> None:
    """Keep a setting in your own config file, for all later runs; with --profile, in that profile."""
    from infra.config.writer import write
    from infra.db.errors import has_password

    if name == "store" and has_password(value):
        raise Problem("config.password_typed")
    if project and name.replace("-", "_") in SECRETS:
        raise Problem("config.own_only", name=name, file=PROJECT_FILE)
    path = file_of(session, project)
    profile = session.config.flags.get("profile")
    write(path, name, value, profile)
    if profile:
        facts = {"name": name, "file": path, "profile": profile}
        session.say(filled(marked("{name} of the profile {profile} is kept in {file}"), facts))
    else:
        session.say(filled(marked("{name} is kept in {file}"), {"name": name, "file": path}))


@command(
    argument("profile", required=False, help=marked("The profile; without one they are listed."), completes="PROFILE"),
    option("--none", flag=True, help=marked("Use no profile any more.")),
    PROJECT,
    example="sales config use north",
    shows="plain",
)
def use(session: Session, *, profile: str | None, none: bool | None, project: bool | None) -> None:
    """Choose the profile for all later runs; --profile and SALES_PROFILE choose another for one run."""
    from infra.config.writer import write

    profiles = session.config.profiles()
    if profile is None and not none:
        session.show(Result("profiles", PROFILES, list(listed(session))))
        return
    if profile is not None and profile not in profiles:
        raise Problem("config.no_profile", profile=profile, known=", ".join(profiles) or "-")
    path = file_of(session, project)
    write(path, "profile", None if none else profile)
    line = (
        marked("no profile is used any more") if none else marked("the profile {profile} is used from now on ({file})")
    )
    session.say(filled(line, {"profile": profile, "file": path}))


def file_of(session: Session, project: bool | None) -> Path:
    """Return the config file that is to be written."""
    return Path(PROJECT_FILE if project else session.config.user_file)


def listed(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the profiles, each with its store and whether it is in use."""
    chosen = session.setting("profile").value
    for name, held in session.config.profiles().items():
        store = held.get("store")
        address = without_password("store", store.value) if store else None
        yield {"profile": name, "store": address, "used": _("yes") if name == chosen else None}


@command(example="sales config path", shows="plain")
def path(session: Session) -> None:
    """Print the path of your own config file."""
    print(session.config.user_file)


class Config(Group):
    """The verbs of `sales config`."""

    verbs: dict[str, Command]

    def __init__(self) -> None:
        """Hold the verbs."""
        super().__init__("config", help=marked("Show or set settings."), example="sales config show")
        self.verbs = {"show": show, "set": set_, "use": use, "path": path}

    def lines(self) -> list[tuple[str, str, str]]:
        return [(name, made.help or "", marked("Commands")) for name, made in self.verbs.items()]

    def load(self, name: str) -> Any:
        return self.verbs.get(name)


config = Config()
