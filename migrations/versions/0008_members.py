"""The institution belongs to the mandate; a reopened account says when.

The member's own institution was sealed under a key that no migration holds: it cannot be moved,
nor brought back. It is recorded again on the page of each mandate that lacks it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("member", "institution")
    op.add_column("member", sa.Column("reset_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "reset_at")
    empty = sa.Column("institution", sa.LargeBinary(), nullable=False, server_default="")
    op.add_column("member", empty)
