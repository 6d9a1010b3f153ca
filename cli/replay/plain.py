"""A replay as text for a pipe: a block for each frame, with everything that the player shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from cli.replay.frame_words import Frame, day_text, figure, happenings, measure_of, measure_word, share
from infra.formats.text_table import amount
from infra.i18n import translate
from infra.i18n.terminal_text import pad, width
from infra.i18n.translate import filled, marked

_ = translate.translate


def lines(frames: Sequence[Frame]) -> Iterator[str]:
    """Yield the lines of all frames."""
    for n, frame in enumerate(frames):
        if n:
            yield ""
        yield from block(frame)


def block(frame: Frame) -> Iterator[str]:
    """Yield the lines of one frame: its day, its figures, and what happened."""
    known = marked("{day}  {elapsed} of {days} working days, known at position {position}")
    facts = {"elapsed": frame["elapsed_days"], "days": frame["working_days"], "position": frame["position"]}
    yield filled(known, {"day": day_text(frame), **facts})
    yield f"  {measure_word(measure_of(frame))}: {headline(frame)}"
    others = [told for told in figures(frame) if told]
    if others:
        yield f"  {' · '.join(others)}"
    for pipeline in frame["pipeline"]:
        line = marked("open deals: {count}, {amount} {currency}")
        yield "  " + filled(line, {**pipeline, "amount": amount(pipeline["amount"])})
    yield from explained(frame)
    several = list(happenings(frame))
    wide = max((width(each.kind) for each in several), default=0)
    for each in several:
        yield f"    {pad(each.kind, wide)}  {each.told}"


def explained(frame: Frame) -> Iterator[str]:
    """Yield the events behind the figures, where they were asked for."""
    for each in frame["figures"]:
        for event in each.get("events", ()):
            moved = f"{'+' if Decimal(event['amount']) > 0 else ''}{amount(event['amount'])}"
            yield f"    {measure_word(each['measure'])} {moved}  {event['position']} {event['name']} {event['subject']}"


def headline(frame: Frame) -> str:
    """Return the measure that the target is about: known, of the target, against the pace, and in hindsight."""
    measure = measure_of(frame)
    known, hindsight = figure(frame, measure)
    unit = f" {frame['currency']}" if frame["currency"] else ""
    parts = [f"{amount(known)}{unit}"]
    if frame["target"] is None:
        parts.append(_("no target"))
    else:
        facts = {"target": amount(frame["target"]), "share": share(frame, measure, known)}
        parts.append(filled(marked("of {target} ({share})"), facts))
        if frame["original_target"] not in (None, frame["target"]):
            parts.append(filled(marked("original {target}"), {"target": amount(frame["original_target"])}))
        if frame["state"] != "filed":
            parts.append(str(frame["state"]))
    if frame["pace"] is not None:
        parts.append(f"{_('pace')} {amount(frame['pace'])} ({against(known, Decimal(frame['pace']))})")
    if hindsight != known:
        parts.append(f"{_('hindsight')} {amount(hindsight)}")
    return ", ".join(parts)


def against(known: Decimal, pace: Decimal) -> str:
    """Return how far ahead of the pace, or behind it, a value is."""
    ahead = marked("{amount} ahead") if known >= pace else marked("{amount} behind")
    return filled(ahead, {"amount": amount(abs(known - pace))})


def figures(frame: Frame) -> Iterator[str]:
    """Yield the other measures, each with hindsight where that differs."""
    main = measure_of(frame)
    for each in frame["figures"]:
        if each["measure"] == main and each["currency"] in (None, frame["currency"]):
            continue
        unit = f" {each['currency']}" if each["currency"] else ""
        told = f"{measure_word(each['measure'])} {amount(each['known'])}{unit}"
        yield told if each["known"] == each["hindsight"] else f"{told} ({_('hindsight')} {amount(each['hindsight'])})"
