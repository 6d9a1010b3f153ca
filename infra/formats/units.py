"""Amounts of a table in 10k (万元), for the eye: what is no money stays as it is, and so does every file for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.formats.cells import is_number
from infra.formats.result import Result
from infra.formats.text_table import amount, in_large
from infra.i18n import translate
from projections.views.column import Column

_ = translate.translate


def scaled(view: Result) -> Result:
    """Return the view with its amounts of money in 10k.

    Where all numbers of a column are money the unit stands in its title, else beside each amount.
    """
    rows = [dict(row) for row in view.rows]
    columns = tuple(_scaled(column, rows) for column in view.columns)
    return view._replace(columns=columns, rows=rows)


def _scaled(column: Column, rows: list[dict[str, Any]]) -> Column:
    if column.kind != "amount":
        return column
    numbers = [row for row in rows if is_number(str(row.get(column.key)))]
    alone = all(map(is_money, numbers))
    if not any(map(is_money, numbers)):
        return column
    for row in rows:
        value = row.get(column.key)
        if value is not None:
            row[column.key] = _told(str(value), alone=alone, money=is_money(row))
    title = _(column.title) + _(" (10k)") if alone else column.title
    return column._replace(title=title, kind="text", align="right")


def _told(value: str, *, alone: bool, money: bool) -> str:
    if not is_number(value):
        return value
    if not money:
        return amount(value)
    return in_large(value) if alone else in_large(value) + _(" x 10k")


def is_money(row: Mapping[str, Any]) -> bool:
    """Say whether a row's amounts are money: a row that names a currency has one, where the others have null."""
    return row.get("currency", "-") is not None
