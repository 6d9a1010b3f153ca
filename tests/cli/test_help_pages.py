"""`sales help TOPIC` on a terminal and through a pipe: which page, in which language, how it is drawn."""

from __future__ import annotations

import sys
from io import StringIO

import pytest

from cli.core import output
from cli.docs.pages.find import pages
from cli.docs.pages.markdown import blocks
from cli.docs.pages.render import fitted, inline, lines
from cli.main import run
from infra.i18n.terminal_text import width
from tests.cli.conftest import Sales


def test_the_list_begins_with_the_tutorial_and_names_every_page(sales: Sales) -> None:
    listed = sales("help").out

    assert "tutorial" in listed.splitlines()[3]
    assert {line.split()[0] for line in listed.splitlines() if line.startswith("  ")} >= set(pages())


def test_a_page_is_shown_in_the_language_asked_for(sales: Sales) -> None:
    assert sales("help", "close-a-quarter").out.startswith("Close a quarter\n═══════════════\n\nGoal: ")
    assert sales("help", "close-a-quarter", "--lang", "zh").out.startswith("季度关账\n════════\n\n目标：")
    assert "季度关账" in sales("help", "--lang", "zh").out


def test_a_page_without_a_translation_says_so_and_is_shown_in_english(sales: Sales) -> None:
    assert sales("help", "two-times", "--lang", "zh").out.startswith("本篇只有英文。\n\nTwo times")


def test_a_short_page_is_followed_by_the_long_one(sales: Sales) -> None:
    shown = sales("help", "import").out

    assert shown.startswith("sales template")
    assert "Workbooks and CSV files\n═══════" in shown


def test_a_mistyped_topic_names_the_page_that_was_meant(sales: Sales) -> None:
    done = sales("help", "close-quarter")

    assert (done.status, done.out) == (2, "")
    assert "close-a-quarter" in done.err
    assert "close-a-quarter" in sales("help", "close-quarter", "--lang", "zh").err


def test_a_long_page_goes_through_the_pager_on_a_terminal_only(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    paged: list[str] = []
    monkeypatch.setattr(output, "paged", paged.extend)
    monkeypatch.setenv("LINES", "20")
    piped = sales("help", "proof").out
    assert not paged

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    run(["help", "proof", "--no-color"])
    assert paged == piped.splitlines()

    run(["help", "proof", "--no-color", "--no-pager"])
    assert screen.getvalue() == piped


def drawn(source: str, columns: int = 40) -> list[str]:
    return list(lines(source, columns))


def test_headings_are_underlined_and_bold_where_there_is_colour() -> None:
    assert drawn("# 教程\n\n## A week") == ["教程", "════", "", "A week", "──────"]
    assert next(iter(lines("## A week", 40, bold=True))) == "\x1b[1mA week\x1b[0m"


def test_a_paragraph_is_filled_and_chinese_lines_are_joined_without_a_space() -> None:
    assert drawn("one\ntwo **three**") == ["one two three"]
    assert drawn("第一行\n第二行") == ["第一行第二行"]
    assert drawn("客户清单" * 4, 20) == ["客户清单客户清单客户", "清单客户清单"]


def test_a_list_hangs_and_its_items_stand_close() -> None:
    assert drawn("- one two three four\n- five\n  - six\n\n1. seven", 12) == [
        "• one two",
        "  three four",
        "• five",
        "  • six",
        "1. seven",
    ]


def test_code_is_shown_as_it_is_and_comments_are_not() -> None:
    assert drawn("<!-- hidden\nhere -->\n\n```\n$ sales  show <!-- kept -->\n\nx\n```\n") == [
        "    $ sales  show <!-- kept -->",
        "",
        "    x",
    ]


def test_a_table_is_fitted_and_its_cells_are_wrapped_by_columns_of_the_screen() -> None:
    table = "| key | meaning |\n| --- | --- |\n| `a\\|b` | 客户的名称以及所在的行业 |\n"
    shown = drawn(table, 20)

    assert shown[:2] == ["key  meaning", "───  ───────────────"]
    assert shown[2:] == ["a|b  客户的名称以及", "     所在的行业"]
    assert all(width(line) <= 20 for line in shown)
    assert fitted([30, 10, 3], 33) == [20, 10, 3]


def test_a_link_says_where_it_leads() -> None:
    assert inline("see [proof](../proof.md#keys)") == "see proof (sales help proof)"
    assert inline("[a note](https://c2sp.org/signed-note)") == "a note <https://c2sp.org/signed-note>"
    assert inline("[`check_proof.py`](check_proof.py) and [above](#above)") == "check_proof.py and above"
    assert inline("![what the demo shows](pictures/demo.svg)") == "[what the demo shows]"


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    assert "\x1b" not in "".join(drawn("a \x1b[31m red page\n\n```\n\x1b]0;title\x07\n```\n"))


def test_a_block_that_is_not_closed_ends_with_the_page() -> None:
    assert [type(block).__name__ for block in blocks("text\n\n```\ncode\n")] == ["Paragraph", "Code"]
