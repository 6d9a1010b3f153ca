"""The log of runs: a line of JSON for each command, without anything personal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Sales

MEMBERS = ["time", "command", "actor", "status", "code", "ms", "position"]


def test_a_run_is_said_on_stderr_on_request(sales: Sales) -> None:
    done = sales("--log-json", "lead", "capture", "甲公司", "--channel", "online", "--contact", "王经理")

    said = json.loads(done.err.splitlines()[-1])
    assert list(said) == MEMBERS
    assert (said["command"], said["actor"], said["status"], said["code"]) == ("lead capture", "wang.fang", 0, None)
    assert said["position"] == 2
    assert "甲公司" not in done.err
    assert "王经理" not in done.err
    assert sales("tracking").err == ""


def test_a_file_gets_a_line_for_each_run_also_of_what_failed(sales: Sales) -> None:
    sales("config", "set", "log", "json")
    sales("config", "set", "log_file", "runs.log")

    sales("lead", "capture", "甲公司", "--channel", "online")
    assert sales("show", "无此公司").err.count("{") == 0
    sales("lead", "grade", "甲公司", "--grde", "high")
    sales("王经理")

    lines = [json.loads(line) for line in Path("runs.log").read_text("utf-8").splitlines()]
    assert [(line["command"], line["status"], line["code"]) for line in lines] == [
        ("lead capture", 0, None),
        ("show", 4, "subject.unknown"),
        ("lead", 2, "usage.options"),
        ("", 2, "usage.options"),
    ]
    assert Path("runs.log").stat().st_mode & 0o077 == 0
    assert "甲公司" not in Path("runs.log").read_text("utf-8")


def test_a_log_that_can_not_be_written_is_said_and_changes_nothing(
    sales: Sales, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALES_LOG", "json")
    monkeypatch.setenv("SALES_LOG_FILE", "/nowhere/runs.log")

    done = sales("lead", "capture", "甲公司", "--channel", "online")

    assert (done.status, done.err.splitlines()[-1]) == (0, "[file.unwritable]")
