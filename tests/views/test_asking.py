"""What is asked of a view and makes no question is refused, in the words in which it was asked."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Sales


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("pool --due --within 0", "usage.bad_value", "--within can't be 0: a whole number is expected."),
        ("pool --within -3", "usage.bad_value", "--within can't be -3"),
        (f"pool --within {'9' * 5000}", "usage.bad_value", "a whole number is expected."),
        (f"log --limit {'9' * 5000}", "usage.bad_value", "a whole number is expected."),
        ("pool --due --for zhang.san", "usage.options", "--due stands with --within, --owner and --group."),
        ("pool --due --period 2024Q1", "usage.options", "--due stands with --within, --owner and --group."),
        ("duplicates --likeness nan", "usage.options", "nan is no likeness; give 0.5 to 1."),
        ("duplicates --likeness 49%", "usage.options", "49% is no likeness"),
        ("grades zhang.san", "subject.wrong_kind", "zhang.san names something else: person, not customer."),
        ("guide HT-2024-005", "subject.wrong_kind", "HT-2024-005 names something else: contract, not customer."),
        ("guide demo#robot --as-of 2023-01-01", "subject.unknown", "There is no customer demo#robot."),
        ("guide", "usage.missing_field", "guide needs TOPIC."),
        ("waterfall --from 2024-03-01 --to 2024-02-01", "usage.options", "from 2024-03-01 to 2024-02-01."),
        ("waterfall --period 2024Q1 --from 2024-01-01", "usage.options", "give --period or --from and --to."),
        ("waterfall --to 2024-02-01 --as-of 2024-02-01", "usage.options", "--to is the as-of of a waterfall"),
    ],
)
def test_what_makes_no_question_is_refused(sales: Sales, quarter: str, words: str, code: str, said: str) -> None:
    done = sales(*words.split(), "--store", quarter)
    assert done.status != 0
    assert f"[{code}]" in done.err
    assert said in done.err


def test_events_are_lines_below_their_bar_for_the_eye_and_a_column_in_files(sales: Sales, quarter: str) -> None:
    asked = ("waterfall", "--period", "2024Q1", "--explain", "--store", quarter)
    lines = sales(*asked).out.splitlines()
    assert "Events" in lines[0]
    assert any(line.startswith("  ") and " opportunity.won" in line for line in lines)
    (head, *bars) = sales(*asked, "-o", "csv").out.splitlines()
    assert head.endswith("events")
    assert len([line for line in bars if line.startswith("won,")]) == 1
