"""A model in plain dictionaries against both stores: random actions, and the same answers as of and known at any time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from tests.given import Given, Line, company, lead, line

REPS = ("zhang.san", "li.si", "zhou.ba")
DAYS = [date(2024, 1, 8) + timedelta(days=7 * n) for n in range(11)]
DAY = st.integers(0, len(DAYS) - 1)


class Contract:
    """What the model knows of a contract: its owner, and its amounts with the day and the position of each."""

    def __init__(self, owner: str, amount: int) -> None:
        self.owner, self.amount, self.stage = owner, amount, "draft"
        self.signed: list[tuple[str, int, int]] = []
        self.paid: list[tuple[str, int, int]] = []

    def total(self, amounts: list[tuple[str, int, int]], day: str, position: int) -> int:
        return sum(amount for on, known, amount in amounts if on <= day and known <= position)


class Pair(RuleBasedStateMachine):
    """Plays the same lines into a SQLite file and a Postgres schema, and keeps the model beside them."""

    sqlite_folder = Path()
    postgres = ""
    signings = 0

    @initialize()
    def begin(self) -> None:
        self.stores = [
            Given(f"sqlite:///{self.sqlite_folder}/{uuid4().hex}.db"), Given(f"{self.postgres}&schema=m{uuid4().hex}")
        ]  # fmt: skip
        self.leads: dict[str, str] = {}
        self.stages: dict[str, str] = {}
        self.touches: dict[str, list[str]] = {}
        self.contracts: dict[str, Contract] = {}
        self.position = 0
        self.play(*company())

    def play(self, *lines: Line) -> list[CommandResult | Problem]:
        """Apply lines to both stores, which must answer alike; return the answers."""
        ours, theirs = ([self._told(answer) for answer in store.answers(*lines)] for store in self.stores)
        assert ours == theirs, (ours, theirs)
        answers = self._last
        self.position = self.stores[0].store.reader.head()[0]
        return answers

    def _told(self, answer: CommandResult | Problem) -> tuple[Any, ...]:
        self._last = [*getattr(self, "_collected", []), answer]
        self._collected = self._last
        if isinstance(answer, Problem):
            return (answer.code,)
        return (answer.status, answer.names, answer.position)

    def one(self, said: Line) -> bool:
        """Apply one line and say whether it is recorded."""
        self._collected = []
        answer = self.play(said)[-1]
        return isinstance(answer, CommandResult) and answer.status == "recorded"

    @rule(owner=st.sampled_from(REPS), day=DAY, again=st.booleans())
    def capture(self, owner: str, day: int, again: bool) -> None:
        key = f"l{len(self.leads) - again}" if self.leads else "l0"
        known = key in self.leads
        on = DAYS[day].isoformat()
        done = self.one(lead(key, by=owner if not known else self.leads[key], at=on))
        assert not (done and known), "a key recorded twice"
        if done:
            self.leads[key], self.touches[key], self.stages[key] = owner, [], "captured"

    @rule(which=st.integers(0, 9), day=DAY)
    def touch(self, which: int, day: int) -> None:
        key = f"l{which}"
        on = DAYS[day].isoformat()
        by = self.leads.get(key, REPS[0])
        done = self.one(line("follow-up.log", key, by=by, at=on, channel="call", key=f"t{self.position}"))
        assert done <= (key in self.leads)
        if done:
            self.touches[key].append(on)

    @rule(which=st.integers(0, 9), amount=st.integers(1, 9), day=DAY)
    def draft(self, which: int, amount: int, day: int) -> None:
        customer = f"l{which % max(1, len(self.leads))}"
        key, owner = f"c{len(self.contracts)}", self.leads.get(customer)
        on = DAYS[day].isoformat()
        fields = {"number": key, "customer": customer, "amount": str(amount * 10_000), "owner": owner or REPS[0]}
        done = self.one(line("contract.draft", by=owner or REPS[0], at=on, key=key, **fields))
        assert done <= (owner is not None)
        if done:
            self.contracts[key] = Contract(owner or "", amount * 10_000)

    @rule(which=st.integers(0, 9), day=DAY, step=st.sampled_from(["next", "next", "next", "submit", "approve", "sign"]))
    def go_on(self, which: int, day: int, step: str) -> None:
        key = f"c{which % max(1, len(self.contracts))}"
        contract = self.contracts.get(key)
        following = {"draft": "submit", "submitted": "approve", "approved": "sign", "signed": "receive"}
        if step == "next":
            step = following[contract.stage] if contract else "sign"
        owner = contract.owner if contract else REPS[0]
        on = DAYS[day].isoformat()
        said = {
            "submit": line("contract.submit", key, by=owner, at=on),
            "approve": line("contract.approve", key, by="lin.zong", at=on),
            "sign": line("contract.sign", key, by=owner, date=on),
            "receive": line("payment.receive", key, by=owner, amount="1000", date=on, key=f"p{self.position}"),
        }[step]
        before = contract.stage if contract else ""
        done = self.one(said)
        needed = {"submit": "draft", "approve": "submitted", "sign": "approved", "receive": "signed"}[step]
        assert not done or before == needed, (step, before)
        if done and contract:
            contract.stage = {"submit": "submitted", "approve": "approved", "sign": "signed", "receive": "signed"}[step]
            if step == "sign":
                Pair.signings += 1
                contract.signed.append((on, self.position, contract.amount))
            if step == "receive":
                contract.paid.append((on, self.position, 1_000))

    @rule(which=st.integers(0, 9), amount=st.integers(1, 9), day=DAY)
    def deal(self, which: int, amount: int, day: int) -> None:
        before = len(self.contracts)
        self.draft(which, amount, day)
        for _ in range(3 * (len(self.contracts) - before)):
            self.go_on(before, day, "next")

    @rule(which=st.sampled_from([0, 1]))
    def open_again(self, which: int) -> None:
        """Another process goes on, with nothing kept in memory; now and then after the tables are folded again."""
        if self.position % 3 == 0:
            self.stores[which].store.projector.rebuild(("tracking", "progress"))
        self.stores[which].reopened()

    @rule(day=DAY)
    def ask(self, day: int) -> None:
        """The tables say as of a day, and known then, what the model says; the same on both stores."""
        on = DAYS[day].isoformat()
        ours, theirs = ([_without_ids(row) for row in store.tracking(on)] for store in self.stores)
        assert sorted(ours, key=repr) == sorted(theirs, key=repr)
        assert self.figures(0, on, None) == self.figures(1, on, None) == self.model(on, self.position)
        recorded = self.stores[0].store.reader.record(max(1, self.position // 2))
        known = recorded.recorded if recorded else None
        position = self.stores[0].store.reader.position_at(known or "")
        assert self.figures(0, on, known) == self.figures(1, on, known) == self.model(on, position)

    def figures(self, which: int, as_of: str, known_at: str | None) -> dict[tuple[str, str], int]:
        """Return what each rep signed and collected, from the table of progress."""
        rows = self.stores[which].progress("2024Q1", as_of, known_at, metric="sales")
        wanted = ((row["owner"], row["basis"], row["actual"]) for row in rows if row["owner"] in REPS)
        return {(owner, basis): int(actual) for owner, basis, actual in wanted if actual and int(actual)}

    def model(self, as_of: str, position: int) -> dict[tuple[str, str], int]:
        """Return the same from the dictionaries."""
        found: dict[tuple[str, str], int] = {}
        for contract in self.contracts.values():
            for basis, amounts in (("signed", contract.signed), ("collected", contract.paid)):
                total = contract.total(amounts, as_of, position)
                if total:
                    found[contract.owner, basis] = found.get((contract.owner, basis), 0) + total
        return found

    @invariant()
    def the_logs_are_the_same(self) -> None:
        if not hasattr(self, "stores"):
            return
        ours, theirs = (
            [(each.version, each.name, each.occurred, each.recorded, each.actor, each.key) for each in store.store.reader.read(0, 10_000)]
            for store in self.stores
        )  # fmt: skip
        assert ours == theirs

    def teardown(self) -> None:
        for store in getattr(self, "stores", ()):
            store.close()


def _without_ids(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


@contextmanager
def _machine(folder: Path, postgres: str) -> Iterator[type[Pair]]:
    yield type("Machine", (Pair,), {"sqlite_folder": folder, "postgres": postgres})


def agree(folder: Path, postgres: str, examples: int, steps: int) -> int:
    """Play `examples` histories of up to `steps` actions into both stores and the model. Raises AssertionError.

    Returns how many contracts were signed in them, for a history in which nothing happens proves nothing.
    """
    Pair.signings = 0
    with _machine(folder, postgres) as machine:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
                suppress_health_check=list(HealthCheck), print_blob=False,
            ),
        )  # fmt: skip
    return Pair.signings
