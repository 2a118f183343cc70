"""The triggers that make the tables append-only, as they stand once every migration has run.

They stop mistakes and borrowed application accounts. Whoever owns the database can drop them: that
is what the tree and the signed notes are for. One path is open, that of the law: the content of
entries older than the shortest legal period may be erased, all of it at once, by an entry that
says so and is the last of the journal (:mod:`audit.expiry`).
"""

from typing import Final

from audit.event import EXPIRE, Outcome
from audit.periods import SHORTEST_MONTHS
from audit.schema import ERASED, journal_event

_REFUSED: Final = "le journal ne se modifie pas"
_APPEND_ONLY: Final = ("journal_checkpoint", "journal_rotation", "journal_countersignature")
_UNTOUCHED: Final = tuple(column.name for column in journal_event.c if column.name not in ERASED)


def create_statements(dialect_name: str) -> tuple[str, ...]:
    """The DDL, one statement each. Raises KeyError for another database than the two we serve."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[dialect_name]()


def drop_statements(dialect_name: str) -> tuple[str, ...]:
    """What undoes :func:`create_statements`. Raises KeyError likewise."""
    if dialect_name == "sqlite":
        return tuple(f"DROP TRIGGER {name}" for name in _SQLITE)
    tables = {"postgresql": (*_APPEND_ONLY, "journal_event", "journal_head")}[dialect_name]
    return (
        "DROP TRIGGER journal_head_grows ON journal_head",
        "DROP TRIGGER journal_event_expires ON journal_event",
        *(f"DROP TRIGGER {table}_stays ON {table}" for table in tables),
        "DROP FUNCTION journal_refuse()",
        "DROP FUNCTION journal_expire()",
    )


def _is_expiry(empty_bytes: str, covered: str) -> str:
    """True for an update that only erases, under the expiry entry that covers the row."""
    empty = {bytes: empty_bytes, str: "''"}
    kept = " AND ".join(f"NEW.{name} = OLD.{name}" for name in _UNTOUCHED)
    erased = " AND ".join(f"NEW.{name} = {empty[type(to)]}" for name, to in ERASED.items())
    return (
        f"({kept} AND {erased} AND EXISTS (SELECT 1 FROM journal_head"  # noqa: S608 - constants
        " JOIN journal_event AS e ON e.seq = journal_head.size - 1"
        f" WHERE e.action = '{EXPIRE}' AND e.outcome = '{Outcome.AUTORISE}' AND {covered}))"
    )


# INSERT OR REPLACE deletes without firing delete triggers: the insert ones close that door.
_SQLITE: Final = {
    **{
        f"{table}_no_{verb.lower()}": f"BEFORE {verb} ON {table}"
        for table in _APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    },
    "journal_event_no_delete": "BEFORE DELETE ON journal_event",
    "journal_event_expires": "BEFORE UPDATE ON journal_event WHEN NOT coalesce("
    + _is_expiry(
        "x''",
        "OLD.seq < json_extract(e.detail, '$.before')"
        " AND OLD.time < json_extract(e.detail, '$.until')"
        " AND substr(json_extract(e.detail, '$.until'), 1, 10)"
        f" <= date(substr(e.time, 1, 10), '-{SHORTEST_MONTHS} months')",
    )
    + ", 0)",
    "journal_event_next": (
        "BEFORE INSERT ON journal_event WHEN NEW.seq IS NOT (SELECT size FROM journal_head)"
    ),
    "journal_head_no_delete": "BEFORE DELETE ON journal_head",
    "journal_head_grows": ("BEFORE UPDATE ON journal_head WHEN NEW.size IS NOT OLD.size + 1"),
    "journal_head_once": ("BEFORE INSERT ON journal_head WHEN EXISTS (SELECT 1 FROM journal_head)"),
    "journal_checkpoint_once": (
        "BEFORE INSERT ON journal_checkpoint"
        " WHEN EXISTS (SELECT 1 FROM journal_checkpoint WHERE size = NEW.size)"
    ),
    "journal_rotation_once": (
        "BEFORE INSERT ON journal_rotation"
        " WHEN EXISTS (SELECT 1 FROM journal_rotation WHERE size = NEW.size)"
    ),
    "journal_countersignature_once": (
        "BEFORE INSERT ON journal_countersignature WHEN EXISTS"
        " (SELECT 1 FROM journal_countersignature WHERE size = NEW.size AND signer = NEW.signer)"
    ),
}


def _sqlite() -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for name, when in _SQLITE.items()
    )


def _postgresql() -> tuple[str, ...]:
    raised = f"RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';"
    expiry = _is_expiry(
        "''::bytea",
        "OLD.seq < (e.detail::json->>'before')::bigint"
        " AND OLD.time COLLATE \"C\" < e.detail::json->>'until'"
        " AND left(e.detail::json->>'until', 10)::date"
        f" <= (left(e.time, 10)::date - interval '{SHORTEST_MONTHS} months')",
    )
    return (
        f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN {raised} END $$",
        "CREATE FUNCTION journal_expire() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {expiry} THEN RETURN NEW; END IF; {raised} END $$",
        *(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
            for table in _APPEND_ONLY
        ),
        *(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
            for table in ("journal_event", "journal_head")
        ),
        "CREATE TRIGGER journal_event_expires BEFORE UPDATE ON journal_event FOR EACH ROW"
        " EXECUTE FUNCTION journal_expire()",
        "CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head FOR EACH ROW"
        " WHEN (NEW.size IS DISTINCT FROM OLD.size + 1)"
        " EXECUTE FUNCTION journal_refuse()",
    )
