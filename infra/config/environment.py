"""What the machine says of whoever sits at it: their name, their language, and where their data and settings lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def user_name(environ: Mapping[str, str]) -> str:
    """Return the operating system's name of the user, in the letters that a login may have."""
    named = next((environ[name] for name in ("LOGNAME", "USER", "LNAME", "USERNAME") if environ.get(name)), "")
    return "".join(c if c.isalnum() or c in "._-@" else "." for c in named or _account())


def _account() -> str:
    if sys.platform == "win32":
        return "user"
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user{os.getuid()}"


def spoken(environ: Mapping[str, str]) -> str:
    """Return the language of the user's surroundings: zh or en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


def data_folder(environ: Mapping[str, str]) -> str:
    """Return the folder in which a user's data lies on this system."""
    return _folder(environ, "XDG_DATA_HOME", ".local/share")


def config_folder(environ: Mapping[str, str]) -> str:
    """Return the folder in which a user's settings lie on this system."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config")


def _folder(environ: Mapping[str, str], variable: str, beside: str) -> str:
    if environ.get(variable):
        return os.path.join(environ[variable], "salestrail")
    home = environ.get("HOME") or os.path.expanduser("~")
    if home == "~":
        raise RuntimeError("the system names no home folder of this user")
    if sys.platform == "win32":
        beside = "AppData/Roaming"
    elif sys.platform == "darwin":
        beside = "Library/Application Support"
    return os.path.join(home, *beside.split("/"), "salestrail")
