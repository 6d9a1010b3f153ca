"""Other departments and the time after the sale; what the team learns from both, and adopts."""

from __future__ import annotations

from typing import Any, Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP

BOTH: Final[dict[str, Any]] = {"due": "2024-05-10", "working_days": 3}
LINES: Final[list[Line]] = [
    line("collaboration.ask", "a", by=REP, department="技术部", what="出具选型方案", working_days=3),
    line("collaboration.ask", "a", by=REP, department="财务部", what="开立保函", due="2024-05-10"),
    line("collaboration.deliver", "a", by=REP, item="k1", words="方案一份"),
    line("collaboration.decline", "a", by=REP, item="k2", reason="额度不足"),
    line("after-sale.hand-over", "a", by=REP, to=OTHER, promises=["现场培训 @ 2024-06-30", "免费备件"]),
    line("after-sale.keep", "a", by=OTHER, item="h1"),
    line("after-sale.break", "a", by=OTHER, item="h2", reason="备件停产"),
    line("after-sale.schedule-visit", "a", by=OTHER, due="2024-05-20"),
    line("after-sale.visit", "a", by=OTHER, score=9, feedback="响应很快"),
    line("after-sale.visit", "a", by=OTHER, at="2024-05-21", score=6),
    line("after-sale.complain", "a", by=OTHER, kind="quality", words="密封圈漏油"),
    line("after-sale.resolve", "a", by=OTHER, outcome="已更换"),
    line("review.hold", by=MANAGER, key="rev", kind="quarterly", period="2024Q1", group="g1"),
    line("review.find", "rev", by=MANAGER, key="found", kind="failure", cause="报价晚了三天", evidence=["a", "1"]),
    line("review.agree", "rev", by=MANAGER, what="报价模板先行", owner=REP, due="2024-05-31", finding="f1"),
    line("review.finish", "rev", by=MANAGER),
    line("review.complete", "rev", by=REP, words="模板已上线"),
    line("practice.adopt", by=MANAGER, key="pra", kind="script", text="先算三年总成本", objection="price", review="rev",
         finding="f1"),
    line("practice.retire", "pra", by=DIRECTOR, reason="已有新话术"),
]  # fmt: skip
REFUSED: Final = [
    (line("collaboration.ask", "a", by=REP, department="技术部", what="方案", **BOTH), "due.when"),
    (line("collaboration.deliver", "a", by=REP, item="k9"), "customer.no_such_item"),
    (line("collaboration.decline", "a", by=REP), "reason.missing"),
    (line("after-sale.hand-over", "a", by=REP, to="nobody"), "person.unknown"),
    (line("after-sale.keep", "a", by=REP, item="h1"), "customer.no_such_item"),
    (line("after-sale.break", "a", by=REP, item="h1"), "reason.missing"),
    (line("after-sale.schedule-visit", "a", by=REP, working_days=9999), "due.days"),
    (line("after-sale.visit", "a", by=REP, score=11), "after_sale.score"),
    (line("after-sale.complain", "d", by=REP, kind="quality"), "lead.merged"),
    (line("after-sale.resolve", "a", by=REP), "customer.no_such_item"),
    (line("review.hold", by=MANAGER, kind="weekly", period="2024Q1"), "review.period"),
    (line("review.find", "rev", by=MANAGER, kind="success", cause="及时"), "review.finished"),
    (line("review.agree", "rev", by=MANAGER, what="快", owner="nobody", due="2024-06-30"), "person.unknown"),
    (line("review.complete", "rev", by=REP), "review.no_improvement"),
    (line("review.finish", "rev", by=MANAGER), "review.finished"),
    (line("practice.adopt", by=REP, kind="script", text="先听完"), "right.role"),
    (line("practice.retire", "pra", by=MANAGER, reason="再退一次"), "practice.retired"),
]
