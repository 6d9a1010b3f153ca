"""Processes that race: for the same subjects, and a reader who follows what many write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

from infra.db.errors import StoreBusy
from infra.event_store.factory import open_log
from infra.store.open import create_store
from tests.conftest import make_store
from tests.faults.running import BOSS, ended, jsonl, sales, spawned
from tests.given import lead, line
from tests.torture.killing import writing
from tests.torture.writing import whole

SUBJECTS = 5


def processes(url: str, folder: Path, lines: int, many: int = 4) -> int:
    """Let processes record into the same subjects at once; return the number of events, of which none may be missing."""
    create_store(url, first_actor=BOSS)[0].close()
    first = jsonl(folder / "first.jsonl", *(lead(f"l{n}", by=BOSS) for n in range(SUBJECTS)))
    assert sales("apply", first, store=url).status == 0
    going = []
    for who in range(many):
        said = [
            line("follow-up.log", f"l{n % SUBJECTS}", by=BOSS, at="2024-01-20", channel="call", key=f"{who}/{n}")
            for n in range(lines)
        ]
        going.append(spawned("apply", jsonl(folder / f"{who}.jsonl", *said), store=url))
    for process in going:
        done = ended(process)
        assert (done.status, Counter(done.codes)) == (0, {"recorded": lines}), done.err
    log = open_log(url)
    records = whole(log)
    log.close()
    touches = [record.key for record in records if record.name == "customer.followed_up"]
    assert sorted(touches) == sorted(f"{who}/{n}" for who in range(many) for n in range(lines))
    return len(records)


def tailing(url: str, seconds: float, writers: int = 8) -> tuple[int, int]:
    """Follow a log that `writers` write for a while; return what was written, and how much was missed or came twice."""
    make_store(url)
    stop, seen = Event(), list[int]()

    def follow() -> None:
        log = open_log(url)
        while True:
            ending = stop.is_set()
            records = log.read(seen[-1] if seen else 0, 50)
            seen.extend(record.position for record in records)
            if ending and not records:
                log.close()
                return

    reader = Thread(target=follow)
    reader.start()
    try:
        with writing(url, writers) as who:
            Event().wait(seconds)
    finally:
        stop.set()
        reader.join(60)
    # A writer who has waited five seconds is told that the store is busy, and nothing worse, and writes again.
    assert {type(fault) for each in who for fault in each.faults} <= {StoreBusy}
    log = open_log(url)
    count = len(whole(log))
    log.close()
    assert seen == sorted(set(seen)), "doubled or out of order"
    return count, count - len(seen)


def tailing_a_sequence(url: str, transactions: int = 120) -> int:
    """Follow a table whose positions come from a sequence; return how many rows the reader missed.

    This is what the log's own numbering saves us from: whoever commits late gets a position that was passed already.
    """
    import psycopg

    from infra.db.postgres import Address

    table = f"seq_{uuid4().hex}"
    params = Address(url).params
    with psycopg.connect(**params, autocommit=True) as setup:
        setup.execute(f"CREATE TABLE public.{table} (position bigserial PRIMARY KEY)")
    stop, seen = Event(), list[int]()

    def write() -> None:
        with psycopg.connect(**params) as own:
            for _ in range(transactions):
                own.execute(f"INSERT INTO public.{table} DEFAULT VALUES")
                own.execute("SELECT pg_sleep(random() * 0.005)")
                own.commit()

    def follow() -> None:
        with psycopg.connect(**params, autocommit=True) as own:
            while True:
                ending = stop.is_set()
                last = seen[-1] if seen else 0
                rows = own.execute(
                    f"SELECT position FROM public.{table} WHERE position > %s ORDER BY 1", (last,)
                ).fetchall()
                seen.extend(row[0] for row in rows)
                if ending and not rows:
                    return

    writers = [Thread(target=write) for _ in range(6)]
    reader = Thread(target=follow)
    for each in (reader, *writers):
        each.start()
    for each in writers:
        each.join(60)
    stop.set()
    reader.join(60)
    with psycopg.connect(**params, autocommit=True) as setup:
        setup.execute(f"DROP TABLE public.{table}")
    return 6 * transactions - len(seen)
