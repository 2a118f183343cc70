"""The schema goes up, down to nothing and up again, and is what the models say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import TextClause, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from audit.event import Event, Outcome
from casework import migrate
from casework.cells import service as cells
from casework.db import Database
from casework.instance import create

REFUSAL = "le journal ne se modifie pas"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with no table, on each engine."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
        yield database
        database.engine.dispose()
        return
    url = request.getfixturevalue("postgres_url")
    name = "empty_" + re.sub(r"\W", "_", tmp_path.name.lower())
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(server.url.set(database=name))
    yield database
    database.engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_down_to_nothing_and_up_again(empty: Database) -> None:
    assert migrate.current(empty) is None
    expected = {table.name for metadata in migrate.METADATA for table in metadata.sorted_tables}
    for _ in range(2):
        migrate.upgrade(empty)
        assert migrate.current(empty) == migrate.latest()
        assert _tables(empty) == expected
        migrate.downgrade(empty, "base")
        assert migrate.current(empty) is None
        assert _tables(empty) == set()


def test_the_cells_already_there_keep_doing_what_they_did(empty: Database) -> None:
    migrate.upgrade(empty)
    migrate.downgrade(empty, "0011")
    with empty.engine.begin() as connection:
        for code in ("AUTRE", "CCTP", "GSP"):
            cell = {"code": code, "name": code, "cadence": "Au trimestre", "threshold": 6}
            connection.execute(insertion("cell", cell), cell)
        delay = {"key": "relance_parquet_jours", "value": "21"}
        connection.execute(insertion("setting", delay), delay)
    migrate.upgrade(empty)
    with empty.read() as session:
        found = {row.code: row for row in cells.every_cell(session)}
        options = {code: cells.options(session, code) for code in found}
        assert cells.setting(session, "relance_parquet_jours") == ""
    assert [found[code].kind for code in ("AUTRE", "CCTP", "GSP")] == ["gsn", "cctp", "gsp"]
    for option in options.values():
        assert (option.cadence, option.threshold, option.reminder_days) == ("Au trimestre", 6, 21)
        assert list(option.problems()) == []
    assert (options["CCTP"].rappel, options["CCTP"].transaction) == (True, False)


def insertion(table: str, values: dict[str, object]) -> TextClause:
    names = ", ".join(values)
    return text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in values)})")  # noqa: S608


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    before = _tables(empty)
    migrate.upgrade(empty)
    assert _tables(empty) == before


def test_the_schema_is_what_the_models_say(empty: Database) -> None:
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, migrate.METADATA) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal_event SET actor = 'M-9999'",
        "DELETE FROM journal_event",
        "DELETE FROM journal_head",
    ],
)
def test_the_journal_is_append_only_after_the_upgrade(
    empty: Database, tmp_path: Path, tampering: str
) -> None:
    migrate.upgrade(empty)
    journal = create(tmp_path / "data", address="http://127.0.0.1:8000").journal
    with empty.write() as session:
        journal.initialise(session.connection())
        event = Event.now(actor="M-0001", action="home:read", outcome=Outcome.AUTORISE)
        journal.append(session.connection(), event)
        session.commit()
    with empty.write() as session, pytest.raises(DBAPIError, match=REFUSAL):
        session.execute(text(tampering))
