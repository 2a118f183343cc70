"""The database: one engine, two ways in (read, write), and columns that say what they hold.

SQLite is the default: WAL, foreign keys, `secure_delete`, durable commits. PostgreSQL serves
several machines. Every column declares why it may be stored in clear, or is sealed: a column that
says neither stops the start-up (:func:`unclassified_columns`).
"""

import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, LargeBinary, MetaData, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, MappedColumn, Session, mapped_column
from sqlalchemy.types import TypeEngine

from casework.vault.binding import SESSION_KEY, Binding
from charter.categories import Category
from charter.models import UtcDateTime

BUSY_TIMEOUT_SECONDS = 10
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
Moment = UtcDateTime()
Identifier = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def plain(kind: TypeEngine[Any] | type[TypeEngine[Any]], why: str, **options: Any) -> Any:
    """A column stored in clear, with the reason why nobody is named by it."""
    return mapped_column(kind, info={"public": why}, **options)


def sealed(category: Category, **options: Any) -> MappedColumn[bytes]:
    """A column sealed under its record's key; ``category`` says who the charter opens it to."""
    return mapped_column(LargeBinary, info={"category": category}, **options)


def key_material(why: str, **options: Any) -> MappedColumn[bytes]:
    """A column that holds a sealed key, or a public one."""
    return mapped_column(LargeBinary, info={"key": why}, **options)


def unclassified_columns(*metadatas: MetaData) -> list[str]:
    """Columns that say neither why they are clear nor under what they are sealed."""
    return [
        f"{table.name}.{column.name}"
        for metadata in metadatas
        for table in metadata.sorted_tables
        for column in table.columns
        if not ({"public", "category", "key"} & column.info.keys()) and not column.foreign_keys
    ]


_last_id = 0
_one_at_a_time = threading.Lock()


def new_id() -> int:
    """A 63-bit identifier: milliseconds, then 22 random bits. Known before the row is inserted,
    as the associated data of its sealed fields needs, and kind to B-trees.

    Within one process they only grow: a bulk import makes enough of them in one millisecond for
    22 bits to repeat.
    """
    global _last_id
    drawn = (int(time.time() * 1000) << 22 | secrets.randbits(22)) & (2**63 - 1)
    with _one_at_a_time:
        _last_id = drawn if drawn > _last_id else _last_id + 1 + secrets.randbits(9)
        return _last_id


class Database:
    """Sessions over one engine. Nothing is kept unless the caller commits. Without the instance's
    ``binding``, its keys are out of reach."""

    def __init__(self, url: str | URL, binding: Binding | None = None) -> None:
        self.url = make_url(url)
        self.binding = binding
        self._info = {SESSION_KEY: binding} if binding else {}
        self.engine = _engine(self.url)
        self._writing = self.engine.execution_options(immediate=True)

    @property
    def session_info(self) -> dict[str, Any]:
        """What a session on this database carries, for one opened on a connection."""
        return dict(self._info)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that is rolled back at the end."""
        with Session(self.engine, expire_on_commit=False, info=self._info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the write lock from the start, rolled back unless committed."""
        with Session(self._writing, expire_on_commit=False, info=self._info) as session:
            yield session

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """One transaction on a whole database, as long as it takes, committed at the end.

        SQLite checks references at its end rather than on the way: a table that a revision
        rebuilds is dropped first, and others refer to it. DanglingReference when one leads nowhere.
        """
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                    yield connection
                return
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")  # means nothing once a transaction has begun
            try:
                connection = connection.execution_options(immediate=True)
                with connection.begin():
                    yield connection
                    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if lost is not None:
                        raise DanglingReference(
                            f"{lost[0]} refers to a row of {lost[2]} that is gone"
                        )
            finally:
                raw.execute("PRAGMA foreign_keys = ON")

    def empty_log(self) -> None:
        """After a destruction, empty SQLite's write-ahead log, where erased values linger.

        If someone is reading just now, it is emptied at a later checkpoint. PostgreSQL forgets
        them by its own VACUUM and the rotation of its log.
        """
        if self.url.get_backend_name() == "sqlite":
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            hide_parameters=True,  # an error message must not print a value
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"options": "-c lock_timeout=10s -c statement_timeout=60s"},
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions start too late for a snapshot; `begin` below starts them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a committed entry survives a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # an erased sealed value leaves no trace in a free page
        "temp_store = MEMORY",
        "cache_size = -32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
    except OperationalError as error:
        raise DatabaseBusy from error


def cause_of(error: SQLAlchemyError) -> str:
    """The engine's own words, without the statement and its values."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]


class DanglingReference(Exception):
    """A row refers to another that is not there."""


class DatabaseBusy(Exception):
    """Another writer kept the database longer than we wait."""
