"""The reference pages say what the program does: they are as generated, and every key that is printed is documented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.docs.reference import PAGES, page
from cli.docs.reference.commands import ANSWER
from cli.docs.reference.emitted_events import events_of
from cli.docs.reference.errors import MEMBERS, WARNINGS
from cli.docs.reference.views import AROUND, BEHIND, SHOW, all_entries
from cli.main import run
from domain.kernel.registry import all_actions
from tests.given import Given
from tests.story import story

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_the_generated_one(name: str) -> None:
    path = REFERENCE / f"{name}.md"
    written = path.read_text("utf-8") if path.exists() else ""
    assert written == page(name), "write it again: python -m cli.docs.reference"


def test_no_other_page_lies_beside_them() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == {f"{name}.md" for name in PAGES}


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of a store with the story in it, which the environment names too."""
    url = f"sqlite:///{tmp_path}/story.db"
    given = Given(url)
    given.happened(*story())
    given.close()
    for name, value in {"SALES_STORE": url, "SALES_ACTOR": "lin.zong", "SALES_CONFIG": f"{tmp_path}/none"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return url


def printed(words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    run(words.split())
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("tracking", "tracking --explain"),
        ("progress", "progress --period 2024Q1 --explain"),
        ("pipeline", "pipeline --as-of 2024-01-24 --explain"),
        ("cadence", "cadence --period 2024Q1 --explain"),
        ("cadence-summary", "cadence --period 2024Q1 --summary"),
        ("waterfall", "waterfall --from 2024-01-22 --to 2024-01-31"),
        ("targets", "targets --period 2024Q1 --explain"),
        ("funnel", "funnel --period 2024Q1 --by channel --explain"),
        ("objections", "objections --explain"),
        ("objections-summary", "objections --summary"),
        ("collaborations", "collaborations --explain"),
        ("collaborations-summary", "collaborations --summary"),
        ("after-sales", "after-sales --explain"),
        ("after-sales-summary", "after-sales --summary"),
        ("reviews", "reviews --explain"),
        ("playbook", "playbook --retired --explain"),
        ("guide", "guide a"),
        ("norms", "norms --period 2024Q1 --explain"),
        ("norms-in-force", "norms --in-force --explain"),
        ("scorecard", "scorecard --period 2024Q1 --explain"),
        ("pool", "pool --as-of 2024-05-07 --explain"),
        ("pool-due", "pool --due --as-of 2024-05-06 --within 100 --explain"),
        ("disputes", "disputes --explain"),
        ("duplicates", "duplicates --explain --as-of 2024-01-08 --all"),
        ("grades", "grades --explain"),
        ("movers", "movers --period 2024Q1 --explain"),
        ("late-entries", "late-entries --period 2024Q1 --explain"),
        ("corrections", "corrections --period 2024Q1 --explain"),
        ("diff", "diff --from 2024-01-09 --to 2024-02-20 --period 2024Q1"),
        ("period-diff", "period diff 2024-01"),
        ("audit", "audit --explain"),
        ("log", "log"),
        ("status", "status"),
        ("policy", "policy show --explain"),
        ("target-suggest", "target suggest --period 2024Q1 --explain"),
        ("target-shares", "target suggest u --past 2023Q4 --explain"),
        ("plans", "plans --period 2024Q1 --explain"),
        ("capacity", "capacity --period 2024Q1 --explain"),
        ("resources", "resources --explain"),
        ("config", "config show"),
    ],
)
def test_every_key_of_a_row_is_documented(view: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(f"{words} --json", capsys)
    assert set(shown) <= set(AROUND)
    assert sorted(key for key, _type, _meaning in all_entries()[view][2]) == sorted(shown["rows"][0])
    behind = {key for row in shown["rows"] for event in row.get("events", ()) for key in event}
    assert behind <= {key for key, _type, _meaning in BEHIND}


@pytest.mark.usefixtures("played")
def test_every_key_of_a_subject_on_a_screen_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(printed("show a --json", capsys)) == list(SHOW)


@pytest.mark.usefixtures("played")
def test_every_key_of_an_answer_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    words = "lead capture 甲制造有限公司 --channel online --json"
    recorded, planned = printed(words, capsys), printed(f"{words} --dry-run", capsys)
    assert set(recorded) | set(planned) <= set(ANSWER)
    assert {warning["code"] for warning in recorded["warnings"]} <= set(WARNINGS)
    refused = printed("lead capture X --channel referral --json", capsys)
    assert set(refused) <= set(ANSWER)
    assert list(refused["error"]) == list(MEMBERS)


def test_the_events_that_an_action_is_said_to_make_are_those_it_makes(tmp_path: Path) -> None:
    given = Given(f"sqlite:///{tmp_path}/story.db")
    made: dict[str, set[str]] = {}
    for said in story():
        (answer,) = given.happened(said)
        made.setdefault(said["action"], set()).update(answer.names)
    given.close()
    assert {action.NAME: {event.NAME for event in events_of(action)} for action in all_actions()} == made
