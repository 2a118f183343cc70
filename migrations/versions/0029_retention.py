"""The retention clock runs without any key; what was erased is registered; archives are lent.

Revision ID: 0029
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0033"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SETTINGS = (("archive_months", "0"), ("review_months", "12"))
CLOCK = ("limit_on", "archived_on")


def upgrade() -> None:
    with op.batch_alter_table("cell") as cell:
        for name, value in SETTINGS:
            cell.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=value))
    with op.batch_alter_table("situation") as situation:
        situation.add_column(sa.Column("active_on", sa.Date(), nullable=True))
        for name in CLOCK:
            situation.add_column(sa.Column(name, sa.Date(), nullable=True))
    # Inactivity counts from the last edit known. The month of a 25th birthday is sealed: it is
    # written at the next act, and the other rules hold meanwhile.
    day = "date(updated_at)" if op.get_bind().dialect.name == "sqlite" else "updated_at::date"
    op.execute(f"UPDATE situation SET active_on = {day}")  # noqa: S608 - constants
    with op.batch_alter_table("situation") as situation:
        situation.alter_column("active_on", existing_type=sa.Date(), nullable=False)
    op.create_table(
        "disposal",
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("agreement", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_disposal")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(48), nullable=False),
        sa.Column("cell", sa.String(32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("disposal", sa.String(24), nullable=True),
        sa.Column("scrubbed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disposal"], ["disposal.reference"], name=op.f("fk_erasure_disposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_disposal"), "erasure", ["disposal"])
    op.create_table(
        "archive_opening",
        sa.Column("id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("situation", IDENTIFIER, nullable=False),
        sa.Column("member", sa.String(12), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(12), nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("motif", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_archive_opening_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_opening")),
    )
    op.create_index(op.f("ix_archive_opening_situation"), "archive_opening", ["situation"])


def downgrade() -> None:
    for table in ("archive_opening", "erasure", "disposal"):
        op.drop_table(table)
    with op.batch_alter_table("situation") as situation:
        for name in ("active_on", *CLOCK):
            situation.drop_column(name)
    with op.batch_alter_table("cell") as cell:
        for name, _ in SETTINGS:
            cell.drop_column(name)
