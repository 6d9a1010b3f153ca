"""What doctor finds broken: damaged pages of a store's file, and what copies that were broken off have left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.commands.health import KEEP, Found
from cli.core.errors import worded
from infra.db.errors import without_password
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store


def integrity(opened: Store) -> Iterator[Found]:
    """Look whether the pages of a SQLite file are whole; what is damaged is named."""
    from infra.store.sqlite_damage import damages

    found = damages(opened.db)
    for damage in found:
        said = clean(f"{damage.name}: {worded(damage.what)}")
        yield Found("integrity", "problem", said, filled(REMEDIES[damage.where], {"place": damage.name}))
    if not found:
        yield Found("integrity", "ok", "ok")


REMEDIES: Final = {
    "index": marked(
        "An index of {place} is damaged, its rows are not: sales backup FILE, and restore that into a new store."
    ),
    "folded": marked(
        "{place} is folded from the log: sales rebuild; and to be rid of the bad pages: sales backup FILE, restored into a new"
        " store"
    ),
    "derived": marked(
        "{place} follows from the log: sales export --out FILE, then sales import log FILE --store sqlite:///new.db"
    ),
    "file": marked("No table is hit: sales backup FILE, and restore that into a new store."),
    "log": KEEP,
}
"""What to do about damage, by where it lies."""


def broken_off(session: Session, path: Path | None, *, clear: bool) -> Iterator[Found]:
    """Look for what copies that were broken off have left: beside the store, and where its copies are made."""
    from infra.store import locations, stale_copies

    place = locations.path_of(session.store_url) or without_password(session.store_url)
    known = locations.remembered(session.notes, place)
    folders = [*([path.absolute().parent] if path else []), *map(Path, known.folders if known else ())]
    for left in stale_copies.leftovers(folders):
        facts = {"file": left.file, "size": f"{left.size:,}"}
        if left.in_use:
            yield Found("leftover", "ok", filled(marked("{file} is being written, or was a moment ago"), facts))
            continue
        with suppress(OSError):
            if clear and stale_copies.clear(left):
                yield Found("leftover", "ok", filled(marked("{file} is cleared away ({size} bytes)"), facts))
                continue
        line = marked("{file} is left of a copy that was broken off ({size} bytes)")
        yield Found(
            "leftover", "warning", filled(line, facts), filled(marked("Clear it away: sales doctor --clear"), {})
        )
