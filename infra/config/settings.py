"""The settings of one run: from flags, the environment, a project file and a user file, each with its origin."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from infra.config.environment import config_folder, data_folder, spoken, user_name
from infra.errors.problem import Problem

PROJECT_FILE: Final = "salestrail.toml"

CHOICES: Final = {
    "lang": ("en", "zh"),
    "output": ("table", "plain", "json", "jsonl", "csv", "xlsx", "html", "md"),
    "unit": ("1", "10k"),
    "log": ("off", "json"),
}
SECRETS: Final = ("password_file", "password_command", "password_keyring")
"""How the password of a server's store is found."""
ALSO: Final = {"unit": {"元": "1", "万元": "10k", "万": "10k"}}
"""Other words for a choice."""
ENDINGS: Final = {
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".tsv": "plain",
    ".json": "json",
    ".jsonl": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".md": "md",
}
"""The format that a file's name asks for."""
TEXTS: Final = (
    "store",
    "actor",
    "lang",
    "output",
    "unit",
    "proof_keys",
    "keys",
    "wrapping_key_file",
    *SECRETS,
    "profile",
    "log",
    "log_file",
    "as_of",
    "known_at",
    "at",
    "key",
    "reason",
    "out",
)
SWITCHES: Final = ("explain", "no_input", "yes", "no_color", "no_pager", "quiet", "dry_run")
KEPT: Final = (
    *("store", "actor", "lang", "output", "unit", "proof_keys", "keys", "wrapping_key_file"),
    *SECRETS,
    *("profile", "log", "log_file"),
    *("no_input", "no_color", "no_pager", "quiet"),
)
"""The settings that a config file may hold; the others belong to one command."""


class Setting(NamedTuple):
    """A value and where it comes from: flag, environment, a file's path, or default."""

    value: Any
    origin: str


class Config:
    """The settings of one run; files are read when a setting is first looked for in them."""

    def __init__(self, environ: Mapping[str, str], folder: str = ".") -> None:
        self.environ, self.folder = environ, folder
        self.flags: dict[str, Any] = {}
        self._files: list[tuple[str, dict[str, Any]]] | None = None

    def find(self, name: str) -> Setting:
        """Return the setting `name`. Raises Problem for a value that it can't take.

        Without --output the format is the one that the ending of --out names.
        """
        if name == "output" and self.flags.get(name) is None:
            implied = ENDINGS.get(os.path.splitext(self.flags.get("out") or "")[1].lower())
            if implied:
                return Setting(implied, "flag")
        return self.asked(name)

    def asked(self, name: str) -> Setting:
        """Return the setting as somebody asked for it, whatever another one implies. Raises Problem.

        A profile counts where it was chosen.
        """
        value = self.flags.get(name)
        if value is not None:
            return Setting(value, "flag")
        chosen = self.profile() if name != "profile" else None
        if chosen and chosen.origin == "flag" and (held := self._of_profile(chosen, name)):
            return held
        text = self.environ.get(f"SALES_{name.upper()}")
        if text:
            return Setting(checked(name, text), "environment")
        if chosen and chosen.origin == "environment" and (held := self._of_profile(chosen, name)):
            return held
        if name in KEPT:
            for path, values in self.files():
                if chosen and chosen.origin == path and (held := self._of_profile(chosen, name)):
                    return held
                if name in values:
                    return Setting(checked(name, values[name]), path)
        return Setting(self.default(name), "default")

    def profile(self) -> Setting | None:
        """Return the profile in use with where it was chosen, or None. Raises Problem."""
        found = self.asked("profile")
        return found if found.value else None

    def profiles(self) -> dict[str, dict[str, Setting]]:
        """Return the settings of each profile, by name; the strongest file's where several have it."""
        found: dict[str, dict[str, Setting]] = {}
        for path, values in reversed(self.files()):
            for profile, held in values.get("profiles", {}).items():
                place = f"{path} [profiles.{profile}]"
                kept = {name: Setting(value, place) for name, value in held.items()}
                found.setdefault(profile, {}).update(kept)
        return found

    def _of_profile(self, chosen: Setting, name: str) -> Setting | None:
        profiles = self.profiles()
        if chosen.value not in profiles:
            if name == "store":  # the one that must not be another's; all others may be asked for to mend this
                raise Problem("config.no_profile", profile=chosen.value, known=", ".join(profiles) or "-")
            return None
        held = profiles[chosen.value].get(name)
        return Setting(checked(name, held.value), held.origin) if held else None

    def default(self, name: str) -> Any:
        """Return what holds where nobody says anything."""
        if name == "store":
            return f"sqlite:///{os.path.join(data_folder(self.environ), 'salestrail.db')}"
        if name == "proof_keys":
            return os.path.join(config_folder(self.environ), "keys")
        if name == "wrapping_key_file":
            return os.path.join(config_folder(self.environ), "wrapping-keys")
        if name == "actor":
            return user_name(self.environ)
        if name == "lang":
            return spoken(self.environ)
        if name in ("output", "unit", "log"):
            return CHOICES[name][0]
        if name == "no_color":
            return bool(self.environ.get("NO_COLOR")) or self.environ.get("TERM") == "dumb"
        return False if name in SWITCHES else None

    def files(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the config files that exist with their values, the strongest first."""
        if self._files is None:
            places = (os.path.normpath(os.path.join(self.folder, PROJECT_FILE)), self.user_file)
            self._files = [(path, read(path)) for path in places if os.path.isfile(path)]
            for path, values in self._files:
                if os.path.basename(path) == PROJECT_FILE:
                    own_only(path, values)
        return self._files

    @property
    def user_file(self) -> str:
        """The path of the user's own config file, whether it exists or not."""
        return self.environ.get("SALES_CONFIG") or os.path.join(config_folder(self.environ), "config.toml")


def checked(name: str, value: Any) -> Any:
    """Return `value` as the setting `name` holds it. Raises Problem."""
    if name in SWITCHES:
        word = str(value).strip().lower()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("0", "false", "no", "off"):
            return False
        raise _wrong(name, value, "true or false is expected")
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, value, "a text is expected")
    value = ALSO.get(name, {}).get(value.strip(), value)
    if name in CHOICES and value not in CHOICES[name]:
        raise _wrong(name, value, "it is one of {choices}", choices=", ".join((*CHOICES[name], *ALSO.get(name, ()))))
    return value


