"""Nothing that a user reads is without its Chinese, and a translation names the same facts as its original."""

import re

import pytest

from cli.locale.compile import HERE, compiled, read_po
from cli.locale.messages import messages

SOURCE = HERE / "zh" / "LC_MESSAGES" / "salestrail.po"
TEXTS = read_po(SOURCE)


def test_no_message_is_without_a_translation() -> None:
    missing = [message for message in messages() if not TEXTS.get(message)]

    assert missing == [], "translate them in salestrail.po, then run: python -m cli.locale.compile"


def test_the_compiled_catalogue_is_that_of_its_source() -> None:
    assert SOURCE.with_suffix(".mo").read_bytes() == compiled(TEXTS, "zh")


@pytest.mark.parametrize("message", TEXTS)
def test_a_translation_names_the_same_facts(message: str) -> None:
    assert set(re.findall(r"{\w+}", message)) == set(re.findall(r"{\w+}", TEXTS[message]))


def test_the_standard_library_reads_the_catalogue_too() -> None:
    import gettext

    with SOURCE.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)

    assert {message: catalogue.gettext(message) for message in TEXTS} == TEXTS
