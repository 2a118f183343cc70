"""Making a backup of a running instance: one consistent moment, one file, read back whole."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from sqlalchemy import Connection, select, text

from audit.schema import journal_head
from casework import migrate
from casework.backup import container, files, rows
from casework.backup.container import About, BackupError, Writer
from casework.backup.records import Recorder, Records
from casework.db import Database
from casework.instance import Instance
from casework.vault.keypair import PublicKey

Progress = Callable[[int, int], object]  # done, out of how many
TRIES = 20  # a change of the journal's key takes a moment, and never lasts


@dataclass(frozen=True)
class Made:
    """``entries`` is the size of the journal at the moment of the backup."""

    about: About
    counts: Mapping[str, int]
    digest: str

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def silent(_done: int, _of: int) -> None:
    """Nobody watches."""


def make(
    instance: Instance,
    database: Database,
    file: BinaryIO,
    recipients: Mapping[str, PublicKey],
    progress: Progress = silent,
) -> Made:
    """Write a backup sealed to the recipients, then read it back. ``file`` is open for both.

    BackupError when what was written is not what was read from the instance.
    """
    for _ in range(TRIES):
        # The register of readings is opened before the database, so that each reading it holds has
        # its entry in the copy; and the keys are the same before and after that moment.
        with files.held(instance.data) as held, snapshot(database) as connection:
            if held.changed():
                continue
            about = _about(instance, connection)
            writer = Writer(file, about, recipients)
            made = _write(Recorder(writer), instance, held, connection, about, progress)
        _read_back(file, writer.file_key, instance, made)
        return made
    raise BackupError("Les clés de l’instance sont en train de changer : recommencez.")


def _about(instance: Instance, connection: Connection) -> About:
    head = select(journal_head.c.size, journal_head.c.note)
    size, note = connection.execute(head).one()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return About(instance.origin, now, migrate.revision_of(connection) or "", size, note)


def _write(
    out: Recorder,
    instance: Instance,
    held: files.Held,
    connection: Connection,
    about: About,
    progress: Progress,
) -> Made:
    held.put(out)
    tables = rows.tables(connection)
    total, done = sum(rows.count(connection, table) for table in tables), 0
    for table in tables:
        out.table(table.name, rows.columns(table))
        for row in rows.read(connection, table):
            out.row(row)
            done += 1
            if done % rows.AT_ONCE == 0:
                progress(done, total)
    progress(total, total)
    digest = out.end(instance.signing_key)
    return Made(about, out.counts, digest)


def _read_back(file: BinaryIO, file_key: bytes, instance: Instance, made: Made) -> None:
    file.seek(0)
    header = container.read_header(file)
    records = Records(container.content(file, header, file_key))
    for _piece in records.files():
        continue
    counts = {name: sum(1 for _row in found) for name, _, found in records.tables()}
    signed, digest = records.finish(instance.signing_key.public_key())
    if not (counts == signed == made.counts and digest == made.digest):
        raise BackupError("La sauvegarde, relue, n’est pas ce qui a été écrit : elle est rejetée.")


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """One moment of the database, whoever writes meanwhile."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        # Either engine fixes the moment at the first row it reads.
        connection.execute(select(journal_head.c.size)).all()
        yield connection
