"""What the company does beside selling: resources asked for, reviews held, practices adopted, disputes about customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from bench import words

KINDS: Final = ("script", "case", "template", "discovery-question")
TEXTS: Final = "先算三年总成本 先问停机一小时的损失 带一家同行案例 报价前先确认预算 请技术一起上门".split()
STAGES: Final = ("contacted", "need-identified", "proposed", "negotiating")

Act = tuple[str, str, dict[str, Any], str, str]
"""What is done: the action, the key of its subject or nothing, its data, its own key, and by whom."""


def asked_for(chance: Random, quarter: str, rep: str, manager: str, day: datetime) -> Iterator[Act]:
    """Tell what a rep asks of another department in a quarter; mostly it is granted and comes."""
    key = f"res-{quarter}-{rep}"
    needed = (day + timedelta(days=chance.randint(10, 60))).date().isoformat()
    data = {"item": chance.choice(words.TODO), "department": chance.choice(words.DEPARTMENTS), "needed_by": needed}
    yield "resource.request", "", data, key, rep
    if chance.random() < 0.8:
        yield "resource.grant", key, {}, f"{key}-grant", manager
        if chance.random() < 0.75:
            yield "resource.deliver", key, {}, f"{key}-deliver", manager


def reviewed(chance: Random, quarter: str, group: str, manager: str, rep: str, day: datetime) -> Iterator[Act]:
    """Tell a group's review at the end of a quarter, with what came of it, and a practice that it adopts."""
    key = f"rev-{quarter}-{group}"
    due = (day + timedelta(days=30)).date().isoformat()
    yield "review.hold", "", {"kind": "quarterly", "period": quarter, "group": group}, key, manager
    for n in range(2):
        said = {"kind": chance.choice(("success", "failure")), "cause": chance.choice(words.FEEDBACK)}
        yield "review.find", key, said, f"{key}-found-{n}", manager
    agreed = {"what": chance.choice(words.TODO), "owner": rep, "due": due, "finding": "f1"}
    yield "review.agree", key, agreed, f"{key}-agreed", manager
    if chance.random() < 0.6:
        yield "review.complete", key, {}, f"{key}-done", rep
    meant = (
        {"objection": chance.choice(words.OBJECTIONS)} if chance.random() < 0.5 else {"stage": chance.choice(STAGES)}
    )
    text = f"{chance.choice(TEXTS)} ({quarter})"
    practice = {"kind": chance.choice(KINDS), "text": text, **meant, "review": key, "finding": "f1"}
    yield "practice.adopt", "", practice, f"pra-{quarter}-{group}", manager
    if chance.random() < 0.8:
        yield "review.finish", key, {}, f"{key}-end", manager


def disputed(customer: str, rep: str, other: str, manager: str) -> Iterator[Act]:
    """Tell that somebody else claims a customer on the day of its capture, and that it stays with whom it is."""
    yield "customer.dispute", customer, {"evidence": "已报价"}, f"{customer}-dispute", other
    yield "customer.rule", customer, {"owner": rep}, f"{customer}-ruling", manager
