"""Imports under way: a spreadsheet's content, sealed until it is recorded or given up.

Revision ID: 0020
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("choices", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("cell", "author", name=op.f("uq_import_batch_cell_author")),
        sa.UniqueConstraint("reference", name=op.f("uq_import_batch_reference")),
    )


def downgrade() -> None:
    # What is still parked is lost with it: the key of a record without a row opens nothing.
    op.execute("DELETE FROM record_wrap WHERE record IN (SELECT id FROM import_batch)")
    op.drop_table("import_batch")
