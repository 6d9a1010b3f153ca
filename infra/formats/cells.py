"""What a cell holds: values of a workbook as plain cells, and cells read as days, times and amounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.calendar.moment import NoTime, in_zone
from domain.kernel import money
from domain.kernel.field import BadValue

Cell = str | date | datetime

MOST_ROWS: Final = 1_048_576
"""The rows of a sheet, that of the headings included."""


class Spoilt(str):
    """What stands for a cell that can't be read, and why not."""

    why: BadValue

    def __new__(cls, said: str, why: BadValue) -> Spoilt:
        made = super().__new__(cls, said)
        made.why = why
        return made


ERRORS: Final = frozenset("#N/A #REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA".split())

_DAY: Final = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?",
    re.ASCII,
)
_AMOUNT: Final = re.compile(r"(¥)?\s*([+-]?[0-9,]*\.?[0-9]+)\s*(万)?\s*(元)?")

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


def guarded(cell: str) -> str:
    """Return a text as a CSV cell that no spreadsheet runs: with an apostrophe before what looks like a formula."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) and not is_number(cell) else cell


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def is_number(cell: str) -> bool:
    """Say whether a spreadsheet would read a plain number."""
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False


def is_error(cell: Cell) -> bool:
    """Say whether a cell shows that its formula failed."""
    return isinstance(cell, str) and cell in ERRORS


def plain(value: Any) -> Cell:
    """Return a workbook's value as a cell: numbers in plain digits, a date without a time as a date."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # Excel keeps fifteen digits; what a float has beyond them is noise.
        return format(Decimal(value if isinstance(value, int) else format(value, ".15g")), "f")
    if isinstance(value, datetime):
        return value.date() if value.time() == time.min else value
    return value if isinstance(value, date) else str(value).strip()


def text(cell: Cell) -> str:
    """Return a cell as text: a date as 2024-02-18, a time of a day as 2024-02-18T10:00:00."""
    return cell if isinstance(cell, str) else cell.isoformat()


def moment(cell: Cell, formats: Sequence[str], zone: ZoneInfo | None) -> date | datetime:
    """Return the day that a cell holds, or the time where it holds one; times are in `zone` where they don't say.

    Read are the `formats` of strptime, then 2024-02-18, 2024/2/18, 2024.2.18 and 2024年2月18日. Raises ValueError.
    """
    if isinstance(cell, datetime):
        return _in(cell, zone)
    if isinstance(cell, date):
        return cell
    words = unicodedata.normalize("NFKC", cell).strip()
    for form in formats:
        try:
            found = datetime.strptime(words, form)  # noqa: DTZ007 - a day has no zone; a time gets it below
        except ValueError:
            continue
        timed = any(part in form for part in ("%H", "%I", "%c", "%X"))
        return _in(found, zone) if timed else found.date()
    match = _DAY.fullmatch(words)
    if not match and words[10:11] not in ("T", " "):
        raise BadValue("a date is written 2024-02-18; name another form in the mapping's date_formats")
    try:
        return _written(match, zone) if match else _in(datetime.fromisoformat(words), zone)
    except NoTime:
        raise
    except ValueError:
        raise BadValue("it is no time of the calendar") from None


def _written(match: re.Match[str], zone: ZoneInfo | None) -> date | datetime:
    year, *rest = match.groups()
    month, day = (int(part) for part in rest[:4] if part)
    hour, minute, second = rest[4:]
    if hour is None:
        return date(int(year), month, day)
    time_of_day = time(int(hour), int(minute), int(second or 0))
    return _in(datetime.combine(date(int(year), month, day), time_of_day), zone)


def _in(found: datetime, zone: ZoneInfo | None) -> datetime:
    return in_zone(found, zone) if zone else found


def amount(cell: Cell, times: Decimal | None, currency: str) -> str:
    """Return the amount in a cell in plain digits, times `times`; 万 is ten thousand, ¥ and 元 go with CNY alone.

    What can't be read is returned as it is, for the field to refuse it. Raises ValueError for wrong grouping.
    """
    words = unicodedata.normalize("NFKC", text(cell)).strip()
    match = _AMOUNT.fullmatch(words)
    # ¥ beside another currency, or 万 in a column of 万元, may mean either of two things.
    if not match or ((match[1] or match[4]) and currency.strip().upper() not in ("", "CNY")) or (match[3] and times):
        return words
    digits = match[2]
    factor = Decimal(10_000) if match[3] else times
    if factor is None:
        return digits
    value = money.amount(digits) if "," in digits else Decimal(digits)
    return format((value * factor).normalize(), "f")
