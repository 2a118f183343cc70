"""What a CMER keeps beside an examination: concertation, transmission, retour.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "cmer_event",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("situation", identifier, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("created_as", sa.String(length=48), nullable=False),
        sa.Column("nature", sa.String(length=16), nullable=False),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in ("le", "avis", "services", "destinataire")
        ),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_cmer_event_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cmer_event")),
    )
    op.create_index("ix_cmer_event_situation", "cmer_event", ["situation"])


def downgrade() -> None:
    op.drop_index("ix_cmer_event_situation", table_name="cmer_event")
    op.drop_table("cmer_event")
