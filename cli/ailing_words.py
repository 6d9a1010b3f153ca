"""What `sales doctor` looks for in personal data: words that are none, but the sealed form in which the log keeps words."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cli.ailments import Check, Found, of_an_open_store
from cli.text import filled, marked

if TYPE_CHECKING:
    from cli.session import Session
    from infra.store import Store

NAMED: Final = 20
"""How many such records are named; the others are counted."""


@of_an_open_store
def words(session: Session, store: Store) -> Iterator[Found]:
    """Look for records that show a sealed form in the place of words, and say what each should say."""
    from infra.sealed_texts import sealed_texts

    found = list(sealed_texts(store))
    for each in found[:NAMED]:
        line = marked("event {position} has the sealed form of a value in the place of words ({fields})")
        known = {name: said for name, said in each.fields.items() if said is not None}
        values = shlex.quote(json.dumps(known or dict.fromkeys(each.fields, "..."), ensure_ascii=False))
        facts = {"position": each.position, "fields": ", ".join(each.fields), "at": each.corrects, "values": values}
        if known:
            remedy = marked("sales event correct {at} --values {values} --reason ...")
        else:
            remedy = marked(
                "What was meant can't be opened any more; say it anew:"
                " sales event correct {at} --values {values} --reason ..."
            )
        yield Found("words", "problem", filled(line, facts), filled(remedy, facts))
    if len(found) > NAMED:
        line = marked("{count} more records are like that; correct the ones that are named, then look again")
        yield Found("words", "problem", filled(line, {"count": len(found) - NAMED}))
    if not found:
        yield Found("words", "ok", filled(marked("personal data reads as words"), {}))


CHECKS: Final[tuple[Check, ...]] = (words,)
