"""The question which customers may be one company: of one registration number, of one name, or of names that are near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from domain.customer.company_name import normalised
from domain.kernel.action import given
from domain.kernel.money import ratio
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.name_similarity import NEAR, likeness, near_pairs
from projections.engine.projection import Ask
from projections.queries import groups as teams
from projections.queries.acts import acts
from projections.queries.customers import STOOD, as_it_stood, stood_at
from projections.queries.organisation import Organisation
from projections.views.column import Column, Note, Rows
from projections.views.duplicate_groups import HOW, Groups
from projections.views.parameters import Ratio
from projections.views.spec import Query, View, view

NEEDS: Final = ("tracking", "duplicates", "audit", "organisation")
TELLING: Final = ("customer.lead_captured", "customer.details_changed", "customer.lead_validated")

ASKED: Final = "c.number, c.customer, f.company, t.owner"
BESIDE: Final = "CROSS JOIN {tracked} c CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f"
STANDS: Final = f"{as_it_stood('t', 'f', 'c.number')} AND t.stage <> 'invalid'"
HELD: Final = " AND ".join(f"i.{bound} ?" for bound in ("since <=", "ends >", "known_from <=", "known_to >"))

NAMED: Final = f"""
SELECT {ASKED}, m.form FROM {{names_told}} m {BESIDE}
WHERE m.form IN (SELECT p.one FROM {{alike}} p WHERE p.other <= ? UNION SELECT p.other FROM {{alike}} p WHERE p.other <= ?)
 AND c.number = m.number AND f.company = m.company AND {STANDS} ORDER BY c.number
"""
"""The customers whose name, as it stood, is another's too or like another's."""
ALIKE: Final = "SELECT p.one, p.other, p.likeness FROM {alike} p WHERE p.one <> p.other AND p.other <= ?"
NUMBERED: Final = f"""
SELECT {ASKED}, i.code FROM {{identities}} i {BESIDE}
WHERE i.code IN (SELECT j.code FROM {{identities}} j GROUP BY j.code HAVING COUNT(DISTINCT j.number) > 1)
 AND {HELD} AND c.number = i.number AND {STANDS} ORDER BY c.number
"""
"""The customers whose registration number was ever another's too."""
TOLD_APART: Final = f"SELECT i.number, i.apart FROM {{identities}} i WHERE i.apart > 0 AND {HELD}"
STANDING: Final = f"SELECT {ASKED} FROM {{tracked}} c {STOOD} AND t.stage <> 'invalid' ORDER BY c.number"


class Member(NamedTuple):
    """A customer as it stood."""

    customer: str
    company: str
    owner: str | None


class Names(NamedTuple):
    """Whose names are the same, by form, and which forms are near, the likest first."""

    bearing: dict[Any, list[int]]
    near: list[tuple[Any, Any, Decimal]]


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    owner: str | None = None,
    group: str | None = None,
    least: Decimal = NEAR,
    settled: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the customers that may be one company, group by group, the surest first, then the likest; asks what NEEDS names.

    A row stands for a customer, beside the one of its group that it is surest to be. `owner` and `group` keep the groups in which
    a customer is theirs; `settled` takes in those that were said to be distinct. Whoever is invalid, or merged into another, is
    no duplicate any more.
    """
    held = (moments.micros, moments.micros, moments.position, moments.position)
    apart: dict[int, int] = dict(ask(TOLD_APART, held))
    members: dict[int, Member] = {}
    linked = Groups(apart, settled=settled)
    _link_numbers(ask, moments, linked, members)
    _link_names(_names(ask, moments, members, least), linked)
    team, shares = teams.Groups(organisation, moments.day), _Shares()
    shown: list[dict[str, Any]] = []
    for place, several in enumerate(_ordered(linked), 1):
        owners = {members[number].owner for number in several}
        if (owner and owner not in owners) or (group and group not in {team[each] for each in owners}):
            continue
        for number in several:
            mine, link = members[number], linked.links[number]
            other = members[link.other]
            shown.append(
                {
                    "group": place,
                    "members": len(several),
                    "customer": mine.customer,
                    "company": mine.company,
                    "owner": mine.owner,
                    "other": other.customer,
                    "other_company": other.company,
                    "other_owner": other.owner,
                    "how": link.how,
                    "likeness": shares[link.like],
                    "distinct": link.distinct,
                }
            )
    return _explained(ask, moments, shown) if explain else shown


class _Shares(dict[Decimal, str]):
    """How a likeness is shown, reckoned once for each."""

    def __missing__(self, like: Decimal) -> str:
        told = self[like] = str(ratio(like, 1))
        return told


def _ordered(linked: Groups) -> list[list[int]]:
    """Return the groups, the surest first, then the likest, then the one whose first customer was captured first."""

    def place(several: Sequence[int]) -> tuple[int, Decimal, int]:
        links = [linked.links[number] for number in several]
        return min(HOW.index(link.how) for link in links), -max(link.like for link in links), several[0]

    return sorted(linked.together(), key=place)


def _link_numbers(ask: Ask, moments: AsOf, linked: Groups, members: dict[int, Member]) -> None:
    """Link the customers of one registration number."""
    held = (moments.micros, moments.micros, moments.position, moments.position)
    bearing: dict[str, list[int]] = {}
    for number, *told, code in ask(NUMBERED, (*held, *stood_at(moments))):
        members[number] = Member._make(told)
        bearing.setdefault(code, []).append(number)

    def like(one: int, other: int) -> Decimal:
        return likeness(members[one].company, members[other].company)

    for several in bearing.values():
        linked.meet(HOW[0], like, several)


def _link_names(names: Names, linked: Groups) -> None:
    """Link the customers of one name, then those of names that are near."""
    for several in names.bearing.values():
        linked.meet(HOW[1], lambda one, other: Decimal(1), several)
    for one, other, share in names.near:
        linked.meet(HOW[2], lambda one, other, share=share: share, *_bearers(names, one, other))  # type: ignore[misc]


def _bearers(names: Names, one: Any, other: Any) -> Iterator[list[int]]:
    return (names.bearing.get(form, []) for form in (one, other))


def _names(ask: Ask, moments: AsOf, members: dict[int, Member], least: Decimal) -> Names:
    """Return the names of customers, who become members, and which are near: from a lower likeness on than the table knows,
    all are compared.
    """
    if least < NEAR:
        return _compared(ask, moments, members, least)
    bearing: dict[Any, list[int]] = {}
    position = moments.position
    for number, *told, form in ask(NAMED, (position, position, *stood_at(moments))):
        members[number] = Member._make(told)
        bearing.setdefault(form, []).append(number)
    near = ((one, other, Decimal(share)) for one, other, share in ask(ALIKE, (position,)))
    return Names(bearing, sorted((each for each in near if each[2] >= least), key=_likest))


def _compared(ask: Ask, moments: AsOf, members: dict[int, Member], least: Decimal) -> Names:
    bearing: dict[Any, list[int]] = {}
    names: dict[str, str] = {}
    for number, *told in ask(STANDING, stood_at(moments)):
        members[number] = member = Member._make(told)
        form = normalised(member.company)
        bearing.setdefault(form, []).append(number)
        names.setdefault(form, member.company)
    forms = list(names)
    near = [(forms[n], forms[m], like) for n, m, like in near_pairs(list(names.values()), least)]
    return Names(bearing, sorted(near, key=lambda each: (-each[2], bearing[each[0]], bearing[each[1]])))


def _likest(near: tuple[Any, Any, Decimal]) -> tuple[Decimal, Any, Any]:
    one, other, like = near
    return -like, one, other


def _explained(ask: Ask, moments: AsOf, shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the events that say who the customer and the other are, those of the customer first."""
    wanted = dict.fromkeys(row[side] for row in shown for side in ("customer", "other"))
    done = {
        customer: sorted(several, key=lambda act: act.position)
        for customer, several in acts(ask, moments, wanted, TELLING).items()
    }
    return [
        {**row, "events": [e for side in ("customer", "other") for act in done.get(row[side], ()) for e in act.events]}
        for row in shown
    ]


