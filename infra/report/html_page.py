"""The report as one page of HTML that needs no network and no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from infra.formats.grid import Grid, Row, told_columns
from infra.formats.svg.elements import safe
from infra.formats.text_table import written
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.report.appendix import events_section, lists_section
from infra.report.event_links import Evidence
from infra.report.model import Head, Section
from infra.report.stylesheet import STYLE
from projections.views.column import NUMBERS, Column

_ = translate.translate

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LANGUAGES: Final = {"en": "en", "zh": "zh-Hans"}
Told = Callable[[Sequence[int]], Sequence[Row]]
"""Returns what is to be told of events, given by their positions; it may add those that correct them."""


def page(head: Head, figures: Grid, sections: Sequence[Section], told: Told) -> Iterator[str]:
    """Yield the page piece by piece; the events at its end are asked for when all numbers stand."""
    evidence = Evidence()
    body = [*_head(head, figures, evidence), _contents(sections)]
    for section in sections:
        body += _section(section, evidence)
    limit = evidence.limit()
    events = told(sorted(evidence.positions(limit)))
    yield f'<!doctype html>\n<html lang="{LANGUAGES[translate.language()]}"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{safe(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>{safe(head.title)}</title><style>{STYLE}</style></head>\n<body>\n"
    yield from body
    yield from lists_section(list(evidence.lists()), limit)
    yield from events_section(events)
    yield _foot(head)
    yield "</body></html>\n"


def _head(head: Head, figures: Grid, evidence: Evidence) -> Iterator[str]:
    yield f'<header><h1>{safe(head.title)}</h1><p class="answer">{safe(head.answer)}</p>'
    facts = {"as_of": head.as_of, "known_at": head.known_at, "position": f"{head.position:,}"}
    line = marked("As of {as_of} · as known at {known_at} · log position {position}")
    yield f'<p class="times">{safe(filled(line, facts))}</p>\n<dl class="figures">'
    by_key = {column.key: column for column in figures.columns}
    for row in figures.rows:
        yield f"<div><dt>{safe(row.values['figure'])}</dt>"
        large = _cell(figures, row, by_key["value"], evidence)
        yield f'<dd class="large">{large}</dd>'
        if row.values.get("beside"):
            yield f"<dd>{_linked(safe(row.values['beside']), figures, row, 'beside', evidence)}</dd>"
        yield "</div>"
    yield "</dl></header>\n"


def _contents(sections: Sequence[Section]) -> str:
    entries = [(section.key, section.title) for section in sections]
    entries += [("numbers", _("Events behind the numbers")), ("events", _("Events"))]
    lines = "".join(f'<li><a href="#{safe(key)}">{safe(title)}</a></li>' for key, title in entries)
    return f'<nav aria-label="{safe(_("Contents"))}"><ol>{lines}</ol></nav>\n'


def _section(section: Section, evidence: Evidence) -> Iterator[str]:
    yield f'<section id="{safe(section.key)}"><h2>{safe(section.title)}</h2>\n'
    for said in section.said:
        yield f"<p>{safe(said)}</p>"

    # The tables come first to their lists, under their own columns' names; the charts share them.
    tables = [piece for grid in section.grids for piece in _table(grid, evidence, titled=len(section.grids) > 1)]
    for picture in section.charts:
        caption = f"<figcaption>{safe(picture.title)}</figcaption>" if len(section.charts) > 1 else ""
        yield f"<figure>{caption}{picture.draw(evidence.add)}</figure>\n"
    yield from tables
    yield "</section>\n"


def _table(grid: Grid, evidence: Evidence, *, titled: bool) -> Iterator[str]:
    caption = f"<caption>{safe(grid.title)}</caption>" if titled else ""
    if not grid.rows:
        yield f'<p class="soft">{safe(grid.empty or _("Nothing to show: there was nothing of the kind, as far as was known then."))}</p>'
        return
    rows = grid.rows[: grid.most]
    columns = told_columns(grid, rows)
    heads = "".join(f'<th scope="col"{_class(column)}>{safe(_(column.title))}</th>' for column in columns)
    yield f'<div class="wide"><table>{caption}<thead><tr>{heads}</tr></thead><tbody>\n'
    for row in rows:
        cells = "".join(
            f"<td{_class(column, row.depth if n == 0 else 0)}>{_cell(grid, row, column, evidence)}</td>"
            for n, column in enumerate(columns)
        )
        whole = ' class="whole"' if row.whole else ""
        yield f"<tr{whole}>{cells}</tr>\n"
    yield "</tbody></table></div>\n"
    more = len(grid.rows) - len(rows)
    if more > 0:
        line = filled(marked("And {count} more:"), {"count": f"{more:,}"})
        yield f'<p class="soft">{safe(line)} <code>{safe(grid.command)}</code></p>\n'


def _class(column: Column, depth: int = 0) -> str:
    names = ["n"] if column.kind in NUMBERS else ["nowrap"] if column.kind in ("date", "time") else []
    names += [f"d{min(depth, 4)}"] if depth else []
    return f' class="{" ".join(names)}"' if names else ""


def _cell(grid: Grid, row: Row, column: Column, evidence: Evidence) -> str:
    value = row.values.get(column.key)
    told = written(column, [value])[0]
    if column.kind in NUMBERS and told.startswith("-"):
        told = f"−{told[1:]}"
    return _linked(safe(told), grid, row, column.key, evidence)


def _linked(words: str, grid: Grid, row: Row, key: str, evidence: Evidence) -> str:
    href = evidence.add(grid, row, key)
    return f'<a href="{href}">{words}</a>' if href else words


def _foot(head: Head) -> str:
    line = filled(marked("The same report again, as long as the log exists:"), {})
    return f"<footer><p>{safe(line)} <code>{safe(head.command)}</code></p></footer>"
