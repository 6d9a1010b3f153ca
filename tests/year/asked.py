"""What the program shows: a view asked on the command line, in this process, as JSON."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from typing import Any, NamedTuple

from cli.main import run


class Moment(NamedTuple):
    """When is asked about, and what was known then: all if it isn't said."""

    as_of: date
    known_at: date | None = None

    @property
    def words(self) -> list[str]:
        known = ["--known-at", self.known_at.isoformat()] if self.known_at else []
        return ["--as-of", self.as_of.isoformat(), *known]


def said(store: str, *words: str) -> dict[str, Any]:
    """Return the JSON that a command prints."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = run((*words, "--json", "--store", store))
    assert status == 0, (words, status, out.getvalue()[:500], err.getvalue()[:500])
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def view(store: str, moment: Moment, *words: str) -> dict[str, Any]:
    """Return a view's JSON at a moment."""
    return said(store, *words, *moment.words)
