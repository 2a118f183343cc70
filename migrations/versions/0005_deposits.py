"""Sealed deposits.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEALED = (
    *("origine", "nom", "prenoms", "naissance", "quartier"),
    *("etablissement", "faits", "demarches", "joindre", "motif"),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "deposit",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=12), nullable=False),
        sa.Column("deposited_at", moment, nullable=False),
        sa.Column("retour", sa.String(length=16), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("situation", sa.String(length=48), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in SEALED),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint("reference", name=op.f("uq_deposit_reference")),
    )
    op.create_index("ix_deposit_cell_retour", "deposit", ["cell", "retour"])
    op.create_index("ix_deposit_author", "deposit", ["author"])


def downgrade() -> None:
    op.drop_index("ix_deposit_author", table_name="deposit")
    op.drop_index("ix_deposit_cell_retour", table_name="deposit")
    op.drop_table("deposit")
