"""A command from a declared view: its options, its help, and its answer in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import Command
from cli.core.options import argument, option
from cli.views.common import period_option, structured
from domain.kernel.field import Field, fields_of
from infra.i18n import translate
from infra.i18n.translate import filled, listed, marked
from projections.views.column import Change, Column, Money, Note, Row, Rows
from projections.views.parameters import GRADES
from projections.views.spec import View

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.queries.runner import Answer

METAVARS: Final = {
    "person": "LOGIN",
    "group": "CODE",
    "owner": "OWNER",
    "customer": "CUSTOMER",
    "subject": "SUBJECT",
    "metric": "METRIC",
    "sum": "METRIC",
    "target": "TARGET",
    "event-name": "EVENT",
    "department": "NAME",
    "period": "PERIOD",
    "policy": "POLICY",
    "several": "N",
    "ratio": "RATIO",
}
"""What stands in help for a parameter, by what its text stands for; the first three are looked up before a view is asked."""

SHORT: Final = {"count": ("-n",)}
"""Parameters that have a short option, too."""

EVENTS: Final = Column("events", marked("Events"), "list", asked=True)


def command_of(cls: type[View]) -> Command:
    """Return the command of a declared view."""
    fields = fields_of(cls)
    params: list[Any] = [
        argument(f.name, required=f.required, help=f.help, completes=METAVARS.get(f.role or "", ""))
        for f in fields
        if f.positional
    ]
    if cls.BETWEEN:
        params.append(option("since", "--from", metavar="MOMENT", help=cls.BETWEEN.since))
        params.append(option("until", "--to", metavar="MOMENT", help=cls.BETWEEN.until))
    if cls.PERIOD == "week":
        params.append(option("period", "--week", "-w", metavar="WEEK", help=cls.PERIOD_HELP))
    elif cls.PERIOD:
        params.append(period_option(cls.PERIOD_HELP))
    params += [option_of(field) for field in fields if not field.positional]
    if cls.SUMMARY:
        params.append(option("--summary", flag=True, help=cls.SUMMARY.help))

    def run(session: Session, **given: Any) -> None:
        ask(session, cls, given)

    help = " ".join((cls.__doc__ or "").split())
    name = cls.COMMAND.rpartition(" ")[2]
    return Command(name, run, params=params, help=help, example=cls.EXAMPLE, shows="view")


def option_of(field: Field) -> Any:
    """Return the option of a parameter."""
    names = (field.attribute, f"--{field.flag}", *SHORT.get(field.flag, ()))
    if field.kind.word == "flag":
        return option(*names, flag=True, help=field.help)
    if field.role == "grade":
        return option(*names, metavar="|".join(GRADES), offers=GRADES, help=field.help)
    metavar = METAVARS.get(field.role or "")
    return option(*names, choices=() if field.open else field.choices, metavar=metavar, help=field.help)


def ask(session: Session, cls: type[View], given: Mapping[str, Any]) -> None:
    """Ask a view and show what it answers."""
    from infra.queries.runner import must_be_known, run

    fields = {field.attribute: field for field in fields_of(cls)}
    parameters = {
        name: bool(value) if fields[name].kind.word == "flag" else value
        for name, value in given.items()
        if name in fields
    }
    if cls.ACTOR:
        parameters[cls.ACTOR] = parameters.get(cls.ACTOR) or session.config.flags.get("actor")
    must_be_known(cls, parameters)
    answer = run(
        session.store(),
        cls,
        parameters,
        as_of=session.as_of,
        known_at=session.known_at,
        period=given.get("period"),
        since=given.get("since"),
        until=given.get("until"),
        explain=bool(session.explain),
        summary=bool(given.get("summary")),
    )
    if given.get("summary"):
        show_summary(session, answer)
    else:
        show_rows(session, answer)
    if session.output == "table":
        for note in answer.notes:
            session.say(said(note))


def show_rows(session: Session, answer: Answer) -> None:
    """Print the rows under the view's columns."""
    from infra.formats.result import Result

    view, output = answer.view, session.output
    rows = answer.rows if structured(session) else read_out(view, answer.rows, output)
    columns = view.columns(output)
    below = bool(session.explain) and view.EVENTS == "lines" and output == "table"
    if session.explain and view.EVENTS and not below:
        columns = (*columns, EVENTS)
    if view.CHART == "bars" and output == "table":
        from infra.formats.text_bars import DRAWN

        columns = (*columns, DRAWN)
    columns = worth_their_width(columns, rows, output)
    if below:
        rows = [line for row in rows for line in (row, *map(view.line, row["events"]))]
    session.show(Result(view.NAME, columns, rows, answer.meta, view.TITLE, drawn(view)))


def drawn(view: View) -> Callable[[Rows], Iterable[Any]] | None:
    """Return what draws the chart of a view's workbook; how is loaded once it is drawn."""

    def draw(rows: Rows) -> Iterable[Any]:
        from infra.formats.charts import CHARTS

        return CHARTS[view.CHART](rows)

    return draw if view.CHART else None


def show_summary(session: Session, answer: Answer) -> None:
    """Print the lines that sum the rows up."""
    from infra.formats.result import Result

    summary = answer.view.SUMMARY
    assert summary is not None
    rows: Rows = answer.view.summed(answer.rows, answer.meta)
    if not structured(session):
        rows = [spoken(row, summary.columns, session.output) for row in rows]
    columns = tuple(column for column in summary.columns if column.title)
    if session.explain and summary.explained:
        columns = (*columns, EVENTS)
    session.show(Result(f"{answer.view.NAME}-summary", columns, rows, answer.meta, summary.title))


def read_out(view: View, rows: Rows, output: str) -> Rows:
    """Return the rows as a reader takes them in."""
    columns = view.columns(output)
    if view.CHART == "bars" and output == "table":
        from infra.formats import text_bars

        rows = list(text_bars.drawn(rows))
    return [spoken(row, columns, output) for row in view.readable(rows, output)]


def spoken(row: Row, columns: tuple[Column, ...], output: str) -> Row:
    """Return a row with the texts of its columns in place of their values."""
    told = {
        column.key: _spoken(row, column, output)
        for column in columns
        if column.text or column.kind == "flag" or (column.eye and output == "table")
    }
    return {**row, **told} if told else row


def _spoken(row: Row, column: Column, output: str) -> Any:
    text = column.eye if column.eye and output == "table" else column.text
    value = text(row) if text else row[column.key]
    if column.kind == "flag" and isinstance(value, bool):
        return translate.translate(marked("yes")) if value else None
    if isinstance(value, list):
        return [said(part) if isinstance(part, Note) else part for part in value]
    return said(value) if isinstance(value, Note) else value


def worth_their_width(columns: tuple[Column, ...], rows: Rows, output: str) -> tuple[Column, ...]:
    """Leave out of a table for the eye the columns that may be blank and are blank in every row."""
    if output != "table":
        return columns
    return tuple(c for c in columns if c.missing or not rows or any(row.get(c.key) is not None for row in rows))


def said(note: Note) -> str:
    """Return a note in the language in use, its amounts in the unit in use."""
    return filled(note.message, {name: _fact(value) for name, value in note.facts.items()})


def _fact(value: Any) -> Any:
    if isinstance(value, Note):
        return said(value)
    if isinstance(value, Money):
        from infra.formats.text_table import money

        shown = money(value)
        return f"+{shown}" if isinstance(value, Change) and not shown.startswith("-") else shown
    return listed(map(str, map(_fact, value))) if isinstance(value, list | tuple) else value
