"""An opportunity that came to stand open between two moments, or does no longer, said in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

SIDES: Final = ("from", "to")
ENDED: Final = ("opportunity.won", "opportunity.lost")

Row = dict[str, Any]


def brief(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield differences as a person wants to see them: what came or went as a whole in one line, all else field by field."""
    for (view, *_), some in groupby(rows, key=lambda row: (row["view"], *row["key"].items())):
        of_one = list(some)
        status = next((row for row in of_one if view == "pipeline" and row["field"] == "status"), None)
        if status is not None and None in (status["from"], status["to"]):
            yield whole(status, of_one)
        else:
            yield from of_one


def whole(status: Row, rows: Sequence[Row]) -> Row:
    """Return one line for all fields of an opportunity: how it stood on the one side, how it ended on the other."""
    there = SIDES[status["from"] is None]
    values = {row["field"]: row[there] for row in rows}
    stood = " ".join(str(values[name]) for name in ("status", "stage", "amount", "currency") if values.get(name))
    ends = [event["name"] for event in status["events"] if event["name"] in ENDED]
    gone = ends[-1].rpartition(".")[2] if ends else None
    events = {event["position"]: event for row in rows for event in row["events"]}
    return {
        **status,
        **dict.fromkeys(SIDES, gone if there == "from" else None),
        there: stood,
        "difference": next((row["difference"] for row in rows if row["field"] == "amount"), None),
        "events": [events[position] for position in sorted(events)],
    }
