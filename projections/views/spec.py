"""A view, declared once: its parameters, its columns, and the rows that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, TypeVar, dataclass_transform

from domain.kernel.action import given
from domain.kernel.declared import Declared, with_slots
from projections.views.column import Column, Note, Rows, Summary

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from domain.kernel.refusal import Refused
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask
    from projections.queries.organisation import Organisation

V = TypeVar("V", bound="type[View]")
Periods = Literal["", "any", "present", "present-week", "week"]


class Closed(NamedTuple):
    """A period's closing: its position in the log, and when it was recorded."""

    position: int
    recorded: str


class Between(NamedTuple):
    """How a view asks for its two moments, and says that they are none: message ids."""

    since: str
    until: str
    both: str
    """Why a period stands alone."""
    twice: str
    """Why the later moment is given once."""
    backwards: str
    """Why the earlier one, `since`, does not come after the later one, `until`."""


class Query(NamedTuple):
    """What every question is asked with: the tables, the two times, who belongs where, the period, and the house's settings.

    `closed` is the closing as of which a view that keeps it is asked; `said` is what JSON says beside the rows, for the notes;
    `typed` is what was asked for, in its words, this view's own or not; `since` the earlier moment of a view of two, as known
    at the later one.
    """

    ask: Ask
    moments: AsOf
    organisation: Organisation
    period: Period | None
    currency: str
    fiscal_month: int
    explain: bool = False
    closed: Closed | None = None
    said: Mapping[str, Any] = {}
    typed: Mapping[str, Any] = {}
    since: AsOf | None = None

    @property
    def in_period(self) -> Period:
        """The period of a view that always has one."""
        assert self.period is not None
        return self.period

    @property
    def begins(self) -> AsOf:
        """The earlier moment of a view that has two."""
        assert self.since is not None
        return self.since


class NoAnswer(Exception):
    """What a view raises where its question has none."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


class View(Declared):
    """A question that is asked by name, at two times: a class with typed parameters, a docstring (its help) and `rows`."""

    NAME: ClassVar[str]
    COMMAND: ClassVar[str]
    """The words that ask for it: its name, or a noun and a verb."""
    TITLE: ClassVar[str]
    """What a file for reading is called: a message id."""
    ABOUT: ClassVar[str] = ""
    """What a row is, for the reference."""
    ASKED: ClassVar[str] = ""
    """How the reference asks for the rows as JSON."""
    EXAMPLE: ClassVar[str]
    NEEDS: ClassVar[tuple[str, ...]]
    """The read models that it asks."""
    EXPLAINED_BY: ClassVar[tuple[str, ...]] = ()
    """Those that it needs besides for the events behind its rows."""
    EVENTS: ClassVar[Literal["", "column", "lines"]] = "column"
    """How the events behind its rows are shown where they are asked for: in a column, in a table for the eye in lines, or not."""
    KEY: ClassVar[tuple[str, ...]]
    """The columns that find a row."""
    PERIOD: ClassVar[Periods] = ""
    """Whether it takes a period: none, one that may be left out, else the present quarter or week; or a week, as of whose end it is."""
    PERIOD_HELP: ClassVar[str] = ""
    MOMENTS: ClassVar[Literal["one", "two"]] = "one"
    """Of how many moments it speaks: with two it takes the earlier and the later, or a period."""
    BETWEEN: ClassVar[Between | None] = None
    """How it asks for two."""
    OF_PERSONS: ClassVar[bool] = False
    """Whether a row is shown only to whom who sees its owner's work, for a share of what others did would be none of theirs."""
    KEEPS_CLOSED: ClassVar[bool] = False
    """Whether it shows a closed period as it was closed, unless a time, or by `restated` what is known now, is asked for."""
    ACTOR: ClassVar[str] = ""
    """The parameter that --actor stands for, too."""
    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    SUMMARY: ClassVar[Summary | None] = None
    CHART: ClassVar[Literal["", "months", "against", "bars", "funnel"]] = ""
    """What a workbook draws beside the rows (infra.formats.charts)."""
    DIGEST: ClassVar[tuple[str, ...]] = ()
    """What the digest of a closed period covers: for ever the same columns, and no personal data."""

    @classmethod
    def meant(cls, parameters: Mapping[str, Any]) -> type[View]:
        """Return the view that is asked with these parameters: another one where they ask for other rows."""
        return cls

    def rows(self, q: Query) -> list[dict[str, Any]]:
        """Return the rows, with `events` behind each where `q.explain`."""
        raise NotImplementedError

    def unclear(self, q: Query) -> Note | None:
        """Return why its parameters make no question, None where they do."""
        return None

    def kept(self, rows: Rows) -> Rows:
        """Return those of the rows that are shown; what stands below a table may speak of them all."""
        return rows

    def totals(self, rows: Rows) -> Any:
        """Return the sums of the rows, None where there are none to tell."""
        return None

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        """Return what JSON says beside the rows."""
        return {}

    def then(self, q: Query) -> tuple[str, ...]:
        """Return the read models that are asked afterwards for more to be said beside the rows; none where there is no more."""
        return ()

    def beside(self, q: Query) -> dict[str, Any]:
        """Return what these say."""
        return {}

    def columns(self, output: str) -> tuple[Column, ...]:
        """Return the columns of a format: table, plain, csv, xlsx, html or md; all of them for programs."""
        shown = (column for column in self.COLUMNS if column.title)
        return tuple(column for column in shown if not column.wide or output != "table")

    def readable(self, rows: Rows, output: str) -> Rows:
        """Return the rows as a reader of a format takes them in, before the texts of their columns."""
        return rows

    def line(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the line of an event below its row, where events are lines."""
        raise NotImplementedError

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        """Yield what stands below a table."""
        yield from ()

    def summed(self, rows: Rows, meta: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of its summary."""
        assert self.SUMMARY is not None
        return self.SUMMARY.of(rows)

    def notes_on_summary(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        """Yield what stands below the table of its summary."""
        yield from self.notes(q, rows, totals)


@dataclass_transform(field_specifiers=(given,))
def view(
    name: str,
    *,
    title: str,
    example: str,
    needs: tuple[str, ...],
    key: tuple[str, ...],
    about: str = "",
    asked: str = "",
    command: str = "",
    moments: Literal["one", "two"] = "one",
    period: Periods = "",
    period_help: str = "",
) -> Callable[[V], V]:
    """Declare a view under its name."""

    def declare(cls: V) -> V:
        if "__annotations__" not in cls.__dict__:
            cls.__annotations__ = {}  # else those of View would be taken for its parameters
        made = with_slots(cls)
        made.NAME, made.TITLE, made.EXAMPLE, made.NEEDS, made.KEY = name, title, example, needs, key
        made.COMMAND = command or name
        made.ABOUT, made.ASKED = about, asked or f"sales {made.COMMAND} --json"
        made.MOMENTS, made.PERIOD, made.PERIOD_HELP = moments, period, period_help
        return made  # type: ignore[no-any-return]

    return declare


def by_policies(policies: Sequence[Mapping[str, Any]]) -> Note:
    """Return the note on which policies the figures rest, and since when each is in force."""
    named = [Note("{name} ({since})", {"name": p["name"], "since": p["from"] or Note("default")}) for p in policies]
    return Note("By the policies: {policies}.", {"policies": named})
