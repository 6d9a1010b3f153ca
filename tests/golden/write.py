"""Writes the golden files that are missing: `python -m tests.golden.write`. A file that is there is never touched.

A sample holds plain values by the name of the field; look through a new file and make its values telling before it is
committed, for it stays.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any, Final

from domain.kernel.event import Event
from domain.kernel.field import Field, fields_of
from domain.kernel.registry import all_events
from infra.event_store import codec
from tests.golden import file_of

DAY: Final = dt.date(2024, 2, 18)

BY_NAME: Final[dict[str, Any]] = {
    "amount": Decimal(300000),
    "answer": "含三年质保",
    "at": 318,
    "budget": "matches",
    "campaign": "CIIE-2024",
    "channel": "exhibition",
    "child": "tgt_2b",
    "close_date": dt.date(2024, 3, 20),
    "code": "g1",
    "company": "某某科技（上海）有限公司",
    "competitor": "某司",
    "contact": "王经理",
    "contract": "con_4d",
    "contracts": ("con_4d", "con_4e"),
    "credit_code": "91310000MA1FL0000X",
    "currency": "CNY",
    "customer": "cus_1a",
    "customers": ("cus_1a", "cus_1b"),
    "decision_chain": "engaged",
    "delta": Decimal("-50000.5"),
    "digest": "9f86d081884c7d659a2feaa0c55ad015",
    "duplicate": "cus_1b",
    "duplicates": ("cus_1b",),
    "email": "wang@example.com",
    "event": "018d2c3a5f20e7c867a37e71bcc01c61",
    "evidence": "总经理到场",
    "feedback": "感兴趣，价格偏高",
    "grade": "key",
    "group": "g1",
    "holidays": (dt.date(2024, 1, 1), dt.date(2024, 2, 12)),
    "industry": "制造",
    "item": "n1",
    "kind": "price",
    "login": "zhang.san",
    "make_up_days": (dt.date(2024, 2, 4), dt.date(2024, 2, 18)),
    "members": ("zhang.san", "li.si"),
    "metric": "sales",
    "name": "张三",
    "need": "替换旧产线",
    "need_change": "要先试用",
    "need_fit": "clear",
    "new": Decimal(700000),
    "departments": ("技术部", "售后部"),
    "parts": ("技术方案", "实施计划"),
    "number": "HT-2024-001",
    "old": Decimal(800000),
    "opportunity": "opp_3c",
    "outcome": "接受分期",
    "over": Decimal(100000),
    "owner": "zhang.san",
    "parent": "tgt_0z",
    "partner": "某某代理",
    "period": "2024Q1",
    "phone": "13800000000",
    "position": "采购经理",
    "probability": Decimal("0.6"),
    "rationale": "去年业绩",
    "referrer": "李总",
    "signatories": ("王经理", "林总"),
    "size": "200-500",
    "source": "国办发明电〔2023〕7号",
    "stage": "proposed",
    "summary": "谈交期",
    "survivor": "cus_1a",
    "tax": Decimal("34513.2743"),
    "terms": "30/60/10",
    "unit": "CNY",
    "unmet": ("budget",),
    "value": Decimal(800000),
    "what": "寄报价",
    "words": "比同行贵",
    "working_days": 3,
    "year": 2024,
}
BY_EVENT: Final[dict[str, dict[str, Any]]] = {
    "after-sale.complained": {"item": "x1", "kind": "quality", "words": "密封圈漏油"},
    "after-sale.handed_over": {"item": "t1", "to": "li.si"},
    "after-sale.promise_broken": {"item": "h1"},
    "after-sale.promise_kept": {"item": "h1"},
    "after-sale.promised": {"item": "h1", "words": "现场培训两次"},
    "after-sale.resolved": {"item": "x1", "outcome": "已更换"},
    "after-sale.visit_scheduled": {"item": "v1"},
    "after-sale.visited": {"item": "v1", "score": 9, "feedback": "响应很快"},
    "collaboration.asked": {"item": "k1", "department": "技术部", "what": "出具选型方案"},
    "collaboration.declined": {"item": "k1"},
    "collaboration.delivered": {"item": "k1", "words": "方案一份"},
    "contract.archived": {"place": "档案室A-12"},
    "contract.drafted": {"kind": "sale"},
    "contract.order_placed": {"item": "o1", "number": "DD-001"},
    "contract.reviewed": {"item": "w1", "department": "legal", "words": "违约金下调"},
    "contract.signed": {"date": dt.date(2024, 3, 28)},
    "customer.contact_added": {"item": "c1"},
    "customer.follow_up_missed": {"item": "l1"},
    "customer.follow_up_planned": {"item": "l1", "channel": "visit", "what": "谈交期"},
    "customer.followed_up": {"item": "f1", "channel": "visit", "reached": False, "plan": "l1"},
    "customer.next_action_set": {"follow_up": "f1"},
    "customer.next_action_rescheduled": {"due": dt.date(2024, 3, 1)},
    "customer.objection_answered": {"item": "o1"},
    "customer.objection_logged": {"item": "o1"},
    "customer.objection_resolved": {"item": "o1"},
    "customer.pain_point_noted": {"item": "p1", "words": "交期太长"},
    "customer.signal_logged": {"item": "s1", "kind": "asks-for-quotation", "words": "发份报价来"},
    "delivery.accepted": {"item": "d1"},
    "delivery.delivered": {"item": "d1", "milestone": "首批设备"},
    "event.corrected": {"values": {"amount": "800000"}},
    "group.formed": {"name": "一组", "parent": "g0"},
    "need.changed": {"item": "d1", "what": "先改造一条产线"},
    "need.identified": {"item": "d1", "what": "替换旧产线"},
    "opportunity.opened": {"name": "新产线"},
    "payment.invoiced": {"item": "b1", "number": "0123456789"},
    "payment.promised": {"item": "g1"},
    "payment.refunded": {"item": "u1"},
    "payment.scheduled": {"instalments": ({"percent": "30", "after": "signing", "days": 10}, {"percent": "70"})},
    "plan.committed": {"item": "a1", "kind": "leads", "count": 3, "per": "week"},
    "plan.drafted": {"target": "tgt_2b", "channels": ("exhibition", "referral")},
    "resource.requested": {"item": "样机", "department": "technical", "plan": "pln_5e"},
    "period.closed": {"as_of": dt.date(2024, 3, 31), "position": 318, "digests": {"progress": "9f86d081884c7d65"}},
    "person.handover_completed": {"to": "li.si"},
    "proposal.delivered": {"item": "r1", "version": 2},
    "proposal.requested": {"item": "r1", "what": "产线改造方案"},
    "quote.issued": {"item": "q2", "number": "Q-2024-017", "replaces": "q1"},
    "policy.adopted": {"name": "new-customer-window", "values": {"months": 18}},
    "practice.adopted": {"text": "先算三年总成本，再谈单价", "objection": "price", "review": "rev_5f", "finding": "f1"},
    "review.agreed": {"item": "m1", "what": "报价模板先行", "finding": "f1"},
    "review.completed": {"item": "m1", "words": "模板已上线"},
    "review.found": {"item": "f1", "cause": "报价晚了三天", "evidence": ("018d2c3a5f20e7c867a37e71bcc01c61",)},
    "target.allocated": {"value": Decimal(2000000)},
    "target.reallocated": {"from_": "tgt_2b", "to": "tgt_2c", "value": Decimal("393442.62")},
}


def sample(event: type[Event], field: Field) -> Any:
    """Return a telling value for a field of an event."""
    own = BY_EVENT.get(event.NAME, {})
    if field.attribute in own:
        return own[field.attribute]
    if field.name in BY_NAME and (not field.choices or BY_NAME[field.name] in field.choices):
        return BY_NAME[field.name]
    if field.choices:
        return field.choices[0]
    plain = {"text": "zhang.san", "number": Decimal("1.5"), "count": 2, "flag": True, "date": DAY, "table": {}}
    value = plain[field.kind.word]
    return (value,) if field.many else value


def samples(event: type[Event]) -> list[Event]:
    """Return an event with every field given and, where that differs, one with the required fields alone."""
    fields = fields_of(event)
    full = event(**{f.attribute: sample(event, f) for f in fields})
    bare = event(**{f.attribute: sample(event, f) for f in fields if f.required})
    return [full] if full == bare else [full, bare]


def reads_as(happened: Any) -> dict[str, str]:
    """Return each field that holds something, as Python writes its value."""
    held = {f.attribute: getattr(happened, f.attribute) for f in fields_of(type(happened))}
    return {name: repr(value) for name, value in held.items() if value not in (None, ())}


def golden(event: type[Event]) -> str:
    """Return the content of an event's golden file."""
    cases = [{"stored": codec.encode(made).decode(), "reads_as": reads_as(made)} for made in samples(event)]
    return json.dumps({"event": event.NAME, "schema": event.SCHEMA, "cases": cases}, ensure_ascii=False, indent=2)


def main() -> None:
    """Write what is missing and say so."""
    for event in all_events():
        path = file_of(event.NAME, event.SCHEMA)
        if not path.exists():
            path.write_text(golden(event) + "\n", "utf-8")
            print(f"written: {path.name}")


if __name__ == "__main__":
    main()
