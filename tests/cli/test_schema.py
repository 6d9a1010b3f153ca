"""The schema of a line says what is asked: its required fields are enough, and none of them can be left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli.commands.schema import line_schema
from domain.kernel.action import Action
from domain.kernel.field import Field
from domain.kernel.registry import action_class, all_actions
from infra.commands.request import named_fields, request
from infra.errors.problem import Problem

from .conftest import Sales

VALUES: dict[str, Any] = {
    "number": "1",
    "count": 1,
    "flag": True,
    "date": "2024-02-19",
    "table": {"a": "b"},
    "currency": "CNY",
    "period": "2024Q1",
    "instalment": "100% @ signing+10",
    "next action": "报价 @ 2024-03-01",
    "promise": "样机 @ 2024-03-01",
}


def value(field: Field) -> Any:
    one = field.choices[0] if field.choices else VALUES.get(field.kind.word, "x")
    return [one] if field.many else one


def ways(data: dict[str, Any]) -> list[list[str]]:
    """Return for each thing that is required the names under which it may be said."""
    named = [[name] for name in data.get("required", ())]
    groups = [data] if "anyOf" in data else data.get("allOf", [])
    return named + [[name for way in group["anyOf"] for name in way["required"]] for group in groups]


def said(cls: type[Action], names: list[str]) -> dict[str, Any]:
    fields = named_fields(cls)
    body = {"action": cls.NAME, "data": {name: value(fields[name]) for name in names}}
    return body if cls.CREATES else {**body, "subject": "x"}


def code(line: dict[str, Any]) -> str | None:
    try:
        request(line)
    except Problem as problem:
        return problem.code
    return None


@pytest.mark.parametrize("name", [cls.NAME for cls in all_actions()])
def test_what_is_required_is_enough_and_nothing_of_it_can_be_left_out(name: str) -> None:
    cls = action_class(name)
    assert cls is not None
    needed = ways(line_schema(cls)["properties"]["data"])
    assert ("data" in line_schema(cls)["required"]) == bool(needed)
    for turn in range(max(map(len, needed), default=1)):
        names = [each[min(turn, len(each) - 1)] for each in needed]
        line = said(cls, names)
        assert code(line) not in ("usage.missing_field", "usage.unknown_field", "usage.either_field"), line
        for left_out in names:
            assert code(said(cls, [each for each in names if each != left_out])) == "usage.missing_field", left_out


def test_an_amendment_is_by_a_delta_or_to_an_amount(sales: Sales) -> None:
    shown = json.loads(sales("schema", "contract.amend").out)["properties"]["data"]
    assert ways(shown) == [["delta", "to"]]
    assert "amount" not in shown["properties"]
    line = {"action": "contract.amend", "subject": "c"}
    assert code({**line, "data": {"delta": "1", "to": "2"}}) == "usage.either_field"
    assert code({**line, "data": {"date": "2024-02-19"}}) == "usage.missing_field"


@pytest.mark.parametrize(("language", "between"), [("en", " or "), ("zh", "或")])
def test_an_amount_is_no_name_of_a_delta(team: Sales, language: str, between: str) -> None:
    done = team("contract", "amend", "HT-1", "--amount", "320000", "--lang", language)
    assert done.status == 2
    assert f"--delta{between}--to" in done.err.replace(" 或 ", "或")
    with pytest.raises(Problem) as wrong:
        request({"action": "contract.amend", "subject": "c", "data": {"amount": "320000"}})
    assert (wrong.value.code, wrong.value.facts["suggestion"]) == ("usage.unknown_field", "delta or to")


def test_a_hint_never_means_a_dash(sales: Sales, tmp_path: Any) -> None:
    from cli.core import errors

    for cls in all_actions():
        with pytest.raises(Problem) as wrong:
            request({"action": cls.NAME, "subject": "x", "data": {"zzzzqqq": "1"}})
        _, hint = errors.message_and_hint(wrong.value)
        assert "mean -" not in hint
        assert wrong.value.code == "usage.unknown_field"
