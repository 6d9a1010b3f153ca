"""Records are opened, go on and are closed; they are known as they were, late, corrected and withdrawn ones too."""

from __future__ import annotations

from domain.calendar.period import Period
from projections.queries.record_events import Found, found
from tests.given import Given, lead, line


def records(
    given: Given, *kinds: str, as_of: str | None = None, known_at: str | None = None, **more: object
) -> list[Found]:
    with given.store.view("records", "audit", "pipeline") as ask:
        return found(ask, given.store.moments(as_of, known_at), *kinds, **more)  # type: ignore[arg-type]


def stood(given: Given, as_of: str | None = None, known_at: str | None = None, **more: object) -> list[tuple]:
    return [
        (each.number, each.state, each.content["what"])
        for each in records(given, "next-action", as_of=as_of, known_at=known_at, **more)
    ]


def actions() -> list[dict]:
    return [
        lead("a"),
        line("next-action.set", "a", by="zhang.san", at="2024-01-10", key="n1", what="寄样品", working_days=3),
        line("next-action.set", "a", by="zhang.san", at="2024-01-11", key="n2", what="寄报价", due="2024-01-20"),
        line("next-action.reschedule", "n2", by="zhang.san", at="2024-01-15", due="2024-01-25"),
        line(
            "next-action.complete",
            "n1",
            by="zhang.san",
            at="2024-01-16",
            entered="2024-01-18T09:00:00+08:00",
            key="done",
        ),
    ]


def test_a_record_stands_in_the_state_of_the_moment(given: Given) -> None:
    given.happened(*actions())
    assert stood(given, "2024-01-10") == [("n1", "open", "寄样品")]
    assert stood(given) == [("n1", "completed", "寄样品"), ("n2", "open", "寄报价")]
    assert stood(given, still_open=True) == [("n2", "open", "寄报价")]
    assert stood(given, opened=Period.parse("2024-01-10")) == [("n1", "completed", "寄样品")]
    (moved,) = records(given, "next-action", as_of="2024-01-14", still_open=True, opened=Period.parse("2024-01-11"))
    assert moved.content["due"] == "2024-01-20"
    (moved,) = records(given, "next-action", still_open=True)
    assert (moved.content["due"], [each.day.isoformat() for each in moved.events]) == (
        "2024-01-25",
        ["2024-01-11", "2024-01-15"],
    )


def test_what_was_entered_late_was_not_known_before(given: Given) -> None:
    given.happened(*actions())
    assert stood(given, "2024-01-17", "2024-01-17T18:00")[0] == ("n1", "open", "寄样品")
    assert stood(given, "2024-01-17")[0] == ("n1", "completed", "寄样品")


def test_a_correction_and_a_withdrawal_change_it_from_their_own_time_on(given: Given) -> None:
    given.happened(*actions())
    given.happened(
        line("event.correct", "n2", by="chen.jing", at="2024-02-01", reason="误写", values={"what": "寄合同"}),
        line("event.void", "done", by="chen.jing", at="2024-02-02", reason="误录"),
    )
    assert stood(given) == [("n1", "open", "寄样品"), ("n2", "open", "寄合同")]
    assert stood(given, known_at="2024-02-01T20:00") == [("n1", "completed", "寄样品"), ("n2", "open", "寄合同")]
    assert stood(given, known_at="2024-01-31") == [("n1", "completed", "寄样品"), ("n2", "open", "寄报价")]
    before = [
        stood(given, day, known) for day in ("2024-01-12", "2024-03-01") for known in ("2024-01-20", "2024-02-01", None)
    ]
    given.reopened().projector.rebuild(["records"])
    assert before == [
        stood(given, day, known) for day in ("2024-01-12", "2024-03-01") for known in ("2024-01-20", "2024-02-01", None)
    ]


def test_a_merged_leads_record_is_its_survivors(given: Given) -> None:
    given.happened(*actions(), lead("b", at="2024-01-12"))
    given.happened(line("lead.merge", "b", by="zhang.san", at="2024-01-20", duplicate="a"))
    (early,) = records(given, "next-action", as_of="2024-01-19", still_open=True)
    (late,) = records(given, "next-action", still_open=True)
    assert (early.customer, early.number) == (given.subject("a"), "n2")
    assert (late.customer, late.number) == (given.subject("b"), f"{given.subject('a')}/n2")
