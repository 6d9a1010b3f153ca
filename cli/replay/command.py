"""The command `sales replay`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import argument, command
from cli.core.options import option
from cli.views.common import told
from domain.policy.metrics import BUILT_IN, known
from infra.errors.problem import Problem, not_among
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from infra.queries.runner import chosen_period
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

_ = translate.translate

METRICS: Final = ("sales", "new-customers", "leads", "valid-leads", "follow-ups")
LISTS: Final = {
    "deals": "deals",
    "signed": "contracts",
    "targets": "targets",
    "late": "late",
    "corrections": "corrections",
}
"""What happened in a frame, and the column that counts it."""


def measured(measure: str) -> tuple[Column, Column]:
    """Return the columns of a measure: as known then, and in hindsight."""
    hindsight = f"{measure}-hindsight"
    return Column(measure, measure, "amount", missing=""), Column(hindsight, hindsight, "amount", missing="")


REPLAY: Final = (
    Column("day", marked("Day"), "date"),
    Column("position", marked("Position"), "count"),
    Column("working_days", marked("Working days"), "count"),
    Column("elapsed_days", marked("Elapsed"), "count"),
    Column("target", marked("Target"), "amount"),
    Column("original_target", marked("Original"), "amount"),
    Column("pace", marked("Pace"), "amount"),
    Column("currency", marked("Currency")),
    *(
        column
        for measure in ("signed", "collected", "new-customers", "leads", "valid-leads", "follow-ups")
        for column in measured(measure)
    ),
    Column("open", marked("Open deals"), "count"),
    Column("pipeline", marked("Pipeline"), "amount"),
    *(Column(name, name, "count", missing="") for name in LISTS.values()),
)


@command(
    argument("period", required=False, help=marked("2024Q1, 2024-02, 2024; the present quarter unless given.")),
    option("--by", choices=("day", "week"), help=marked("A frame for each day, or for each Friday and the last day.")),
    option("--group", metavar="CODE", help=marked("Only this group and those below it.")),
    option("--owner", metavar="LOGIN", help=marked("Only this person.")),
    option(
        "--metric",
        metavar="METRIC",
        help=marked("Against the target of this metric, also one that the team has defined; sales unless given."),
    ),
    option("--plain", flag=True, help=marked("As text, a block for each frame; so without a terminal, too.")),
    example="sales replay 2024Q1 --by week",
)
def replay(
    session: Session,
    period: str | None,
    by: str | None,
    group: str | None,
    owner: str | None,
    metric: str | None,
    plain: bool | None,
) -> None:
    """Play a period again, day by day, as it was known each day: targets, figures and deals, beside hindsight."""
    if owner and group:
        raise Problem("usage.options", why=marked("Give either --owner or --group."), command="replay")
    store = session.store()
    weekly, of = by == "week", metric or "sales"
    chosen, now, frames = asked(session, store, period, weekly=weekly, metric=of, owner=owner, group=group)
    if session.output in ("json", "jsonl"):
        scope = {"level": "person" if owner else "group" if group else "company", "owner": owner or group or "company"}
        meta = {"period": chosen.name, "by": "week" if weekly else "day", "metric": of, **scope, **told(now)}
        structured(session, meta, frames)
    elif session.output != "table":
        columns = REPLAY if of in METRICS else (*REPLAY, *measured(of))
        session.show(Result("replay", columns, list(flat(frames)), told(now), marked("Replay")))
    elif not frames:
        session.say(_("Nothing to replay: the period had not begun by then."))
    elif plain or not player_possible(session):
        printed(session, frames)
    else:
        played(session, chosen, frames, owner or group or _("company"))


def asked(
    session: Session, store: Store, period: str | None, *, weekly: bool, metric: str, **wanted: str | None
) -> tuple[Period, AsOf, list[dict[str, Any]]]:
    """Return the period, the moments of hindsight, and the frames up to --as-of or, if that is earlier, --known-at."""
    from projections.queries.organisation import Organisation
    from projections.views.replay.frames import days_of, frames

    with store.view("progress", "organisation", "pipeline", "audit", "tracking", "records") as ask:
        now = store.moments(session.as_of, session.known_at)
        must_be_played(metric, Organisation(ask, now.position))
        chosen = chosen_period(period, store.fiscal_month, now)
        until = min(now.day, now.known_at.astimezone(store.zone).date())
        moments = [
            each._replace(position=min(each.position, now.position))
            for each in store.moments_each(days_of(chosen, until, weekly=weekly))
        ]
        found = frames(
            ask, chosen, moments, now, currency=store.currency, metric=metric, explain=session.explain, **wanted
        )
        return chosen, now, found


def must_be_played(metric: str, organisation: Organisation) -> None:
    """Raise Problem unless a metric can be played: one of METRICS, or one that the team has defined."""
    metrics = [*METRICS, *known(values for _day, values in organisation.policies("metrics"))[len(BUILT_IN) :]]
    if metric not in metrics:
        raise not_among("--metric", metric, metrics)


def structured(session: Session, meta: dict[str, Any], frames: Sequence[dict[str, Any]]) -> None:
    """Print the frames as JSON, or one to a line, or write them into --out."""
    from cli.core.output import json_text, write_text

    if session.output == "jsonl":
        lines = [json_text(frame) for frame in frames]
    else:
        lines = [json_text({"schema": 1, "view": "replay", **meta, "frames": frames})]
    if session.out:
        write_text(session.out, (f"{line}\n" for line in lines))
        return
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def flat(frames: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each frame, and one more for each further currency, in which only money is told."""

    for frame in frames:
        money = list(dict.fromkeys(each["currency"] for each in frame["figures"] if each["currency"]))
        money += [each["currency"] for each in frame["pipeline"] if each["currency"] not in money]
        for n, currency in enumerate(money):
            row = {"day": frame["day"], "position": frame["position"], "currency": currency}
            for each in frame["figures"]:
                if each["currency"] == currency or (each["currency"] is None and not n):
                    row[each["measure"]], row[f"{each['measure']}-hindsight"] = each["known"], each["hindsight"]
            for each in frame["pipeline"]:
                if each["currency"] == currency:
                    row |= {"open": each["count"], "pipeline": each["amount"]}
            if not n:
                shared = ("working_days", "elapsed_days", "target", "original_target", "pace")
                row |= {name: frame[name] for name in shared} | {
                    counted: len(frame[name]) for name, counted in LISTS.items()
                }
            yield row


