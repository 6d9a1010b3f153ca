"""Every command explains itself, and its help opens with an example; a typo gets a suggestion."""

import pytest

from cli.registry import COMMANDS, EXTRAS, NOUNS
from domain.kernel.action import Action
from domain.kernel.registry import ACTION_HOMES, all_actions

from .conftest import Sales

PATHS = [
    "",
    *NOUNS,
    *COMMANDS,
    *("config show", "config set", "config path"),
    *(cls.NAME.replace(".", " ") for cls in all_actions()),
    *(f"{noun} {verb}" for noun, verb in EXTRAS),
]


@pytest.mark.parametrize("path", PATHS)
def test_help_opens_with_an_example(sales: Sales, path: str) -> None:
    done = sales(*path.split(), "--help")

    first, second, *_ = done.out.splitlines()
    assert done.status == 0
    assert f"sales {path}".strip() in (second if first == "Examples:" else first)


@pytest.mark.parametrize("path", PATHS)
def test_help_speaks_chinese(sales: Sales, path: str) -> None:
    done = sales("--lang", "zh", *path.split(), "--help")

    assert done.out.startswith("示例：")
    assert "用法：" in done.out


@pytest.mark.parametrize("cls", all_actions(), ids=lambda cls: cls.NAME)
def test_the_example_of_an_action_is_understood(sales: Sales, cls: type[Action]) -> None:
    import shlex

    done = sales(*shlex.split(cls.EXAMPLE)[1:], "--dry-run")

    assert done.status != 2, done.err


def test_every_noun_of_the_domain_has_its_line_in_the_help() -> None:
    assert list(NOUNS) == list(ACTION_HOMES)


def test_nothing_but_sales_prints_the_help(sales: Sales) -> None:
    assert sales().out == sales("--help").out
    assert sales("lead").out == sales("lead", "-h").out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trakcing", "Did you mean tracking?"),
        ("leed", "Did you mean lead?"),
        ("lead captrue", "Did you mean lead capture?"),
        ("lead capture X --chanel online", "Did you mean --channel?"),
        ("config shw", "Did you mean config show?"),
        ("tracking --as-off 2024", "Did you mean --as-of?"),
    ],
)
def test_a_typo_gets_a_suggestion(sales: Sales, typed: str, meant: str) -> None:
    done = sales(*typed.split())

    assert done.status == 2
    assert done.out == ""
    assert meant in done.err
    assert done.err.endswith("[usage.options]\n")


def test_a_topic_has_a_page(sales: Sales) -> None:
    assert "lead.capture" in sales("help", "actions").out
    assert "key.conflict" in sales("help", "errors").out
    assert sales("help", "batch").out.startswith("sales apply ")
    assert "batch" in sales("help").out
    assert sales("help", "bach").status == 2


def test_help_of_a_command_is_its_own_page(sales: Sales) -> None:
    for name in ("agenda", "lead", "report"):
        assert sales("help", name) == sales(name, "--help")
    assert sales("help", "nothing-like-it").status == 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("find", "x"), "Did you mean show?"),
        (("customer", "list"), "Did you mean tracking?"),
        (("leads",), "Did you mean tracking?"),
        (("player",), "Did you mean replay?"),
        (("trackng",), "Did you mean tracking?"),
        (("qqq",), "There is no command qqq."),
        (("lead", "capture", "x", "--chanel", "online"), "Did you mean --channel?"),
        (("target", "set", "--amount", "1"), "There is no option --amount.\n"),
        (("customer", "add-contact", "x", "--name", "y"), "There is no option --name.\n"),
    ],
)
def test_what_is_suggested_was_probably_meant(sales: Sales, words: tuple[str, ...], meant: str) -> None:
    assert meant in sales(*words).err
