"""Journal: stored subtrees for proofs, expiry by law, rotation of its key, countersignatures.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from audit.tree import HASH_BYTES, Frontier
from audit.triggers import create_statements, drop_statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_count = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 1000
_REFUSED = "le journal ne se modifie pas"
# What stood at 0009 on the tables that exist there.
_FORMER = {
    "sqlite": (
        ("journal_event_no_update", "BEFORE UPDATE ON journal_event"),
        ("journal_event_no_delete", "BEFORE DELETE ON journal_event"),
        ("journal_checkpoint_no_update", "BEFORE UPDATE ON journal_checkpoint"),
        ("journal_checkpoint_no_delete", "BEFORE DELETE ON journal_checkpoint"),
        ("journal_head_no_delete", "BEFORE DELETE ON journal_head"),
        (
            "journal_head_grows",
            "BEFORE UPDATE ON journal_head WHEN NEW.size IS NOT OLD.size + 1",
        ),
        (
            "journal_head_once",
            "BEFORE INSERT ON journal_head WHEN EXISTS (SELECT 1 FROM journal_head)",
        ),
        (
            "journal_checkpoint_once",
            "BEFORE INSERT ON journal_checkpoint"
            " WHEN EXISTS (SELECT 1 FROM journal_checkpoint WHERE size = NEW.size)",
        ),
        (
            "journal_event_next",
            "BEFORE INSERT ON journal_event WHEN NEW.seq IS NOT (SELECT size FROM journal_head)",
        ),
    ),
    "postgresql": (
        ("journal_event_stays", "BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_event"),
        ("journal_checkpoint_stays", "BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_checkpoint"),
        ("journal_head_stays", "BEFORE DELETE OR TRUNCATE ON journal_head"),
        ("journal_head_grows", "BEFORE UPDATE ON journal_head"),
    ),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in _drop_former(dialect):
        op.execute(statement)
    op.add_column(
        "journal_event",
        sa.Column(
            "nodes",
            sa.LargeBinary(),
            autoincrement=False,
            nullable=False,
            server_default=sa.text({"sqlite": "x''", "postgresql": "''::bytea"}[dialect]),
        ),
    )
    _grow_the_tree()
    op.create_table(
        "journal_rotation",
        sa.Column("size", _count, autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_journal_rotation")),
    )
    op.create_table(
        "journal_countersignature",
        sa.Column("size", _count, autoincrement=False, nullable=False),
        sa.Column("signer", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("line", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("size", "signer", name=op.f("pk_journal_countersignature")),
    )
    for statement in create_statements(dialect):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in drop_statements(dialect):
        op.execute(statement)
    op.drop_table("journal_countersignature")
    op.drop_table("journal_rotation")
    op.drop_column("journal_event", "nodes")
    for statement in _create_former(dialect):
        op.execute(statement)


def _grow_the_tree() -> None:
    """Store the subtrees of the entries already there."""
    connection = op.get_bind()
    frontier, last = Frontier(), -1
    read = sa.text(
        "SELECT seq, leaf FROM journal_event WHERE seq > :last ORDER BY seq LIMIT :at_once"
    )
    write = sa.text("UPDATE journal_event SET nodes = :nodes WHERE seq = :seq")
    while rows := connection.execute(read, {"last": last, "at_once": _AT_ONCE}).all():
        last = rows[-1].seq
        grown = []
        for seq, leaf in rows:
            # A damaged journal upgrades too: its check goes on saying what is wrong with it.
            sound = seq == frontier.size and len(leaf) == HASH_BYTES
            completed = frontier.append(leaf) if sound else []
            if completed:
                grown.append({"seq": seq, "nodes": b"".join(completed)})
        if grown:
            connection.execute(write, grown)


def _drop_former(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [f"DROP TRIGGER {name}" for name, _ in _FORMER[dialect]]
    return [
        *(f"DROP TRIGGER {name} ON {when.split()[-1]}" for name, when in _FORMER[dialect]),
        "DROP FUNCTION journal_refuse()",
    ]


def _create_former(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for name, when in _FORMER[dialect]
        ]
    *stays, (grows, when) = _FORMER[dialect]
    return [
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation'; END $$",
        *(
            f"CREATE TRIGGER {name} {at} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
            for name, at in stays
        ),
        f"CREATE TRIGGER {grows} {when} FOR EACH ROW"
        " WHEN (NEW.size IS DISTINCT FROM OLD.size + 1) EXECUTE FUNCTION journal_refuse()",
    ]
