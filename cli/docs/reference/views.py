"""The page of the views: what each key of their rows means, in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cli.docs.reference import contracts, differing
from cli.docs.reference.keys import Rows
from cli.docs.reference.markdown import code, fenced, table
from cli.docs.reference.replaying import section
from projections.views.audit import Audit
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
    "key_actions": "progress: the key actions of the period's plans, each with its `level`, `owner`, `plan`, the plan's `state`, "
    "`kind`, `channel`, `count`, `per`, in how many steps it was `met` and `missed`, and its `steps`: `step`, "
    "`demanded`, `done` and `result` as in plans.",
    "week": "resources: the week of the form, null without one.",
    "departments": "resources: for each `department` how many of the rows were `requested`, `granted`, `declined` and "
    "`delivered` (in the week, else ever), are `open` and `overdue`.",
    **differing.AROUND,
    **contracts.AROUND,
    "groups": "duplicates: how many groups of customers that may be one company there are.",
    "rows": "The rows, as below.",
}
EVENTS: Final = ("events", "list", "With --explain: the events behind the row, as below.")

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
FORMS: Final = {"flag": "true or false", "time": "date or time"}
"""The types of columns that are called otherwise than their kind."""


def keys_of(columns: Sequence[Column]) -> Rows:
    """Return what the keys of a declared view's rows mean; a column without a meaning is only for readers."""
    return tuple((c.key, c.form or FORMS.get(c.kind, c.kind), c.meaning) for c in columns if c.meaning)


def _log() -> Rows:
    """Return what the keys of the log mean, which are keys of the audit too."""
    by_key = {key: (key, kind, meaning) for key, kind, meaning in keys_of(Audit.COLUMNS)}
    return tuple(by_key[key] for key in "position recorded occurred name subject actor recorder source key".split())


VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    **differing.VIEWS,
    "log": ("The last events as they were recorded.", "sales log --json", _log()),
    "status": ("A row for each projection.", "sales status --json", STATUS),
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


def declared(cls: type[View]) -> dict[str, tuple[str, str, Rows]]:
    """Return the entries of a declared view, and of its summary."""
    events = (EVENTS,) if cls.EVENTS == "column" else ()
    made = {cls.NAME: (cls.ABOUT, cls.ASKED, (*keys_of(cls.COLUMNS), *events))}
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
