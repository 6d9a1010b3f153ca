"""What `sales doctor` looks for in personal data and its keys: words that are none, and keys that this desk lacks."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cli.commands.health import Check, Found, of_an_open_store
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

NAMED: Final = 20
"""How many such records are named; the others are counted."""


@of_an_open_store
def words(session: Session, store: Store) -> Iterator[Found]:
    """Look for records that show a sealed form in the place of words, and say what each should say."""
    from infra.store.double_sealing import sealed_texts

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


@of_an_open_store
def group_keys(session: Session, store: Store) -> Iterator[Found]:
    """Look whether data keys are wrapped for each group, and whether this desk's file is the one for it."""
    from infra.crypto.key_sharing import ailing

    found = ailing(store.reader.ring)
    if found is None:
        return
    facts = {"file": store.reader.ring.file.name, "login": session.login, "count": found.damaged, "why": found.why}
    if not found.begun:
        line = marked("data keys are still wrapped with one key for all, which one file opens")
        remedy = marked("Where that file is: sales init, or sales work")
        yield Found("group-keys", "warning", filled(line, facts), filled(remedy, facts))
    elif found.why:
        line = marked("this desk opens no personal data: {file} is not the file of its group")
        remedy = marked("Let a director make one: sales keys hand-out {login} FILE")
        yield Found("group-keys", "warning", filled(line, facts), filled(remedy, facts))
    elif found.damaged:
        line = marked("{count} data keys are damaged, or were not made by this program; what they seal is not shown")
        remedy = marked("Put back what a copy has of them: sales keys restore FILE; else erase the customers' people.")
        yield Found("group-keys", "problem", filled(line, facts), filled(remedy, facts))
    else:
        yield Found("group-keys", "ok", filled(marked("wrapped for each group"), facts))


CHECKS: Final[tuple[Check, ...]] = (words, group_keys)
