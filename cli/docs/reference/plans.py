"""What each key of the views of plans, of capacity, of suggested shares and of resource requests means."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

AROUND: Final = {
    "key_actions": "progress: the key actions of the period's plans, each with its `level`, `owner`, `plan`, the plan's `state`, "
    "`kind`, `channel`, `count`, `per`, in how many steps it was `met` and `missed`, and its `steps`: `step`, "
    "`demanded`, `done` and `result` as in plans.",
    "week": "resources: the week of the form, null without one.",
    "departments": "resources: for each `department` how many of the rows were `requested`, `granted`, `declined` and "
    "`delivered` (in the week, else ever), are `open` and `overdue`.",
}
EVENTS: Final = ("events", "list", "With --explain: the events behind the row, as below.")
PLANS: Final[Rows] = (
    ("plan", "text", "The plan's id."),
    ("target", "text", "The target that it serves."),
    (
        "state",
        "text",
        "The plan's: draft, submitted, approved, returned or filed. The filed key actions are in force, else the latest.",
    ),
    ("level", "text", "company, group or person: whose plan it is."),
    ("owner", "text", "`company`, a group's code or a login. What the people of a group do counts for its plan."),
    ("item", "text", "The key action's number in the plan, as a1."),
    (
        "kind",
        "text",
        (
            "leads (valid ones captured, credited to their owner), touches (customers touched on a day, each once a day, credited to "
            "who did it), intent-touches (of customers that have a grade by the end of the day), visits and calls (touches on "
            "that channel), needs (identified), proposals (delivered), quotes (issued) or contracts (signed)."
        ),
    ),
    ("channel", "text", "The channel that it is bound to; null for all."),
    (
        "count",
        "count",
        "How many a day, week or month, as in force at the step's end; a change counts from the step in which it is filed.",
    ),
    ("per", "text", "day, week or month."),
    (
        "step",
        "text",
        (
            "The ISO week, or of what is due by the month the month, cut at the plan's own edges; what is due by the day is cut at the "
            "edges of the period asked for too. With --total the days of all steps."
        ),
    ),
    ("first", "date", "The step's first day."),
    ("last", "date", "Its last one."),
    ("working_days", "count", "Its working days."),
    (
        "demanded",
        "count",
        (
            "What is due: by the day the count on each working day; by the week the whole count where five days or more are worked, in a "
            "shorter week (holidays, the plan's edge) on each day no more than on the fullest day of a full week, which up to "
            "five a week is min(count, working days); by the month the whole count, and of a month that is cut likewise by its days."
        ),
    ),
    ("done", "count", "What was done by the as-of day."),
    ("result", "text", "met, missed (the step is over), open (it is not); null where nothing is due."),
    ("met", "count", "1 where it was met; with --total in how many steps."),
    ("missed", "count", "1 where it was missed; with --total in how many steps."),
    EVENTS,
)
CAPACITY: Final[Rows] = (
    ("owner", "login", "Whose week it is: everybody who owns a graded customer or has a plan."),
    ("group", "group code", "The person's group at the week's end."),
    ("week", "text", "The ISO week; at the period's edges the whole one."),
    ("first", "date", "Its first day."),
    ("last", "date", "Its last one."),
    ("working_days", "count", "Its working days."),
    (
        "key",
        "count",
        "Key customers owned at the week's end, of a week to come those of the as-of day; lost and invalid ones are left out.",
    ),
    ("high", "count", "Likewise those of high intent."),
    ("initial", "count", "Likewise those of initial intent."),
    (
        "needed",
        "number",
        "The touches that the cadence demands of them: for each min(touches, working days), one in two weeks counting as half a week's.",
    ),
    (
        "planned",
        "number",
        (
            "The touches that the person's own plans commit to: the largest of touches, intent touches, and what is bound to a channel "
            "(visits, calls) together, for one touch may be all of them; a month's are spread over its working days."
        ),
    ),
    ("spare", "number", "planned minus needed."),
    ("result", "text", "enough or short; null where nothing is needed."),
    (
        "channels",
        "list",
        (
            "For each channel that a cadence asks for or a plan names: `channel`, `needed` (a touch in the cadence's weeks, or less "
            "where there are not days enough for all channels), `planned` (visits, calls, touches bound to it), `spare`."
        ),
    ),
    EVENTS,
)
SHARES: Final[Rows] = (
    ("target", "text", "The target that is shared out."),
    ("level", "text", "group or person."),
    ("owner", "text", "The member right below the target's owner: a group, or a rep of the group."),
    ("metric", "text", "The target's metric."),
    ("past_period", "text", "The period whose results count."),
    ("past", "number", "What the member reached in it; of a group what its people did."),
    ("past_share", "ratio", "Its part of what all members reached; null where nobody reached anything."),
    ("weight", "number", "The person's capability weight by the policy capability, 1 unless named; null for a group."),
    (
        "newcomer",
        "true or false",
        "Whether the person was in no group yet by the end of that period, and is taken for the average; null for a group.",
    ),
    (
        "share",
        "ratio",
        "The part suggested: weight x past (of a newcomer the average), over the sum; the weights alone where all reached nothing.",
    ),
    ("proposed", "number", "That part of the target's value, by largest remainder: money to 0.01, else whole numbers."),
    ("allocated", "number", "What was given to the member so far; null for nothing."),
    ("currency", "text", "Of the amounts; null for what is no money."),
    EVENTS,
)
RESOURCES: Final[Rows] = (
    ("id", "text", "The request's id."),
    ("department", "text", "Which department is asked."),
    ("item", "text", "What is needed."),
    ("count", "count", "How many, if that was said."),
    ("plan", "text", "The action plan that it is needed for."),
    ("needed_by", "date", "The day by which it is needed."),
    ("state", "text", "requested, granted, declined or delivered."),
    ("overdue", "true or false", "Whether that day has passed and it is neither delivered nor declined."),
    ("days_overdue", "count", "Working days since then; null where it is not overdue."),
    ("requested", "date", "When it was asked for."),
    ("requested_by", "login", "Who asked."),
    ("granted", "date", "When it was granted."),
    ("declined", "date", "When it was declined."),
    ("delivered", "date", "When it was delivered."),
    ("decided_by", "login", "Who granted or declined it last."),
    ("reason", "text", "Why, as they said."),
    ("happened", "list of text", "The states that it came to: in the week asked for, else ever."),
    EVENTS,
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "plans": ("A row for each key action and step of the period.", "sales plans --period 2024Q1 --json", PLANS),
    "capacity": ("A row for each person and week of the period.", "sales capacity --period 2024Q1 --json", CAPACITY),
    "target-shares": (
        "A row for each member right below the owner of a target; a person decides with target.allocate.",
        "sales target suggest tgt_1 --past 2023Q4 --json",
        SHARES,
    ),
    "resources": (
        "A row a request, by department; with --week those of the week's form, as they stood at its end.",
        "sales resources --week 2024-W07 --json",
        RESOURCES,
    ),
}
