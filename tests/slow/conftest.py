"""The store on SQLite and on Postgres, as the scenarios have it."""

from tests.scenarios.conftest import given

__all__ = ["given"]