def printed(session: Session, frames: Sequence[dict[str, Any]]) -> None:
    """Print the frames as text: into --out, through a pager on a terminal, else as they are."""
    from cli.core.output import paged, write_text
    from cli.replay.plain import lines

    if session.out:
        write_text(session.out, (f"{line}\n" for line in lines(frames)))
        return
    if sys.stdout.isatty() and not session.no_pager and not session.no_input:
        told_lines = list(lines(frames))
        if len(told_lines) >= shutil.get_terminal_size((100, 24)).lines:
            paged(told_lines)
            return
    for line in lines(frames):
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def player_possible(session: Session) -> bool:
    """Say whether there is a terminal that the player can take over."""
    if session.out or session.no_input or os.environ.get("TERM", "dumb") == "dumb":
        return False
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        import termios  # noqa: F401 - absent where there is no POSIX terminal
    except ImportError:
        return False
    return True


def played(session: Session, period: Period, frames: Sequence[dict[str, Any]], whose: str) -> None:
    """Let the user play the frames, from the first on."""
    from datetime import date

    from cli.replay.frame_words import measure_of, measure_word
    from cli.replay.screen import Reel
    from cli.replay.terminal import play

    days = [date.fromisoformat(frame["day"]) for frame in frames]
    title = f"{period.name} · {whose} · {measure_word(measure_of(frames[-1]))}"
    play(Reel(title, frames, days, period.first, period.last), colored=session.colored(sys.stdout))
