"""Models of report a cell keeps: which period, which tables, which protection.

Revision ID: 0032
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_model",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("periode", sa.String(length=12), nullable=False),
        sa.Column("tableaux", sa.String(length=400), nullable=False),
        sa.Column("arrondi", sa.Boolean(), nullable=False),
        sa.Column("nom", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_model")),
    )
    op.create_index(op.f("ix_report_model_cell"), "report_model", ["cell"], unique=False)


def downgrade() -> None:
    op.drop_table("report_model")
