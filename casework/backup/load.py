"""Filling an empty database, in one transaction: schema, rows, comparison."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, inspect, text

from audit.judge import judge
from audit.verify import evidence_of
from casework import migrate
from casework.backup import rows
from casework.backup.container import NEWER, BackupError
from casework.backup.rows import Digest
from casework.db import Database
from casework.instance import Instance

# Name, columns and rows of each table.
Stream = Iterable[tuple[str, list[str], Iterable[list[Any]]]]


def fill(
    database: Database,
    connection: Connection,
    revision: str,
    stream: Stream,
    watch: Callable[[int], object],
) -> dict[str, Digest]:
    """Make the schema of that revision in an empty database, insert the rows, and compare what the
    database then holds with what was given. BackupError."""
    if inspect(connection).get_table_names():
        raise BackupError("La base n’est pas vide : rien n’y est écrit. Donnez-en une autre.")
    try:
        migrate.check_known(revision)
    except migrate.WrongRevision:
        raise BackupError(NEWER) from None
    migrate.upgrade(database, revision, connection)
    given = _insert(connection, stream, watch)
    for table in rows.tables(connection):
        if rows.digest(connection, table) != given.get(table.name):
            raise BackupError(
                f"La table « {table.name} », relue, n’est pas celle qui a été donnée."
            )
    return given


def _insert(
    connection: Connection, stream: Stream, watch: Callable[[int], object]
) -> dict[str, Digest]:
    known = {table.name: table for table in rows.tables(connection)}
    given: dict[str, Digest] = {}
    triggers = _lift_triggers(connection)
    for table in reversed(known.values()):
        if rows.count(connection, table):  # a revision may fill a list: those given take its place
            connection.execute(table.delete())
    for name, columns, found in stream:
        if name not in known or name in given:
            raise BackupError(f"La table « {name} » est inconnue à cette version du schéma.")
        if sorted(columns) != sorted(rows.columns(known[name])):
            raise BackupError(f"La table « {name} » n’a pas les colonnes de cette version.")
        ordered = _reordered(columns, rows.columns(known[name]), found)
        given[name] = rows.write(
            connection, known[name], rows.columns(known[name]), _watched(ordered, watch)
        )
    for statement in triggers:
        connection.exec_driver_sql(statement)
    for table in known.values():
        rows.resume_numbers(connection, table)
    if missing := known.keys() - given.keys():
        raise BackupError(f"Il manque des tables : {', '.join(sorted(missing))}.")
    return given


def _reordered(
    given: list[str], wanted: list[str], found: Iterable[list[Any]]
) -> Iterable[list[Any]]:
    """A database that was upgraded step by step keeps its columns in the order they came."""
    if given == wanted:
        return found
    places = [given.index(name) for name in wanted]
    return ([row[place] for place in places] for row in found)


def _watched(found: Iterable[list[Any]], watch: Callable[[int], object]) -> Iterator[list[Any]]:
    for number, row in enumerate(found, 1):
        yield row
        if number % rows.AT_ONCE == 0:
            watch(rows.AT_ONCE)


def _lift_triggers(connection: Connection) -> list[str]:
    """SQLite's journal takes entries one by one, as they happen: not while a whole journal comes
    back. What was lifted is returned, to be put back in the same transaction."""
    if connection.dialect.name != "sqlite":
        return []
    found = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
    triggers = connection.execute(found).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in triggers]


def judge_journal(connection: Connection, instance: Instance, since: str | None) -> list[str]:
    """The verdicts on the journal that came back, at the present schema; BackupError when one is
    bad. ``since`` is the note of a checkpoint kept elsewhere."""
    journal = instance.journal
    evidence = evidence_of(connection, journal.verifier, journal.readings())
    report = judge(evidence, since)
    if not report.ok:
        raise BackupError(
            "\n".join(["Le journal de cette sauvegarde est refusé.", *report.sentences()])
        )
    return report.sentences()
