"""The report of a period: one page, or a workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cli.core.command import command
from cli.core.options import argument, option
from cli.core.output import unwritable
from infra.errors.problem import Problem
from infra.i18n.translate import filled, marked
from infra.queries.runner import parsed_period, quarter_of

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from infra.report.builder import Report


@command(
    argument("period", required=False, help=marked("2024Q1, 2024-02, 2024; the present quarter unless given.")),
    option("--html", metavar="FILE", help=marked("Write one page that needs nothing else; - for stdout.")),
    option("--xlsx", metavar="FILE", help=marked("Write a workbook with charts; - for stdout.")),
    example="sales report 2024Q1 --html report.html",
)
def report(session: Session, period: str | None, html: str | None, xlsx: str | None) -> None:
    """Write the report of a period: targets, the curve, the pipeline, the funnel, objections, late entries, corrections."""
    if (html is None and xlsx is None) or (html, xlsx) == ("-", "-"):
        why = marked("A report is written into a file: --html FILE, --xlsx FILE, or both.")
        raise Problem("usage.options", why=why, command="report")
    if xlsx == "-" and sys.stdout.isatty():
        why = marked("A workbook is no text for a terminal: name a file with --xlsx.")
        raise Problem("usage.options", why=why, command="report")
    from infra.report.builder import build_report
    from infra.report.question import TABLES, moments_of, question

    store = session.store()
    with store.view(*TABLES) as ask:
        chosen = (
            parsed_period(period, store.fiscal_month)
            if period
            else quarter_of(store.moments(session.as_of, session.known_at), store.fiscal_month)
        )
        everything = build_report(
            question(ask, store, chosen, moments_of(store, chosen, session.as_of, session.known_at))
        )
        if html is not None:
            written(session, html, _page(everything))
        if xlsx is not None:
            written(session, xlsx, _workbook(everything))


def page_of(session: Session, period: Period) -> bytes:
    """Return a period's report as a page of HTML."""
    from infra.report.builder import build_report
    from infra.report.question import TABLES, moments_of, question

    store = session.store()
    with store.view(*TABLES) as ask:
        return _page(
            build_report(question(ask, store, period, moments_of(store, period, session.as_of, session.known_at)))
        )


def _page(everything: Report) -> bytes:
    from infra.report.html_page import page

    return "".join(page(*everything)).encode("utf-8", "replace")


def _workbook(everything: Report) -> bytes:
    from infra.report.workbook import workbook

    return workbook(*everything)


def written(session: Session, path: str, content: bytes) -> None:
    """Write a report to stdout, or into a file that is never seen half written. Raises Problem."""
    if path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from infra.files.writer import whole

    target = Path(path)
    try:
        with whole(target) as part:
            part.write_bytes(content)
    except OSError as wrong:
        raise unwritable(path, wrong) from None
    facts = {"file": str(target.absolute()), "size": f"{len(content) / 1000:,.0f}"}
    session.say(filled(marked("Written: {file} ({size} kB)"), facts))
