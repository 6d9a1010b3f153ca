"""What a check of the log or of a proof can find: by code the kind, the message and the hint of infra.errors.problem."""

from __future__ import annotations

from typing import Final

PROBLEMS: Final[dict[str, tuple[str, str, str]]] = {
    "proof.changed": (
        "check",
        "The event at position {position} ({name}) is not the one that was sealed.",
        "Somebody changed the stored log. Keep a copy of the store as it is; a backup holds the event as it was.",
    ),
    "proof.missing": (
        "check",
        "The event at position {position} is missing from the log.",
        "Somebody removed it. Keep a copy of the store as it is; a backup holds the event.",
    ),
    "proof.truncated": (
        "check",
        "The log ends at {last}, but {size} events were sealed: some are gone, at the latest those from position {position} on.",
        "The end was cut off, or an older copy of the store was put in its place.",
    ),
    "proof.unreadable": (
        "check",
        "The event at position {position} can't be read: {why}.",
        "The stored bytes are damaged. A backup holds the event as it was.",
    ),
    "proof.rewritten": (
        "check",
        "The log is not what the checkpoint of {size} events says: it differs somewhere between positions {first} and {size}.",
        "The stored tree was changed or removed too, so that the position can't be told; earlier checkpoints narrow it (--since).",
    ),
    "proof.tiles": (
        "check",
        "The stored tree was changed, up to event {size}.",
        "The tree is kept beside the log and can't be used for proofs; say so to whoever keeps your checkpoints.",
    ),
    "proof.not_continued": (
        "check",
        "The log no longer begins with the {size} events of an earlier checkpoint.",
        "Nothing was signed. Find the place: sales verify",
    ),
    "proof.time": (
        "check",
        "The event at position {position} is recorded at {recorded}, before the one that precedes it ({before}).",
        "Recorded times never go back: somebody changed the stored log.",
    ),
    "proof.versions": (
        "check",
        "In {stream} a version is missing, doubled or out of order at position {position}.",
        "Somebody changed the stored log before it was sealed.",
    ),
    "proof.head": (
        "check",
        "The log ends at position {last}, and its head says {said}.",
        "Events were removed from the end of the log, or its head was changed.",
    ),
    "proof.doubled": (
        "check",
        "The event at position {position} in {stream} has an id or a version that another event has.",
        "Somebody changed the stored log before it was sealed.",
    ),
    "proof.derived": (
        "check",
        "The table {table} holds {value}, of which the log knows nothing.",
        "The log itself is whole; make the table again: {mend}",
    ),
    "proof.lacking": (
        "check",
        "The table {table} lacks {value}, which the log gives.",
        "The log itself is whole; make the table again: {mend}",
    ),
    "proof.differs": (
        "check",
        "The table {table} says something else of {value} than the log gives: {columns} ({found}, not {wanted}).",
        "The log itself is whole; make the table again: {mend}",
    ),
    "proof.no_table": (
        "check",
        "A table of {projection} is missing, or another stands in its place: {why}.",
        "The log itself is whole; make it again: sales rebuild {projection}",
    ),
    "proof.ahead": (
        "check",
        "The tables of {projection} are said to stand at position {position}, and the log ends at {last}.",
        "What is recorded next would never reach them; fold them again: sales rebuild {projection}",
    ),
    "proof.unregistered": (
        "check",
        "There are tables of {projection}, and the register does not know them.",
        "The log itself is whole; make them again: sales rebuild {projection}",
    ),
    "proof.stopped": (
        "check",
        "The tables of {projection} are said to have stopped at event {position}, and the fold does not stop there.",
        "The program has been updated since, or somebody stopped them; fold them again: sales rebuild {projection}",
    ),
    "proof.folded_past": (
        "check",
        "The tables of {projection} are said to go past event {position} ({event}), at which the fold stops.",
        "See why it stops: sales rebuild {projection}",
    ),
    "proof.claimed_twice": (
        "check",
        "Two hold the same {kind} {value}: {holder} since event {since}, and {other} since event {position}.",
        "The first keeps it. Correct or void the other: sales event void {position}",
    ),
    "proof.head_time": (
        "check",
        "The last event was recorded at {last}, and the log's head says {said}.",
        "New events would get a wrong recorded time; put the time right: sales rebuild --constraints",
    ),
    "proof.settings": (
        "check",
        "The settings of the store are not those that the checkpoint of {size} events tells: zone, currency, fiscal month, calendar.",
        "Somebody changed the table store; a backup holds the settings as they were. Then: sales rebuild",
    ),
    "proof.setting": (
        "check",
        "The setting {name} is {value}, which the log and this program contradict.",
        "Somebody changed the table store; a backup holds the setting as it was. Then: sales rebuild",
    ),
    "proof.object_missing": (
        "check",
        "The {kind} {name} of the table {table} is missing.",
        "Somebody took it away. Put it back: {mend}",
    ),
    "proof.object_changed": (
        "check",
        "The {kind} {name} of the table {table} is not as this program makes it.",
        "Somebody changed it, or an older program made it. Make it again: {mend}",
    ),
    "proof.object_foreign": (
        "check",
        "The {kind} {name} on the table {table} is not this program's.",
        "It can change what is recorded or shown. Take it away: {mend}",
    ),
    "proof.broken_rule": (
        "check",
        "{count} of the recorded acts are not what the rules let in. By position: {shown}.",
        "They came into the log past this program. Look with: sales audit; withdraw one with: sales event void {position}",
    ),
    "proof.index": (
        "check",
        "The database's own check of the log fails: {why}.",
        "The events are as they were sealed, but an index may hide some of them; sqlite3's REINDEX makes it again.",
    ),
    "proof.damaged": (
        "check",
        "The database file is damaged: {why}.",
        "Keep a copy of it as it is, and restore the last backup into a new store: sales restore FILE --store NEW",
    ),
    "proof.signature": (
        "check",
        "The checkpoint of {size} events does not carry a true signature of {name}.",
        "It was changed, or it was made by somebody else.",
    ),
    "proof.not_signed": (
        "check",
        "The checkpoint of {size} events is not signed with the key given for {name}.",
        "Compare the key with the one that the log's keeper shows: sales checkpoint --show-key",
    ),
    "proof.false": (
        "check",
        "The proof in {file} does not hold.",
        "What it claims is not in the checkpoint that it names: somebody changed the one or the other.",
    ),
    "proof.other_checkpoint": (
        "check",
        "{file} proves nothing about the checkpoint {own}.",
        "Ask for the proof of that very checkpoint: sales prove EVENT --checkpoint {own}",
    ),
    "proof.other_log": (
        "check",
        "{file} is a checkpoint of {origin}, and this log is {ours}.",
        "Name the store that the checkpoint was made from: --store",
    ),
    "proof.fork": (
        "check",
        "{origin} has two histories: its checkpoint of {size} events does not continue the one of {before}.",
        "Nothing was signed. Keep both checkpoints: together they prove that the log was rewritten.",
    ),
    "proof.older": (
        "conflict",
        "The checkpoint covers {size} events, and one of {before} was seen already.",
        "Nothing was signed. Show the newest one.",
    ),
    "proof.no_growth": (
        "usage",
        "Nothing shows that the checkpoint of {size} events continues the one of {before}.",
        "Ask for it where the log is, with the witness's last note: sales prove --from {file} --to NOTE --out FILE",
    ),
    "proof.unknown_log": (
        "usage",
        "The witness does not know {origin}.",
        "Name its key once, as its keeper told it to you: --key ... (sales checkpoint --show-key)",
    ),
    "proof.no_key": (
        "usage",
        "No key of {origin} is known here, and without one anybody could have made this.",
        "Name it: --key ... (its keeper shows it with: sales checkpoint --show-key)",
    ),
    "proof.not_covered": (
        "missing",
        "No checkpoint covers position {position} yet; the last one covers {size} events.",
        "Make one: sales checkpoint",
    ),
    "proof.bad_note": ("usage", "{file} is no checkpoint: {why}.", "Take a file made by: sales checkpoint --out FILE"),
    "proof.bad_bundle": ("check", "{file} is no proof: {why}.", "Take a file made by: sales prove"),
    "proof.bad_key": ("usage", "{key} is no key: {why}.", "It looks like: salestrail/0f8fad5bd9cb469f+02ab34cd+AV..."),
    "proof.bad_key_file": (
        "usage",
        "The key in {file} can't be used: {why}.",
        "Restore it, or begin a new one: sales checkpoint --new-key",
    ),
}
