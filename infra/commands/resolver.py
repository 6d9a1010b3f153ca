"""From what one types to ids: an id, the key of the line that made the subject, or its exact name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from domain.kernel.field import Field, fields_of
from domain.kernel.registry import SUBJECTS, Subject, subject_of
from infra.commands.repository import Entry, Repository, entry
from infra.commands.request import Request
from infra.errors.problem import Problem
from infra.event_store import ids
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import IdempotencyRecord

if TYPE_CHECKING:
    from infra.commands.person_names import People


def refers(field: Field) -> bool:
    """Say whether a field's value names a subject by something else than its id: a key, a name, a number."""
    kind = SUBJECTS.get(field.role or "")
    return field.role == "target-or-owner" or (kind is not None and kind.identity is None)


class Pending(Protocol):
    """A request of the same batch that is decided already."""

    subject: str
    events: list[Any]


class PendingNames(Protocol):
    """What the batch has decided so far."""

    def entry_of(self, draft: Any) -> Entry | None: ...
    def naming(self, subject: str, prefix: str) -> list[str]: ...


class ReferenceResolver:
    """Resolves the names of one batch; `pending` are the keys that the batch itself has made so far."""

    def __init__(self, world: Repository, log: EventReader) -> None:
        self.world, self.log = world, log
        self.known: dict[str, IdempotencyRecord] = {}
        self.pending: Mapping[str, Pending] = {}
        self.gathered: PendingNames | None = None
        self.earlier: IdempotencyRecord | None = None
        self.open = False  # whether the act at hand is one that rules open to all
        self._references: dict[type, list[Field]] = {}
        self._persons: dict[type, list[Field]] = {}
        self._evidence: dict[type, list[str]] = {}

    def prepare(self, requests: Sequence[Request], pending: Mapping[str, Pending]) -> dict[str, IdempotencyRecord]:
        """Read at once what the requests will ask for one by one: keys, names, claims and subjects."""
        self.pending = pending
        named: dict[str, None] = {}
        asked: list[tuple[str, str]] = []
        for request in requests:
            for text in self._texts(request):
                named[text] = None
            looks = getattr(request.action, "looks", None)
            if looks:
                asked += looks(request.values)
        keys = {request.key: None for request in requests if request.key}
        self.known = known = self.log.keyed([*(keys | named)]) if keys or named else {}
        unkeyed = [text for text in named if text not in known]
        asked += [("name", text) for text in unkeyed if not subject_of(text)]
        self.world.look(asked)
        self.world.load(
            [known[text].stream for text in named if text in known] + [text for text in unkeyed if subject_of(text)]
        )
        return known

    def corrected(self, requests: Sequence[Request]) -> list[str]:
        """Return the recorded streams whose events the requests are going to correct or void, as far as keys tell."""
        told = [request.subject for request in requests if request.action.SUBJECT == "event"]
        subjects = {request.key: request.subject for request in requests} if told else {}
        keyed = (self.known.get(key or "") or self.known.get(subjects.get(key) or "") for key in told)
        return [each.stream for each in keyed if each]

    def references(self, action: type) -> list[Field]:
        known = self._references.get(action)
        if known is None:
            known = self._references[action] = [f for f in fields_of(action) if refers(f)]
        return known

    @cached_property
    def people(self) -> People:
        """People by their names, who are asked for only where something is no login."""
        from infra.commands.person_names import People

        return People(self.world, self.log)

    def persons(self, action: type) -> list[Field]:
        """Return the fields in which an action names people who are there already."""
        known = self._persons.get(action)
        if known is None:
            known = self._persons[action] = [field for field in fields_of(action) if field.role == "person"]
        return known

    def evidence(self, action: type) -> list[str]:
        """Return the fields in which an action names events, which may be named by the keys of their lines."""
        known = self._evidence.get(action)
        if known is None:
            known = self._evidence[action] = [f.attribute for f in fields_of(action) if f.role == "event"]
        return known

    def _texts(self, request: Request) -> list[str]:
        texts = [request.subject] if request.subject and request.action.SUBJECT not in ("person", "group") else []
        for field in self.references(request.action):
            value = request.values.get(field.attribute)
            if value:
                texts.append(value)
        for attribute in self.evidence(request.action):
            texts += request.values.get(attribute, ())
        return texts

    def resolved(self, request: Request) -> dict[str, Any]:
        """Return the request's values with every reference turned into an id. Raises Problem."""
        references, people = self.references(request.action), self.persons(request.action)
        if not references and not people:
            return request.values
        values = dict(request.values)
        for field in people:
            said = values.get(field.attribute)
            if said:
                values[field.attribute] = tuple(map(self.person, said)) if field.many else self.person(said)
        for field in references:
            named = values.get(field.attribute)
            if not named:
                continue
            if field.role == "target-or-owner":
                keyed = self._keyed(named)
                values[field.attribute] = keyed if keyed and keyed.startswith("tgt_") else named
            else:
                values[field.attribute] = self.stream(SUBJECTS[field.role or ""], named)
        return values

    def person(self, said: str) -> str:
        """Return the login of whom a login, or a name that one person has, names. Raises Problem."""
        if self.world.subject(f"per_{said}").state_known():
            return said
        record = self.log.record(self.earlier.position) if self.earlier else None
        meant = (record.actor, *entry(record, self.log.ring).data.values()) if record else ()
        return self.people.login(said, [each for each in meant if type(each) is str])

    def must_stand(self, request: Request, subject: str, values: Mapping[str, Any]) -> None:
        """Raise Problem if the request acts on, or names, a subject whose every event was withdrawn.

        A customer's own actions say so themselves, and what may be drafted again may be so after a withdrawal.
        """
        cls = request.action
        named: list[Any] = [values.get(field.attribute) for field in self.references(cls)]
        if cls.SUBJECT != "event" and not cls.CREATES:
            named.append(subject)
        for stream in named:
            kind = subject_of(stream) if isinstance(stream, str) else None
            if kind and kind.identity is None and kind.noun != "customer" and self.world.subject(stream).withdrawn:
                raise Problem("subject.withdrawn", subject=stream, noun=kind.noun)

    def subject(self, request: Request, values: Mapping[str, Any]) -> str:
        """Return the stream that the request acts on or brings into being. Raises Problem."""
        cls = request.action
        if cls.SUBJECT == "event":
            if not request.subject:
                raise Problem("subject.missing", action=cls.NAME, noun="event")
            return request.subject
        kind = SUBJECTS[cls.SUBJECT]
        if cls.CREATES and not (cls.REDO and request.subject):
            return self._created(kind, request, values)
        if not request.subject:
            raise Problem("subject.missing", action=cls.NAME, noun=kind.noun)
        return self.stream(kind, request.subject)

    def _created(self, kind: Subject, request: Request, values: Mapping[str, Any]) -> str:
        if kind.identity:
            identity = str(values[kind.identity])
            if not all(c.isalnum() or c in "._-@" for c in identity):
                why = "letters, digits, dot, dash, underscore and @ only"
                raise Problem("usage.bad_value", field=kind.identity, value=identity, why=why, help="")
            return kind.prefix + identity
        return ids.from_key(kind.prefix, request.key) if request.key else ids.fresh(kind.prefix)

    def stream(self, kind: Subject, named: str) -> str:
        """Return the id of the existing subject of `kind` that `named` names. Raises Problem."""
        if kind.identity:
            if kind.noun == "person" and not named.startswith(kind.prefix):
                named = self.person(named)
            stream = named if named.startswith(kind.prefix) else kind.prefix + named
            if self._known(stream):
                return stream
            code = {"person": "person.unknown", "group": "group.unknown"}.get(kind.noun, "subject.unknown")
            raise Problem(code, login=named, code=named, noun=kind.noun, subject=named)
        stream = self._keyed(named) or (named if subject_of(named) else "")
        if stream:
            if not stream.startswith(kind.prefix):
                actual = subject_of(stream)
                raise Problem("subject.wrong_kind", subject=named, kind=actual.noun if actual else "-", noun=kind.noun)
            if self._known(stream):
                return stream
        holders = self._meant_before(kind, named) or self._holders(kind, named)
        if len(holders) == 1:
            return holders[0]
        if holders:
            facts = {"count": len(holders), "candidates": ", ".join(holders[:5])}
            raise Problem("subject.ambiguous", subject=named, **facts)
        raise Problem("subject.unknown", noun=kind.noun, subject=named)

    def _meant_before(self, kind: Subject, named: str) -> list[str]:
        """Return whom a name meant when its request was recorded, where that was done before under the same key.

        Others may have got the same name since, and what is recorded stays recorded.
        """
        if self.earlier is None or not kind.named_by:
            return []
        record = self.log.record(self.earlier.position)
        said = entry(record, self.log.ring).data.values() if record else ()
        meant = [self.earlier.stream, *(value for value in said if type(value) is str)]
        holders = dict.fromkeys(self.world.holders(kind.named_by, named))
        return [stream for stream in holders if stream in meant and (self.open or not self.world.unseen(stream))]

    def _holders(self, kind: Subject, named: str) -> list[str]:
        if not kind.named_by:
            return []
        return self.world.bearers(kind.named_by, named, seen=not self.open)

    def _known(self, stream: str) -> bool:
        """Say whether there is such a subject for who acts: what one can't see is as unknown as what isn't there."""
        subject = self.world.subject(stream)
        return subject.state_known() and (self.open or not subject.unseen)

    def _keyed(self, named: str) -> str | None:
        draft = self.pending.get(named)
        if draft is not None:
            return draft.subject
        keyed = self.known.get(named)
        return keyed.stream if keyed else None

    def told(self, reference: str) -> Entry | None:
        """Return the recorded event that `reference` names: a key (its first event), a position or an event id."""
        if self.gathered and reference in self.pending:
            return self.gathered.entry_of(self.pending[reference])
        keyed = self.known.get(reference)
        if keyed is not None:
            record = self.log.record(keyed.position)
        elif reference.isascii() and reference.isdecimal() and len(reference) < 19:
            record = self.log.record(int(reference))
        else:
            record = self.log.by_event_id(reference)
        return entry(record, self.log.ring) if record else None

    def item(self, named: str | None) -> str | None:
        """Return the part of its subject (a next action, an objection) that the line under the key `named` made."""
        if not named:
            return None
        draft = self.pending.get(named)
        if draft is not None:
            return getattr(draft.events[0], "item", None)
        keyed = self.known.get(named)
        if keyed is None:
            return None
        items = self.world.items
        if keyed.position not in items:
            told = self.told(named)
            item = told.data.get("item") if told else None
            items[keyed.position] = item if isinstance(item, str) else None
        return items[keyed.position]
