"""What can go wrong outside the rules: by code the kind, the message and the hint. Texts are gettext message ids."""

from __future__ import annotations

from typing import Final, NamedTuple

from infra.errors.transparency import PROBLEMS as PROOF


class Text(NamedTuple):
    """What is said of a problem: its kind, which has the exit status, the message, and what to do next.

    `otherwise` is the hint where there is no suggestion.
    """

    kind: str
    message: str
    hint: str
    otherwise: str = ""


PROBLEMS: Final[dict[str, Text]] = {
    "usage.unknown_action": Text(
        "usage", "There is no action {action}.", "Did you mean {suggestion}? All actions: sales help actions"
    ),
    "usage.unknown_field": Text(
        "usage",
        "{action} has no field {field}.",
        "Did you mean {suggestion}? Its fields: {known}.",
        "Its fields: {known}.",
    ),
    "usage.either_field": Text("usage", "{action} takes one of {fields}, not both.", "Say it in one way."),
    "usage.missing_field": Text("usage", "{action} needs {field}.", "{help}"),
    "usage.bad_value": Text("usage", "{field} can't be {value}: {why}.", "{help}"),
    "usage.bad_moment": Text(
        "usage",
        "{value} is no moment: {why}.",
        "Write 2024-02-18, 2024-02-18T10:00:00+08:00, 2024-W07, 2024Q1 or yesterday.",
    ),
    "usage.bad_period": Text("usage", "{value} is no period: {why}.", "Write 2024Q1, 2024-02, 2024-W07 or 2024."),
    "usage.bad_time": Text(
        "usage", "{field} can't be {value}: {why}.", "Write 2024-02-18 or 2024-02-18T10:00:00+08:00."
    ),
    "usage.unknown_name": Text("usage", "There is no {noun} {value}.", "{why}"),
    "usage.unknown_then": Text("usage", "As known at {known_at} there was no {noun} {value} yet.", "{why}"),
    "usage.options": Text("usage", "{why}", "See: sales {command} --help"),
    "line.not_json": Text(
        "usage", "The line is no JSON: {why}.", "One JSON object a line; try the line with: python -m json.tool"
    ),
    "line.not_object": Text("usage", "The line is no JSON object.", 'Each line is {{"action": ..., "data": {{...}}}}.'),
    "line.encoding": Text(
        "usage",
        "The line is not UTF-8 (byte {byte}).",
        "Save the file as UTF-8; from Excel choose CSV UTF-8, then import.",
    ),
    "line.unknown_member": Text("usage", "A line has no member {member}.", "Members are: {known}."),
    "line.too_long": Text("usage", "The line is longer than {limit} bytes.", "One action a line, ended by a newline."),
    "batch.held_back": Text(
        "rule", "Not recorded, because line {line} failed (--atomic).", "Mend that line and apply the file again."
    ),
    "key.conflict": Text(
        "conflict",
        "The key {key} was used for something else: {recorded}; now {given}.",
        "Nothing was overwritten. Use another key, or correct the recorded event: sales event correct {position}",
    ),
    "event.unreadable": Text(
        "store",
        "Event {position} ({name}) of {stream} can't be read: {why}.",
        "What needs it has to wait; everything else goes on. Look at it with: sales doctor",
    ),
    "migration.not_empty": Text(
        "rule",
        "--recorded-as-given fills an empty store, and this one has {count} events of its own.",
        "Name a new store: --store sqlite:///new.db",
    ),
    "migration.differs": Text(
        "rule",
        "Line {line} is not what the store holds as event {position}: another file, or its lines in another order.",
        "A migration goes on with the file that it was begun with, as it was; take another to a new store:"
        " --store sqlite:///new.db",
    ),
    "migration.no_key": Text(
        "rule",
        "Line {line} has no key, so nothing tells whether it is event {position} of this store.",
        "Only lines with keys can go on where they were broken off; begin anew: --store sqlite:///new.db",
    ),
    "migration.passed_over": Text(
        "rule",
        "The line was refused when this migration was begun, and what follows it is recorded.",
        "Put it at the end of the file with a later recorded time, or begin anew: --store sqlite:///new.db",
    ),
    "migration.no_recorded": Text(
        "usage", "The line gives no recorded time.", "With --recorded-as-given each line carries recorded."
    ),
    "migration.backwards": Text(
        "rule", "Recorded {recorded} is before the line before it ({last}).", "Sort the file by its recorded times."
    ),
    "migration.not_asked": Text(
        "usage",
        "The line gives a recorded time.",
        "Only --recorded-as-given, into an empty store, takes recorded times.",
    ),
    "migration.bad_export": Text(
        "usage", "Line {line} is no exported event: {why}.", "Take a file made by: sales export"
    ),
    "store.busy": Text("store", "The store is busy: {why}.", "Try again in a moment; what was answered is recorded."),
    "store.unreachable": Text(
        "store", "The store {store} can't be opened: {why}.", "Check the path or the address: sales config show"
    ),
    "store.full": Text(
        "store",
        "There is no room left for the store: {why}.",
        "Make room and try again; nothing is lost or half recorded.",
    ),
    "store.missing": Text("missing", "No store here: there is none at {store}.", "{help}"),
    "store.gone": Text(
        "missing",
        "The store {store} is missing, and one was there: {notes}.",
        "Mount its disk, or put back the newest backup: sales restore {backup}; only to begin anew in its place:"
        " sales init --anew",
    ),
    "store.journal": Text(
        "rule",
        "No store is made at {store}: the journal {file} of one that was there would flow into it.",
        "Keep it with the store that it belongs to, or move it away.",
    ),
    "store.too_new": Text(
        "store",
        "The store has schema {version}, and this program knows {newest}.",
        "Update salestrail; nothing was changed.",
    ),
    "store.uncertain": Text(
        "store", "The connection was lost while recording.", "Run it again: with its key it is recorded once only."
    ),
    "store.contended": Text(
        "store", "Others keep writing to the same subjects; {tries} tries failed.", "Try again in a moment."
    ),
    "store.broken": Text(
        "fault", "The database complained: {why}.", "Nothing was half recorded. Look at the store with: sales doctor"
    ),
    "store.refused": Text("right", "The database refused: {why}.", "The log takes appends only, through the program."),
    "store.recorded_too_early": Text(
        "rule", "Recorded {recorded} is before the log's last ({last}).", "Sort the file by its recorded times."
    ),
    "store.has_events": Text(
        "rule", "The store has {count} events already.", "Name an empty one: --store sqlite:///new.db"
    ),
    "projection.stopped": Text(
        "fault",
        "The table {projection} stopped at event {position} ({event}): {why}.",
        "The log is whole and the other tables go on. After an update of the program: sales rebuild {projection}",
    ),
    "projection.lost": Text(
        "check",
        "A table of {projection} is gone although the store names it: {why}.",
        "The log has all that it held; fold it again: sales rebuild",
    ),
    "projection.not_made": Text(
        "right",
        "The table {projection} is not there yet, and this login may not make it.",
        "Ask whoever runs sales work to start it with this program.",
    ),
    "login.unknown": Text("missing", "The server has no login {login}.", "The server lists its logins: psql -c \\du"),
    "login.unprotected": Text(
        "right",
        "The store {store} has no roles, and this login may not make them.",
        "Run sales init as an administrator who may make roles (CREATEROLE) and owns the store.",
    ),
    "right.projector": Text(
        "right", "Only {role} writes the tables, and this login may not.", "Let whoever runs sales work do it."
    ),
    "right.whole": Text(
        "right",
        "{what} needs the rows of every group, and this login sees its own.",
        "Ask a director or an auditor to do it.",
    ),
    "projection.lags": Text(
        "store",
        "The tables lag {count} events behind the log, and this must know all of them.",
        "Let somebody run sales work, then try again.",
    ),
    "projection.unknown": Text("usage", "There is no table {projection}.", "Tables are: {known}."),
    "period.not_closed": Text(
        "missing",
        "{period} was not closed by then.",
        "Close it: sales period close {period}; or look without --as-closed",
    ),
    "period.altered": Text(
        "check",
        "The figures of {period} are not those that were closed: {views}.",
        "Fold the tables from the log again (sales rebuild); where that does not help, the log itself was changed.",
    ),
    "period.not_as_folded": Text(
        "check",
        "The figures of {period} in the tables are not those that the log gives: {views}.",
        "Nothing was closed. See what differs: sales verify --thorough; fold the tables again: sales rebuild",
    ),
    "keys.unusable": Text(
        "store",
        "The keys of personal data can't be used ({file}): {why}.",
        "Put the file of wrapping keys of this store there, as a colleague or a copy has it; its place: sales config show",
    ),
    "keys.closed": Text(
        "check",
        "{count} data keys of {file} can't be opened: they were wrapped with a key that is not here, or no longer.",
        "An erasure exchanges the wrapping key: take a copy made after the last one.",
    ),
    "file.unreadable": Text("usage", "The file {file} can't be read: {why}.", "Check the path and its rights."),
    "file.endless": Text(
        "usage",
        "Line {line} of {file} has no end: {count} bytes of it were read.",
        "Lines end with a newline; what stands before that line is as it was answered.",
    ),
    "file.unwritable": Text(
        "usage", "The file {file} can't be written: {why}.", "Check the path, its rights and the room left."
    ),
    "file.exists": Text("usage", "The file {file} exists already.", "Name another, or write over it with --yes."),
    "file.holds_more": Text(
        "rule",
        "{file} holds what is not here and would be lost: it ends at {count}, and what is here at {ours}.",
        "Name another file; or say --replace where what it holds may go.",
    ),
    "file.holds_other": Text(
        "rule",
        "{file} holds another log or other keys: {other}, and here is {ours}.",
        "Name another file; or say --replace where what it holds may go.",
    ),
    "backup.bad": Text("check", "{file} is no whole backup: {why}.", "Take another one, made by: sales backup"),
    "extra.missing": Text(
        "usage",
        "sales {command} needs the package {package}, which is not installed.",
        "Install it with the program: uv tool install 'salestrail[{extra}]' (in a checkout: uv sync --extra {extra})",
    ),
    "calendar.bad_line": Text(
        "usage",
        "Line {line} of {file} is no day of a calendar: {value}.",
        "Write 2026-02-15..2026-02-23,off and 2026-02-14,work, or take an iCalendar (.ics).",
    ),
    "import.no_column": Text(
        "usage", "No column for {field} was found in {file}.", "Columns are: {columns}. Say which with --map map.toml."
    ),
    "import.bad_map": Text("usage", "The mapping {file} is wrong at {where}: {why}.", "See: sales help import"),
    "import.not_a_table": Text("usage", "{file} holds no table: {why}.", "Take .xlsx or .csv (UTF-8 or GB18030)."),
    "import.bad_cell": Text(
        "usage",
        "Row {row}, column {column}: {value} can't be the {field}: {why}.",
        "Mend the cell and import the file again: what is recorded stays as it is.",
    ),
    "import.empty_cell": Text(
        "usage",
        "Row {row} has no {field} (column {column}).",
        "Fill the cell and import the file again: what is recorded stays as it is.",
    ),
    "import.surplus_cells": Text(
        "usage",
        "Row {row} has more cells than there are headings: {count} too many.",
        "Put cells that hold the separator into quotes, or give each column a heading.",
    ),
    "import.example": Text(
        "usage",
        "Row {row} is marked as the example, and says something else.",
        "Clear its cell in the column {column}, so that it is taken for a row of yours.",
    ),
    "import.same_row": Text(
        "usage",
        "Row {row} says the same as row {other} in {columns}.",
        "If both happened, give each a number of its own in the column of keys; else take one out.",
    ),
    "import.own_approval": Text(
        "rule",
        "Row {row}: {actor} can't approve the contract that they submitted.",
        "Name who approved it in the mapping (approver), or let another manager import the file.",
    ),
    "config.unknown": Text("usage", "There is no setting {name}.", "Settings are: {known}."),
    "config.no_profile": Text(
        "usage",
        "There is no profile {profile}.",
        "Profiles are: {known}. Write one: sales config set store URL --profile NAME",
    ),
    "config.own_only": Text(
        "usage",
        "{name} stands in {file}, the file of a folder, and counts only in your own.",
        "Take it out there; keep it beside the store's address in your own file: sales config path",
    ),
    "config.password_typed": Text(
        "usage",
        "A password stands in the address, where others on this machine and the shell's history see it.",
        "Leave it out and change it; put the new one into a file that only you can read, and: sales config set"
        " password_file FILE (or password_command, password_keyring).",
    ),
    "secret.unusable": Text(
        "store", "The password can't be had from {source}: {why}.", "Where it is said to be: sales config show"
    ),
    "secret.no_keyring": Text(
        "store",
        "The password is said to be in the keyring, and the package for it is not installed.",
        "Install salestrail[keyring], or use password_file or password_command.",
    ),
    "config.bad_file": Text(
        "usage", "The config file {file} is wrong: {why}.", "Mend it, or remove it: sales config path"
    ),
    "personal.sealed_form": Text(
        "usage",
        "{field} can't be the sealed form of a value: that is how the log keeps words, and no words.",
        "Write the words themselves.",
    ),
    "personal.closed": Text(
        "store",
        "What was there before is sealed, and its key is not here.",
        "Undo it where the keys are: sales keys show; or put them back: sales keys restore FILE",
    ),
    "keys.no_groups": Text(
        "rule",
        "This store has one file of wrapping keys for all: its keys are not wrapped for each group.",
        "A protected store on Postgres has groups of its own: sales init",
    ),
    "keys.not_settled": Text(
        "store", "There is no wrapping key for {login} yet.", "Let the tables be kept in step first: sales work --once"
    ),
    "erase.unconfirmed": Text(
        "usage", "Nothing was erased: it was not confirmed.", "Say --yes, or look first with --dry-run."
    ),
    "undo.unconfirmed": Text(
        "usage", "Nothing was undone: it was not confirmed.", "Say --yes, or look first with --dry-run."
    ),
    "asking.left": Text("interrupted", "Interrupted.", "Nothing was recorded."),
    "interrupted": Text(
        "interrupted", "Interrupted.", "What was answered is recorded; run the same command again for the rest."
    ),
    "fault": Text(
        "fault",
        "A fault of the program: {why}.",
        "Nothing was half recorded. Please report it with the command you ran.",
    ),
    **{code: Text(*said) for code, said in PROOF.items()},
}

CASES: Final[dict[tuple[str, str], Text]] = {
    ("person.unknown", "actor"): Text(
        "missing",
        "{login} acts here, and no person has that login.",
        "Act as somebody who is known: --actor {known}, or for good: sales config set actor {known}. Or have yourself"
        " registered: sales person register {login} --name ... --role rep --actor {known}",
    ),
    ("key.conflict", "twin"): Text(
        "conflict",
        "The key {key} is used twice, for {recorded} and for {given}.",
        "The first of the two counts. Give each a key of its own, or take one out.",
    ),
    ("line.unknown_member", "field"): Text(
        "usage",
        "A line has no member {member}: it is a field of {action}.",
        'Fields of an action go into data: {{"action": "{action}", "data": {{"{member}": ...}}}}',
    ),
}
"""What is said instead in a case that a code has beside its usual one."""
