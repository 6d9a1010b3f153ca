"""What goes wrong is said in one form, in two languages and as JSON, with a stable code and exit status."""

import errno
import io
import json
import re
import sys
from pathlib import Path

import pytest

from cli.core import errors
from cli.core.session import Session
from infra.errors.problem import Problem
from infra.i18n.catalogue.messages import messages

from .conftest import Sales


def test_an_error_says_what_why_and_what_next(sales: Sales) -> None:
    done = sales("lead", "capture", "某某", "--channel", "referral")

    assert done.status == 3
    assert done.out == ""
    assert done.err == (
        "error: The source must be traceable: the channel referral needs its referrer.\n"
        "hint: Add --referrer, so that the source can be traced.\n"
        "[lead.untraceable]\n"
    )


def test_an_error_in_chinese_keeps_its_code(sales: Sales) -> None:
    done = sales("lead", "grade", "没有的公司", "high", "--lang", "zh")

    assert done.status == 4
    assert done.err == (
        "错误：没有名为 没有的公司 的客户。\n提示：请用编号、键或准确的名称；查看：sales tracking\n[subject.unknown]\n"
    )


def test_an_error_as_json_stands_on_stdout(sales: Sales) -> None:
    done = sales("--json", "lead", "capture", "某某", "--channel", "referral")

    answer = json.loads(done.out)
    assert done.err == ""
    assert answer["schema"] == 1
    assert answer["ok"] is False
    assert set(answer["error"]) == {"code", "message", "facts", "hint", "retry"}
    assert answer["error"]["code"] == "lead.untraceable"
    assert answer["error"]["facts"] == {"channel": "referral", "missing": "referrer"}


@pytest.mark.parametrize("words", ["--json lead captrue", "lead captrue -o json", "lead capture --output=json --x"])
def test_a_mistyped_line_is_answered_in_the_form_it_asked_for(sales: Sales, words: str) -> None:
    done = sales(*words.split())

    assert done.status == 2
    assert json.loads(done.out)["error"]["code"] == "usage.options"


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ("lead capture", 2, "usage.missing_field"),
        ("lead capture X", 2, "usage.missing_field"),
        ("lead validate", 4, "subject.missing"),
        ("lead grade X best", 2, "usage.bad_value"),
        ("opportunity open X --amount 12万", 2, "usage.bad_value"),
        ("lead capture X --channel a --at 2024-02-30", 2, "usage.bad_time"),
        ("lead capture X --channel a --at soon", 2, "usage.bad_time"),
        ("lead validate X Y Z", 2, "usage.options"),
        ("lead capture --channel", 2, "usage.options"),
        ("tracking --explain=yes", 2, "usage.options"),
        ("tracking --grade best", 2, "usage.bad_value"),
        ("tracking -o yaml", 2, "usage.bad_value"),
        ("tracking --lang fr", 2, "usage.bad_value"),
        ("tracking --as-of never", 2, "usage.bad_moment"),
        ("tracking --store nowhere", 7, "store.unreachable"),
        ("show", 2, "usage.missing_field"),
        ("schema lead.capt", 2, "usage.unknown_action"),
        ("config set colour red", 2, "config.unknown"),
        ("config set lang fr", 2, "usage.bad_value"),
    ],
)
def test_what_is_mistyped_has_a_code_and_an_exit_status(sales: Sales, words: str, status: int, code: str) -> None:
    assert sales("init").status == 0
    done = sales(*words.split())

    assert (done.status, done.err.splitlines()[-1]) == (status, f"[{code}]")
    assert done.err.startswith("error: ")


def test_a_wrong_environment_is_told_too(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_LANG", "fr")

    assert sales("tracking").err.endswith("[usage.bad_value]\n")


def test_a_broken_config_file_is_named(sales: Sales) -> None:
    Path("salestrail.toml").write_text("lang = ", "utf-8")

    done = sales("config", "show")

    assert done.status == 2
    assert "salestrail.toml" in done.err
    assert done.err.endswith("[config.bad_file]\n")


def test_an_interruption_ends_with_130(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert errors.reported(KeyboardInterrupt(), Session({})) == 130
    assert capsys.readouterr().err.startswith("error: Interrupted.")


def test_a_fault_has_no_traceback(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert errors.reported(ZeroDivisionError("by\nzero"), Session({})) == 1

    told = capsys.readouterr().err
    assert told.startswith("error: A fault of the program: ZeroDivisionError: by zero.\n")
    assert "Traceback" not in told


def test_a_fault_shows_its_traceback_when_asked(
    machine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALES_DEBUG", "1")

    errors.reported(ZeroDivisionError("by zero"), Session({}))

    assert "ZeroDivisionError" in capsys.readouterr().err.splitlines()[0]


class Broken(io.StringIO):
    """A stdout that fails with `number` as soon as it is written to."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        raise OSError(self.number, "cannot write")

    def flush(self) -> None:
        raise OSError(self.number, "cannot write")


def test_a_reader_that_has_gone_is_no_error(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(errno.EPIPE))

    done = sales("config", "show")

    assert (done.status, done.err) == (0, "")


def test_a_full_disk_behind_stdout_is_told(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(errno.ENOSPC))

    done = sales("config", "show")

    assert done.status == 2
    assert done.err.endswith("[file.unwritable]\n")


def test_an_error_obeys_no_character_of_the_data(sales: Sales) -> None:
    done = sales("lead", "validate", "\x1b[2Jgone\x9b\u202etxt")

    assert "\\x1b[2Jgone\\x9b\\u202etxt" in done.err
    assert "\x1b" not in done.err


def test_a_word_in_another_encoding_is_told_in_any_form(sales: Sales) -> None:
    assert sales("\udcff").err.startswith("error: There is no command \\udcff.")
    assert json.loads(sales("\udcff", "--json").out)["error"]["facts"]["why"] == "There is no command \\udcff."


def test_an_empty_value_is_visible(sales: Sales) -> None:
    assert sales("lead", "capture", "", "--channel", "a").err.startswith('error: company can\'t be "": it is empty.')


def test_a_fact_that_a_text_lacks_does_not_hide_the_error() -> None:
    assert "(subject)" in errors.told(Problem("subject.unknown", noun="customer"))


def test_whoever_is_no_person_of_the_store_is_told_what_helps(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sales("person", "register", "zhao.liu", "--name", "赵六", "--role", "manager").status == 0
    lead = ("lead", "capture", "甲公司", "--channel", "online")
    monkeypatch.setenv("LOGNAME", "root")
    for words in (lead, ("person", "register", "boss", "--name", "B", "--role", "director")):
        done = sales(*words)
        assert (done.status, "[person.unknown]" in done.err) == (4, True)
        assert "--actor wang.fang" in done.err
    hinted = re.findall(r"sales ([^.。:：;；]* --name \.\.\. --role rep --actor wang\.fang)", done.err)
    assert sales(*lead, "--actor", "wang.fang").status == 0
    assert sales(*hinted[0].split()).status == 0
    assert sales("lead", "capture", "乙公司", "--channel", "online").status == 0

    monkeypatch.setenv("LOGNAME", "eve")
    assert sales("config", "set", "actor", "wang.fang").status == 0
    assert sales("lead", "capture", "丙公司", "--channel", "online").status == 0


def test_no_text_puts_an_article_before_what_it_does_not_know() -> None:
    assert [message for message in messages() if re.search(r"\b[Aa]n? \{", message)] == []
