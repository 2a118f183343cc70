"""The rows of a database as bytes that either database takes back.

Tables are read as the database itself describes them, not as the models of this release do: a
backup of an earlier release is restored at its own schema, then upgraded.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgpack
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    collate,
    func,
    insert,
    select,
)

AT_ONCE = 500  # rows
BYTES_AT_ONCE = 8_000_000  # of rows in memory, whatever their number
LARGEST_RECORD = 256 * 1024 * 1024
# What the migrations write themselves.
NOT_CARRIED = frozenset({"alembic_version"})
MOMENT, DAY = 1, 2


class Digest(NamedTuple):
    """How many rows a table has, and the SHA-256 of them all: equal in two databases that hold the
    same, whatever their engines."""

    count: int
    sha256: str


def tables(connection: Connection) -> list[Table]:
    """The tables of a database, each after those it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in NOT_CARRIED]


def columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def read(
    connection: Connection, table: Table, where: ColumnElement[bool] | None = None
) -> Iterator[list[Any]]:
    """Every row of a table in the order of its key, a few in memory at a time."""
    query = select(table).order_by(*_order(connection, table))
    if where is not None:
        query = query.where(where)
    several = query.execution_options(yield_per=_at_once(connection, table))
    for row in connection.execute(several):
        yield [_portable(value) for value in row]


def _order(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """Text by its bytes on both engines: PostgreSQL's own order follows the server's language."""
    postgresql = connection.dialect.name == "postgresql"
    return [
        collate(column, "C") if postgresql and isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]


def _at_once(connection: Connection, table: Table) -> int:
    """As many rows as keep memory flat, by the largest of them: attachments are rows too."""
    heavy = [column for column in table.columns if isinstance(column.type, LargeBinary)]
    if not heavy:
        return AT_ONCE
    sizes = [func.coalesce(func.length(column), 0) for column in heavy]
    largest = connection.execute(select(func.max(sum(sizes[1:], start=sizes[0])))).scalar() or 0
    return max(1, min(AT_ONCE, BYTES_AT_ONCE // max(1, largest)))


def _portable(value: Any) -> Any:
    """Moments in UTC whatever the engine, buffers as bytes."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return bytes(value) if isinstance(value, memoryview) else value


def pack(row: list[Any]) -> bytes:
    packed: bytes = msgpack.packb(row, default=_extended)
    return packed


def _extended(value: Any) -> msgpack.ExtType:
    if isinstance(value, datetime):
        return msgpack.ExtType(MOMENT, value.isoformat().encode())
    if isinstance(value, date):
        return msgpack.ExtType(DAY, value.isoformat().encode())
    raise TypeError(f"a {type(value).__name__} has no place in a backup")


def unpacker() -> msgpack.Unpacker:
    """Fed with the content of a backup, gives its records one after the other."""
    return msgpack.Unpacker(ext_hook=_from_extended, max_buffer_size=LARGEST_RECORD)


def _from_extended(code: int, raw: bytes) -> Any:
    text = raw.decode()
    if code == MOMENT:
        return datetime.fromisoformat(text)
    if code == DAY:
        return date.fromisoformat(text)
    raise ValueError(f"unknown extension {code}")


def write(
    connection: Connection, table: Table, names: list[str], rows: Iterable[list[Any]]
) -> Digest:
    """Insert rows as they were read."""
    count, sha = 0, hashlib.sha256()
    batch: list[dict[str, Any]] = []
    held = 0
    for row in rows:
        packed = pack(row)
        sha.update(packed)
        count, held = count + 1, held + len(packed)
        batch.append(dict(zip(names, row, strict=True)))
        if len(batch) == AT_ONCE or held > BYTES_AT_ONCE:
            connection.execute(insert(table), batch)
            batch, held = [], 0
    if batch:
        connection.execute(insert(table), batch)
    return Digest(count, sha.hexdigest())


def resume_numbers(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number the next rows after those it was given with their numbers. SQLite
    looks at the rows themselves."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        found = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        sequence = connection.execute(select(found)).scalar()
        largest = connection.execute(select(func.max(column))).scalar() if sequence else None
        if largest is not None:
            connection.execute(select(func.setval(sequence, largest)))


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def digest(
    connection: Connection, table: Table, where: ColumnElement[bool] | None = None
) -> Digest:
    """What a table holds, or those of its rows."""
    found, sha = 0, hashlib.sha256()
    for row in read(connection, table, where):
        sha.update(pack(row))
        found += 1
    return Digest(found, sha.hexdigest())
