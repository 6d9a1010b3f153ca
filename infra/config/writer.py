"""Writing settings into a config file, at its top or into a profile's section; its other lines stay as they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

from infra.config.settings import checked, known_setting, of_profile
from infra.errors.problem import Problem

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


def write(path: Path, name: str, value: str | None, profile: str | None = None) -> None:
    """Set `name` in the config file `path`, or take it out where `value` is None. Raises Problem."""
    plain = of_profile(name) if profile else known_setting(name)
    if profile is not None and not NAME.fullmatch(profile):
        why = "letters, digits, dash and underscore only"
        raise Problem("usage.bad_value", field="profile", value=profile[:80], why=why, help="")
    line = None if value is None else f"{plain} = {json.dumps(checked(plain, value), ensure_ascii=False)}"
    try:
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*_changed(lines, plain, line, profile), ""]), "utf-8")
    except OSError as wrong:
        raise Problem("file.unwritable", file=str(path), why=wrong.strerror or str(wrong)) from None


def _changed(lines: list[str], name: str, line: str | None, profile: str | None) -> list[str]:
    """Return the lines with the setting replaced within its section, at whose end a new one stands."""
    header = f"[profiles.{profile}]" if profile else None
    heads = [number for number, each in enumerate(lines) if each.lstrip().startswith("[")]
    if header is None:
        start, end = 0, heads[0] if heads else len(lines)
    else:
        at = next((number for number in heads if lines[number].replace(" ", "").strip() == header), None)
        if at is None:
            gap = [""] if lines and lines[-1].strip() else []
            return [*lines, *gap, header, line] if line else lines
        start = at + 1
        end = next((number for number in heads if number > at), len(lines))
    kept = [each for each in lines[start:end] if each.partition("=")[0].strip().replace("-", "_") != name]
    while kept and not kept[-1].strip():
        kept.pop()
    after = lines[end:]
    gap = [""] if after else []
    return [*lines[:start], *kept, *([line] if line else []), *gap, *after]
