"""One customer's life in a plausible company: about ninety busy days from the capture, then tidied up and quiet."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench import selling, words
from bench.model import DAY, Life, Line, Told


def company_name(chance: Random) -> str:
    """Return a made-up company's name; one in a few hundred comes twice, as in life."""
    name = chance.choice(words.FIRST) + chance.choice(words.SECOND) + chance.choice(words.SECOND)
    return f"{chance.choice(words.CITIES)}{name}{chance.choice(words.TRADES)}{chance.choice(words.FORMS)}"


def person_name(chance: Random) -> str:
    """Return a made-up person's name."""
    return chance.choice(words.FAMILY) + "".join(chance.choices(words.GIVEN, k=chance.randint(1, 2)))


class Telling(Life):
    """Tells one customer's lines in the order in which they are entered."""

    def told(self) -> Iterator[Told]:
        """Tell everything, from the capture on, with the corrections of what was told wrongly."""
        yield self.captured()
        if self.happens(0.12):
            self.later(2)
            yield self.say("lead.invalidate", {}, reason="空号")
            return
        for step in (self.followed_up, self.qualified, self.worked_on, self.dealt, self.ended):
            for told in step():
                yield told
                if self.happens(0.028):
                    yield from self.corrected(told.line)

    def captured(self) -> Told:
        chance = self.chance
        channel = chance.choice(("exhibition", "referral", "online", "online", "partner"))
        source = {"exhibition": {"campaign": f"expo-{self.born // (90 * DAY)}"}}.get(channel) or {
            "referral": {"referrer": person_name(chance)},
            "partner": {"partner": chance.choice(words.CITIES) + "代理"},
        }.get(channel, {})
        data = {"company": company_name(chance), "channel": channel, **source, "contact": person_name(chance)}
        data |= {"industry": chance.choice(words.INDUSTRIES), "size": chance.choice(words.SIZES)}
        if self.happens(0.5):
            data["phone"] = f"13{chance.randrange(10**9):09d}"
        told = self.say("lead.capture", data, subject="")
        told.line["key"] = self.key
        return Told(told.entered, min(told.before, 50), told.line)

    def followed_up(self) -> Iterator[Told]:
        """Tell contacts over the busy time, most with a next action, and the next actions' ends."""
        for _ in range(self.chance.choice((0, 1, 2, 3, 5, 7, 9))):
            if self.happens(0.35):
                yield from selling.planned(self)
            self.later(7)
            if self.open_plans and self.happens(0.12):
                yield from selling.missed(self)
            data: Line = {"channel": self.chance.choice(words.CHANNELS), "feedback": self.chance.choice(words.FEEDBACK)}
            if self.happens(0.1):
                data["reached"] = False
            if self.open_plans and self.happens(0.85):
                data["plan"] = self.open_plans.pop()
            if self.happens(0.65):
                data["next_actions"] = [
                    {"what": self.chance.choice(words.TODO), "working_days": self.chance.randint(1, 9)}
                ]
            yield self.say("follow-up.log", data)
            if "next_actions" in data:
                self.actions += 1
                self.open_actions.append(f"n{self.actions}")
            if self.open_actions and self.happens(0.7):
                self.later(1)
                verb = self.chance.choice(("complete", "complete", "complete", "complete", "drop"))
                yield self.say(f"next-action.{verb}", {"item": self.open_actions.pop(0)})

    def qualified(self) -> Iterator[Told]:
        """Tell what the lead is worth: validation, owner, grade."""
        if self.happens(0.6):
            yield self.say("lead.validate", {})
        if self.happens(0.35):
            yield self.say("lead.assign", {"owner": self.other}, actor=self.manager)
            self.rep = self.other
        if self.happens(0.6):
            grade = self.chance.choice(("initial", "initial", "high", "key"))
            if grade == "key":
                yield self.say("customer.form-team", {"members": [self.rep, self.manager]}, actor=self.manager)
            known = {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"} if grade == "high" else {}
            yield self.say("lead.grade", {"grade": grade, **known})
            if grade == "high" and self.happens(0.3):
                self.later(20)
                yield self.say("lead.grade", {"grade": "initial", "budget": "unclear"})

    def worked_on(self) -> Iterator[Told]:
        """Tell needs, pains, objections, signals, and what other departments were asked for."""
        if self.happens(0.35):
            yield from selling.needed(self)
        if self.happens(0.15):
            yield from selling.helped(self)
        if self.happens(0.2):
            yield self.say("customer.note-pain-point", {"words": self.chance.choice(words.PAINS)})
        if self.happens(0.4):
            yield self.say("objection.log", {"kind": self.chance.choice(words.OBJECTIONS), "words": "比同行贵"})
            if self.happens(0.8):
                self.later(3)
                yield self.say("objection.answer", {"item": "o1", "answer": "含三年质保"})
            if self.happens(0.7):
                self.later(3)
                yield self.say("objection.resolve", {"item": "o1", "outcome": "接受分期"})
        if self.happens(0.25):
            yield self.say("signal.log", {"kind": self.chance.choice(words.SIGNALS)})
            if self.happens(0.8):
                self.later(2)
                yield self.say("follow-up.log", {"channel": "call", "feedback": self.chance.choice(words.FEEDBACK)})

    def dealt(self) -> Iterator[Told]:
        """Tell the opportunity and, for half of them, the contract with its receipts."""
        if not self.happens(0.45):
            return
        amount = self.chance.randint(20, 900) * 1000
        deal = f"{self.key}-opp"
        opened = self.say("opportunity.open", {"customer": self.key, "amount": str(amount)}, subject="")
        opened.line["key"] = deal
        yield opened
        self.open_deal = deal
        yield from selling.offered(self, amount, deal)
        for stage in ("need-identified", "proposed", "negotiating")[: self.chance.randint(0, 3)]:
            self.later(6)
            yield self.say("opportunity.move", {"stage": stage}, subject=deal)
        if self.happens(0.4):
            amount += self.chance.randint(-10, 10) * 1000
            yield self.say("opportunity.forecast", {"amount": str(amount), "probability": "0.6"}, subject=deal)
        if self.happens(0.5):
            self.later(8)
            yield from self.contracted(amount, deal)
        elif self.happens(0.6):
            yield self.say("opportunity.lose", {"competitor": "某司"}, subject=deal, reason="价格")
            self.open_deal = ""

    def contracted(self, amount: int, deal: str) -> Iterator[Told]:
        con = f"{self.key}-con"
        data = {"number": f"HT-{self.key}", "customer": self.key, "amount": str(amount), "opportunity": deal}
        drafted = self.say("contract.draft", data, subject="")
        drafted.line["key"] = con
        yield drafted
        yield self.say("contract.submit", {}, subject=con)
        self.later(2)
        yield self.say("contract.approve", {}, subject=con, actor=self.manager)
        self.later(2)
        signed = self.say("contract.sign", {"signatories": [person_name(self.chance)]}, subject=con)
        yield signed
        self.signed, self.open_deal = True, ""
        self.since = signed.entered - signed.before  # receipts and amendments follow the signing
        yield from selling.paid(self, amount, con)
        if self.happens(0.1):
            yield self.say("contract.amend", {"delta": "5000"}, subject=con)
        elif self.happens(0.05):
            yield self.say("contract.cancel", {}, subject=con, reason="客户破产")
        if self.happens(0.5):
            yield from selling.served(self)

    def ended(self) -> Iterator[Told]:
        """Tell how most of what is left open is closed, and most customers that bought nothing are let go."""
        for item in self.open_actions:
            if self.happens(0.9):
                yield self.say("next-action.drop", {"item": item})
        while self.open_plans and self.happens(0.9):
            yield from selling.missed(self)
        if self.signed or not self.happens(0.85):
            return
        self.later(30)
        if self.open_deal:
            yield self.say("opportunity.lose", {}, subject=self.open_deal, reason="搁置")
        elif self.happens(0.3):
            yield self.say("customer.release", {}, actor=self.manager, reason="行业不符")
        else:
            yield self.say("lead.invalidate", {}, reason="无采购计划")

    def corrected(self, wrong: Line) -> Iterator[Told]:
        """Correct a line that was told wrongly, by a second person, where its event has something to correct."""
        values = {
            "follow-up.log": {"channel": "other"},
            "opportunity.open": {"close_date": "2030-12-31"},
            "objection.log": {"kind": "other"},
            "signal.log": {"kind": "asks-for-a-visit"},
            "customer.note-pain-point": {"words": "交期太长"},
            "opportunity.forecast": {"probability": "0.5"},
            "payment.receive": {"instalment": 1},
            "lead.grade": {"evidence": "会议纪要"},
        }.get(wrong["action"])
        if values is not None:
            self.later(1)
            yield self.say(
                "event.correct", {"values": values}, subject=wrong["key"], actor=self.manager, reason="录入有误"
            )
