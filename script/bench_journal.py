"""The journal beside its floors: what the same machine does in the same minute without it.

append    an entry of its own, committed, over a bare insert of as many bytes, as durably
verify    entries a second of this process's processor, over what Python's driver and SHA-256 take
          alone: each row fetched and dropped, a leaf and a node hashed for each
proof     an inclusion proof, over one row read by its primary key
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select, text, update

from audit import offline, proofs
from audit.event import Event, Outcome, leaf_of
from audit.export import export
from audit.journal import SALT_BYTES, Journal
from audit.notes import Checkpoint, Signer, sign
from audit.schema import journal_event, journal_head, metadata
from audit.stored import rows
from audit.tree import Frontier
from audit.triggers import create_statements
from audit.verify import verify
from casework.db import Database

ORIGIN = "banc.exemple/journal"
ROUNDS, AT_ONCE, PASSES = 300, 5000, 3
BARE = Table(
    "bare", MetaData(), Column("id", Integer, primary_key=True), Column("content", LargeBinary)
)


def an_event(number: int) -> Event:
    return Event.now(
        actor=f"M-{number % 12:04}",
        role="coordonnateur",
        action="situation:read",
        outcome=Outcome.AUTORISE,
        object=f"CCTP-2026-{number % 300:03}",
        cell="CCTP",
        article="CSI L.132-5",
    )


CONTENT = an_event(0).canonical() + bytes(SALT_BYTES + 64)
LEAF, NODE = bytes(1 + SALT_BYTES) + an_event(0).canonical(), bytes(65)


class Bench:
    """One journal and one bare table in one database."""

    def __init__(self, url: str, rounds: int) -> None:
        self.rounds = rounds
        self.database = Database(url)
        self.key = Ed25519PrivateKey.generate()
        self.journal = Journal(ORIGIN, self.key)
        with self.database.write() as session:
            connection = session.connection()
            metadata.create_all(connection)
            BARE.create(connection)
            for statement in create_statements(connection.dialect.name):
                connection.execute(text(statement))
            self.journal.initialise(connection)
            session.commit()

    def append(self) -> None:
        self.journal.record(self.database.engine, an_event(1))

    def bare(self) -> None:
        with self.database.engine.connect() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                connection.execute(insert(BARE), {"content": CONTENT})

    def append_over_bare(self) -> dict[str, float]:
        """Interleaved, so that both meet the same disk: by the clock, then by the processor."""
        for _ in range(5):
            self.append(), self.bare()
        found = {}
        for name, spent in (("clock", timed), ("processor", worked)):
            times = [(spent(self.append), spent(self.bare)) for _ in range(self.rounds)]
            ratio = median(one for one, _ in times) / median(other for _, other in times)
            found[name] = round(ratio, 2)
        return found

    def per_second(self, act: Callable[[], None], workers: int) -> float:
        """Of so many processes at once."""
        fork = multiprocessing.get_context("fork")
        ready = fork.Barrier(workers + 1)
        each = self.rounds // workers

        def work() -> None:
            self.database.engine.dispose(close=False)
            act()
            ready.wait()
            for _ in range(each):
                act()

        processes = [fork.Process(target=work) for _ in range(workers)]
        for process in processes:
            process.start()
        ready.wait()
        started = perf_counter()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            sys.exit("a worker failed")
        return each * workers / (perf_counter() - started)

    def fill(self, entries: int) -> None:
        """Grow the journal in bulk, as no one can through its door."""
        with self.database.write() as session:
            connection = session.connection()
            head = connection.execute(select(journal_head)).one()
            frontier, rows = Frontier.from_bytes(head.frontier), []
            connection.execute(text(f"DROP TRIGGER {self._trigger('journal_event_next')}"))
            connection.execute(text(f"DROP TRIGGER {self._trigger('journal_head_grows')}"))
            for seq in range(frontier.size, entries):
                columns, salt = an_event(seq).columns(), os.urandom(SALT_BYTES)
                leaf = leaf_of(salt, columns)
                nodes = b"".join(frontier.append(leaf))
                rows.append({"seq": seq, **columns, "salt": salt, "leaf": leaf, "nodes": nodes})
                if len(rows) == AT_ONCE or seq == entries - 1:
                    connection.execute(insert(journal_event), rows)
                    rows.clear()
            state = Checkpoint(ORIGIN, frontier.size, frontier.root())
            connection.execute(
                update(journal_head).values(
                    size=frontier.size,
                    frontier=frontier.to_bytes(),
                    note=sign(state, Signer(ORIGIN, self.key)),
                )
            )
            session.commit()

    def proof_over_read(self, entries: int) -> tuple[float, float]:
        """The time of a proof in milliseconds, and how many rows read one by one it is worth."""
        one = select(journal_event.c.leaf)
        with self.database.engine.connect() as connection:
            proofs.inclusion(connection, 0, entries)
            times = []
            for seq in range(0, entries, max(1, entries // self.rounds)):
                proof = timed(lambda at=seq: proofs.inclusion(connection, at, entries))
                query = one.where(journal_event.c.seq == seq)
                times.append((proof, timed(lambda asked=query: connection.execute(asked).all())))
        middle = median(proof for proof, _ in times)
        return middle * 1000, middle / median(read for _, read in times)

    def verified(self, entries: int) -> dict[str, float]:
        """Processor time of each entry in microseconds: verified from the database, from an export,
        and the two floors, interleaved so that they meet the same machine."""

        def fetches() -> None:
            with self.database.engine.connect() as connection:
                for _ in rows(connection, entries):
                    pass

        def hashes() -> None:
            for _ in range(entries):
                sha256(LEAF).digest()
                sha256(NODE).digest()

        def database() -> None:
            with self.database.engine.connect() as connection:
                verify(connection, self.journal.verifier)

        with TemporaryDirectory(prefix="casework-bench-") as folder:
            path = Path(folder) / "export"
            with self.database.engine.connect() as connection, path.open("wb") as file:
                export(connection, self.journal.verifier, file)
            acts = {
                "database": database,
                "bare_fetch": fetches,
                "bare_hashes": hashes,
                "export": lambda: offline.verify(path),
            }
            times = [{name: worked(act) for name, act in acts.items()} for _ in range(PASSES)]
        return {name: min(time[name] for time in times) / entries * 1e6 for name in acts}

    def _trigger(self, name: str) -> str:
        # On PostgreSQL the rank is the primary key's business, and a trigger belongs to its table.
        if self.database.url.get_backend_name() == "sqlite":
            return name
        table = "journal_head" if name == "journal_head_grows" else "journal_event"
        return f"IF EXISTS {name} ON {table}"


def timed(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def worked(act: Callable[[], object]) -> float:
    """The processor time this process spends, which other work on the machine disturbs less; not
    that of a database server."""
    started = process_time()
    act()
    return process_time() - started


def figures(url: str, entries: int) -> dict[str, Any]:
    """Everything, on one database."""
    bench = Bench(url, rounds=max(20, min(ROUNDS, entries // 100)))
    ratio = bench.append_over_bare()
    rates = {
        f"{name}_{workers}_workers": round(bench.per_second(act, workers))
        for name, act in (("append", bench.append), ("bare", bench.bare))
        for workers in (1, 4)
    }
    bench.fill(entries)
    proof_ms, over_read = bench.proof_over_read(entries)
    spent = bench.verified(entries)
    bench.database.engine.dispose()
    return {
        "entries": entries,
        "append_over_bare": ratio,
        "per_second": rates,
        "proof_ms": round(proof_ms, 3),
        "proof_over_one_read": round(over_read, 1),
        "verification_microseconds_an_entry": {name: round(it, 2) for name, it in spent.items()},
        "verified_per_second": {name: round(1e6 / spent[name]) for name in ("database", "export")},
        "floor_per_second": round(1e6 / (spent["bare_fetch"] + spent["bare_hashes"])),
    }
