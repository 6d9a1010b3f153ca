"""The words in which a report speaks of stored codes; a code that nobody has listed is shown as it is."""

from __future__ import annotations

from typing import Final

from infra.i18n import translate
from infra.i18n.translate import marked

WORDS: Final = {
    "company": marked("company"),
    "group": marked("group"),
    "person": marked("person"),
    "sales": marked("sales"),
    "signed": marked("signed"),
    "collected": marked("collected"),
    "invoiced": marked("invoiced"),
    "delivered": marked("delivered"),
    "new-customers": marked("new customers"),
    "repurchase-rate": marked("repurchase rate"),
    "leads": marked("leads"),
    "valid-leads": marked("valid leads"),
    "follow-ups": marked("follow-ups"),
    "draft": marked("draft"),
    "submitted": marked("submitted"),
    "approved": marked("approved"),
    "returned": marked("returned"),
    "filed": marked("filed"),
    "withdrawn": marked("withdrawn"),
    "open": marked("open"),
    "answered": marked("answered"),
    "resolved": marked("resolved"),
    "exhibition": marked("exhibition"),
    "referral": marked("referral"),
    "online": marked("online"),
    "partner": marked("partner"),
    "cold-call": marked("cold call"),
    "existing": marked("existing customer"),
    "other": marked("other"),
    "price": marked("price"),
    "lead-time": marked("lead time"),
    "quality": marked("quality"),
    "payment-terms": marked("payment terms"),
    "service": marked("service"),
    "after-sales": marked("after-sales"),
    "competitor": marked("competitor"),
}

EVENTS: Final = {
    "calendar.published": marked("Calendar published"),
    "contract.amended": marked("Contract amended"),
    "contract.approved": marked("Contract approved"),
    "contract.cancelled": marked("Contract cancelled"),
    "contract.archived": marked("Contract archived"),
    "contract.completed": marked("Contract completed"),
    "contract.drafted": marked("Contract drafted"),
    "contract.handed_over": marked("Contract handed over"),
    "contract.order_placed": marked("Order placed"),
    "contract.returned": marked("Contract returned"),
    "contract.reviewed": marked("Contract reviewed"),
    "contract.signed": marked("Contract signed"),
    "contract.submitted": marked("Contract submitted"),
    "customer.assigned": marked("Customer assigned"),
    "customer.recalled": marked("Customer recalled"),
    "customer.protected": marked("Customer protected"),
    "customer.released": marked("Customer released"),
    "customer.claimed": marked("Customer claimed"),
    "customer.ownership_disputed": marked("Ownership disputed"),
    "customer.ownership_ruled": marked("Ownership ruled on"),
    "customer.contact_added": marked("Contact added"),
    "customer.contact_changed": marked("Contact changed"),
    "customer.dedicated_team_formed": marked("Dedicated team formed"),
    "customer.details_changed": marked("Details changed"),
    "customer.follow_up_missed": marked("Planned follow-up missed"),
    "customer.follow_up_planned": marked("Follow-up planned"),
    "customer.followed_up": marked("Followed up"),
    "customer.graded": marked("Graded"),
    "customer.lead_captured": marked("Lead captured"),
    "customer.lead_invalidated": marked("Lead invalidated"),
    "customer.lead_validated": marked("Lead validated"),
    "customer.leads_merged": marked("Leads merged"),
    "customer.leads_unmerged": marked("Leads parted again"),
    "customer.merged_into": marked("Merged into another lead"),
    "customer.next_action_completed": marked("Next action completed"),
    "customer.next_action_dropped": marked("Next action dropped"),
    "customer.next_action_rescheduled": marked("Next action rescheduled"),
    "customer.next_action_set": marked("Next action set"),
    "customer.objection_answered": marked("Objection answered"),
    "customer.objection_logged": marked("Objection logged"),
    "customer.objection_resolved": marked("Objection resolved"),
    "customer.pain_point_noted": marked("Pain point noted"),
    "customer.signal_logged": marked("Signal logged"),
    "customer.unmerged_from": marked("Parted from another lead"),
    "delivery.accepted": marked("Delivery accepted"),
    "delivery.delivered": marked("Milestone delivered"),
    "event.corrected": marked("Event corrected"),
    "event.voided": marked("Event voided"),
    "group.formed": marked("Group formed"),
    "need.changed": marked("Need changed"),
    "need.identified": marked("Need identified"),
    "opportunity.forecast": marked("Opportunity forecast"),
    "opportunity.lost": marked("Opportunity lost"),
    "opportunity.moved": marked("Opportunity moved"),
    "opportunity.opened": marked("Opportunity opened"),
    "opportunity.reopened": marked("Opportunity reopened"),
    "opportunity.won": marked("Opportunity won"),
    "payment.invoiced": marked("Payment invoiced"),
    "payment.promised": marked("Payment promised"),
    "payment.received": marked("Payment received"),
    "payment.refunded": marked("Payment refunded"),
    "payment.scheduled": marked("Payments scheduled"),
    "period.closed": marked("Period closed"),
    "person.departed": marked("Person departed"),
    "person.handover_completed": marked("Handover completed"),
    "person.joined_group": marked("Joined a group"),
    "person.left_group": marked("Left a group"),
    "person.registered": marked("Person registered"),
    "person.role_changed": marked("Role changed"),
    "policy.adopted": marked("Policy adopted"),
    "proposal.delivered": marked("Proposal delivered"),
    "proposal.requested": marked("Proposal requested"),
    "quote.issued": marked("Quote issued"),
    "target.allocated": marked("Target allocated"),
    "target.approved": marked("Target approved"),
    "target.filed": marked("Target filed"),
    "target.reallocated": marked("Target reallocated"),
    "target.returned": marked("Target returned"),
    "target.revised": marked("Target revised"),
    "target.set": marked("Target set"),
    "target.submitted": marked("Target submitted"),
    "target.withdrawn": marked("Target withdrawn"),
}


def word(code: str | None) -> str | None:
    """Return the word for a code: of a state, a metric, a channel, a kind."""
    return None if code is None else translate.translate(WORDS.get(code, code))


def event_word(name: str) -> str:
    """Return the words for an event's stored name."""
    return translate.translate(EVENTS[name]) if name in EVENTS else name


def capital(words: str) -> str:
    """Return words with a capital letter at their beginning."""
    return words[:1].upper() + words[1:]


def listed(*words: str | None) -> str:
    """Return words with commas between them, as a title."""
    comma = "，" if translate.language() == "zh" else ", "
    return capital(comma.join(word for word in words if word))
