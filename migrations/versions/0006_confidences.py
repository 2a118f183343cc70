"""Information revealed to the maire alone (art. L.121-6-2 CASF).

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "confidence",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("situation", identifier, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("revele_le", sa.LargeBinary(), nullable=False),
        sa.Column("service", sa.LargeBinary(), nullable=False),
        sa.Column("texte", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_confidence_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidence")),
    )
    op.create_index(op.f("ix_confidence_situation"), "confidence", ["situation"])


def downgrade() -> None:
    op.drop_index(op.f("ix_confidence_situation"), table_name="confidence")
    op.drop_table("confidence")
