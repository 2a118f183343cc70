"""Taking what was erased off the disk, once it is committed: the pages are written again.

SQLite zeroes what it frees (``secure_delete``), but a page that was split or merged may keep, in
the room between its cells, a copy of a value it gave to a neighbour. PostgreSQL keeps the former
versions of rows until their table is written again.
"""

import sqlite3

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from casework.db import Base, Database
from casework.retention.models import Erasure


def scrub(database: Database) -> bool:
    """After erasures. False when someone was busy there, or when there was no room for a copy: it
    is to be done again tomorrow."""
    with database.read() as session:
        waiting = session.scalars(select(Erasure.id).where(~Erasure.scrubbed).limit(1)).first()
    if waiting is None:
        return True
    if not rewrite(database):
        return False
    with database.write() as session:
        for row in session.scalars(select(Erasure).where(~Erasure.scrubbed)):
            row.scrubbed = True
        session.commit()
    return True


def rewrite(database: Database) -> bool:
    """Every page, for what anyone corrected or took out too; False as above."""
    if database.url.get_backend_name() == "sqlite":
        return _file(database)
    return _tables(database)


def _file(database: Database) -> bool:
    """The whole file, then its write-ahead log emptied."""
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
        (busy, *_) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return not busy


def _tables(database: Database) -> bool:
    """One after the other: each is closed for the time of its own copy."""
    with database.engine.connect() as connection:
        outside = connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            outside.execute(text("SET statement_timeout = 0"))
            for table in Base.metadata.sorted_tables:
                outside.execute(text(f'VACUUM FULL "{table.name}"'))
        except OperationalError:
            return False
        finally:
            outside.execute(text("RESET statement_timeout"))
    return True
