"""What a word that is being typed may become: names, numbers and keys from the store, found by their first letters.

A completion never makes a store, never says what went wrong, and never waits for tables that lag far behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from cli.core.completion_source import Found, Looking, claimed, identified, items, opportunities, targets
from infra.queries import prefix_search

if TYPE_CHECKING:
    from domain.kernel.action import Action
    from domain.kernel.field import Field

DAYS: Final = ("today", "tomorrow", "yesterday", "friday", "next monday", "end of month", "+3d", "+1w", "+3wd")
DAYS_ZH: Final = ("今天", "明天", "后天", "昨天", "周五", "下周一", "月底", "3天后", "3个工作日")


def offered(ctx: Any, kind: str, start: str) -> Found:
    """Return the candidates of a kind (see KINDS) for a word that begins with `start`; none where anything fails."""
    find = KINDS.get(kind.partition(":")[0]) or of_noun(kind)
    session = ctx.find_root().obj
    if find is None or session is None:
        return []
    try:
        # Words before a flag that still lacks its value are not among the parameters yet.
        typed = {**ctx.params, "bare": ctx.params.get("bare") or ctx.args}
        with Looking(session, kind.partition(":")[2], typed) as looking:
            return [(value, said) for value, said in find(looking, start) if value.startswith(start)]
    except Exception:  # noqa: BLE001 - whoever types is not to be disturbed by a store that can't be read
        return []


def periods(looking: Looking, start: str) -> Found:
    """Find names of periods around today: quarters, months, weeks, years."""
    from datetime import UTC, datetime, timedelta

    today = datetime.now(UTC).date()
    months = [today.year * 12 + today.month - 1 - back for back in range(15)]
    quarters = dict.fromkeys(f"{month // 12}Q{month % 12 // 3 + 1}" for month in (months[0] + 3, *months))
    weeks = [(today - timedelta(days=7 * back)).isocalendar()[:2] for back in range(6)]
    names = [
        *quarters,
        *(f"{month // 12}-{month % 12 + 1:02}" for month in months),
        *(f"{year}-W{week:02}" for year, week in weeks),
        *(str(today.year - back) for back in range(3)),
    ]
    return [(name, "") for name in names if name.startswith(start)][: prefix_search.LIMIT]


def days(looking: Looking, start: str) -> Found:
    """Find words for days."""
    return [(word, "") for word in (DAYS if start.isascii() and start else (*DAYS, *DAYS_ZH))]


def policies(looking: Looking, start: str) -> Found:
    """Find the names of policies."""
    from domain.policy.defaults import DEFAULTS

    return [(name, "") for name in DEFAULTS]


def metrics(looking: Looking, start: str) -> Found:
    """Find the metrics of targets: those of the house, and those that the team has defined."""
    from domain.policy.metrics import known
    from projections.queries.organisation import Organisation

    values = []
    if looking.fresh:
        with looking.store.view("organisation") as ask:
            organisation = Organisation(ask, looking.store.reader.head()[0])
            values = [held for _day, held in organisation.policies("metrics")]
    return [(name, "") for name in known(values)]


def profiles(looking: Looking, start: str) -> Found:
    """Find the profiles of the settings."""
    return [(name, "") for name in looking.session.config.profiles()]


def settings(looking: Looking, start: str) -> Found:
    """Find the names of settings."""
    from infra.config.settings import KEPT

    return [(name, "") for name in KEPT]


def actions(looking: Looking, start: str) -> Found:
    """Find the names of actions."""
    from domain.kernel.registry import all_actions

    return [(cls.NAME, "") for cls in all_actions()]


def either(*finds: Callable[[Looking, str], Found]) -> Callable[[Looking, str], Found]:
    """Return how any of several kinds is found."""

    def find(looking: Looking, start: str) -> Found:
        return [each for one in finds for each in one(looking, start)][: prefix_search.LIMIT]

    return find


CUSTOMERS: Final = claimed("name", "cus_")
CONTRACTS: Final = claimed("contract-number", "con_")
LOGINS: Final = identified("per_")
GROUPS: Final = identified("grp_")
KINDS: Final[dict[str, Callable[[Looking, str], Found]]] = {
    "CUSTOMER": CUSTOMERS,
    "CONTRACT": CONTRACTS,
    "OPPORTUNITY": opportunities,
    "TARGET": targets,
    "LOGIN": LOGINS,
    "CODE": GROUPS,
    "OWNER": either(GROUPS, LOGINS),
    "TARGET-OR-OWNER": either(targets, GROUPS, LOGINS),
    "SUBJECT": either(LOGINS, CONTRACTS, CUSTOMERS),
    "PERIOD": periods,
    "DATE": days,
    "MOMENT": days,
    "TIME": days,
    "POLICY": policies,
    "METRIC": metrics,
    "ACTION": actions,
    "PROFILE": profiles,
    "SETTING": settings,
    "ITEM": items,
}
"""By what stands for a value in help (its metavar), how candidates are found; a further kind is one entry."""


def of_noun(kind: str) -> Callable[[Looking, str], Found] | None:
    """Return how the ids of any other kind of subject are found; what makes an id is offered without its prefix."""
    from domain.kernel.registry import SUBJECTS

    subject = SUBJECTS.get(kind.lower())
    if subject is None:
        return None
    prefix = subject.prefix
    if subject.identity:
        return identified(prefix)
    return lambda looking, start: [(each, "") for each in prefix_search.begun(looking.store.db, prefix, start)]


def kind_of(field: Field, noun: str) -> str:
    """Return the kind of candidates for a field of an action of `noun`."""
    if field.role:
        return {"person": "LOGIN", "group": "CODE"}.get(field.role, field.role.upper())
    if field.name == "item":
        return f"ITEM:{noun}"
    return {"date": "DATE", "period": "PERIOD"}.get(field.kind.word, "")


def bare_words(cls: type[Action], ctx: Any, start: str) -> Found:
    """Return the candidates for the next bare word of an action: its subject, then its positional fields."""
    from cli.actions.command import bare_subject
    from domain.kernel.field import fields_of

    noun = cls.NAME.partition(".")[0]
    places: list[str] = []
    choices: dict[int, tuple[str, ...]] = {}
    if bare_subject(cls):
        places.append({"person": "LOGIN", "group": "CODE"}.get(cls.SUBJECT, cls.SUBJECT.upper()))
    for field in fields_of(cls):
        if field.positional and ctx.params.get(field.name) in (None, ()):
            choices[len(places)] = field.choices
            places.append(kind_of(field, noun))
    at = len(ctx.params.get("bare") or ())
    if choices.get(at):
        return [(choice, "") for choice in choices[at]]
    return offered(ctx, places[at], start) if at < len(places) else []
