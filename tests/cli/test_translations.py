"""Nothing that a user reads is without its Chinese, and a translation names the same facts as its original."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import cli.views
from infra.i18n.catalogue.compile import HERE, compiled, read_po
from infra.i18n.catalogue.messages import VARIABLES, messages
from projections.views.column import Column
from projections.views.registry import all_views
from projections.views.spec import View

SOURCE = HERE / "zh" / "LC_MESSAGES" / "salestrail.po"
TEXTS = read_po(SOURCE)


def test_no_message_is_without_a_translation() -> None:
    missing = [message for message in messages() if not TEXTS.get(message)]

    assert missing == [], "translate them in salestrail.po, then run: python -m infra.i18n.catalogue.compile"


def test_the_compiled_catalogue_is_that_of_its_source() -> None:
    assert SOURCE.with_suffix(".mo").read_bytes() == compiled(TEXTS, "zh")


@pytest.mark.parametrize("message", TEXTS)
def test_a_translation_names_the_same_facts(message: str) -> None:
    assert set(re.findall(r"{\w+}", message)) == set(re.findall(r"{\w+}", TEXTS[message]))


ROOT = Path(__file__).parents[2]
TERM = re.compile(r"^\| (?P<english>[^|]+) \| (?P<chinese>[^|]+) \| (?P<unused>[^|]+) \|$", re.MULTILINE)


def test_one_thing_has_one_chinese_word() -> None:
    glossary = ROOT / "docs" / "zh" / "glossary.md"
    terms = [
        match for match in TERM.finditer(glossary.read_text("utf-8")) if match["english"] not in ("English", "---")
    ]
    unused = [word for term in terms for word in term["unused"].split("、") if word != "—"]
    pages = [page for page in (*(ROOT / "docs" / "zh").rglob("*.md"), ROOT / "README.zh.md") if page != glossary]
    read = [*TEXTS.values(), *(page.read_text("utf-8") for page in pages)]

    assert len(terms) > 50
    assert sorted(word for word in unused if any(word in text for text in read)) == []


def test_no_two_columns_of_a_view_have_one_title() -> None:
    alike = {}
    for module in pkgutil.iter_modules(cli.views.__path__, "cli.views."):
        held = vars(importlib.import_module(module.name))
        views = {name: value for name, value in held.items() if isinstance(value, tuple) and name.isupper()}
        for name, columns in views.items():
            shown = [each for each in (*columns, *views.get(f"{name}_MORE", ())) if isinstance(each, Column)]
            for said in ({each.key: each.title for each in shown}, {each.key: TEXTS[each.title] for each in shown}):
                twice = sorted(title for title in set(said.values()) if list(said.values()).count(title) > 1)
                if twice:
                    alike[f"{module.name} {name}"] = twice
    assert alike == {}


@pytest.mark.parametrize("view", all_views(), ids=lambda view: view.NAME)
def test_no_two_columns_of_a_declared_view_have_one_title(view: type[View]) -> None:
    for columns in (view.COLUMNS, view.SUMMARY.columns if view.SUMMARY else ()):
        for said in ([c.title for c in columns if c.title], [TEXTS[c.title] for c in columns if c.title]):
            assert sorted(title for title in set(said) if said.count(title) > 1) == []


def test_what_a_note_says_stands_in_its_call_or_in_a_variable_that_is_looked_at() -> None:
    """Else nobody finds it, and it has no Chinese."""
    unfound = []
    for path in sorted((ROOT / "projections" / "views").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note":
                said = node.args[0]
                known = not isinstance(said, ast.Name) or said.id in VARIABLES or said.id.isupper()
                unfound += [] if known and not isinstance(said, ast.JoinedStr) else [f"{path.name}:{node.lineno}"]
    assert unfound == []


def test_the_standard_library_reads_the_catalogue_too() -> None:
    import gettext

    with SOURCE.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)

    assert {message: catalogue.gettext(message) for message in TEXTS} == TEXTS
