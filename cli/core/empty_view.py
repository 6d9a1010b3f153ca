"""What is said where a view has no rows: that there is nothing yet, and how it begins, or that nothing is of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

_ = translate.translate


class Beginning(NamedTuple):
    """What must be there before a view can show anything: the prefix of its subjects, and what is said where none is."""

    prefix: str
    line: str


CUSTOMERS: Final = Beginning("cus_", marked("No customers yet: sales lead capture COMPANY --channel ..."))
TARGETS: Final = Beginning("tgt_", marked("No targets yet: sales target set --period ... --metric ... --value ..."))
PLANS: Final = Beginning("pln_", marked("No action plans yet: sales plan draft --target ..."))
CONTRACTS: Final = Beginning(
    "con_", marked("No contracts yet: sales contract draft NUMBER --customer ... --amount ...")
)
OPPORTUNITIES: Final = Beginning(
    "opp_", marked("No opportunities yet: sales opportunity open --customer ... --amount ...")
)
RESOURCES: Final = Beginning("rsc_", marked("No resource requests yet: sales resource request ..."))
REVIEWS: Final = Beginning("rev_", marked("No reviews yet: sales review hold ..."))
PRACTICES: Final = Beginning("pra_", marked("No practices yet: sales practice adopt ..."))

NEEDED: Final[dict[str, tuple[Beginning, ...]]] = {
    "progress": (TARGETS, CUSTOMERS),
    "targets": (TARGETS,),
    "target-suggest": (TARGETS,),
    "target-shares": (TARGETS,),
    "plans": (PLANS,),
    "capacity": (PLANS, CUSTOMERS),
    "contracts": (CUSTOMERS, CONTRACTS),
    "receivables": (CUSTOMERS, CONTRACTS),
    "pipeline": (CUSTOMERS, OPPORTUNITIES),
    "waterfall": (CUSTOMERS, OPPORTUNITIES),
    "resources": (RESOURCES,),
    "reviews": (REVIEWS,),
    "playbook": (PRACTICES,),
    **dict.fromkeys(
        (
            *("tracking", "agenda", "audit", "cadence", "cadence-summary", "follow-ups", "funnel", "grades", "stages"),
            *(
                "signals",
                "disputes",
                "duplicates",
                "objections",
                "objections-summary",
                "proposals",
                "quotes",
                "pool",
                "pool-due",
            ),
            *("scorecard", "movers", "late-entries", "norms", "recalled", "after-sales", "after-sales-summary"),
            *("collaborations", "collaborations-summary"),
        ),
        (CUSTOMERS,),
    ),
}
"""By view, what must be there first."""

NOTHING: Final = marked("Nothing to show: there was nothing of the kind, as far as was known then.")


def nothing(session: Session, view: str) -> str:
    """Return what to say of a view without rows, in the language in use."""
    return _(next((each.line for each in NEEDED.get(view, ()) if lacking(session, each)), NOTHING))


def lacking(session: Session, what: Beginning) -> bool:
    """Say whether the store has none of it at all; who doesn't see everything can't tell."""
    from infra.access import session_role

    try:
        store: Store = session.store()
        return session_role.sees_all(store.db) and not store.reader.begins(what.prefix)
    except Problem:
        return False
