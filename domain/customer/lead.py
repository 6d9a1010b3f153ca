"""The lead's actions: capture, validate, invalidate, assign, grade, merge, unmerge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.customer import events as e
from domain.customer.assignment import assigned
from domain.customer.company_name import normalised
from domain.customer.credit_code import CODE_HELP, canonical
from domain.customer.guard import ended, gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, On, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.rights import ASSIGNING, may
from domain.kernel.types import Budget, CustomerId, DecisionChain, GradeWord, Login, NeedFit

HANDFUL: Final = 5
"""As many duplicates are named in the event of a capture, where they stay for ever; `sales duplicates` shows all."""


@action(
    "lead.capture",
    subject="customer",
    creates=True,
    example="sales lead capture 某某科技有限公司 --channel exhibition --campaign CIIE-2024 --contact 王经理",
)
class CaptureLead(Action):
    """Capture a lead: the first trace of a customer, with the source it came from."""

    company: str = given("Name of the company.", positional=True)
    channel: str = given(
        "Where the lead came from: exhibition, referral, partner, online, ...", also=("source_channel",)
    )
    campaign: str | None = given("The campaign or exhibition; required for exhibition.", default=None)
    referrer: str | None = given("Who referred it; required for referral.", default=None)
    partner: str | None = given("The partner it came through; required for partner.", default=None)
    industry: str | None = given("Industry.", default=None)
    size: str | None = given("Size of the company, as people or a range.", default=None)
    credit_code: str | None = given(CODE_HELP, default=None)
    contact: str | None = given("Name of the contact (personal).", default=None)
    phone: str | None = given("The contact's phone (personal).", default=None)
    email: str | None = given("The contact's e-mail (personal).", default=None)
    need: str | None = given("What they need, in their words (personal).", default=None)
    owner: Login | None = given("Who owns it; the rep who captures it unless given.", default=None)

    @staticmethod
    def looks(values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the claims that the decision will ask about, so that a batch reads them at once."""
        company, code = values["company"], values.get("credit_code")
        asked = [("company", normalised(company)), ("name", company)]
        return [*asked, ("credit-code", canonical(code))] if code else asked

    def decide(self, state: Customer, context: Context) -> Decision:
        if self.owner and context.person(self.owner) is None:
            return Refused("person.unknown", login=self.owner)
        earlier = self.earlier(context)
        captured = e.LeadCaptured(
            company=self.company,
            channel=e.channel_code(self.channel),
            campaign=self.campaign,
            referrer=self.referrer,
            partner=self.partner,
            industry=self.industry,
            size=self.size,
            credit_code=self.credit_code,
            contact=self.contact,
            phone=self.phone,
            email=self.email,
            need=self.need,
            owner=self.entitled(earlier, context),
            duplicates=self.likely(earlier, context),
            duplicate_count=len(earlier) if len(earlier) > HANDFUL else None,
        )
        return captured.refused(context, context.subject) or captured

    def earlier(self, context: Context) -> tuple[str, ...]:
        """Return the customers with the same name or credit code, the first recorded first."""
        same = list(context.holders("company", normalised(self.company)))
        if self.credit_code:
            same += context.holders("credit-code", canonical(self.credit_code))
        return tuple(dict.fromkeys(s for s in same if s != context.subject)) if same else ()

    def likely(self, earlier: tuple[str, ...], context: Context) -> tuple[str, ...]:
        """Return those of the earlier ones that the event names: of many those of the same credit code, then the first."""
        if len(earlier) <= HANDFUL:
            return earlier
        same = context.holders("credit-code", canonical(self.credit_code)) if self.credit_code else ()
        surest = dict.fromkeys([*(each for each in same if each != context.subject), *earlier])
        return tuple(surest)[:HANDFUL]

    def entitled(self, earlier: tuple[str, ...], context: Context) -> str | None:
        """Return who owns the lead: who claimed the company first by recorded time, so that backdating can't steal.

        Somebody else is its owner if nobody claimed it yet, or if the claimant, a manager or a director names them.
        """
        claims: Iterable[Customer] = (context.load(customer) for customer in earlier)
        first = next((claim.owner for claim in claims if claim.owner and claim.valid is not False), None)
        if first and (self.owner is None or (context.actor != first and not may(context.role, ASSIGNING))):
            return first
        return self.owner or (context.actor if context.role == "rep" else None)


@action("lead.validate", subject="customer", example="sales lead validate 某某科技有限公司")
class ValidateLead(Action):
    """Confirm that a lead is one; `--distinct` says that it is not the duplicate it was flagged as."""

    distinct: bool = given("It is another company than the one of the same name.", default=False)

    def decide(self, state: Customer, context: Context) -> Decision:
        if state.valid and not (self.distinct and state.duplicates):
            return gone(state, context) or Refused("lead.already", state="valid")
        return gone(state, context) or e.LeadValidated(distinct=self.distinct)


