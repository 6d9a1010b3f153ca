"""An act with a time is credited to who was the owner then; one of a plain date to the last owner of its day."""

from __future__ import annotations

import json

import pytest

from projections.queries.organisation import Organisation
from projections.views import pipeline
from tests.given import Given, Line, filed, lead, line, signed
from tests.scenarios.ledger import contract, received
from tests.scenarios.test_closing import Ran, actual, as_closed, close, differing, ran

__all__ = ["ran"]

MORNING, NOON, AFTERNOON, EVENING = (f"2024-02-10T{hour}:00+08:00" for hour in ("09:00", "12:00", "15:00", "18:00"))


def moves(at: str = AFTERNOON, owner: str = "zhou.ba") -> Line:
    return line("customer.assign", "l", by="lin.zong", at=at, owner=owner)


def signing(at: str | None, date: str | None = None) -> list[Line]:
    *before, _ = signed("c", "l", "60000", "2024-02-09")
    data = {"date": date} if date else {}
    return [*before, line("contract.sign", "c", by="zhang.san", at=at, key="c/signed", **data)]


def credited(given: Given, basis: str = "signed", as_of: str | None = None) -> dict[str, str]:
    found = {who: given.figure(who, basis=basis, as_of=as_of)["actual"] for who in ("zhang.san", "zhou.ba", "g1", "g2")}
    return {who: sum_ for who, sum_ in found.items() if sum_ != "0"}


MINE, OTHERS = {"zhang.san": "60000", "g1": "60000"}, {"zhou.ba": "60000", "g2": "60000"}


@pytest.mark.parametrize(
    ("at", "date", "mine"),
    [
        (MORNING, None, True),
        (AFTERNOON, None, False),
        (EVENING, None, False),
        ("2024-02-10", None, False),
        (None, "2024-02-10", False),
        (MORNING, "2024-02-09", True),
    ],
)
def test_a_signing_is_credited_by_its_moment_or_by_its_whole_day(
    given: Given, at: str | None, date: str | None, mine: bool
) -> None:
    given.happened(lead("l"), *signing(at, date), moves())
    assert credited(given) == (MINE if mine else OTHERS)
    new = {who: given.figure(who, "new-customers")["actual"] for who in ("zhang.san", "zhou.ba")}
    assert new == ({"zhang.san": "1", "zhou.ba": "0"} if mine else {"zhang.san": "0", "zhou.ba": "1"})
    assert contract(given, "c")["owner"] == ("zhang.san" if mine else "zhou.ba")


def test_the_credit_of_noon_is_the_owner_of_noon(given: Given) -> None:
    given.happened(lead("l"), *signing(MORNING), moves())
    assert credited(given, as_of=NOON) == MINE
    assert given.customer("l", as_of=NOON)["owner"] == "zhang.san"
    assert given.customer("l", as_of=EVENING)["owner"] == "zhou.ba"
    assert credited(given, as_of=EVENING) == MINE


def test_a_hand_over_of_a_contract_is_a_moment_too(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "60000", "2024-02-09"),
        line("contract.amend", "c", by="zhang.san", at=MORNING, delta="1000"),
        line("payment.receive", "c", by="zhang.san", at=MORNING, amount="500"),
        line("person.hand-over", "zhang.san", by="chen.jing", at=AFTERNOON, to="zhou.ba"),
        line("contract.amend", "c", by="zhang.san", at=EVENING, delta="20000"),
        received("c", "7000", "2024-02-10"),
    )  # fmt: skip
    assert credited(given) == {"zhang.san": "61000", "g1": "61000", "zhou.ba": "20000", "g2": "20000"}
    assert credited(given, "collected") == {"zhang.san": "500", "g1": "500", "zhou.ba": "7000", "g2": "7000"}
    owners = [contract(given, "c", as_of)["owner"] for as_of in (NOON, EVENING, "2024-02-10", "2024-02-09")]
    assert owners == ["zhang.san", "zhou.ba", "zhou.ba", "zhang.san"]


def test_a_lead_is_its_captors_until_the_moment_at_which_it_is_assigned(given: Given) -> None:
    given.happened(lead("l", at=MORNING), moves())
    leads = {who: given.figure(who, "leads")["actual"] for who in ("zhang.san", "zhou.ba")}
    valid = {who: given.figure(who, "valid-leads")["actual"] for who in ("zhang.san", "zhou.ba")}
    assert leads == valid == {"zhang.san": "1", "zhou.ba": "0"}


def test_a_change_of_hands_recorded_late_moves_what_came_after_it(given: Given) -> None:
    given.happened(lead("l"), *signing(NOON), moves(MORNING), moves(AFTERNOON, "li.si"))
    assert credited(given) == OTHERS


def test_the_pipeline_says_whose_an_opportunity_is_at_a_moment(given: Given) -> None:
    given.happened(
        lead("l"), line("opportunity.open", by="zhang.san", at="2024-02-09", key="o", customer="l", amount="9000"),
        moves(),
    )  # fmt: skip

    def owner(as_of: str) -> str:
        with given.store.view("pipeline", "organisation") as ask:
            moments = given.store.moments(as_of)
            (row,) = pipeline.rows(ask, moments, Organisation(ask, moments.position), currency="CNY")
            return str(row["owner"])

    assert [owner(as_of) for as_of in (NOON, EVENING, "2024-02-10")] == ["zhang.san", "zhou.ba", "zhou.ba"]


def test_what_was_closed_by_the_older_rule_is_shown_as_it_was_closed(
    given: Given, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once each fact counted for the last owner of its day, and closings hold digests of such figures."""
    from infra.queries import closed_periods
    from infra.queries.closed_periods import ByDay
    from projections.views.digest import rows_of

    given.happened(
        *filed("t", "zhang.san", "100000"), *filed("u", "zhou.ba", "100000"), lead("l"), *signing(MORNING), moves()
    )
    with monkeypatch.context() as older:
        older.setattr(
            closed_periods, "rows_of", lambda view, ask, *rest, **more: rows_of(view, ByDay(ask), *rest, **more)
        )
        given.happened(close("2024Q1", "2024-04-05"))
    before = as_closed(ran)
    assert (actual(before, "zhang.san"), actual(before, "zhou.ba")) == ("0", "60000")
    assert differing(ran) == []
    status, out = ran("period", "show", "2024Q1", "--json")
    assert (status, json.loads(out)["differs"]) == (0, [])
    assert ran("scorecard", "--period", "2024Q1", "--json")[0] == 0
    given.happened(line("contract.cancel", "c", by="chen.jing", date="2024-04-10", reason="客户破产"))
    assert as_closed(ran) == before
    assert given.figure("zhang.san")["actual"] == "60000"


def test_what_is_closed_now_counts_by_the_moment(given: Given, ran: Ran) -> None:
    given.happened(lead("l"), *signing(MORNING), moves(), close("2024Q1", "2024-04-05"))
    assert actual(as_closed(ran), "zhang.san") == "60000"
    assert differing(ran) == []


@pytest.mark.parametrize(("at", "goes_along"), [(MORNING, True), (EVENING, False)])
def test_who_leaves_hands_over_what_was_signed_while_the_customer_was_theirs(
    given: Given, at: str, goes_along: bool
) -> None:
    given.happened(
        lead("l"), *signing(at), moves(),
        line("person.hand-over", "zhang.san", by="chen.jing", at="2024-03-01", to="li.si"),
    )  # fmt: skip
    assert contract(given, "c")["owner"] == ("li.si" if goes_along else "zhou.ba")
