"""The page of the views: what each key of their rows means, in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cli.docs.reference import contracts, differing, plans, reviewing
from cli.docs.reference.keys import WHOSE, Rows
from cli.docs.reference.markdown import code, fenced, table
from cli.docs.reference.replaying import section
from cli.docs.reference.tables import TABLES
from projections.views.column import Column
from projections.views.registry import all_views
from projections.views.spec import View

INTRO: Final = """# Views

`sales tracking --json` prints one object: `schema`, `view`, the moment asked about, and the rows; `-o jsonl`
prints the rows alone, one a line. Keys, codes and event names are never translated. Amounts and ratios are decimal
texts (`"0.625"`), times are ISO 8601 with the offset of the store's zone, and what is not set or does not apply is
null. csv, xlsx, html, md and plain carry the same columns, written for a reader; what each is like stands in
[Excel and other files](../excel.md).
"""
AROUND: Final = {
    "schema": "The version of this form: 1.",
    "view": "The view's name.",
    "as_of": "The business time asked about; not in log, status, config and template.",
    "known_at": "The knowledge time asked about; not in log, status, config and template.",
    "position": "The last event known then.",
    "period": "Of the views of a period: the period, in its usual form.",
    "policies": "Of the views that rest on policies: each one's `name`, the day `from` which it is in force (null: the default)"
    " and its `values`.",
    "from": "waterfall: the moment it begins with; diff: the earlier moment's `as_of`, `known_at` and `position`.",
    "to": "waterfall: the moment it ends with, which is its as_of; diff: the later moment, in the same form.",
    "recorded": "status: when the last event was recorded, in UTC.",
    "store": "status: the store, without its password.",
    **plans.AROUND,
    **differing.AROUND,
    **contracts.AROUND,
    "groups": "duplicates: how many groups of customers that may be one company there are.",
    "rows": "The rows, as below.",
}
EVENTS: Final = ("events", "list", "With --explain: the events behind the row, as below.")

TRACKING: Final[Rows] = (
    ("id", "text", "The customer's id."),
    ("company", "text", "Name of the company."),
    ("industry", "text", "Industry."),
    ("size", "text", "Size of the company."),
    ("contact", "text", "The first contact's name."),
    ("pain_points", "list of text", "Pain points in the customer's words."),
    (
        "stage",
        "text",
        "captured, valid, graded, contacted, need-identified, proposed, negotiating, signed, performing, completed, lost or invalid.",
    ),
    ("channel", "text", "Where the lead came from."),
    ("campaign", "text", "The campaign or exhibition."),
    ("grade", "text", "initial, high or key."),
    *WHOSE,
    (
        "last_contact",
        "date or time",
        "The last touch: somebody was reached by call, visit, e-mail, message or meeting.",
    ),
    ("next_action", "text", "The open next action that is due first."),
    ("next_due", "date", "When it is due, overdue or not."),
    ("open_objections", "list", "Objections not yet resolved: each `item`, `kind` and `since`."),
    ("expected", "amount", "Open opportunities, in `currency`."),
    ("signed", "amount", "Signed in all, orders, amendments and cancellations included, in `currency`."),
    ("collected", "amount", "Received in all, less what was refunded, in `currency`."),
    ("currency", "text", "A customer with several currencies has a row for each."),
    ("completeness", "ratio", "Filled fields of the file / all eight."),
    EVENTS,
)
PROGRESS: Final[Rows] = (
    ("level", "text", "company, group or person."),
    ("owner", "text", "`company`, a group's code or a login; null for what belongs to nobody."),
    ("metric", "text", "sales, new-customers, repurchase-rate, leads, valid-leads or follow-ups."),
    (
        "basis",
        "text",
        "signed or collected, for sales, and invoiced or delivered where a target stands on it; else null.",
    ),
    ("period", "text", "The period, as 2024Q1."),
    ("state", "text", "The target's: draft, submitted, approved, returned or filed; null without a target."),
    ("target", "number", "The value in force: the filed one, else the one set."),
    ("original_target", "number", "The value before any revision."),
    ("actual", "number", "What was reached by the as-of day: an amount in `currency`, a count, or a ratio."),
    ("numerator", "count", "repurchase-rate: who bought again."),
    ("denominator", "count", "repurchase-rate: who could have; 0 makes the rate null."),
    ("attainment", "ratio", "actual / target, half-up to six places."),
    ("gap", "number", "target minus actual; negative when exceeded."),
    ("working_days", "count", "Working days of the period."),
    ("elapsed_days", "count", "Those up to the as-of day, which counts."),
    ("daily_need", "number", "gap / remaining working days; 0 when reached, null when none is left."),
    ("allocated", "number", "What the target's children hold together."),
    ("unallocated", "number", "target minus allocated."),
    ("currency", "text", "Of the amounts; null for what is no money."),
    EVENTS,
)
AUDIT: Final[Rows] = (
    ("position", "count", "The event's place in the log."),
    ("event", "text", "The event's id."),
    ("name", "text", "The event's name."),
    ("subject", "text", "Whose history it belongs to."),
    ("occurred", "date or time", "When it happened."),
    ("recorded", "time", "When the log learned it."),
    ("actor", "login", "Whose act it is."),
    ("recorder", "login", "Who entered it."),
    ("source", "text", "cli, batch, import or system."),
    ("key", "text", "The key under which it was told."),
    ("reason", "text", "Why."),
    (
        "changes",
        "list",
        "Each `field` with `from` and `to`; a record of its own has no `from`. A grading's `in_force`: its first and last day.",
    ),
    ("corrects", "count", "The position of the event that this one corrects or voids."),
    ("corrected_by", "count", "The position of the last event that corrects or voids this one."),
    ("late_days", "count", "Working days from the event's day to its entry."),
    EVENTS,
)
LOG: Final[Rows] = tuple(
    next(row for row in AUDIT if row[0] == key)
    for key in "position recorded occurred name subject actor recorder source key".split()
)
STATUS: Final[Rows] = (
    ("projection", "text", "organisation, tracking, progress or audit."),
    ("version", "count", "The version of its tables; 0 while they are not made."),
    ("position", "count", "The last event folded into them."),
    ("lag", "count", "How many events behind the log."),
    ("state", "text", "ok, new, old version or stopped."),
    ("stopped_at", "count", "The position of the event that stopped it."),
    ("event", "text", "The name of that event."),
    ("why", "text", "What went wrong there."),
)
POLICY: Final[Rows] = (
    ("policy", "text", "The policy's name."),
    ("from", "date", "In force from; null for the default that nobody adopted."),
    ("values", "object", "Its values."),
)
CONFIG: Final[Rows] = (
    ("name", "text", "The setting."),
    ("value", "text", "Its value; a password is left out."),
    ("origin", "text", "flag, environment, a file's path, or default."),
)
TEMPLATE: Final[Rows] = (
    ("name", "text", "The form's name, for `sales template` and `sales import`."),
    ("title", "text", "Its title in the language of the words."),
    ("about", "text", "What a row of it is, in the same language."),
    ("actions", "list of text", "The actions that a row can become."),
)
SUGGEST: Final[Rows] = (
    ("target", "text", "The target's id."),
    ("owner", "login", "Who moved."),
    ("metric", "text", "The target's metric."),
    ("day", "date", "First day in the new group."),
    ("from", "group code", "The group left."),
    ("to", "group code", "The group joined."),
    ("target_value", "number", "The target's value in force."),
    ("working_days_left", "count", "Working days of the period from that day on."),
    ("working_days", "count", "Working days of the period."),
    ("value", "number", "The part that goes along: target_value x working_days_left / working_days, half-up to 0.01."),
    ("currency", "text", "Of the amounts."),
)
BEHIND: Final[Rows] = (
    ("position", "count", "The event's place in the log."),
    ("event", "text", "Its id."),
    ("name", "text", "Its name."),
    ("subject", "text", "progress, pipeline, waterfall: whose history it belongs to."),
    (
        "amount",
        "number",
        "progress: what it adds to the actual, absent for what set the target; waterfall: to the bar.",
    ),
    ("opportunity", "text", "waterfall: the opportunity that it moved."),
    ("step", "text", "funnel: the step on which it bears."),
    *differing.BEHIND,
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "tracking": ("A row a customer, the first captured first.", "sales tracking --json", TRACKING),
    "progress": (
        "A row for each owner, metric and basis: the company, groups, persons, and what belongs to nobody.",
        "sales progress --period 2024Q1 --json",
        PROGRESS,
    ),
    **{name: (title, words, (*rows, EVENTS)) for name, (title, words, rows) in TABLES.items()},
    **{name: (title, words, (*rows, EVENTS)) for name, (title, words, rows) in reviewing.VIEWS.items()},
    **reviewing.SUMMARIES,
    **plans.VIEWS,
    **differing.VIEWS,
    "audit": ("A row an event, in log order.", "sales audit 某某科技有限公司 --json", AUDIT),
    "log": ("The last events as they were recorded.", "sales log --json", LOG),
    "status": ("A row for each projection.", "sales status --json", STATUS),
    "policy": ("A row for each policy in force.", "sales policy show --json", POLICY),
    "target-suggest": (
        "A row for each target of a person who changed group in the period.",
        "sales target suggest --period 2024Q1 --json",
        SUGGEST,
    ),
    "config": ("A row for each setting.", "sales config show --json", CONFIG),
    "template": ("A row for each form that can be filled in and imported.", "sales template --json", TEMPLATE),
}
SHOW: Final = {
    "schema": "The version of this form: 1.",
    "view": "`show`.",
    "subject": "The subject's id.",
    "as_of": "The business time asked about.",
    "known_at": "The knowledge time asked about.",
    "position": "The last event known then.",
    "sheet": (
        "Where it stands, by `kind` (customer, contract, opportunity, target, person, group): its own values, and lists of"
        " what is open, of deals, of the last contacts or steps, and of what is `missing` for the `next_stage`; null for"
        " anything else, and where it did not stand then."
    ),
    "file": "For a customer its rows as in tracking, else an empty list.",
    "history": "Its rows as in audit.",
}


FORMS: Final = {"flag": "true or false", "time": "date or time"}
"""The types of columns that are called otherwise than their kind."""


def keys_of(columns: Sequence[Column]) -> Rows:
    """Return what the keys of a declared view's rows mean; a column without a meaning is only for readers."""
    return tuple((c.key, c.form or FORMS.get(c.kind, c.kind), c.meaning) for c in columns if c.meaning)