@action("lead.invalidate", subject="customer", example="sales lead invalidate 某某科技有限公司 --reason 空号")
class InvalidateLead(Action):
    """Record that a lead is none, and why (--reason)."""

    def decide(self, state: Customer, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="lead.invalidate")
        if state.valid is False:
            return Refused("lead.already", state="invalid")
        return gone(state, context) or e.LeadInvalidated()


@action("lead.assign", subject="customer", example="sales lead assign 某某科技有限公司 --owner zhang.san")
class AssignLead(Action):
    """Give a lead to an owner. Whose it is already, only the owner, a manager or a director may reassign."""

    owner: Login = given("Login of the owner.", positional=True)

    def decide(self, state: Customer, context: Context) -> Decision:
        return assigned(self.owner, state, context)


@action(
    "lead.grade",
    subject="customer",
    example="sales lead grade 某某科技有限公司 --grade high --need-fit clear --budget matches --decision-chain engaged",
)
class GradeLead(Action):
    """Grade a lead by the criteria in force; what is not given stays as it was known."""

    grade: GradeWord = given(
        "initial, high or key, or a word that the policy grade-words takes for one.", positional=True
    )
    need_fit: NeedFit | None = given("Is the need clear?", default=None)
    budget: Budget | None = given("Does the budget match?", default=None)
    decision_chain: DecisionChain | None = given("Is the decision-maker engaged?", default=None)
    evidence: str | None = given("What shows it (personal).", default=None)
    override: bool = given("Grade it although a criterion is not met; needs --reason.", default=False)

    def decide(self, state: Customer, context: Context) -> Decision:
        if state.valid is False:
            return Refused("lead.invalid")
        known = self.criteria(state)
        unmet = self.unmet(known, state, context)
        if self.override and not context.reason:
            return Refused("reason.missing", action="lead.grade --override")
        if unmet and not self.override:
            return unmet[0]
        return gone(state, context) or e.LeadGraded(
            grade=self.grade,
            **known,
            evidence=self.evidence,
            override=bool(unmet),
            unmet=tuple(str(refused.facts.get("criterion", "team")) for refused in unmet),
        )

    def criteria(self, state: Customer) -> dict[str, Any]:
        """Return each criterion as given now, else as known before, else unknown."""
        return {
            name: getattr(self, name) or state.criteria.get(name, "unknown")
            for name in ("need_fit", "budget", "decision_chain")
        }

    def unmet(self, known: Mapping[str, str], state: Customer, context: Context) -> list[Refused]:
        """Return a refusal for each criterion of the grade that is not met."""
        missed = []
        for name, needed in context.policy("grading").get(self.grade, {}).items():
            if name == "team":
                if needed and not state.team:
                    missed.append(Refused("lead.no_team", subject=context.subject))
            elif known.get(name, "unknown") != needed:
                facts = {"criterion": name, "value": known.get(name, "unknown"), "needed": needed}
                missed.append(Refused("lead.criterion", grade=self.grade, flag=name.replace("_", "-"), **facts))
        return missed


@action("lead.merge", subject="customer", example="sales lead merge cus_a --duplicate cus_b")
class MergeLeads(Action):
    """Merge two leads of one company; both histories are kept, and it can be undone."""

    duplicate: CustomerId | None = given(
        "The one that is merged into the subject.", default=None, also=("other", "with", "merged")
    )
    into: CustomerId | None = given("The one that the subject is merged into.", default=None, also=("survivor",))

    def decide(self, state: Customer, context: Context) -> Decision:
        other = self.duplicate or self.into
        if other is None or (self.duplicate and self.into):
            return Refused("lead.merge_with_whom")
        survivor, merged = (context.subject, other) if self.duplicate else (other, context.subject)
        if survivor == merged:
            return Refused("lead.same")
        for customer in (survivor, merged):
            refused = ended(context.load(customer), customer)
            if refused:
                return refused
        return [On(survivor, e.LeadsMerged(duplicate=merged)), On(merged, e.MergedInto(survivor=survivor))]


@action("lead.unmerge", subject="customer", example="sales lead unmerge cus_b")
class UnmergeLeads(Action):
    """Undo a merge: each lead is a row of its own again."""

    duplicate: CustomerId | None = given(
        "The merged one, if the subject is the survivor of several.", default=None, also=("other", "with")
    )

    def decide(self, state: Customer, context: Context) -> Decision:
        merged = context.subject if state.merged_into else self.duplicate
        if merged is None and len(state.merged) == 1:
            merged = state.merged[0]
        survivor = context.load(merged).merged_into if merged else None
        if merged is None or survivor is None:
            return Refused("lead.not_merged", subject=context.subject, other=merged or "-")
        return [On(survivor, e.LeadsUnmerged(duplicate=merged)), On(merged, e.UnmergedFrom(survivor=survivor))]
