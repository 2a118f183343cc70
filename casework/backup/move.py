"""Moving an instance to another database: the old one is read, and left as it was.

The new one is filled and compared in one transaction. The settings name it at the very end.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from audit.schema import journal_event, journal_head
from casework import instance as instances
from casework import migrate
from casework.backup import load, rows
from casework.backup.container import BackupError
from casework.backup.entries import MOVE, entry
from casework.backup.load import Stream
from casework.backup.make import Progress, silent
from casework.backup.rows import Digest
from casework.db import Database, cause_of
from casework.instance import Instance


@dataclass(frozen=True)
class Moved:
    """``already`` when a former run had done it all but name the new database."""

    instance: Instance
    rows: int
    already: bool = False


def move(instance: Instance, source: Database, url: str, progress: Progress = silent) -> Moved:
    """Copy everything to the database at ``url``, compare, then name it; BackupError otherwise.

    The caller holds the instance alone. Killed after the copy, the command finishes its job when
    it is run again.
    """
    target = Database(url or instances.default_database(instance.data), instance.binding)
    try:
        if target.url == source.url:
            raise BackupError("L’instance est déjà sur cette base.")
        with _Still(source) as reading:
            count = _copied(reading, target)
            already = count is not None
            if count is None:
                count = _copy(instance, reading, target, progress)
        instances.point_to(instance.data, url)
    except SQLAlchemyError as error:
        raise BackupError(f"La base d’arrivée refuse : {cause_of(error)}") from None
    finally:
        target.engine.dispose()
    return Moved(instances.load(instance.data), count, already)


class _Still:
    """A database that is read and that nobody writes meanwhile."""

    def __init__(self, database: Database) -> None:
        self._holding = database.whole()

    def __enter__(self) -> Connection:
        connection = self._holding.__enter__()
        if connection.dialect.name == "postgresql":
            # Every act has its entry: who cannot move the head of the journal writes nothing.
            connection.execute(text(f"LOCK TABLE {journal_head.name} IN EXCLUSIVE MODE"))
        return connection

    def __exit__(self, *raised: Any) -> bool | None:
        return self._holding.__exit__(*raised)


def _copy(instance: Instance, reading: Connection, target: Database, progress: Progress) -> int:
    tables = rows.tables(reading)
    total, done = sum(rows.count(reading, table) for table in tables), 0

    def watch(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total)

    stream: Stream = (
        (table.name, rows.columns(table), rows.read(reading, table)) for table in tables
    )
    revision = migrate.revision_of(reading) or ""
    with target.whole() as writing:
        given = load.fill(target, writing, revision, stream, watch)
        instance.journal.append(writing, entry(MOVE, lignes=total, vers=writing.dialect.name))
        if sum(digest.count for digest in given.values()) != total:
            raise BackupError("La base a changé pendant la copie : recommencez.")
    progress(total, total)
    return total


def _copied(reading: Connection, target: Database) -> int | None:
    """How many rows, when the target holds this very source and the entry that says so."""
    with target.whole() as connection:
        if not inspect(connection).has_table(journal_event.name):
            return None
        size = reading.execute(select(journal_head.c.size)).scalar_one()
        last = select(journal_event.c.seq, journal_event.c.action)
        found = connection.execute(last.where(journal_event.c.seq >= size)).all()
        if [tuple(row) for row in found] != [(size, MOVE)]:
            return None
        mine, other = _digests(reading, size), _digests(connection, size)
        return sum(one.count for one in mine.values()) + 1 if mine == other else None


def _digests(connection: Connection, size: int) -> dict[str, Digest]:
    """Every table but the head of the journal, which moved with the entry of the move."""
    found = {}
    for table in rows.tables(connection):
        if table.name != journal_head.name:
            where = table.c.seq < size if table.name == journal_event.name else None
            found[table.name] = rows.digest(connection, table, where)
    return found