def declared(cls: type[View]) -> dict[str, tuple[str, str, Rows]]:
    """Return the entries of a declared view, of its other tables, and of its summary."""
    tables = [(cls.NAME, cls.ABOUT, cls.ASKED, cls.COLUMNS)]
    tables += [(other.name, other.about, other.asked, other.columns) for other in cls.VARIANTS]
    events = (EVENTS,) if cls.EVENTS == "column" else ()
    made = {name: (about, asked, (*keys_of(columns), *events)) for name, about, asked, columns in tables}
    if cls.SUMMARY:
        made[f"{cls.NAME}-summary"] = (cls.SUMMARY.about, cls.SUMMARY.asked, keys_of(cls.SUMMARY.columns))
    return made


def all_entries() -> dict[str, tuple[str, str, Rows]]:
    """Return the entries of all views, those declared after those that are not."""
    return VIEWS | {name: entry for cls in all_views() for name, entry in declared(cls).items()}


def page() -> str:
    """Return the page."""
    lines = [INTRO, *table(("key", "meaning"), ((code(key), AROUND[key]) for key in AROUND))]
    for name, (title, words, rows) in all_entries().items():
        lines += [f"## {name}", "", title, "", *fenced(words)]
        lines += table(("key", "type", "meaning"), ((code(key), kind, meaning) for key, kind, meaning in rows))
    lines += section()
    lines += ["## Events behind a row", "", "What --explain adds, as `events`.", ""]
    lines += table(("key", "type", "meaning"), ((code(key), kind, meaning) for key, kind, meaning in BEHIND))
    lines += ["## show", "", "One subject in one object.", "", *fenced("sales show 某某科技有限公司 --json")]
    lines += table(("key", "meaning"), ((code(key), meaning) for key, meaning in SHOW.items()))
    return "\n".join(lines)
