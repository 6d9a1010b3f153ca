"""Two people are answered at once, each in their own language and unit, about a store of their own."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

from cli.views.declared import read_out, said
from infra.formats.result import Result
from infra.formats.text_table import table
from infra.i18n import translate
from infra.queries.runner import run
from infra.store.open import open_store
from projections.views.pipeline import Pipeline
from tests.given import Given, company, lead

ROUNDS = 25
PEOPLE = {"zh": ("10k", "甲公司", "120000"), "en": ("1", "乙公司", "70000")}


def filled(url: str, name: str, amount: str) -> str:
    """Make a store with one opportunity."""
    given = Given(url)
    data = {"customer": "a", "amount": amount, "close_date": "2024-03-01"}
    opened = {"action": "opportunity.open", "actor": "zhang.san", "key": "o", "at": "2024-01-10", "data": data}
    given.happened(*company(), lead("a", name, by="zhang.san", at="2024-01-08"), opened)
    given.store.catch_up()
    given.close()
    return url


def told(url: str, language: str, unit: str) -> str:
    """Return the pipeline as a person reads it."""
    translate.use(language)
    translate.use_unit(unit)
    store = open_store(url)
    try:
        answer = run(store, Pipeline, {}, as_of="2024-02-01", known_at="2024-12-31")
        rows = read_out(answer.view, answer.rows, "table")
        lines = table(Result("pipeline", answer.view.columns("table"), rows, answer.meta))[0]
        return "\n".join([*lines, *map(said, answer.notes)])
    finally:
        store.close()


def test_two_threads_answer_in_two_languages_about_two_stores(tmp_path: Path) -> None:
    urls = {who: filled(f"sqlite:///{tmp_path}/{who}.db", *PEOPLE[who][1:]) for who in PEOPLE}
    meant = {who: _alone(urls[who], who) for who in PEOPLE}
    assert {"甲公司", "公司", "乙公司", "Company"} <= set(" ".join(meant.values()).split()), meant
    together, heard = Barrier(len(PEOPLE)), {who: set[str]() for who in PEOPLE}

    def ask(who: str) -> None:
        for _ in range(ROUNDS):
            together.wait(30)
            heard[who].add(told(urls[who], who, PEOPLE[who][0]))

    before = translate.language(), translate.unit()
    threads = [Thread(target=ask, args=(who,)) for who in PEOPLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert heard == {who: {meant[who]} for who in PEOPLE}
    assert (translate.language(), translate.unit()) == before, "what a thread speaks is nobody else's"


def _alone(url: str, who: str) -> str:
    found: list[str] = []
    thread = Thread(target=lambda: found.append(told(url, who, PEOPLE[who][0])))
    thread.start()
    thread.join(60)
    return found[0]
