"""The triggers that make the tables append-only, for an Alembic migration to run.

They stop mistakes and borrowed application accounts. Whoever owns the database can drop them: that
is what the tree and the signed notes are for.
"""

from typing import Final

_REFUSED: Final = "le journal ne se modifie pas"
_APPEND_ONLY: Final = ("journal_event", "journal_checkpoint")


def create_statements(dialect_name: str) -> tuple[str, ...]:
    """The DDL, one statement each. Raises KeyError for another database than the two we serve."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[dialect_name]()


def drop_statements(dialect_name: str) -> tuple[str, ...]:
    """What undoes :func:`create_statements`. Raises KeyError likewise."""
    if dialect_name == "sqlite":
        return tuple(f"DROP TRIGGER {name}" for name in _SQLITE)
    tables = {"postgresql": (*_APPEND_ONLY, "journal_head")}[dialect_name]
    return (
        "DROP TRIGGER journal_head_grows ON journal_head",
        *(f"DROP TRIGGER {table}_stays ON {table}" for table in tables),
        "DROP FUNCTION journal_refuse()",
    )


# INSERT OR REPLACE deletes without firing delete triggers: the insert ones close that door.
_SQLITE: Final = {
    **{
        f"{table}_no_{verb.lower()}": f"BEFORE {verb} ON {table}"
        for table in _APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    },
    "journal_head_no_delete": "BEFORE DELETE ON journal_head",
    "journal_head_grows": ("BEFORE UPDATE ON journal_head WHEN NEW.size IS NOT OLD.size + 1"),
    "journal_head_once": ("BEFORE INSERT ON journal_head WHEN EXISTS (SELECT 1 FROM journal_head)"),
    "journal_checkpoint_once": (
        "BEFORE INSERT ON journal_checkpoint"
        " WHEN EXISTS (SELECT 1 FROM journal_checkpoint WHERE size = NEW.size)"
    ),
    "journal_event_next": (
        "BEFORE INSERT ON journal_event WHEN NEW.seq IS NOT (SELECT size FROM journal_head)"
    ),
}


def _sqlite() -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for name, when in _SQLITE.items()
    )


def _postgresql() -> tuple[str, ...]:
    refuse = (
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    return (
        refuse,
        *(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
            for table in _APPEND_ONLY
        ),
        "CREATE TRIGGER journal_head_stays BEFORE DELETE OR TRUNCATE ON journal_head"
        " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
        "CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head FOR EACH ROW"
        " WHEN (NEW.size IS DISTINCT FROM OLD.size + 1)"
        " EXECUTE FUNCTION journal_refuse()",
    )
