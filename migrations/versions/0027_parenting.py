"""Aide à l'exercice de la fonction parentale: its acts, and the setting of the cell.

Revision ID: 0027
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "aide_parentale",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("situation", identifier, nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attend", sa.String(length=12), nullable=False),
        sa.Column("echeance", sa.Date(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_aide_parentale_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aide_parentale")),
    )
    for column in ("situation", "cell", "attend"):
        op.create_index(f"ix_aide_parentale_{column}", "aide_parentale", [column])
    op.create_table(
        "aide_event",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("situation", identifier, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("created_as", sa.String(length=48), nullable=False),
        sa.Column("aide", identifier, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("etape", "le", "contenu")),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_aide_event_situation")
        ),
        sa.ForeignKeyConstraint(["aide"], ["aide_parentale.id"], name=op.f("fk_aide_event_aide")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aide_event")),
        sa.UniqueConstraint("aide", "rank", name=op.f("uq_aide_event_aide_rank")),
    )
    for column in ("situation", "aide"):
        op.create_index(f"ix_aide_event_{column}", "aide_event", [column])
    with op.batch_alter_table("cell") as cell:
        cell.add_column(
            sa.Column("parenting", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    # The purpose of a CCTP names it (001:869): a commune unticks it if its protocol does not.
    cell = sa.table("cell", sa.column("kind", sa.String), sa.column("parenting", sa.Boolean))
    op.execute(cell.update().where(cell.c.kind == "cctp").values(parenting=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("cell") as cell:
        cell.drop_column("parenting")
    for column in ("aide", "situation"):
        op.drop_index(f"ix_aide_event_{column}", table_name="aide_event")
    op.drop_table("aide_event")
    for column in ("attend", "cell", "situation"):
        op.drop_index(f"ix_aide_parentale_{column}", table_name="aide_parentale")
    op.drop_table("aide_parentale")
