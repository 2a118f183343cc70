"""Public keys, grants and versions bound to this instance by a MAC its database does not hold.

Revision ID: 0017
Revises: 0011
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0017"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("member", "grant_key", "compartment_version", "compartment")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("bound", sa.LargeBinary(), nullable=True))
    _bind()


def _bind() -> None:
    """What is there on the day of the upgrade is taken as it is, with the instance's key."""
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT count(*) FROM member")):
        return
    mac = context.config.attributes["binding"].mac

    def rows(columns: str, table: str) -> list[sa.Row]:
        return list(connection.execute(sa.text(f"SELECT {columns} FROM {table}")))  # noqa: S608

    def bind(table: str, where: str, bound: bytes, **key: object) -> None:
        statement = sa.text(f"UPDATE {table} SET bound = :bound WHERE {where}")  # noqa: S608
        connection.execute(statement, {"bound": bound, **key})

    for member, public in rows("reference, public_key", "member WHERE public_key IS NOT NULL"):
        bind("member", "reference = :m", mac("member", member, bytes(public)), m=member)
    for member, code, version, sealed in rows("member, compartment, version, sealed", "grant_key"):
        bound = mac("grant", member, code, version, bytes(sealed))
        where = "member = :m AND compartment = :c AND version = :v"
        bind("grant_key", where, bound, m=member, c=code, v=version)
    versions = "compartment, version, deposit_public, recovery"
    for code, version, public, kit in rows(versions, "compartment_version"):
        bound = mac("version", code, version, bytes(public), bytes(kit))
        bind("compartment_version", "compartment = :c AND version = :v", bound, c=code, v=version)
    for code, version in rows("code, version", "compartment"):
        bind("compartment", "code = :c", mac("current", code, version), c=code)
    kit = connection.scalar(sa.text("SELECT value FROM setting WHERE key = 'recovery_public'"))
    if kit:
        connection.execute(
            sa.text("INSERT INTO setting (key, value) VALUES ('recovery_bound', :value)"),
            {"value": mac("recovery", kit).hex()},
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "bound")
    op.execute("DELETE FROM setting WHERE key = 'recovery_bound'")
