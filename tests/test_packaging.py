"""What is shipped: the launcher and its private folder, whatever else is installed; what is never kept."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("domain", "projections", "infra", "cli")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# In pieces, so that this file passes its own test.
HOSTS = ("pypi" + ".org", "python" + "hosted", "npm" + "js", "deb.debian" + ".org", "/debian-" + "security")
MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9_.)}\]])/(?:work|farm|root|(?:home|tmp|Users)/\w[\w.-]*)/")


def run(*command: str | Path, **env: str) -> str:
    """Run a command, and give what it printed; a failure shows what it complained of."""
    words = [str(word) for word in command]
    surroundings = {**os.environ, **env}
    done = subprocess.run(words, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def kept_files(*folders: str) -> list[str]:
    """The files that git keeps or would keep, as paths from the root."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders)
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout, by the installed build backend, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `sales` of a fresh environment that holds the wheel, and borrows what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = next(path for path in folder.glob("*/python*") if path.stem == "python")
    uv = os.environ.get("UV", "uv")
    run(uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    # A folder named in a .pth file is searched without its own .pth files: the checkout stays out of sight.
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return next(python.parent.glob("sales*"))


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder in which each of our four names is another distribution's package, broken for us."""
    folder = tmp_path_factory.mktemp("strangers")
    for name in FOLDERS:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(f"raise ImportError('a foreign package {name}')", "utf-8")
    return str(folder)


def test_a_wheel_holds_the_launcher_and_one_private_folder(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}

    named = f"salestrail-{PROJECT['project']['version']}"
    assert tops == {"salestrail.py", "_salestrail", f"{named}.dist-info", f"{named}.data"}


def test_a_wheel_brings_man_pages_and_completion_where_a_system_looks_for_them(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        shared = {name.partition(".data/data/share/")[2] for name in archive.namelist()}

    assert {"man/man1/sales.1", "man/zh_CN/man1/sales-lead.1", "zsh/site-functions/_sales"} <= shared
    assert {"bash-completion/completions/sales", "fish/vendor_completions.d/sales.fish"} <= shared


def test_a_wheel_holds_every_file_of_the_four_folders_and_the_pages(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("_salestrail/")}

    kept = {name for name in kept_files(*FOLDERS, "docs") if not name.startswith("docs/pictures/")}
    assert shipped == {f"_salestrail/{name}" for name in kept}


def test_an_installed_command_shows_the_pages_in_the_language_asked_for(installed: Path) -> None:
    assert run(installed, "help", "tutorial", "--lang", "en").startswith("Tutorial")
    assert run(installed, "help", "tutorial", "--lang", "zh").startswith("教程")


def test_an_installed_command_tells_its_version(installed: Path) -> None:
    assert PROJECT["project"]["version"] in run(installed, "--version")


def test_foreign_packages_of_the_same_names_do_not_break_the_installed_command(installed: Path, strangers: str) -> None:
    assert PROJECT["project"]["version"] in run(installed, "--version", PYTHONPATH=strangers)


def test_foreign_packages_of_the_same_names_do_not_break_a_checkout(strangers: str) -> None:
    launcher = ROOT / "salestrail.py"

    assert PROJECT["project"]["version"] in run(sys.executable, launcher, "--version", PYTHONPATH=strangers)


def test_no_file_names_a_package_host_or_a_path_of_a_machine() -> None:
    found = []
    for name in kept_files():
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if any(host in line for host in HOSTS) or MACHINE_PATH.search(line):
                found.append(f"{name}:{number}: {line.strip()}")

    assert found == []


def test_the_lock_file_that_names_hosts_is_not_kept() -> None:
    run("git", "check-ignore", "--quiet", "uv.lock")

    assert run("git", "ls-files", "uv.lock") == ""


def test_every_package_in_use_has_its_version_pinned() -> None:
    pins = dict(pin.split("==") for pin in PROJECT["tool"]["uv"]["constraint-dependencies"])
    wanted = {plain_name(words) for words in direct_dependencies()}
    wanted |= {plain_name(words) for name in pins for words in requirements_of(name)}

    installed_versions = {name: version for name in wanted if (version := version_of(name)) is not None}

    assert {name: pins.get(name) for name in installed_versions} == installed_versions


def direct_dependencies() -> list[str]:
    """What pyproject.toml asks for, the development group included."""
    return [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]


def requirements_of(name: str) -> list[str]:
    """What an installed package requires without an extra; nothing for one that is not installed."""
    try:
        return [words for words in metadata.requires(name) or [] if "extra ==" not in words]
    except metadata.PackageNotFoundError:
        return []


def version_of(name: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def plain_name(requirement: str) -> str:
    """The normalised name in a requirement such as `psycopg[binary]>=3.3`."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


PIN = re.compile(
    r"^([a-z0-9.-]+==[^\s;]+)(?: ;[^\\]*)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
PINNED = set(PROJECT["tool"]["uv"]["constraint-dependencies"])


@pytest.mark.parametrize("file", ["requirements.lock", ".ci/requirements.lock", ".ci/tools.lock"])
def test_a_file_of_hashes_holds_hashes_of_the_pinned_versions_and_names_no_host(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert PIN.sub("", text) == "", "anything but versions and hashes"
    named = {pin for pin, _hashes in PIN.findall(text)}
    assert {pin for pin in named if not pin.startswith("uv==")} <= PINNED, (
        "write them again: python .ci/pins.py --hashes"
    )
    if file == ".ci/requirements.lock":
        assert named == PINNED


def test_what_the_program_needs_is_among_the_hashes() -> None:
    named = {pin.partition("==")[0] for pin, _hashes in PIN.findall((ROOT / "requirements.lock").read_text("utf-8"))}
    project = PROJECT["project"]
    needed = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    assert {re.split(r"[\[<>=;]", each)[0] for each in needed} <= named


def test_what_builds_the_project_is_pinned_too() -> None:
    (builder,) = PROJECT["build-system"]["requires"]
    tools = {pin for pin, _hashes in PIN.findall((ROOT / ".ci/tools.lock").read_text("utf-8"))}
    assert {builder, *PROJECT["tool"]["uv"]["build-constraint-dependencies"]} == {t for t in tools if t[:4] != "uv=="}
    images = re.findall(r"^FROM (\S+)", (ROOT / "install/container/Containerfile").read_text("utf-8"), re.MULTILINE)
    assert all(re.search(r":\d+\.\d+\.\d+-\S+$|@sha256:", image) for image in images), images
    assert "--require-hashes -r .ci/tools.lock" in (ROOT / ".ci/run").read_text("utf-8")
