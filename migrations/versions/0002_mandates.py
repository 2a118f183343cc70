"""Mandates with their act, functions of the commune, types of charter, déports, followers.

Browser sessions are closed: they do not say when their second factor was given.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "charter_regulation",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_charter_regulation")),
    )
    op.create_table(
        "charter_function",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_charter_function")),
    )
    op.create_table(
        "charter_recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("object", sa.String(length=48), nullable=False),
        sa.Column("declared_at", moment, nullable=False),
        sa.Column("lifted_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_recusal")),
    )
    op.create_index("ix_charter_recusal_member_object", "charter_recusal", ["member", "object"])
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "situation_follower",
        sa.Column("situation", identifier, nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_situation_follower_situation")
        ),
        sa.PrimaryKeyConstraint("situation", "member", name=op.f("pk_situation_follower")),
    )
    op.create_table(
        "mandate_detail",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("mandate", sa.Integer(), nullable=False),
        sa.Column("institution", sa.LargeBinary(), nullable=False),
        sa.Column("acte", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_detail")),
        sa.UniqueConstraint("mandate", name=op.f("uq_mandate_detail_mandate")),
    )
    # Constant defaults: the rows already there get them, the application always gives its own.
    op.add_column("charter_text", _required("kind", sa.String(length=4), "2014"))
    op.add_column("charter_text", sa.Column("regulation", sa.Integer(), nullable=True))
    op.add_column("charter_mandate", sa.Column("function", sa.String(length=40), nullable=True))
    op.add_column("charter_mandate", _required("designated", sa.Boolean(), sa.false()))
    op.execute("DELETE FROM browser_session")
    op.add_column("browser_session", _required("confirmed_at", moment, "1970-01-01 00:00:00"))
    op.add_column("browser_session", sa.Column("acting", sa.String(length=40), nullable=True))


def _required(name: str, kind: sa.types.TypeEngine, default: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=default)


def downgrade() -> None:
    op.drop_column("browser_session", "acting")
    op.drop_column("browser_session", "confirmed_at")
    op.drop_column("charter_mandate", "designated")
    op.drop_column("charter_mandate", "function")
    op.drop_column("charter_text", "regulation")
    op.drop_column("charter_text", "kind")
    op.drop_table("mandate_detail")
    op.drop_table("situation_follower")
    op.drop_index("ix_charter_recusal_member_object", table_name="charter_recusal")
    op.drop_table("charter_recusal")
    op.drop_table("charter_function")
    op.drop_table("charter_regulation")
