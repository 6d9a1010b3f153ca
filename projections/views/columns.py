"""Columns that views share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from projections.views.column import Column, Note, Row, only_json

COMPANY: Final = Column("company", "Company", meaning="The customer's name.")
CUSTOMER: Final = only_json("customer", "text", "The customer's id; of a merged lead that of the survivor.")
OWNER: Final = Column("owner", "Owner", meaning="Who owns the customer; null for nobody.", form="login")
GROUP: Final = Column("group", "Group", meaning="The owner's group on the as-of day.", form="group code")
CURRENCY: Final = Column("currency", "Currency", meaning="Of the amounts.")
CUSTOMER_ID: Final = Column("customer", "Id", meaning="The customer's id; of a merged lead that of the survivor.")
ITEM: Final = Column("item", "Item", meaning="Its number there, as f1; after a merge with the lead's id before it.")
PROVISIONAL: Final = Column(
    "provisional",
    "Provisional",
    "flag",
    missing="",
    meaning="Whether it was counted through a year without a published calendar: it may still move.",
)
ENTRY_CUSTOMER: Final = only_json(
    "customer", "text", "The customer's id; of a merged lead that of the survivor, null without one."
)
EVENT_ID: Final = only_json("event", "text", "The event's id.")
EVENT_NAME: Final = Column("name", "Event", meaning="The event's name.")
EVENT_SUBJECT: Final = Column("subject", "Subject", meaning="Whose history it belongs to.")
OCCURRED: Final = Column("occurred", "Occurred", "time", meaning="When it happened.")
RECORDED: Final = Column("recorded", "Recorded", "time", meaning="When the log learned it.", form="time")
POSITION: Final = Column("position", "No.", "count", meaning="The event's place in the log.")
OVERDUE: Final = Column("overdue", "Overdue", "flag", missing="", meaning="Whether it is open after its day.")


def place_or_all(row: Row) -> Any:
    """Return the place that a line is of, in words where it is all of them."""
    return Note("all") if row["level"] == "all" else row["name"]


LEVEL: Final = Column("level", "Level")
PLACES: Final[Mapping[str | None, Column]] = {
    None: Column("name", "Leads", missing="none", eye=place_or_all),
    "channel": Column("name", "Channel", missing="none", eye=place_or_all),
    "campaign": Column("name", "Campaign", missing="none", eye=place_or_all),
    "owner": Column("name", "Owner", missing="none", eye=place_or_all),
    "group": Column("name", "Group", missing="none", eye=place_or_all),
}
"""Where leads came from or who had them, by what a question is asked by; None: by nothing."""


def days_late(row: Row) -> Any:
    """Return by how many days something is late as a reader takes it in: nothing where it is in time."""
    return row["late_days"] or None
