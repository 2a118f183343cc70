"""A journal of ten thousand entries, its backup of the day before, and what was kept elsewhere."""

import shutil

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, select, text
from sqlalchemy.event import listens_for

from audit.event import Event, Outcome
from audit.export import export
from audit.journal import Journal, Reason
from audit.readings import Register
from audit.schema import journal_event, metadata
from audit.triggers import create_statements

ORIGIN = "casework.exemple.fr/journal"
SIZE, BACKUP, CHECKPOINTS = 10_000, 8_000, (5_000, 9_000)
WHERE = 6_123  # where the attacks strike
UNKNOWN = "unknown"  # wrong, and no entry can be named
FIRST, SECOND = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def events(count, start=0):
    for number in range(start, start + count):
        yield Event.now(
            actor=f"M-{number % 12:04}",
            role="coordonnateur",
            action="situation:read",
            outcome=Outcome.AUTORISE if number % 7 else Outcome.REFUSE,
            object=f"CCTP-2026-{number % 300:03}",
            cell="CCTP",
            article="CSI, art. L. 132-5",
            detail={"champs": number % 5},
        )


def engine_of(path):
    engine = create_engine(f"sqlite:///{path}")

    @listens_for(engine, "connect")
    def _hasten(connection, _record):
        connection.execute("PRAGMA synchronous = OFF")  # tests need no power cut

    return engine


def grow(path, journal, start, size):
    """Append up to ``size``; returns the last checkpoint kept on the way."""
    note = ""
    with engine_of(path).begin() as connection:
        if not start:
            metadata.create_all(connection)
            for statement in create_statements("sqlite"):
                connection.execute(text(statement))
            journal.initialise(connection)
        for number, event in enumerate(events(size - start, start), start=start + 1):
            journal.append(connection, event)
            if number in CHECKPOINTS:
                note = journal.checkpoint(connection, Reason.JOUR)
    return note


def write_export(path, key, register, to):
    with engine_of(path).connect() as connection, to.open("wb") as file:
        export(connection, key, file, register.read())
    return to


class Original:
    """The journal before anything is done to it, its backup of the day before, and what was kept
    away from the server: a checkpoint, an export, the public key, the register of readings."""

    def __init__(self, folder):
        self.database, self.backup = folder / "journal.db", folder / "backup.db"
        self.register = Register(folder / "lectures")
        journal = Journal(ORIGIN, FIRST)
        self.key = journal.verifier
        grow(self.database, journal, 0, BACKUP)
        shutil.copy(self.database, self.backup)
        self.kept = folder / "note.txt"
        self.kept.write_text(grow(self.database, journal, BACKUP, SIZE))
        with engine_of(self.database).connect() as connection:
            read = journal_event.c.seq.in_([10, WHERE, 8_500])
            for row in connection.execute(select(journal_event).where(read)):
                self.register.note(row.seq, row.leaf)
        self.export = write_export(self.database, self.key, self.register, folder / "export")


def sql(*statements):
    def attack(path, _original):
        with engine_of(path).begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    return attack


def said(report):
    """For each question: None when all is well, else the first wrong entry."""
    verdicts = (report.sequence, report.integrity, report.consistency, report.completeness)
    return tuple(
        None if verdict.ok else UNKNOWN if verdict.first is None else verdict.first
        for verdict in verdicts
    )
