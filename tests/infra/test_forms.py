"""What every form declares holds together: columns, titles, words in both languages."""

from __future__ import annotations

import pytest

from infra.imports.column_mapping import folded
from infra.imports.form import ENVELOPE, MAPS, Form, form, forms

FORMS = [form(path.stem) for path in sorted(MAPS.glob("*.toml"))]
OFFERED = [each for each in FORMS if each.name in forms()]


def test_no_two_forms_bear_one_name_or_stand_in_one_place() -> None:
    assert len({each.order for each in FORMS}) == len({each.title.zh for each in FORMS}) == len(FORMS)


@pytest.mark.parametrize("each", OFFERED, ids=lambda each: each.name)
def test_a_form_names_only_columns_that_it_has(each: Form) -> None:
    known = {*each.fields(), *ENVELOPE}
    named = {name for needed in each.required for name in needed.split("|")} | {*each.identifying, *each.refers}
    named |= {name for step in each.steps for name in (*step.when, *step.by, *step.at)}
    assert named <= known
    assert each.headings.keys() <= known
    assert each.values.keys() <= known
    assert {column.column for column in each.template} <= known
    assert {name for needed in each.required for name in needed.split("|")} <= {c.column for c in each.template}


@pytest.mark.parametrize("each", OFFERED, ids=lambda each: each.name)
def test_every_required_field_of_its_actions_has_a_column(each: Form) -> None:
    for step in each.steps:
        fields = {field.name for field in step.columns().values() if field.required} - set(step.joined)
        names = step.fields or {name: name for name in fields}
        assert fields - set(names) == set(), step.action


@pytest.mark.parametrize("each", FORMS, ids=lambda each: each.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_titles_are_told_apart_and_known_again(each: Form, language: str) -> None:
    titles = [folded(column.title(language)) for column in each.template]
    assert len(set(titles)) == len(titles)
    known = {name: {folded(word) for word in words} for name, words in each.synonyms().items()}
    for column, title in zip(each.template, titles, strict=True):
        first = next(name for name, words in known.items() if title in words)
        others = [name for name, words in known.items() if title in words and name != column.column]
        assert first == column.column or not others, (title, others)


@pytest.mark.parametrize("each", OFFERED, ids=lambda each: each.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_word_of_a_drop_down_means_its_code(each: Form, language: str) -> None:
    words = each.common_words()
    for column, field in each.fields().items():
        for code in each.choices(column):
            label = each.label(column, code, language)
            meant = {folded(word): value for word, value in words.get(column, {}).items()}.get(folded(label), label)
            assert (field.kind.read(meant) if field.choices else meant) == code
