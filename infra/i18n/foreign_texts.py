"""What databases, libraries and the operating system say, found among the texts that have a translation.

Each is written as a message id of ours, with names for the parts that differ; what stands in such a part may be such a text too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from infra.i18n.translate import marked


class Said(NamedTuple):
    """A text of somebody else: the message id that it is, and its parts by name."""

    message: str
    parts: dict[str, str]


SQLITE: Final = (
    marked("unable to open database file"),
    marked("unable to open database file ({why})"),
    marked("database is locked"),
    marked("database table is locked"),
    marked("database table is locked: {name}"),
    marked("database schema is locked: {name}"),
    marked("database schema has changed"),
    marked("database disk image is malformed"),
    marked("malformed database schema ({why})"),
    marked("file is not a database"),
    marked("database or disk is full"),
    marked("attempt to write a readonly database"),
    marked("disk I/O error"),
    marked("locking protocol"),
    marked("large file support is disabled"),
    marked("unknown error"),
    marked("out of memory"),
    marked("interrupted"),
    marked("not authorized"),
    marked("access permission denied"),
    marked("string or blob too big"),
    marked("datatype mismatch"),
    marked("constraint failed"),
    marked("UNIQUE constraint failed: {name}"),
    marked("NOT NULL constraint failed: {name}"),
    marked("CHECK constraint failed: {name}"),
    marked("cannot store {what} value in {kind} column {name}"),
    marked("no such table: {name}"),
    marked("no such column: {name}"),
    marked("the log is never changed"),
    marked("the log is never deleted from"),
    marked("the log only takes the next position, with a version and an event id not taken"),
)

POSTGRES: Final = (
    marked('connection failed: connection to server at "{host}", port {port} failed: {why}'),
    marked('connection failed: connection to server on socket "{socket}" failed: {why}'),
    marked('connection to server at "{host}", port {port} failed: {why}'),
    marked('connection to server on socket "{socket}" failed: {why}'),
    marked("connection failed: {why}"),
    marked("Connection refused Is the server running on that host and accepting TCP/IP connections?"),
    marked("No such file or directory Is the server running locally and accepting connections on that socket?"),
    marked("Connection refused Is the server running locally and accepting connections on that socket?"),
    marked("Connection refused"),
    marked("Connection reset by peer"),
    marked("Connection timed out"),
    marked("Network is unreachable"),
    marked("No route to host"),
    marked("timeout expired"),
    marked("connection timeout expired"),
    marked("connection is bad: {why}"),
    marked("the connection is closed"),
    marked("the connection is lost"),
    marked("[Errno {number}] {why}"),
    marked("Name or service not known"),
    marked("Temporary failure in name resolution"),
    marked("Servname not supported for ai_socktype"),
    marked('could not translate host name "{host}" to address: {why}'),
    marked("failed to resolve host '{host}': {why}"),
    marked("consuming input failed: {why}"),
    marked(
        "server closed the connection unexpectedly This probably means the server terminated abnormally before or while"
        " processing the request."
    ),
    marked("FATAL: {why}"),
    marked('password authentication failed for user "{user}"'),
    marked('Peer authentication failed for user "{user}"'),
    marked("fe_sendauth: no password supplied"),
    marked('role "{user}" does not exist'),
    marked('role "{user}" is not permitted to log in'),
    marked('database "{name}" does not exist'),
    marked('permission denied for database "{name}"'),
    marked('no pg_hba.conf entry for host "{host}", user "{user}", database "{name}", {encryption}'),
    marked("sorry, too many clients already"),
    marked('too many connections for role "{user}"'),
    marked("the database system is starting up"),
    marked("the database system is shutting down"),
    marked("the database system is in recovery mode"),
    marked("the database system is not yet accepting connections"),
    marked("terminating connection due to administrator command"),
    marked("terminating connection due to unexpected postmaster exit"),
    marked("terminating connection because of crash of another server process"),
    marked("canceling statement due to lock timeout"),
    marked("canceling statement due to statement timeout"),
    marked("canceling statement due to user request"),
    marked("deadlock detected"),
    marked("could not serialize access due to concurrent update"),
    marked("cannot execute {statement} in a read-only transaction"),
    marked('could not extend file "{file}": {why}'),
    marked('could not write to file "{file}": {why}'),
    marked('could not open file "{file}": {why}'),
    marked('could not read block {number} in file "{file}": {why}'),
    marked('invalid page in block {number} of relation "{name}"'),
    marked("permission denied for table {name}"),
    marked("permission denied for view {name}"),
    marked("permission denied for schema {name}"),
    marked("permission denied for function {name}"),
    marked('permission denied to set role "{name}"'),
    marked("permission denied to create role"),
    marked("must be owner of table {name}"),
    marked('relation "{name}" does not exist'),
    marked('schema "{name}" does not exist'),
    marked('column "{name}" does not exist'),
    marked('duplicate key value violates unique constraint "{name}"'),
    marked('null value in column "{column}" of relation "{name}" violates not-null constraint'),
    marked('missing "=" after "{text}" in connection info string'),
    marked('invalid connection option "{name}"'),
    marked('invalid URI query parameter: "{name}"'),
    marked('invalid port number: "{text}"'),
    marked('invalid integer value "{text}" for connection option "{name}"'),
    marked("the log is never changed or deleted from"),
)

TOML: Final = (
    marked("{why} (at line {line}, column {column})"),
    marked("{why} (at end of document)"),
    marked("Cannot overwrite a value"),
    marked("Cannot declare {key} twice"),
    marked("Cannot mutate immutable namespace {key}"),
    marked("Cannot redefine namespace {key}"),
    marked("Duplicate inline table key {key}"),
    marked("Escaped character is not a Unicode scalar value"),
    marked("Expected '=' after a key in a key/value pair"),
    marked("Expected ']' at the end of a table declaration"),
    marked("Expected ']]' at the end of an array declaration"),
    marked("Expected newline or end of document after a statement"),
    marked("Expected {what}"),
    marked("Found invalid character {letter}"),
    marked("Illegal character {letter}"),
    marked("Invalid date or datetime"),
    marked("Invalid hex value"),
    marked("Invalid initial character for a key part"),
    marked("Invalid statement"),
    marked("Invalid value"),
    marked("Unclosed array"),
    marked("Unclosed inline table"),
    marked("Unescaped '\\' in a string"),
    marked("Unterminated string"),
    marked("'{codec}' codec can't decode byte {byte} in position {position}: {why}"),
    marked("invalid start byte"),
    marked("invalid continuation byte"),
    marked("unexpected end of data"),
)

SHAPES: Final = (
    marked("Field required"),
    marked("Extra inputs are not permitted"),
    marked("Input should be a valid string"),
    marked("Input should be a valid integer"),
    marked("Input should be a valid integer, unable to parse string as an integer"),
    marked("Input should be a valid boolean"),
    marked("Input should be a valid boolean, unable to interpret input"),
    marked("Input should be a valid list"),
    marked("Input should be a valid tuple"),
    marked("Input should be a valid dictionary"),
    marked("Input should be a valid dictionary or instance of {name}"),
    marked("Input should be {choices}"),
)
"""What pydantic says of a file that is a mapping."""

TEXTS: Final = (*SQLITE, *POSTGRES, *TOML, *SHAPES)


def recognised(text: str) -> Said | None:
    """Return which of the texts this is, the longest that fits; None if it is none of them."""
    plain = " ".join(text.split())
    for message, form in _forms():
        if found := form.fullmatch(plain):
            return Said(message, found.groupdict())
    return None


@cache
def _forms() -> list[tuple[str, re.Pattern[str]]]:
    """Return each text with the form by which it is recognised: what stands around another first, then the longest."""
    by_words = sorted(TEXTS, key=lambda text: (not text.startswith("{why}"), -len(re.sub(r"\{\w+\}", "", text))))
    return [(text, re.compile(_form(text))) for text in by_words]


def _form(text: str) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    written = [re.escape(part) if n % 2 == 0 else f"(?P<{part}>.+?)" for n, part in enumerate(parts)]
    return "".join(written)
