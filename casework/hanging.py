"""What hangs on a record, read from the schema, so that a table added tomorrow is not forgotten:
a row whose foreign key may not be empty goes where the row it refers to goes.
"""

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from casework.db import Base


def hanging(root: Table) -> list[Table]:
    """The tables whose rows go with a row of ``root``, those that others refer to last."""
    found = {root}
    for table in Base.metadata.sorted_tables:  # what is referred to comes first
        if any(key.column.table in found and not key.parent.nullable for key in table.foreign_keys):
            found.add(table)
    return [table for table in reversed(Base.metadata.sorted_tables) if table in found]


def rows_of(table: Table, root: Table, id_: int) -> ColumnElement[bool]:
    """The rows of a table that hang on this row of ``root``."""
    if table is root:
        return root.c.id == id_
    inside = set(hanging(root))
    return or_(
        *(
            key.parent.in_(select(key.column).where(rows_of(key.column.table, root, id_)))
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table in inside and not key.parent.nullable
        )
    )


def references(session: Session, root: Table, id_: int) -> list[str]:
    """The references of one row of ``root`` and of all that hangs on it, its own last."""
    found: list[str] = []
    for table in hanging(root):
        if "reference" in table.c:
            found += session.scalars(select(table.c.reference).where(rows_of(table, root, id_)))
    return found
