"""The demo's quarter, asked without a command line and with one."""

import pytest

from cli.main import run
from tests.cli.conftest import machine, sales

__all__ = ["machine", "sales"]


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the demo's store, beside which its keys lie; to be read only."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder / "home"))
        assert run(["demo", "--dir", str(folder), "-q", "--lang", "en"]) == 0
    return f"sqlite:///{folder}/demo.db"
