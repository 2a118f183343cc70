"""A signature knows the journal entry that proves it, even once that entry's content has expired.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("charter_signature", sa.Column("entry", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("charter_signature", "entry")
