"""The demo's quarter, asked without a command line and with one."""

from tests.cli.conftest import machine, quarter, sales

__all__ = ["machine", "quarter", "sales"]
