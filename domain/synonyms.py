"""Other words that people write for a choice; what is stored is always the choice's own word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("e-mail",),
    "mail": ("e-mail",),
    "phone": ("call",),
    "wechat": ("message",),
    "电话": ("call",),
    "拜访": ("visit",),
    "上门": ("visit",),
    "邮件": ("e-mail",),
    "微信": ("message",),
    "短信": ("message",),
    "会议": ("meeting",),
    "纪要": ("minutes",),
    "初步": ("initial",),
    "初步意向": ("initial",),
    "高": ("high",),
    "高意向": ("high",),
    "重点": ("key",),
    "重点客户": ("key",),
    "明确": ("clear",),
    "不明确": ("unclear",),
    "匹配": ("matches",),
    "match": ("matches",),
    "matched": ("matches",),
    "不足": ("short",),
    "未知": ("unknown",),
    "已接触": ("engaged", "contacted"),
    "销售代表": ("rep",),
    "经理": ("manager",),
    "总监": ("director",),
    "审计": ("auditor",),
    "市场": ("marketing",),
    "技术": ("technical",),
    "售后": ("after-sales",),
    "销售额": ("sales",),
    "新客户": ("new-customers",),
    "复购率": ("repurchase-rate",),
    "线索": ("leads",),
    "leads-captured": ("leads",),
    "有效线索": ("valid-leads",),
    "跟进": ("follow-ups",),
    "签约": ("signed",),
    "回款": ("collected",),
    "需求确认": ("need-identified",),
    "已提案": ("proposed",),
    "谈判": ("negotiating",),
}


def meant(word: str, choices: tuple[str, ...]) -> str | None:
    """Return the one of `choices` that `word` is another word for, or None."""
    return next((choice for choice in SYNONYMS.get(word, ()) if choice in choices), None)
