"""What each key of the views of collaborations, after-sales, reviews, the playbook and the scorecard means."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

SCORECARD: Final[Rows] = (
    ("owner", "login", "The person."),
    ("group", "group code", "Their group on the last day that counts."),
    ("period", "text", "The period, as 2024Q1."),
    ("measure", "text", "`score` in a person's first row; then each measure of the policy `scorecard`."),
    ("numerator", "number", "What was reached; of the score: the points. Null where nothing is measured."),
    (
        "denominator",
        "number",
        (
            "Of what: the filed target, the acts, the fields of the files, those of lost customers included; of the score: the "
            "weights that count."
        ),
    ),
    ("ratio", "ratio", "numerator / denominator."),
    ("cap", "number", "Up to which ratio it counts; null for no cap."),
    ("weight", "number", "Its weight by the policy."),
    ("counted", "number", "Its weight in the score: all of it, or 0 where nothing is measured."),
    ("points", "number", "weight x ratio, the ratio from 0 up to the cap."),
    (
        "why",
        "text",
        "Why it does not count: nothing-to-measure (no filed target, nothing that happened) or not-measured (by this version).",
    ),
)
NORMS: Final[Rows] = (
    ("norm", "text", "entry, cadence, file, report, pool or hand-over."),
    ("policy", "text", "The policy that sets it."),
    ("week", "text", "The ISO week."),
    ("owner", "login", "The person whom it concerned."),
    ("group", "group code", "Their group at the week's end."),
    ("numerator", "count", "In how many cases it was kept."),
    (
        "denominator",
        "count",
        "Of how many: acts, customers, weeks to be reviewed, or hand-overs that were due, as the norm is.",
    ),
    ("ratio", "ratio", "numerator / denominator."),
    ("kept", "true or false", "Whether it was kept in all of them."),
)
IN_FORCE: Final[Rows] = (
    ("norm", "text", "The norm."),
    ("policy", "text", "The policy that sets it."),
    ("from", "date", "In force from; null for the default that nobody adopted."),
    ("values", "object", "Its values."),
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "norms": ("A row for each norm, week and person, the earliest week first.", "sales norms --json", NORMS),
    "scorecard": (
        "For each person a row with the score and one for each measure, the best score first; who has little that counts, last.",
        "sales scorecard --period 2024Q1 --json",
        SCORECARD,
    ),
}
SUMMARIES: Final[dict[str, tuple[str, str, Rows]]] = {
    "norms-in-force": ("A row a norm.", "sales norms --in-force --json", IN_FORCE),
}
