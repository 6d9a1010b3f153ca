"""Rows that are recorded already, under whatever name their file had: by the keys of earlier programs, or by what they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from domain.customer.company_name import normalised
from domain.kernel.field import fields_of
from infra.commands.decision_context import occurred_of
from infra.commands.handler import CommandHandler
from infra.commands.repository import entry
from infra.commands.request import Request
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.stored_event import IdempotencyRecord, Record
from infra.imports.row_commands import Reading, RowRef, Told

CAPTURE: Final = "lead.capture"
ERASED: Final = "[erased]"

Known = tuple[RowRef, "list[Request] | Problem | CommandResult"]
"""A row with what is to be asked for it, or with what is recorded of it already."""


class Recognising:
    """Finds the rows of one sheet in the log of one ledger."""

    def __init__(self, ledger: CommandHandler, reading: Reading) -> None:
        self.ledger, self.reader, self.reading = ledger, ledger.reader, reading
        self._used: set[str] = set()

    def known(self, block: Sequence[Told]) -> list[Known]:
        """Return the rows under the keys that they are recorded under, and those that are recorded under another one.

        With `--again` each gets a key that nothing is recorded under.
        """
        if self.reading.again:
            return [self._once_more(ref, said) for ref, said in block]
        asked = [one for _ref, said in block if not isinstance(said, Problem) for one in said]
        keys = [one.key or "" for one in asked]
        older = {key: old for key in keys if (old := self.reading.earlier(key)) and old != key}
        found = self.reader.keyed([*{*keys, *older.values()}])
        renamed = {key: old for key, old in older.items() if key not in found and old in found}
        leads = [one for one in asked if one.action.NAME == CAPTURE]
        for one in leads:
            if one.key in renamed and not self._same_person(one, found[renamed[one.key]]):
                del renamed[one.key]
        holders = self._holders(leads) if len(self.reading.form.steps) == 1 else {}
        return [self._found(ref, said, renamed, found, holders) for ref, said in block]

    def _found(
        self,
        ref: RowRef,
        said: list[Request] | Problem,
        renamed: dict[str, str],
        found: Collection[str | None],
        holders: Any,
    ) -> Known:
        if isinstance(said, Problem):
            return ref, said
        given = _renamed(said, renamed)
        key = given[0].key if given[0].key != said[0].key else ref.key
        own = ref.gave and not ref.key.startswith(f"{self.reading.stem}#")  # a key of one's own says: another happening
        if holders and not own and given[0].key not in found and (same := self._recorded(given[0], holders)):
            return ref, same
        return ref._replace(key=key or ref.key), given

    def _once_more(self, ref: RowRef, said: list[Request] | Problem) -> Known:
        if isinstance(said, Problem) or ref.gave:
            return ref, said
        key, n = ref.key, 1
        while key in self._used or self._taken(key):
            n += 1
            key = f"{ref.key}~{n}"
        self._used.add(key)
        keys = [one.key or "" for one in said]
        renamed = {each: key + each[len(ref.key) :] for each in keys if each.startswith(ref.key)}
        return ref._replace(key=key), _renamed(said, renamed)

    def _taken(self, key: str) -> bool:
        return bool(self.reader.keyed([key, self.reading.earlier(key) or key]))

    def _same_person(self, asked: Request, earlier: IdempotencyRecord) -> bool:
        """Say whether a lead is of the person of whom one was recorded; of an erased one nobody can tell."""
        record = self.reader.record(earlier.position)
        data = self._data(record) if record else {}
        name = next((name for name in self.reading.form.persons if asked.values.get(name)), None)
        return name is None or data.get(name) in (None, ERASED, asked.values[name])

    def _holders(self, leads: Sequence[Request]) -> dict[str, list[str]]:
        names = {normalised(str(one.values["company"])) for one in leads}
        return self.reader.holders("company", [*names])

    def _recorded(self, asked: Request, holders: dict[str, list[str]]) -> CommandResult | None:
        """Return the recorded lead that is the same in every cell of the row, if there is one."""
        for stream in holders.get(normalised(str(asked.values["company"])), ()):
            for record in self.reader.stream(stream)[:1]:
                if record.name == "customer.lead_captured" and self._same(asked, record):
                    return CommandResult("repeated", stream, (record.name,), record.position)
        return None

    def _same(self, asked: Request, record: Record) -> bool:
        try:
            if asked.at and occurred_of(asked.at, self.ledger.zone)[0] != record.occurred:
                return False
        except Problem:
            return False  # a time that is none, which is told when the row is recorded
        data = self._data(record)
        written = {field.attribute: field.kind.write for field in fields_of(asked.action)}
        for name, value in asked.values.items():
            if name == "owner":
                continue  # whose it is by now is another matter
            write = written[name]
            if data.get(name) != (write(value) if write else value):
                return False
        return True

    def _data(self, record: Record) -> Any:
        return codec.opened(entry(record, self.reader.ring).data)


def _renamed(said: Sequence[Request], renamed: dict[str, str]) -> list[Request]:
    """Return the requests under other keys, and where they act on what was made under one, on that."""
    return [
        one._replace(key=renamed.get(one.key or "", one.key), subject=renamed.get(one.subject or "", one.subject))
        for one in said
    ]
