"""Another saisine joins a situation; an import counts the lines that did.

Revision ID: 0035
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "further_saisine",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("situation", identifier, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("created_as", sa.String(length=48), nullable=False),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in (
                *("saisine", "origine", "canal", "typologie"),
                *("faits", "faits_date", "faits_lieu", "recit", "implication"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_further_saisine_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_saisine")),
    )
    op.create_index("ix_further_saisine_situation", "further_saisine", ["situation"])
    op.add_column("import_batch", sa.Column("joined", sa.Integer(), nullable=True))
    op.execute("UPDATE import_batch SET joined = 0")
    with op.batch_alter_table("import_batch") as batch:
        batch.alter_column("joined", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    op.drop_column("import_batch", "joined")
    op.drop_index("ix_further_saisine_situation", table_name="further_saisine")
    op.drop_table("further_saisine")
