"""The end of the page: the lists of events behind the numbers, and what is to be told of each event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from infra.formats.grid import Row
from infra.formats.svg.elements import safe
from infra.formats.text_table import amount, bare, moment
from infra.i18n import translate
from infra.i18n.codes import event_word
from infra.i18n.translate import filled, marked
from infra.report.event_links import Listed
from projections.views.audit import telling

_ = translate.translate


def lists_section(lists: Sequence[Listed], limit: int) -> Iterator[str]:
    """Yield the list of each number that has several events; a long one is cut, and says so."""
    yield f'<section id="numbers"><h2>{safe(_("Events behind the numbers"))}</h2>\n'
    note = _("Each number above leads to its event, or to its line here; the number of an event leads to what it says.")
    yield f'<p>{safe(note)}</p>\n<dl class="lists">\n'
    for held in lists:
        yield _list(held, limit)
    yield "</dl></section>\n"


def _list(held: Listed, limit: int) -> str:
    shown = held.events[:limit]
    count = filled(marked("{count} events"), {"count": f"{len(held.events):,}"})
    links = " · ".join(_mention(position, brought) for position, brought in shown)
    more = ""
    if len(held.events) > limit:
        line = filled(marked("and {count} more:"), {"count": f"{len(held.events) - limit:,}"})
        more = f" · {safe(line)} <code>{safe(held.command)}</code>"
    return f'<div id="{held.href[1:]}"><dt>{safe(held.told)} · {safe(count)}</dt><dd>{links}{more}</dd></div>\n'


def _mention(position: int, brought: str | None) -> str:
    link = f'<a href="#e{position}">{position}</a>'
    if not brought or abs(Decimal(brought)) == 1:
        return link
    value = Decimal(brought)
    return f"<span>{link} {'+' if value > 0 else '−'}{amount(abs(value))}</span>"


def events_section(events: Sequence[Row]) -> Iterator[str]:
    """Yield the events that the page speaks of, in the order of the log."""
    yield f'<section id="events"><h2>{safe(_("Events"))}</h2>\n'
    if not events:
        yield f'<p class="soft">{safe(_("No event stands behind these numbers."))}</p></section>\n'
        return
    heads = (marked("No."), marked("Occurred, recorded"), marked("Who"), marked("What"))
    titles = "".join(f'<th scope="col">{safe(_(head))}</th>' for head in heads)
    yield f'<div class="wide"><table class="events"><thead><tr>{titles}</tr></thead><tbody>\n'
    known = {row.values["position"] for row in events}
    for row in events:
        yield _event(row.values, known)
    yield "</tbody></table></div></section>\n"


def _event(row: Mapping[str, Any], known: set[int]) -> str:
    position = row["position"]
    recorded = f'<span class="soft">{safe(moment(row["recorded"]))}{_late(row)}</span>'
    when = f"{safe(moment(row['occurred']))}<br>{recorded}"
    who = safe(row["actor"])
    if row["recorder"] != row["actor"]:
        who += f'<br><span class="soft">{safe(filled(marked("entered by {login}"), {"login": row["recorder"]}))}</span>'
    return (
        f'<tr id="e{position}"><td class="n">{position}</td><td class="nowrap">{when}</td>'
        f"<td>{who}</td><td>{_what(row, known)}</td></tr>\n"
    )


def _late(row: Mapping[str, Any]) -> str:
    if not row.get("late_days"):
        return ""
    line = marked("1 working day late") if row["late_days"] == 1 else marked("{count} working days late")
    return " · " + safe(filled(line, {"count": row["late_days"]}))


def _what(row: Mapping[str, Any], known: set[int]) -> str:
    subject = row.get("named") or row["subject"]
    told = f"<strong>{safe(event_word(row['name']))}</strong> · {safe(subject)}"
    changes = "; ".join(_change(change) for change in telling(row))
    if changes:
        told += f"<br>{changes}"
    if row.get("reason"):
        told += f"<br>{safe(_('Reason'))}: {safe(row['reason'])}"
    for key, line in (("corrects", marked("corrects {position}")), ("corrected_by", marked("corrected by {position}"))):
        if row.get(key):
            told += f"<br>{_reference(line, row[key], known)}"
    return told


def _change(change: Mapping[str, Any]) -> str:
    before = "" if change.get("from") is None else f"{safe(bare(change['from']))} → "
    return f'<span class="soft">{safe(change["field"])}</span> {before}{safe(bare(change["to"]))}'


def _reference(line: str, position: int, known: set[int]) -> str:
    words = safe(filled(line, {"position": position}))
    return f'<a href="#e{position}">{words}</a>' if position in known else words
