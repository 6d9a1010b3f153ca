"""A view as text: an aligned table for eyes, tab-separated lines for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.terminal_text import clean, cut, pad, width
from projections.views.column import Column

_ = translate.translate

GAP = 2
TEN_THOUSAND: Final = Decimal(10_000)
NOTHING: Final[tuple[Any, ...]] = (None, "", [], ())
LEAST: Final = 14  # a text is not narrowed below this many columns of the terminal
NAME: Final = 16  # nor the first, which says what the row is about, below this many


def table(view: Result, limit: int | None = None) -> tuple[list[str], list[str]]:
    """Return the lines of an aligned table, and the titles of columns that `limit` left no room for.

    Where room is short, columns without any content go first, then those on the right; those asked for stand before them.
    """
    rows = list(view.rows)
    columns = view.columns
    if limit is not None and sum(widths_of(columns, rows)) + GAP * (len(columns) - 1) > limit:
        columns = tuple(c for c in columns if any(row.get(c.key) not in NOTHING for row in rows)) or columns
        columns = tuple(sorted(columns, key=lambda column: (column is not columns[0], not column.asked)))
    cells = [written(column, [row.get(column.key) for row in rows]) for column in columns]
    titles = [_(column.title) for column in columns]
    widths = [max([width(title), *map(width, held)]) for title, held in zip(titles, cells, strict=True)]
    kept = len(columns)
    if limit is not None:
        kept = fit(columns, titles, widths, limit)
    lines = [line(columns[:kept], titles, widths), "  ".join("─" * wide for wide in widths[:kept])]
    lines += [line(columns[:kept], [held[n] for held in cells], widths) for n in range(len(rows))]
    return lines, titles[kept:]


def widths_of(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return how many columns of the terminal each column of the table wants."""
    return [
        max([width(_(column.title)), *map(width, written(column, [row.get(column.key) for row in rows]))])
        for column in columns
    ]


def fit(columns: Sequence[Column], titles: Sequence[str], widths: list[int], limit: int) -> int:
    """Narrow the widest texts in `widths` until they fit into `limit`; return how many columns fit at all."""
    least = [
        min(wide, max(LEAST if n else min(NAME, limit), width(title))) if column.kind in ("text", "list") else wide
        for n, (column, title, wide) in enumerate(zip(columns, titles, widths, strict=True))
    ]
    kept = len(columns)
    while kept > 1 and sum(least[:kept]) + GAP * (kept - 1) > limit:
        kept -= 1
    over = sum(widths[:kept]) + GAP * (kept - 1) - limit
    while over > 0:
        widest = max(range(kept), key=lambda n: widths[n] - least[n])
        if widths[widest] <= least[widest]:
            break
        widths[widest] -= 1
        over -= 1
    return kept


def line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return one aligned line."""
    parts = [
        pad(cut(cell, wide), wide, right=column.right)
        for column, cell, wide in zip(columns, cells, widths, strict=False)
    ]
    return (" " * GAP).join(parts).rstrip()


def tabbed(view: Result) -> Iterator[str]:
    """Yield the view's lines with tabs between the cells, values as in JSON and nothing where nothing is known."""
    yield "\t".join(column.key for column in view.columns)
    for row in view.rows:
        yield "\t".join(clean(bare(row.get(column.key))) for column in view.columns)


def bare(value: Any) -> str:
    """Return a value as plain text, without thousands or percent."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(bare(part) for part in value)
    if isinstance(value, dict):
        return told(value)
    return str(value)


def told(value: dict[str, Any]) -> str:
    """Return what a row names as an object: a change, an event, or anything else by its fields."""
    if "field" in value and "to" in value:
        before = value.get("from")
        return f"{value['field']}: {'' if before is None else f'{bare(before)} → '}{bare(value['to'])}"
    if "position" in value and "name" in value:
        return f"{value['position']} {value['name']}"
    return ", ".join(f"{name}: {bare(part)}" for name, part in value.items())


def written(column: Column, values: Sequence[Any]) -> list[str]:
    """Return the cells of a column as they are read by a person."""
    shown = {"amount": amount, "count": counted, "ratio": percent, "time": moment}.get(column.kind, bare)
    nothing = _(column.missing)
    return [nothing if value in NOTHING else worded(clean(numbered(shown, value))) for value in values]


def worded(cell: str) -> str:
    """Return a cell with what stands in the place of a person's data in the user's language."""
    return cell.replace("[erased]", _("[erased]")).replace("[sealed]", _("[sealed]")) if "[" in cell else cell


def numbered(shown: Callable[[Any], str], value: Any) -> str:
    """Return a value in its column's form, or as it is where a number's column holds words."""
    try:
        return shown(value) if not isinstance(value, bool) else _("yes") if value else _("no")
    except InvalidOperation:
        return bare(value)


def amount(value: Any) -> str:
    """Return an amount with thousands; two decimals unless it is whole."""
    held = Decimal(value)
    return f"{held.quantize(Decimal(1 if held == held.to_integral_value() else '.01'), ROUND_HALF_UP):,f}"


def money(value: Any) -> str:
    """Return an amount of money in the unit that is asked for."""
    if translate.unit() == "1":
        return amount(value)
    return in_large(value) + _(" x 10k")


def in_large(value: Any) -> str:
    """Return an amount in 10k, with two decimals."""
    return f"{(Decimal(value) / TEN_THOUSAND).quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"


def counted(value: Any) -> str:
    """Return a count with thousands; a fraction keeps its decimals."""
    return f"{value:,}" if isinstance(value, int) else f"{Decimal(value):,f}"


def percent(value: Any) -> str:
    """Return a ratio as percent with one decimal."""
    return f"{(Decimal(value) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP):,f} %"


def moment(value: Any) -> str:
    """Return a time to the minute; a plain date as it is."""
    written_time = str(value)
    return written_time[:16].replace("T", " ") if len(written_time) > 10 else written_time
