"""How the journal grows in its database: in the fewest statements, written in its own words.

Every page waits for these, one writer after the other, and an expression composed anew for each
costs more than the database does.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from audit.event import COLUMNS

_NAMES: Final = ("seq", *COLUMNS, "salt", "leaf", "nodes")
_TIP: Final = "coalesce((SELECT max(seq) FROM journal_event), -1)"
_HEAD: Final = "SELECT size, frontier, note{} FROM journal_head"
_MOVE: Final = "UPDATE journal_head SET size = {0}, frontier = {0}, note = {0}"
_ENTRY: Final = f"INSERT INTO journal_event ({', '.join(_NAMES)})"

# On SQLite the caller's BEGIN IMMEDIATE is the lock: one statement reads everything.
_SQLITE_HEAD: Final = _HEAD.format(f", {_TIP}")
_SQLITE_ENTRY: Final = f"{_ENTRY} VALUES ({', '.join('?' * len(_NAMES))})"
_SQLITE_MOVE: Final = _MOVE.format("?")

# On PostgreSQL the statement that waited for the lock still sees the past: the rank of the last
# entry is looked at by the one that follows, which moves the head only then, and writes the entry
# with it. Each statement is a round trip during which all other writers wait.
_POSTGRESQL_HEAD: Final = _HEAD.format("") + " FOR UPDATE"
_POSTGRESQL_GROW: Final = (
    f"WITH moved AS ({_MOVE.format('%s')} WHERE {_TIP} = %s::bigint - 1 RETURNING id)"  # noqa: S608
    f" {_ENTRY} SELECT {', '.join(['%s'] * len(_NAMES))} FROM moved RETURNING seq"
)


class StoredHead(NamedTuple):
    """The head as it is stored."""

    size: int
    frontier: bytes
    note: str


def locked_head(connection: Connection, *, growing: bool) -> tuple[StoredHead, int] | None:
    """The head, which nobody else moves before this transaction ends, and the rank of the last
    entry, -1 before the first; None without a head. ``growing`` when :func:`grow` follows, which
    looks at the last entry itself where that spares a round trip."""
    if connection.dialect.name == "postgresql":
        head = connection.exec_driver_sql(_POSTGRESQL_HEAD).one_or_none()
        if head is None:
            return None
        tip = head[0] - 1 if growing else connection.exec_driver_sql(f"SELECT {_TIP}").scalar_one()
        return StoredHead(*head), tip
    found = connection.exec_driver_sql(_SQLITE_HEAD).one_or_none()
    return None if found is None else (StoredHead(*found[:3]), found[3])


def grow(connection: Connection, head: StoredHead, entry: tuple[Any, ...]) -> bool:
    """Write an entry (rank, then :data:`audit.event.COLUMNS`, salt, leaf, nodes) and the head that
    counts it; False, and nothing written, when it does not follow the last one."""
    if connection.dialect.name == "postgresql":
        values = (*head, entry[0], *entry)
        return connection.exec_driver_sql(_POSTGRESQL_GROW, values).one_or_none() is not None
    connection.exec_driver_sql(_SQLITE_ENTRY, entry)
    connection.exec_driver_sql(_SQLITE_MOVE, head)
    return True
