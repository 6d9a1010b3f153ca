"""What a frame says, in words: its figures and what happened in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from infra.formats.text_table import amount, percent
from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

_ = translate.translate

Frame = Mapping[str, Any]

WEEKDAYS: Final = (
    marked("Mon"),
    marked("Tue"),
    marked("Wed"),
    marked("Thu"),
    marked("Fri"),
    marked("Sat"),
    marked("Sun"),
)
MEASURES: Final = {
    "signed": marked("Signed"),
    "collected": marked("Collected"),
    "new-customers": marked("New customers"),
    "leads": marked("Leads"),
    "valid-leads": marked("Valid leads"),
    "follow-ups": marked("Follow-ups"),
}
CHANGES: Final = {
    "won": marked("won"),
    "lost": marked("lost"),
    "appeared": marked("new"),
    "grew": marked("grew"),
    "shrank": marked("shrank"),
    "slipped": marked("slipped"),
    "sooner": marked("sooner"),
    "came": marked("came over"),
    "went": marked("went over"),
    "gone": marked("withdrawn"),
    "moved": marked("moved"),
}
LISTS: Final = {
    "signed": marked("signed"),
    "targets": marked("target"),
    "late": marked("late"),
    "corrections": marked("corrected"),
}
ORDER: Final = tuple(CHANGES)
GOOD: Final = ("won", "grew", "sooner", "appeared", "came")
BAD: Final = ("lost", "shrank", "slipped", "gone", "went")


class Happening(NamedTuple):
    """One thing that happened: its kind (a word), what it says, and whether it is good, bad or neither."""

    kind: str
    told: str
    style: str = ""


def measure_word(measure: str) -> str:
    """Return a measure in words; one that the team has defined has its own name."""
    return _(MEASURES[measure]) if measure in MEASURES else measure


def day_text(frame: Frame) -> str:
    """Return the frame's day with its weekday."""
    day = date.fromisoformat(frame["day"])
    return f"{day} {_(WEEKDAYS[day.weekday()])}"


def figure(frame: Frame, measure: str, currency: str | None = None) -> tuple[Decimal, Decimal]:
    """Return a measure as known then and as known now: money in the currency named, else in the frame's first."""
    unit = currency or frame["currency"]
    for each in frame["figures"]:
        if each["measure"] == measure and (unit is None or each["currency"] in (None, unit)):
            return Decimal(each["known"]), Decimal(each["hindsight"])
    return Decimal(0), Decimal(0)


def share(frame: Frame, measure: str, value: Decimal) -> str:
    """Return how much of the target a value is, or nothing where there is none."""
    target = Decimal(frame["target"] or 0)
    return percent(value / target) if target and measure_of(frame) == measure else ""


def measure_of(frame: Frame) -> str:
    """Return the measure that the frame's target is about."""
    return str(frame["basis"] or frame["metric"])


def short(value: float) -> str:
    """Return a number for an axis: 1.2M and 350k, or in Chinese 120万 and 1.2亿."""
    steps = ((1e8, "亿"), (1e4, "万")) if translate.language() == "zh" else ((1e9, "G"), (1e6, "M"), (1e3, "k"))
    for size, unit in steps:
        if abs(value) >= size:
            return f"{value / size:.1f}".removesuffix(".0") + unit
    return f"{value:.1f}".removesuffix(".0")


def happenings(frame: Frame) -> Iterator[Happening]:
    """Yield what happened in the frame: targets, signings, deals by what became of them, corrections, late entries."""
    for target in frame["targets"]:
        yield Happening(_(LISTS["targets"]), target_told(target))
    for contract in frame["signed"]:
        yield Happening(_(LISTS["signed"]), contract_told(contract), "good")
    for deal in sorted(frame["deals"], key=lambda deal: ORDER.index(deal["change"])):
        change = deal["change"]
        style = "good" if change in GOOD else "bad" if change in BAD else ""
        yield Happening(_(CHANGES[change]), deal_told(deal), style)
    for correction in frame["corrections"]:
        what = f"{correction['corrected']} {correction['company'] or correction['subject']}"
        yield Happening(_(LISTS["corrections"]), correction_told(correction, what), "bad")
    for entry in frame["late"]:
        yield Happening(_(LISTS["late"]), late_told(entry), "bad")


def summary(several: Sequence[Happening]) -> str:
    """Return how many things of each kind happened."""
    counts: dict[str, int] = {}
    for each in several:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    return " · ".join(f"{kind} {count}" for kind, count in counts.items())


def deal_told(deal: Mapping[str, Any]) -> str:
    """Return a deal's change: whose, what it is worth, and from what to what."""
    name = " ".join(part for part in (deal["company"], deal["deal"]) if part) or deal["subject"]
    worth = f"{amount(deal['amount'])} {deal['currency']}"
    if deal["change"] in ("grew", "shrank"):
        worth = f"{amount(deal['from'])} → {amount(deal['to'])} {deal['currency']}"
    elif deal["change"] in ("slipped", "sooner", "moved"):
        worth += f"  {deal['from'] or '—'} → {deal['to'] or '—'}"
    return joined(name, worth, deal["owner"])


def contract_told(contract: Mapping[str, Any]) -> str:
    """Return a signing: number, company, amount, day and owner."""
    worth = f"{amount(contract['amount'])} {contract['currency']}"
    return joined(contract["number"], contract["company"], worth, contract["day"], contract["owner"])


def late_told(entry: Mapping[str, Any]) -> str:
    """Return a late entry: what, of whom, whose act, and how many working days late."""
    late = marked("of {day}, {count} working days late")
    told = filled(late, {"day": entry["day"], "count": entry["late_days"]})
    return joined(entry["name"], entry["company"] or entry["subject"], told, entry["actor"])


def target_told(act: Mapping[str, Any]) -> str:
    """Return what was done about a target: whose, of which metric, from what to what, why, and by whom."""
    values = {change["field"]: change for change in act["changes"]}
    old, new = values.get("old"), values.get("new") or values.get("value")
    worth = numeral(new["to"]) if new else ""
    before = old["to"] if old else new["from"] if new else None
    worth = f"{numeral(before)} → {worth}" if before is not None else worth
    return joined(act["name"], act["owner"], act["metric"], worth, why(act), act["actor"])


def correction_told(act: Mapping[str, Any], what: str) -> str:
    """Return what a correction changed in what, why, and whose it was."""
    changes = ", ".join(changed(change) for change in act["changes"] if change["to"] is not None)
    return joined(act["name"], what, changes, why(act), act["actor"])


def why(act: Mapping[str, Any]) -> str:
    """Return the reason of an act in brackets, or nothing."""
    return f"({act['reason']})" if act["reason"] else ""


def numeral(value: Any) -> str:
    """Return a number with thousands; anything else as it is."""
    try:
        return amount(value)
    except (ArithmeticError, TypeError, ValueError):
        return str(value)


def changed(change: Mapping[str, Any]) -> str:
    """Return one field's change."""
    before = change["from"]
    return f"{change['field']} {'' if before is None else f'{before} → '}{change['to']}"


def joined(*parts: Any) -> str:
    """Return the parts that say something, two spaces apart."""
    return clean("  ".join(str(part) for part in parts if part))
