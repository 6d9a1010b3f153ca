"""Renews the pinned versions in pyproject.toml and the hashes beside them: resolves without them, then writes down what was resolved.

`python .ci/pins.py`; with `--hashes` the versions stay, and only the hashes are written anew, as after one was added by hand.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = re.compile(r"^constraint-dependencies = \[\n(?:.*\n)*?\]$", re.MULTILINE)
HASHED = {
    "requirements.lock": ["--no-dev", "--all-extras"],  # what the program needs
    ".ci/requirements.lock": ["--all-groups", "--all-extras"],  # what its tests need too
}
TOOLS = ".ci/tools.lock"
"""What resolves and what builds: uv, whose version stands in this file alone, and hatchling with all it needs."""
UV = re.compile(r"^uv==\S+", re.MULTILINE)


def write(pins: list[str]) -> None:
    """Replace the list of pins in pyproject.toml, and the versions of what builds the project."""
    project = ROOT / "pyproject.toml"
    lines = "".join(f'    "{pin}",\n' for pin in pins)
    text, found = PINS.subn(f"constraint-dependencies = [\n{lines}]", project.read_text("utf-8"))
    if found != 1:
        raise SystemExit("error: pyproject.toml has no list constraint-dependencies to renew")
    for pin in pins:
        name = pin.partition("==")[0]
        text = re.sub(rf'"{re.escape(name)}==[^"]+"', f'"{pin}"', text)
    project.write_text(text, "utf-8")


def resolved() -> list[str]:
    """What uv.lock holds from a registry, as `name==version`."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    return [f"{p['name']}=={p['version']}" for p in lock["package"] if "registry" in p["source"]]


def uv(*words: str) -> None:
    """Run uv at the root."""
    subprocess.run(["uv", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def write_hashes() -> None:
    """Write each version with the hashes of its files, from which `--require-hashes` installs nothing else."""
    plain = ["--quiet", "--no-header", "--no-annotate"]
    for file, which in HASHED.items():
        uv("export", *plain, "--no-emit-project", *which, "--output-file", file)
    builders = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    tools = [*UV.findall((ROOT / TOOLS).read_text("utf-8")), *builders]
    (ROOT / TOOLS).write_text("".join(f"{each}\n" for each in tools), "utf-8")
    uv("pip", "compile", *plain, "--universal", "--generate-hashes", "--output-file", TOOLS, TOOLS)


if __name__ == "__main__":
    if sys.argv[1:] != ["--hashes"]:
        write([])
        uv("lock", "--upgrade")
        write(resolved())
    uv("lock")
    write_hashes()
