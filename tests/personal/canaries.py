"""A store in which every personal field holds a canary, and the search for canaries wherever bytes lie."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.crypto.key_store import place_of
from infra.db.connect import open_database
from infra.db.database import Database
from tests.given import DIRECTOR, Line, lead, line

REP = "zhang.san"


def canaries() -> list[Line]:
    """Return lines that put a canary of its own into every personal field of a customer's events."""
    said = {name: f"金丝雀CANARY-{name}" for name in (
        *("contact", "phone", "email", "need", "referrer", "other", "second", "third", "changed", "words", "call"),
        *("feedback", "change", "summary", "promised", "what", "objected", "answer", "outcome", "signal", "evidence"),
        *("rival", "signer", "mended"),
        *("asked", "delivered", "pledged", "visited", "complained", "settled", "cause", "agreed", "done"),
    )}  # fmt: skip
    c = said.__getitem__
    return [
        lead("k", by=REP, contact=c("contact"), phone=c("phone"), email=c("email"), need=c("need"), referrer=c("referrer")),
        line("customer.add-contact", "k", by=REP, key="k2", contact=c("other"), phone=c("second"), email=c("third")),
        line("customer.change", "k", by=REP, need=c("changed")),
        line("customer.note-pain-point", "k", by=REP, words=c("words")),
        line("follow-up.log", "k", by=REP, key="f", channel="call", contact=c("call"), feedback=c("feedback"),
             need_change=c("change"), summary=c("summary"), next_actions=[f"{c('promised')} @ 2024-06-03"]),
        line("next-action.set", "k", by=REP, what=c("what"), working_days=3),
        line("objection.log", "k", by=REP, key="o", kind="price", words=c("objected")),
        line("objection.answer", "o", by=REP, answer=c("answer")),
        line("objection.resolve", "o", by=REP, outcome=c("outcome")),
        line("signal.log", "k", by=REP, kind="asks-for-quotation", words=c("signal")),
        line("lead.grade", "k", by=REP, grade="initial", evidence=c("evidence")),
        line("opportunity.open", by=REP, key="p", customer="k", amount="300000"),
        line("opportunity.lose", "p", by=REP, reason="价格", competitor=c("rival")),
        line("contract.draft", by=REP, key="x", number="HT-9", customer="k", amount="80000"),
        line("contract.submit", "x", by=REP),
        line("contract.approve", "x", by=DIRECTOR),
        line("contract.sign", "x", by=REP, signatories=[c("signer"), "林总"]),
        line("event.correct", "k2", by=DIRECTOR, reason="写错了", values={"phone": c("mended")}),
        line("collaboration.ask", "k", by=REP, department="技术部", what=c("asked"), working_days=3),
        line("collaboration.deliver", "k", by=REP, words=c("delivered")),
        line("after-sale.hand-over", "k", by=REP, to=REP, promises=[c("pledged")]),
        line("after-sale.visit", "k", by=REP, score=9, feedback=c("visited")),
        line("after-sale.complain", "k", by=REP, kind="quality", words=c("complained")),
        line("after-sale.resolve", "k", by=REP, outcome=c("settled")),
        line("review.hold", by=REP, key="r", kind="deal-lost", opportunity="p"),
        line("review.find", "r", by=REP, kind="failure", cause=c("cause")),
        line("review.agree", "r", by=REP, what=c("agreed"), owner=REP, due="2024-06-03"),
        line("review.complete", "r", by=REP, words=c("done")),
    ]  # fmt: skip


def forms(text: str) -> list[bytes]:
    """Return what a text looks like in files: raw, in UTF-16, as escaped JSON, in base64 at each of three places."""
    raw = text.encode()
    inner = [base64.b64encode(b"\0" * n + raw)[(0, 2, 3)[n] : -4].rstrip(b"=") for n in range(3)]
    return [raw, text.encode("utf-16-le"), text.encode("utf-16-be"), json.dumps(text)[1:-1].encode(), *inner]


def traces(text: str, *places: Path) -> list[str]:
    """Return the files, in these places and below, that hold a text in any form."""
    wanted = forms(text)
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return [str(file) for file in files if any(form in file.read_bytes() for form in wanted)]


def rows_with(text: str, db: Database) -> list[str]:
    """Return the Postgres tables of a store and of its keys in which a text stands."""
    wanted = forms(text)
    return [name for name, row in every_row(db) if any(form in cell for cell in map(as_bytes, row) for form in wanted)]


def every_row(db: Database) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield each row of each table of a Postgres store and of its keys, with the table's name."""
    where = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN (current_schema(), ?)"
    for schema, table in db.all(where, (place_of(db),)):
        for row in db.all(f'SELECT * FROM {schema}."{table}"'):
            yield f"{schema}.{table}", row


def as_bytes(cell: Any) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()


def found(text: str, url: str, *places: Path) -> list[str]:
    """Return all that holds a text: the files of these places, and the tables of a Postgres store."""
    if url.startswith("sqlite:"):
        return traces(text, *places)
    db = open_database(url, create=False)
    try:
        return traces(text, *places) + rows_with(text, db)
    finally:
        db.close()
