"""The written pages as `sales help` shows and lists them."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from cli.core.help_page import columns, section
from cli.docs.pages.find import page, pages
from cli.docs.pages.render import lines
from infra.i18n import translate

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate


def drawn(session: Session, topic: str, *, after: bool = False) -> Iterator[str]:
    """Yield the lines of the page on a topic, nothing where there is none; an empty one first, if it comes `after` others."""
    found = page(topic)
    if found is None:
        return
    if after:
        yield ""
    if not found.spoken:
        yield from (_("This page is in English only."), "")
    yield from lines(found.file.read_text("utf-8"), columns(), bold=session.colored(sys.stdout))


def listed(*headings: str, but: Container[str] = ()) -> Iterator[str]:
    """Yield each heading with the topics and titles of its pages, those of `but` left out."""
    held = [page for page in pages().values() if page.topic not in but]
    for heading in headings:
        yield from section(_(heading), [(page.topic, page.title) for page in held if page.heading == heading])
