"""Renews the pinned versions in pyproject.toml: resolves without them, then writes down what was resolved."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = re.compile(r"^constraint-dependencies = \[\n(?:.*\n)*?\]$", re.MULTILINE)


def write(pins: list[str]) -> None:
    """Replace the list of pins in pyproject.toml."""
    project = ROOT / "pyproject.toml"
    lines = "".join(f'    "{pin}",\n' for pin in pins)
    text, found = PINS.subn(f"constraint-dependencies = [\n{lines}]", project.read_text("utf-8"))
    if found != 1:
        raise SystemExit("error: pyproject.toml has no list constraint-dependencies to renew")
    project.write_text(text, "utf-8")


def resolved() -> list[str]:
    """What uv.lock holds from a registry, as `name==version`."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    return [f"{p['name']}=={p['version']}" for p in lock["package"] if "registry" in p["source"]]


if __name__ == "__main__":
    write([])
    subprocess.run(["uv", "lock", "--upgrade"], cwd=ROOT, check=True)
    write(resolved())
    subprocess.run(["uv", "lock"], cwd=ROOT, check=True)