def _wrong(name: str, value: Any, why: str, **facts: Any) -> Problem:
    field = name.replace("_", "-")
    return Problem("usage.bad_value", field=field, value=str(value)[:80], why=why, why_facts=facts, help="")


def read(path: str) -> dict[str, Any]:
    """Return the settings of a config file. Raises Problem."""
    import tomllib

    try:
        with open(path, encoding="utf-8") as file:
            values = tomllib.loads(file.read())
    except (OSError, ValueError) as wrong:
        raise Problem("config.bad_file", file=path, why=str(wrong)) from None
    named = {name.replace("-", "_"): value for name, value in values.items()}
    profiles = named.pop("profiles", {})
    for name in named:
        known_setting(name)
    if not isinstance(profiles, dict) or not all(isinstance(held, dict) for held in profiles.values()):
        raise Problem("config.bad_file", file=path, why="[profiles.NAME] begins a profile")
    sections = {
        profile: {of_profile(name): value for name, value in held.items()} for profile, held in profiles.items()
    }
    return {**named, "profiles": sections} if sections else named


def own_only(path: str, values: dict[str, Any]) -> None:
    """Raise Problem where a folder's file says how a password is found: whoever wrote it would run a command of theirs."""
    sections = (values, *values.get("profiles", {}).values())
    named = next((name for held in sections for name in SECRETS if name in held), None)
    if named:
        raise Problem("config.own_only", name=named, file=path)


def known_setting(name: str) -> str:
    """Return the name of a setting that a file may hold. Raises Problem."""
    plain = name.replace("-", "_")
    if plain not in KEPT:
        raise Problem("config.unknown", name=name, known=", ".join(KEPT))
    return plain


def of_profile(name: str) -> str:
    """Return the name of a setting that a profile may hold. Raises Problem."""
    plain = name.replace("-", "_")
    if plain not in KEPT or plain == "profile":
        raise Problem("config.unknown", name=name, known=", ".join(each for each in KEPT if each != "profile"))
    return plain
