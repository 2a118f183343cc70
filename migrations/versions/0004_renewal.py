"""Renewal of keys by batches: its progress, and since when each member holds a key.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Versions that an earlier release replaced and kept: nothing is wrapped or granted under them.
UNUSED = """
DELETE FROM compartment_version
WHERE version < (SELECT version FROM compartment WHERE code = compartment_version.compartment)
  AND NOT EXISTS (SELECT 1 FROM grant_key g WHERE g.compartment = compartment_version.compartment
                  AND g.version = compartment_version.version)
  AND NOT EXISTS (SELECT 1 FROM record_wrap w WHERE w.compartment = compartment_version.compartment
                  AND w.version = compartment_version.version)
"""
SINCE = """
UPDATE grant_key SET since = (SELECT created_at FROM compartment_version v
                              WHERE v.compartment = grant_key.compartment
                              AND v.version = grant_key.version)
"""


def upgrade() -> None:
    op.create_table(
        "key_renewal",
        sa.Column("compartment", sa.String(length=32), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("reached", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("compartment", "from_version", name=op.f("pk_key_renewal")),
    )
    op.execute(UNUSED)
    with op.batch_alter_table("grant_key") as batch_op:
        batch_op.add_column(sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.execute(SINCE)
    with op.batch_alter_table("grant_key") as batch_op:
        batch_op.alter_column("since", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("grant_key") as batch_op:
        batch_op.drop_column("since")
    op.drop_table("key_renewal")
