"""Objections and what became of each."""

from __future__ import annotations

from typing import Any

from tests.slow import tracking
from tests.slow.customers import captures, reckoned, survivor
from tests.slow.fold import Belief, in_business_order


def rows(belief: Belief) -> list[dict[str, Any]]:
    """Return all objections of captured customers as of the moment asked."""
    customers = {row["id"]: row for row in tracking.rows(belief)}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    entries = belief.named("customer.objection_logged", "customer.objection_answered", "customer.objection_resolved")
    for entry in in_business_order(reckoned(belief, entries)):
        item = (entry.stream, entry.data["item"])
        if entry.moment > belief.micros or entry.stream not in captures(belief):
            continue
        if entry.name == "customer.objection_logged":
            home = survivor(belief, entry.stream)
            shown = customers.get(home, {})
            found[item] = {
                "customer": home,
                "company": shown.get("company"),
                "item": item[1] if home == entry.stream else "/".join(item),
                "kind": entry.data["kind"],
                "words": entry.data.get("words"),
                "logged": entry.day.isoformat(),
                "by": entry.actor,
                "answered": None,
                "answer": None,
                "resolved": None,
                "outcome": None,
                "state": "open",
                "days_open": (belief.day - entry.day).days,
                "owner": shown.get("owner"),
                "group": shown.get("group"),
            }
        elif item in found and entry.name == "customer.objection_answered":
            answered = {"answered": entry.day.isoformat(), "answer": entry.data.get("answer")}
            state = "resolved" if found[item]["resolved"] else "answered"
            found[item] |= answered | {"state": state}
        elif item in found:
            logged = belief.day.toordinal() - found[item]["days_open"] if not found[item]["resolved"] else None
            ended = {"resolved": entry.day.isoformat(), "outcome": entry.data.get("outcome"), "state": "resolved"}
            found[item] |= ended
            if logged is not None:
                found[item]["days_open"] = entry.day.toordinal() - logged
    return list(found.values())
