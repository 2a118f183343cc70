"""Processes killed at every step, and two hundred threads at once, on both databases."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, event, func, select

from audit import expiry
from audit.event import Event, Outcome, timestamp
from audit.journal import Journal, Reason
from audit.periods import Period
from audit.query import search
from audit.schema import journal_event
from audit.verify import verify

ORIGIN = "casework.exemple.fr/journal"
NEXT = Ed25519PrivateKey.generate()
fork = multiprocessing.get_context("fork")
THREADS, EACH = 200, 2
WORKERS = {"sqlite": 2, "postgresql": 4}


def an_event(days: int = 0) -> Event:
    return Event(
        time=timestamp(datetime.now(UTC) - timedelta(days=days)),
        actor="M-0003",
        role="coordonnateur",
        action="situation:read",
        outcome=Outcome.AUTORISE,
    )


def append(journal: Journal, connection: Connection) -> None:
    journal.append(connection, an_event())


def checkpoint(journal: Journal, connection: Connection) -> None:
    journal.append(connection, an_event())
    journal.checkpoint(connection, Reason.JOUR)


def rotate(journal: Journal, connection: Connection) -> None:
    journal.rotate(connection, NEXT)


def expire(journal: Journal, connection: Connection) -> None:
    expiry.expire(connection, journal, Period())


def child(engine: Engine, act: Callable[[], object]) -> int:
    """Run ``act`` in a process of its own; how it ended."""
    process = fork.Process(target=_alone, args=(engine, act))
    process.start()
    process.join(60)
    assert process.exitcode is not None, "it never ended"
    return process.exitcode


def _alone(engine: Engine, act: Callable[[], object]) -> None:
    engine.dispose(close=False)  # the parent's connections stay the parent's
    act()


def _dying(engine: Engine, journal: Journal, act: Callable, step: int) -> Callable[[], None]:
    """The act, in a process that kills itself at its ``step``: before and after each statement,
    before the commit, and after it."""

    def run() -> None:
        passed = iter(range(10_000))

        def reach(*_: object) -> None:
            if next(passed) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine, name, reach)
        with engine.connect() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                act(journal, connection)
        reach()

    return run


@pytest.mark.parametrize("act", [append, checkpoint, rotate, expire])
def test_killed_at_every_step(engine: Engine, act: Callable) -> None:
    first, held = Ed25519PrivateKey.generate(), []
    held += [first, NEXT]
    journal = Journal(ORIGIN, first, held=lambda: held)
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        journal.initialise(connection)
        for days in (800, 800, 0):
            journal.append(connection, an_event(days))
    step, ended, sizes = 0, -signal.SIGKILL, set()
    while ended == -signal.SIGKILL:
        with engine.connect() as connection:
            before = verify(connection, journal.verifier).size
        ended = child(engine, _dying(engine, journal, act, step))
        with engine.connect() as connection:
            report = verify(connection, journal.verifier)
        assert report.ok, (step, report.sentences())
        assert report.size - before in (0, 1), step
        journal.record(engine, an_event())
        sizes.add(report.size - before)
        step += 1
        assert step < 60
    assert ended == 0
    assert step > 6
    assert sizes == {0, 1}


def _crowd(engine: Engine, journal: Journal, threads: int) -> Callable[[], None]:
    def one(_number: int) -> None:
        for _ in range(EACH):
            receipt = journal.record(engine, an_event())
            with engine.connect() as connection:
                rows = search(connection, limit=5)
            assert rows[0].seq >= receipt.seq

    def run() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(threads)))

    return run


def test_two_hundred_at_once(engine: Engine, journal: Journal) -> None:
    workers = WORKERS[engine.dialect.name]
    crowd = _crowd(engine, journal, THREADS // workers)
    processes = [fork.Process(target=_alone, args=(engine, crowd)) for _ in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(180)
    assert [process.exitcode for process in processes] == [0] * workers
    with engine.connect() as connection:
        report = verify(connection, journal.verifier)
        last = connection.execute(select(func.max(journal_event.c.seq))).scalar()
    assert report.ok, report.sentences()
    assert report.size == THREADS * EACH == last + 1