@view(
    "duplicates",
    title="Duplicates",
    about="A row for each customer that may be one company with others, group by group, the surest first.",
    example="sales duplicates --likeness 0.9",
    needs=NEEDS,
    key=("customer",),
)
class Duplicates(View):
    """Show the customers that may be one company, group by group: of one registration number, one name, or near names."""

    likeness: Ratio | None = given("From which likeness on names are near; 0.8 unless given.", default=None)
    owner: Login | None = given("Only groups with a customer of this owner.", default=None)
    group: GroupCode | None = given("Only groups with a customer of this team.", default=None)
    all: bool = given("Also who was said to be another company.", default=False)

    COLUMNS = (
        Column(
            "group", "Group no.", "count",
            meaning="Number of the group of customers that may be one company, the surest first; no team.",
        ),
        Column("members", "Customers", "count", meaning="How many customers are in the group."),
        Column("company", "Company", meaning="Its name."),
        Column("owner", "Owner", meaning="Its owner.", form="login"),
        Column("other_company", "Likest to", meaning="The other's name."),
        Column("other_owner", "Its owner", meaning="The other's owner.", form="login"),
        Column(
            "how", "How",
            meaning="credit-code: of one registration number; name: of one normalised name; near: names like each other.",
        ),
        Column(
            "likeness", "Likeness", "ratio",
            meaning="How like the names are: 0.85 of it for what is left without legal suffixes and words for places, 0.15 for"
            " the whole.",
        ),
        Column(
            "customer", "Id",
            meaning="One of them; the first row of a group is the one captured first.",
        ),
        Column(  # in a table for the eye it stands in the other's own row
            "other", "Its id", wide=True,
            meaning="The one of the group that it is surest, then likest, to be; of several the one captured first.",
        ),
        Column(
            "distinct", "Told apart", form="true or false",
            meaning="Whether one of them was said to be distinct since (only with --all).",
        ),
    )  # fmt: skip

    def unclear(self, q: Query) -> Note | None:
        if self.likeness and _least(self.likeness) is None:
            return Note("{word} is no likeness; give 0.5 to 1.", {"word": self.likeness[:40]})
        return None

    def columns(self, output: str) -> tuple[Column, ...]:
        several = View.columns(self, output)
        return several if self.all or output != "table" else tuple(c for c in several if c.key != "distinct")

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group, "settled": self.all}
        least = (_least(self.likeness) if self.likeness else None) or NEAR
        return rows(q.ask, q.moments, q.organisation, **whose, least=least, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"groups": len({row["group"] for row in rows})}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        if rows:
            facts = {"customers": len(rows), **self.meta(q, rows)}
            yield Note("Groups: {groups}; customers in them: {customers}.", facts)


def _least(typed: str) -> Decimal | None:
    """Return a likeness as it was typed: 0.5 to 1, or 50% to 100%; None for what is none."""
    try:
        least = Decimal(typed.removesuffix("%")) / (100 if typed.endswith("%") else 1)
        return least if Decimal("0.5") <= least <= 1 else None
    except InvalidOperation:  # no number, or none that is more or less than another
        return None
