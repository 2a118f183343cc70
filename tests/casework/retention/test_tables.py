"""Every table has a declared retention, and what hangs on a situation goes with it."""

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, inspect

from casework import Unclassified, create_app, migrate
from casework.db import Base
from casework.hanging import hanging
from casework.retention import tables
from casework.retention.tables import RETENTION, Keep, undeclared
from casework.situations.models import Situation

# Known by the situation's reference, sealed under the key of one of its records, or destroyed by a
# trigger.
BY_REFERENCE = {"charter_recusal", "scan", "facet_page"}


def test_every_column_of_every_table_has_a_declared_retention(small_world) -> None:
    """Read from the database itself, not from the models."""
    found = inspect(small_world.database.engine)
    columns = [
        f"{table}.{column['name']}"
        for table in found.get_table_names()
        if table != "alembic_version"
        for column in found.get_columns(table)
    ]
    assert len(columns) > 400
    assert [name for name in columns if name.partition(".")[0] not in RETENTION] == []
    assert undeclared(*migrate.METADATA) == []


def test_what_hangs_on_a_situation_is_declared_to_go_with_it() -> None:
    gone = {table.name for table in hanging(Situation.__table__)}
    declared = {name for name, keep in RETENTION.items() if keep is Keep.SITUATION}
    assert gone == declared - BY_REFERENCE


def test_a_table_without_a_declared_retention_stops_the_start(small_world, monkeypatch) -> None:
    fresh = MetaData()
    Table("nouvelle", fresh, Column("id", Integer, primary_key=True))
    assert undeclared(*migrate.METADATA, fresh) == ["nouvelle"]
    kept = {name: keep for name, keep in RETENTION.items() if name != "closure"}
    monkeypatch.setattr(tables, "RETENTION", kept)
    with pytest.raises(Unclassified, match="closure"):
        create_app(small_world.instance)


def test_a_table_that_refers_to_a_situation_goes_with_it_unasked() -> None:
    kind = Situation.__table__.c.id.type
    extra = Table(
        "essai_lie",
        Base.metadata,
        Column("id", kind, primary_key=True),
        Column("situation", ForeignKey("situation.id"), nullable=False),
        info={},
    )
    try:
        assert extra in hanging(Situation.__table__)
    finally:
        Base.metadata.remove(extra)
