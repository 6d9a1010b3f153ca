"""The constraint tables as the log makes them: claims, keys and mentions, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.form import revive
from domain.numbers import BORNE, bearing
from infra import codec
from infra.log import Log
from infra.record import Claim, Fresh, Keyed, Record
from infra.subjects import named_by
from infra.world import World


class Doubled(NamedTuple):
    """What only one may hold, and several do: the first has it, and the others are to be corrected."""

    kind: str
    value: str
    streams: tuple[str, ...]


class Deriver:
    """Makes the claims and mentions of records taken in log order."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], list[str]] = {}
        self._unique: set[tuple[str, str]] = set()

    def take(self, record: Record | Fresh) -> tuple[list[Claim], list[str]]:
        """Return the claims that an event makes, and the subjects that it names."""
        happened = revive(record.name, codec.decode(record.name, record.schema, record.data))
        made = []
        claims = getattr(happened, "claims", None)
        for claim in claims() if claims else ():
            held = self._held.setdefault((claim.kind, claim.value), [])
            if record.stream in held and not claim.again:
                continue
            if claim.unique:
                self._unique.add((claim.kind, claim.value))
            if not (claim.unique and held):
                made.append(Claim(claim.kind, claim.value, len(held), record.stream))
            held.append(record.stream)
        return made, [named for named in named_by(happened) if named != record.stream]

    def doubled(self, world: World) -> Iterator[Doubled]:
        """Yield what several hold of what only one may; `world` tells who bears a number as it stands."""
        for (kind, value), held in self._held.items():
            several = list(dict.fromkeys(held))
            if kind in BORNE:
                world.load(several)
                several = bearing(kind, value, {stream: world.subject(stream).state for stream in several})
            if len(several) > 1 and (kind in BORNE or (kind, value) in self._unique):
                yield Doubled(kind, value, tuple(several))


def make_again(log: Log) -> list[Doubled]:
    """Make claims, keys and mentions again from the log; return what several hold of what only one may."""
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
    return list(deriver.doubled(World(log, "")))


def every(log: Log, batch: int = 5_000) -> Iterator[Record]:
    """Yield the whole log in order, in flat memory."""
    after = 0
    while records := log.read(after, batch):
        yield from records
        after = records[-1].position
