"""The constraint tables as the log makes them: claims, keys and mentions, record by record."""

from __future__ import annotations

from collections.abc import Iterator

from domain.form import revive
from infra import codec
from infra.log import Log
from infra.record import Claim, Fresh, Keyed, Record
from infra.subjects import named_by


class Deriver:
    """Makes the claims and mentions of records taken in log order."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], list[str]] = {}

    def take(self, record: Record | Fresh) -> tuple[list[Claim], list[str]]:
        """Return the claims that an event makes, and the subjects that it names."""
        happened = revive(record.name, codec.decode(record.name, record.schema, record.data))
        made = []
        claims = getattr(happened, "claims", None)
        for claim in claims() if claims else ():
            held = self._held.setdefault((claim.kind, claim.value), [])
            if record.stream not in held or claim.again:
                made.append(Claim(claim.kind, claim.value, 0 if claim.unique else len(held), record.stream))
                held.append(record.stream)
        return made, [named for named in named_by(happened) if named != record.stream]


def make_again(log: Log) -> None:
    """Make claims, keys and mentions again from the log."""
    deriver = Deriver()
    claims: list[Claim] = []
    mentions: set[tuple[str, int]] = set()
    keys: dict[str, Keyed] = {}
    for record in every(log):
        made, named = deriver.take(record)
        claims += made
        mentions.update((subject, record.position) for subject in named)
        if record.key and record.correlation:
            first = keys.get(record.key)
            keys[record.key] = (
                first._replace(count=first.count + 1)
                if first
                else Keyed(record.key, bytes.fromhex(record.correlation), record.position, record.stream, 1)
            )
    log.rebuild_derived(claims, keys.values(), sorted(mentions))


def every(log: Log, batch: int = 5_000) -> Iterator[Record]:
    """Yield the whole log in order, in flat memory."""
    after = 0
    while records := log.read(after, batch):
        yield from records
        after = records[-1].position
