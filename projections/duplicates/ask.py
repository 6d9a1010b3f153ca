"""The question which customers may be one company: of one registration number, of one name, or of names that are near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from domain.customer.credit_code import canonical
from domain.customer.names import normalised
from domain.money import ratio
from domain.rows import NamedTuple
from projections.duplicates.likeness import NEAR, likeness, near_pairs
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.ownership.acts import Act, acts
from projections.projection import Ask
from projections.tracking import ask as tracking

TELLING: Final = ("customer.lead_captured", "customer.details_changed", "customer.lead_validated")
HOW: Final = ("credit-code", "name", "near")
"""How two customers may be one, the surest first."""


class File(NamedTuple):
    """What a customer's file says of who it is, from which events."""

    row: dict[str, Any]
    code: str | None
    acts: Sequence[Act]

    @property
    def told_apart(self) -> int:
        """The position at which it was last said to be another than the one of the same name; 0 for never."""
        return max((act.position for act in self.acts if act.values.get("distinct")), default=0)

    @property
    def began(self) -> int:
        return self.acts[0].position


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    owner: str | None = None,
    group: str | None = None,
    least: Decimal = NEAR,
    settled: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return each two customers that may be one company, the surest first; asks tracking, audit and the organisation.

    `owner` and `group` keep those with one of theirs; `settled` takes in those that were said to be distinct. Whoever is invalid,
    or merged into another, is no duplicate any more.
    """
    tracked = {row["id"]: row for row in tracking.rows(ask, moments, organisation, currency="")}
    files = _files(ask, moments, (row for row in tracked.values() if row["stage"] != "invalid"))
    shown = []
    for one, other, how, like in _pairs(files, least):
        owners, groups = ({file.row[field] for file in (one, other)} for field in ("owner", "group"))
        distinct = max(one.told_apart, other.told_apart) > max(one.began, other.began)
        if (owner and owner not in owners) or (group and group not in groups) or (distinct and not settled):
            continue
        told = {
            "customer": one.row["id"],
            "company": one.row["company"],
            "owner": one.row["owner"],
            "other": other.row["id"],
            "other_company": other.row["company"],
            "other_owner": other.row["owner"],
            "how": how,
            "likeness": str(ratio(like, 1)),
            "distinct": distinct,
        }
        events = [event for file in (one, other) for act in file.acts for event in act.events]
        shown.append(told | ({"events": events} if explain else {}))
    return sorted(shown, key=lambda row: (HOW.index(row["how"]), -Decimal(row["likeness"])))


def _files(ask: Ask, moments: Moments, tracked: Iterable[dict[str, Any]]) -> list[File]:
    """Return the files of customers, the first captured first."""
    by_id = {row["id"]: row for row in tracked}
    found = acts(ask, moments, by_id, TELLING)
    files = []
    for customer, row in by_id.items():
        done = found[customer]
        codes = [act.values["credit_code"] for act in done if act.values.get("credit_code")]
        files.append(File(row, canonical(codes[-1]) if codes else None, sorted(done, key=lambda act: act.position)))
    return files


def _pairs(files: Sequence[File], least: Decimal) -> Iterator[tuple[File, File, str, Decimal]]:
    """Yield each two files that may be of one company, once, with how and how like their names are."""
    seen: set[tuple[int, int]] = set()
    names = [file.row["company"] for file in files]
    for how, told in (("credit-code", [file.code for file in files]), ("name", [*map(normalised, names)])):
        for pair in _same(told):
            if pair not in seen:
                seen.add(pair)
                like = likeness(names[pair[0]], names[pair[1]])
                yield files[pair[0]], files[pair[1]], how, like
    for n, m, like in near_pairs(names, least):
        if (n, m) not in seen:
            yield files[n], files[m], "near", like


def _same(told: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    """Yield each two places that hold the same."""
    places: dict[str, list[int]] = {}
    for n, value in enumerate(told):
        if value:
            places.setdefault(value, []).append(n)
    for several in places.values():
        yield from combinations(several, 2)
