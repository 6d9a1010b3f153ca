"""Practices: adopted by those who lead, from a finding that was made, and retired with a reason."""

from __future__ import annotations

from domain.practice import AdoptPractice, PracticeAdopted, PracticeRetired, RetirePractice
from domain.review.events import FindingMade, ReviewHeld
from tests.domain.context import Around, events, refusal

ADOPTED = PracticeAdopted(kind="script", text="先算总成本", objection="price")


def leading(reason: str | None = None) -> Around:
    around = Around("chen.jing", reason=reason).after("rev_1", ReviewHeld(kind="quarterly", period="2024Q1"))
    return around.after("rev_1", FindingMade(item="f1", kind="success", cause="好"))


def test_a_practice_is_adopted_by_those_who_lead() -> None:
    asked = AdoptPractice(kind="script", text="先算总成本", objection="price")
    assert events(asked, "pra_1", leading()) == [ADOPTED]
    assert refusal(asked, "pra_1", Around("zhang.san")) == "right.role"


def test_the_finding_that_it_comes_from_was_made() -> None:
    asked = AdoptPractice(kind="case", text="某厂", review="rev_1", finding="f1")
    assert events(asked, "pra_1", leading()) == [
        PracticeAdopted(kind="case", text="某厂", review="rev_1", finding="f1")
    ]
    other = AdoptPractice(kind="case", text="某厂", review="rev_1", finding="f2")
    assert refusal(other, "pra_1", leading()) == "review.no_finding"
    assert (
        refusal(AdoptPractice(kind="case", text="某厂", finding="f1"), "pra_1", leading()) == "practice.finding_alone"
    )


def test_it_is_retired_once_with_a_reason() -> None:
    around = leading("过时").after("pra_1", ADOPTED)
    assert events(RetirePractice(), "pra_1", around) == [PracticeRetired()]
    assert refusal(RetirePractice(), "pra_1", leading().after("pra_1", ADOPTED)) == "reason.missing"
    assert refusal(RetirePractice(), "pra_1", around.after("pra_1", PracticeRetired())) == "practice.retired"
