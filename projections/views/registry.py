"""The views by name, with the line that stands for each in a list; a view's module is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from projections.views.spec import View


class Entry(NamedTuple):
    """A view's module below this folder, its class there, and its line in a list: a message id."""

    module: str
    name: str
    line: str


VIEWS: Final[dict[str, Entry]] = {
    "tracking": Entry("tracking", "Tracking", "The tracking table: a row for each customer."),
    "progress": Entry("progress.view", "Progress", "Targets, what was reached, and what is still needed."),
    "pipeline": Entry("pipeline", "Pipeline", "The open opportunities."),
    "waterfall": Entry("waterfall", "Waterfall", "The pipeline between two days: new, up, down, won, lost."),
    "targets": Entry("targets.view", "Targets", "Targets: how each is broken down."),
    "plans": Entry("plans.view", "Plans", "Action plans: key actions met and missed."),
    "capacity": Entry("plans.capacity", "Capacity", "Touches planned, against those that customers demand."),
    "resources": Entry("resources", "Resources", "What departments were asked for, and the form of a week."),
    "funnel": Entry("funnel.view", "Funnel", "How far the leads of a period have come."),
    "stages": Entry("stages", "Stages", "Through which stages opportunities went, and how long they stayed."),
    "agenda": Entry("agenda", "Agenda", "What is overdue, due today, and still to be done this week."),
    "follow-ups": Entry("follow_ups", "FollowUps", "Who met whom, what was said and agreed."),
    "cadence": Entry("cadence.view", "Cadence", "Whether customers were met as often as their grade asks."),
    "signals": Entry("signals", "Signals", "Buying signals, and which wait for an answer."),
    "proposals": Entry("proposals", "Proposals", "Proposals asked for and delivered."),
    "quotes": Entry("quotes", "Quotes", "Quotes: valid, expired, superseded."),
    "contracts": Entry("contracts", "Contracts", "The contract ledger."),
    "receivables": Entry("receivables", "Receivables", "What is outstanding, by instalment and by age."),
    "objections": Entry("objections", "Objections", "Objections, and how they ended."),
    "pool": Entry("pool", "Pool", "The public pool, and who is due for it."),
    "pool-due": Entry("pool", "PoolDue", ""),
    "disputes": Entry("disputes", "Disputes", "Disputes about whose a customer is."),
    "duplicates": Entry("duplicates", "Duplicates", "Customers that may be one company."),
    "grades": Entry("grades", "Grades", "The grades that customers have had, from when to when."),
    "movers": Entry("movers", "Movers", "The events that moved a period most."),
    "late-entries": Entry("late_entries", "LateEntries", "What was entered late."),
    "corrections": Entry("corrections", "Corrections", "What was corrected, by whom, and what it moved."),
    "collaborations": Entry("collaborations", "Collaborations", "What other departments were asked for."),
    "after-sales": Entry("after_sales", "AfterSales", "Promises, visits and complaints."),
    "reviews": Entry("reviews", "Reviews", "Reviews: findings, evidence, improvements."),
    "guide": Entry("guide.view", "Guide", "What is to be done: in a stage, by a role, with a customer."),
    "norms": Entry("norms.view", "Norms", "The norms in force, and who kept them."),
    "norms-in-force": Entry("norms.in_force", "NormsInForce", ""),
    "playbook": Entry("playbook", "Playbook", "The practices that the team has adopted."),
    "scorecard": Entry("scorecard.view", "Scorecard", "Each person's weighed measures."),
    "audit": Entry("audit", "Audit", "The history of a subject, a person or a period."),
    "policy": Entry("policies", "Policies", "The values of a policy in force."),
    "target-suggest": Entry(
        "target_suggestions", "TargetSuggestions", "What a person's move, or past performance, suggests."
    ),
    "target-shares": Entry("targets.share_suggestions", "TargetShares", ""),
}
"""In the order of a list of commands; one without a line is asked for by another, see `View.meant`."""


def view_class(name: str) -> type[View]:
    """Return the view that is called so. Raises KeyError."""
    entry = VIEWS[name]
    found: type[View] = getattr(import_module(f"projections.views.{entry.module}"), entry.name)
    return found


def all_views() -> list[type[View]]:
    """Return every declared view."""
    return [view_class(name) for name in VIEWS]
