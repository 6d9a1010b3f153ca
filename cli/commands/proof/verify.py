"""`sales verify`: is the log still what was sealed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.commands.proof.files import existing, key_folder, keys_of, note_of, signed
from cli.core.command import command
from cli.core.options import option
from cli.core.progress import Meter
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store
    from infra.transparency.signed_note import VerifierKey
    from infra.transparency.verifier import Held, Verdict

_ = translate.translate


@command(
    option(
        "--checkpoint",
        metavar="FILE",
        many=True,
        help=marked("A checkpoint that the log must agree with; may be repeated."),
    ),
    option("--since", metavar="FILE", help=marked("An earlier checkpoint, which the log must continue.")),
    option(
        "--key",
        metavar="KEY",
        many=True,
        help=marked("The key that must have signed them (sales checkpoint --show-key)."),
    ),
    option(
        "--thorough",
        flag=True,
        help=marked(
            "Fold the log beside the store, compare all that is derived, settings and guards with it, and decide every act again."
        ),
    ),
    example="sales verify --checkpoint 2024-03-31.note --key salestrail/0f8fad5bd9cb469f+02ab34cd+AV...",
    shows="none",
)
def verify(
    session: Session, checkpoint: tuple[str, ...], since: str | None, key: tuple[str, ...], thorough: bool | None
) -> None:
    """Read every event again and hold the log against checkpoints; the first position that was changed is named."""
    from infra.transparency.checkpoint_store import origin_of
    from infra.transparency.verifier import verify as verified

    files = [*checkpoint, *([since] if since else [])]
    with existing(session) as store:
        origin = origin_of(store.db)
        keys = keys_of(session, origin, key)
        given, unsigned = held(session, files, origin, keys, key)
        meter = Meter(_("events"), quiet=session.quiet)
        try:
            from infra.read_models.connection import collecting_later

            with collecting_later():
                verdict = verified(store.db, given, keys, meter.at)
        finally:
            meter.done()
        omitted, older = thoroughly(session, store, verdict.events) if thorough else ({}, 0)
    if session.json:
        session.answer(body(verdict, unsigned) | ({"thorough": {"not_compared": omitted}} if thorough else {}))
        return
    for line in told(verdict, unsigned):
        print(line)
    if thorough:
        print(
            _(
                "Tables, claims, keys, mentions, settings, indexes, triggers and guards are what the log and the program give."
            )
        )
        for why, names in omitted.items():
            print(filled(OMITTED[why], {"names": ", ".join(names)}))
    if older:
        line = marked("{count} acts are older than a rule that would refuse them today.")
        print(filled(line, {"count": older}))


OMITTED: Final = {
    "stale": marked("Not compared, as another version of the program has made them: {names}."),
    "sealed": marked("Not compared, as the keys of personal data are not here: what is sealed in {names}."),
    "erasing": marked("Not compared, as an erasure is under way: {names}. Look again later."),
}


def thoroughly(session: Session, store: Store, upto: int) -> tuple[dict[str, list[str]], int]:
    """Hold what is derived against the log, and decide its acts again.

    Returns what could not be compared, and how many acts are older than a rule. Raises the gravest Problem; the others
    are told.
    """
    from cli.core.errors import message_and_hint
    from infra.store.thorough_check import derived_sound, no_table

    meter = Meter(_("events"), quiet=session.quiet)
    try:
        found = derived_sound(store.db, meter.at)
    finally:
        meter.done()
    problems, older = list(found.problems), 0
    if not no_table(problems) and all(each.code != "proof.damaged" for each in problems):
        try:
            older = again(session, store, upto)
        except Problem as wrong:
            problems.insert(0, wrong)
    if not problems:
        return found.omitted, older
    first, *others = problems
    for other in others:
        session.say(message_and_hint(other)[0])
    first.facts["others"] = len(others)
    raise first


def again(session: Session, store: Store, upto: int) -> int:
    """Decide every recorded act again. Returns how many are older than the rule that would refuse them."""
    from infra.store.redecision import borne_out
    from infra.transparency.verifier import seeing_all

    meter = Meter(_("acts"), quiet=session.quiet)
    try:
        with seeing_all(store.db):
            return borne_out(store.db, store.settings, upto, meter.at)
    finally:
        meter.done()


def held(
    session: Session, files: list[str], origin: str, keys: list[VerifierKey], given: tuple[str, ...]
) -> tuple[list[Held], list[str]]:
    """Return the checkpoints from outside of the store, and the files of which no key is known. Raises Problem."""
    from infra.transparency.verifier import Held

    found, unsigned = [], []
    for file in files:
        point = note_of(file)
        if point.origin != origin:
            raise Problem("proof.other_log", file=file, origin=point.origin, ours=origin)
        if not signed(point, keys, given):
            unsigned.append(file)
        found.append(Held(file, point))
    own = key_folder(session)
    if own.last(origin):
        found.append(Held(own.last_file(origin), note_of(own.last_file(origin))))
    return found, unsigned


def body(verdict: Verdict, unsigned: list[str]) -> dict[str, Any]:
    """Return what was found, as JSON."""
    from infra.transparency.signed_note import encoded

    points = [{"file": each.file, "size": each.checkpoint.size} for each in verdict.held if each.file]
    return {
        "schema": 1,
        "ok": True,
        "events": verdict.events,
        "root": encoded(verdict.root),
        "sealed": verdict.sealed,
        "covered": verdict.covered,
        "checkpoints": points,
        "stored_checkpoints": len(verdict.held) - len(points),
        "unsigned": unsigned,
    }


def told(verdict: Verdict, unsigned: list[str]) -> list[str]:
    """Return what was found, and what it is worth, as lines."""
    facts = {"events": verdict.events, "covered": verdict.covered, "stored": verdict.covered_within}
    lines = [filled(marked("{events} events are whole: no gap, no time that goes back."), facts)]
    outside = [each for each in verdict.held if each.file]
    for each in outside:
        line = marked("The first {size} are those of the checkpoint {file}.")
        lines.append(filled(line, {"size": each.checkpoint.size, "file": each.file}))
    if not verdict.held:
        lines.append(
            _("There is no checkpoint to compare with, so this shows no more than that the store is in order.")
        )
        lines.append(_("Make one and give it to somebody else: sales checkpoint --out FILE"))
    elif not outside:
        lines.append(filled(marked("The first {stored} are those of the checkpoints in the store itself."), facts))
        lines.append(
            _("Who can change the store can change those too: only a checkpoint kept elsewhere proves (--checkpoint).")
        )
    rest = verdict.events - (verdict.covered or verdict.covered_within)
    if rest and verdict.held:
        lines.append(filled(marked("The last {count} events are not covered by it yet."), {"count": rest}))
    for file in unsigned:
        line = marked("Who signed {file} was not checked: no key of this log is known here (--key).")
        lines.append(filled(line, {"file": file}))
    return lines
