"""Follow-up: what members answer of a proposal, and the days told without opening anything.

The sealed day of an orientation gives way to one in clear: no key is at hand here, so those sealed
before stay in their examination, where a correction carries them over.

Revision ID: 0026
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("situation", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("orientation", sa.Column("due_on", sa.Date(), nullable=True))
    op.drop_column("orientation", "echeance")
    op.create_table(
        "orientation_answer",
        *(
            sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)
            for name in ("id", "situation", "orientation")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("created_as", sa.String(length=48), nullable=False),
        sa.Column("etat", sa.String(length=12), nullable=False),
        sa.Column("mot", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["orientation"], ["orientation.id"], name=op.f("fk_orientation_answer_orientation")
        ),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_orientation_answer_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orientation_answer")),
    )
    for column in ("orientation", "situation"):
        op.create_index(
            op.f(f"ix_orientation_answer_{column}"), "orientation_answer", [column], unique=False
        )


def downgrade() -> None:
    op.drop_table("orientation_answer")
    # Sealed anew at the next save; an empty value is what « nothing sealed » reads as.
    op.add_column(
        "orientation",
        sa.Column("echeance", sa.LargeBinary(), nullable=False, server_default=sa.text("''")),
    )
    op.drop_column("orientation", "due_on")
    op.drop_column("situation", "due_on")
