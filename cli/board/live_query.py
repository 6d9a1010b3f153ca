"""What the board knows of the store: asked anew when the log has grown, whichever store it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from cli.board.panels import Asked, Panel, Rows, panels
from domain.calendar.period import Period
from infra.errors.problem import Problem
from infra.queries.runner import chosen_period

if TYPE_CHECKING:
    from cli.core.session import Session

LAST: Final = 200
"""How many events of the log are kept on the screen."""
AUDIT: Final = ("audit", "organisation")


class Live:
    """One board's question, and its answers.

    `known_at` is a moment as it is typed, None for the present; `owner` and `group` narrow everything. `position` is the
    last event that was seen. Methods raise Problem where the store can't answer.
    """

    def __init__(self, session: Session, period: str | None, owner: str | None, group: str | None) -> None:
        self.session = session
        self.panels: Mapping[str, Panel] = panels()
        self.owner, self.group = owner, group
        self.known_at: str | None = session.known_at
        store = session.store()
        now = store.moments(session.as_of, session.known_at)
        self.period = chosen_period(period, store.fiscal_month, now)
        self.position = 0

    def head(self) -> int:
        """Return the last position of the log."""
        return self.session.store().reader.head()[0]

    def grown(self) -> bool:
        """Say whether the log has grown since it was last looked at; at a moment of the past it has not."""
        head = self.head()
        moved, self.position = head != self.position, head
        return moved and self.known_at is None

    def rows(self, key: str, *, explain: bool = False) -> Rows:
        """Return the lines of a panel."""
        panel = self.panels[key]
        store = self.session.store()
        with store.view(*panel.tables) as ask:
            moments = store.moments(self.session.as_of, self.known_at)
            from projections.queries.organisation import Organisation

            organisation = Organisation(ask, moments.position)
            return panel.rows(Asked(store, ask, moments, organisation, self.period, self.owner, self.group), explain)

    def behind(self, key: str, place: int) -> list[dict[str, Any]]:
        """Return the events behind a line of a panel, as the audit shows them."""
        rows = self.rows(key, explain=True)
        events = rows[place].get("events", []) if place < len(rows) else []
        return self.audit([each["position"] for each in events])

    def audit(self, positions: Sequence[int]) -> list[dict[str, Any]]:
        """Return the audit's rows of events."""
        from projections.queries.organisation import Organisation
        from projections.views import audit as question

        store = self.session.store()
        several = sorted(set(positions))[-500:]
        with store.view(*AUDIT) as ask:
            moments = store.moments(self.session.as_of, self.known_at)
            return question.rows(ask, moments, Organisation(ask, moments.position), positions=several)

    def log(self) -> list[dict[str, Any]]:
        """Return the last events of the log, the newest first."""
        from cli.views.log import line

        store = self.session.store()
        head = store.moments(None, self.known_at).position
        records = store.reader.read(max(head - LAST, 0), LAST)
        return [line(record, store) for record in reversed(records) if record.position <= head]

    def moment(self) -> str:
        """Return the moment that is shown, as the store's zone has it."""
        store = self.session.store()
        return store.moments(self.session.as_of, self.known_at).known_at.isoformat(sep=" ", timespec="minutes")[:16]

    def travel(self, typed: str) -> None:
        """Show what was known at a moment as it is typed, or the present for none. Raises Problem for what is no moment."""
        if typed:
            self.session.store().moment(typed)
        self.known_at = typed or None

    def narrow(self, typed: str) -> None:
        """Show one owner's or one group's lines alone, or everybody's for none. Raises Problem for nobody known."""
        self.owner = self.group = None
        if not typed:
            return
        subject = self.session.store().subject(typed)
        if subject.startswith("grp_"):
            self.group = typed
        elif subject.startswith("per_"):
            self.owner = typed
        else:
            raise Problem("subject.wrong_kind", subject=typed, kind=subject[:3], noun="person")

    def step(self, way: int) -> None:
        """Go to the period before (-1) or after (1)."""
        self.period = beside(self.period, way, self.session.store().fiscal_month)

    def report(self) -> bytes:
        """Return the period's report as a page."""
        from cli.commands.report import page_of

        return page_of(self.session, self.period)


def beside(period: Period, way: int, fiscal_month: int) -> Period:
    """Return the period of the same kind before (-1) or after (1) a period."""
    day = period.first - timedelta(days=1) if way < 0 else period.last + timedelta(days=1)
    years = (day.year - 1, day.year, day.year + 1)
    if "W" in period.name:
        return Period.week_of(day)
    if len(period.name) == 7:
        return Period.parse(f"{day:%Y-%m}")
    for letter, count in (("Q", 4), ("H", 2), ("", 1)):
        if len(period.name) == (6 if letter else 4) and letter in period.name:
            names = (f"{year}{letter}{n}" if letter else str(year) for year in years for n in range(1, count + 1))
            return next(p for p in (Period.parse(name, fiscal_month) for name in names) if p.contains(day))
    length = (period.last - period.first).days
    return Period.of_days(*((day - timedelta(days=length), day) if way < 0 else (day, day + timedelta(days=length))))
