"""The events behind differences of the views that name their own: what stands behind a row at one moment only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.types import OWNING
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.organisation import Organisation
from projections.views.diff.compare import LEDGER, Difference
from projections.views.diff.context_events import learned, meanwhile, moves
from projections.views.diff.events import REWRITING, Told, told
from projections.views.diff.explain_tracking import Behind
from projections.views.digest import VIEWS

CORRECTING: Final = """
SELECT c.corrected, c.position FROM {{audit_corrections}} c
WHERE c.corrected IN ({marks}) AND c.position > ? AND c.position <= ?
"""
BEARING: Final[Mapping[str, tuple[str, ...]]] = {
    "captured": ("customer.lead_captured",),
    "valid": ("customer.lead_", "customer.leads_", "customer.merged", "customer.unmerged"),
    "graded": ("customer.graded",),
    "contacted": ("customer.followed_up",),
    "opportunities": ("opportunity.",),
    "signed": ("contract.",),
    "signed_amounts": ("contract.",),
    "median_days": ("customer.lead_captured", "contract."),
}
"""With which words the events begin that bear on a step of the funnel."""
SIGNED: Final = ("signed", "signed_amounts", "median_days")
FOLLOWING: Final[Mapping[str, tuple[str, ...]]] = {
    "owner": OWNING,
    "group": OWNING,
    "company": ("customer.details_changed", "customer.lead_captured"),
}
"""By which events of its customer a field of an objection becomes another."""

OF_LEDGER: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("collected", "received"), ("payment.received", "payment.refunded")),
    **dict.fromkeys(("outstanding", "overpaid"), ("payment.received", "payment.refunded", "contract.")),
    **dict.fromkeys(("promise", "promised", "promise_due"), ("payment.",)),
    **dict.fromkeys(("state", "signed_on", "amount", "value", "kind", "number", "approved_by"), ("contract.",)),
    "invoiced": ("payment.invoiced",),
    "orders": ("contract.order_placed",),
    **dict.fromkeys(("delivered", "accepted"), ("delivery.",)),
}
"""With which words the events begin that bear on a field of the ledger or the receivables; on others any does."""
HANDED: Final = ("contract.drafted", "contract.signed", "contract.handed_over")
"""What says whose a contract is, beside what says whose its customer is."""

Named = dict[tuple[Any, ...], set[int]]


class Around:
    """What happened, or became known, between two moments: of the events behind rows, of subjects, and of the teams."""

    def __init__(self, ask: Ask, before: AsOf, after: AsOf) -> None:
        self.ask, self.before, self.after = ask, before, after
        self.moved = [position for positions in moves(ask, before, after).values() for position in positions]
        self.teams = [*self.moved, *learned(ask, "groups_known", before, after)]
        self.teams += learned(ask, "calendars", before, after)
        self.rules = learned(ask, "policies", before, after)
        self.known: dict[int, Told] = {}

    def told(self, positions: Iterable[int]) -> dict[int, Told]:
        """Return these events."""
        several = set(positions)
        self.known.update(told(self.ask, several - self.known.keys()))
        return {position: self.known[position] for position in several}

    def between(self, one: Told) -> bool:
        """Say whether an event happened, or was recorded, between the moments."""
        if self.before.position < self.after.position:
            return self.before.position < one.position <= self.after.position
        return self.before.micros < one.moment <= self.after.micros

    def near(self, subjects: Iterable[str], names: tuple[str, ...]) -> list[int]:
        """Return what of those names, or rewriting what was, happened to the subjects meanwhile."""
        happened = self.told(meanwhile(self.ask, subjects, self.before, self.after))
        meant = {*names, *REWRITING}
        return [position for position, one in happened.items() if one.name in meant and self.between(one)]


def behind(
    ask: Ask, view: str, some: Sequence[Difference], looks: tuple[AsOf, AsOf], period: Period, currency: str
) -> list[Behind]:
    """Return the events behind each difference of funnel, objections, scorecard, contracts or receivables."""
    one, other = (explained(ask, view, moments, period, currency) for moments in looks)
    places = [tuple(each.key.values()) for each in some]
    named = {position for place in places for position in one.get(place, set()) | other.get(place, set())}
    corrections = correcting(ask, named, *looks)
    around = Around(ask, *looks)
    around.told(named | {position for several in corrections.values() for position in several})
    made = []
    for each, place in zip(some, places, strict=True):
        was, now = one.get(place, set()), other.get(place, set())
        found = (was ^ now) | {position for event in was | now for position in corrections.get(event, ())}
        made.append(dict.fromkeys(sorted(_closest(each, found, was | now, around) or was | now)))
    return made


def _closest(each: Difference, found: set[int], behind_it: set[int], around: Around) -> Iterable[int]:
    """Return the events nearest to a difference: what bears on the field, what its customers met, what teams did."""
    stories = around.told(found)
    new = [position for position, one in stories.items() if around.between(one)]
    bearing = OF_LEDGER if each.view in LEDGER else BEARING
    begins = ("event.", *bearing.get(each.field, ("",)))
    close = [position for position in new if stories[position].name.startswith(begins)]
    if close and each.field not in FOLLOWING:
        return close
    if each.view == "objections":
        subjects = {each.key["customer"], *each.key["item"].split("/")[:-1]}
        near = around.near(sorted(subjects), FOLLOWING.get(each.field, ()))
    elif each.view in LEDGER:
        subjects = {row[name] for row in each.rows if row for name in (VIEWS[each.view].key[0], "customer")}
        near = around.near(sorted(subjects), (*FOLLOWING.get(each.field, ()), *HANDED))
    else:
        prefix = {"opportunities": "opp_", **dict.fromkeys(SIGNED, "con_")}.get(each.field, "cus_")
        subjects = {one.subject for one in around.told(behind_it).values() if one.subject.startswith((prefix, "cus_"))}
        near = around.near(
            sorted(subjects), ("contract.signed", "contract.amended", "contract.cancelled", "contract.order_placed")
        )
    moved = around.moved if each.field == "group" else []
    ruled = around.rules if each.view == "scorecard" else []
    return [*near, *moved, *close] or new or ruled or around.teams or found


def explained(ask: Ask, view: str, moments: AsOf, period: Period, currency: str) -> Named:
    """Return for each row of the view the events behind it."""
    organisation = Organisation(ask, moments.position)
    found: Named = {}
    for row in _rows(view, ask, moments, organisation, period, currency):
        place = tuple(row[name] for name in VIEWS[view].key)
        found.setdefault(place, set()).update(event["position"] for event in row["events"])
    return found


def _rows(
    view: str, ask: Ask, moments: AsOf, organisation: Organisation, period: Period, currency: str
) -> Iterable[Mapping[str, Any]]:
    if view == "funnel":
        from projections.views.funnel.view import rows as funnel

        return funnel(ask, moments, organisation, period, currency=currency, by="channel", explain=True)
    if view == "scorecard":
        from projections.views.scorecard.view import rows as scorecard

        return scorecard(ask, moments, organisation, period, currency=currency, explain=True)
    if view == "contracts":
        from projections.views.contracts import rows as contracts

        return contracts(ask, moments, organisation, currency=currency, explain=True)
    if view == "receivables":
        from projections.views.receivables import rows as receivables

        return receivables(ask, moments, organisation, currency=currency, explain=True)
    from projections.views.objections import rows as objections

    return objections(ask, moments, organisation, period, explain=True)


def correcting(ask: Ask, positions: Iterable[int], before: AsOf, after: AsOf) -> dict[int, list[int]]:
    """Return what was recorded meanwhile that corrects or voids each of these events."""
    found: dict[int, list[int]] = {}
    for marks, some in chunks(sorted(positions)):
        sql = CORRECTING.format(marks=marks)
        for corrected, position in ask(sql, (*some, before.position, after.position)):
            found.setdefault(corrected, []).append(position)
    return found
