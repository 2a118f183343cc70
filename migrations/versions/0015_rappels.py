"""The events of a rappel à l'ordre, the consultation of partners, the parquet's absences.

Revision ID: 0015
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rappel_event",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("rappel", IDENTIFIER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("mandate", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        *_sealed("step", "etat", "auteur", "details", "personnes"),
        sa.ForeignKeyConstraint(["rappel"], ["rappel.id"], name=op.f("fk_rappel_event_rappel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rappel_event")),
    )
    op.create_index("ix_rappel_event_rappel", "rappel_event", ["rappel"])
    op.create_table(
        "consultation",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("rappel", IDENTIFIER, nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        *_sealed("nom", "prenoms", "naissance"),
        sa.ForeignKeyConstraint(["rappel"], ["rappel.id"], name=op.f("fk_consultation_rappel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("reference", name=op.f("uq_consultation_reference")),
    )
    op.create_index("ix_consultation_rappel", "consultation", ["rappel"])
    op.create_index("ix_consultation_cell", "consultation", ["cell"])
    op.create_table(
        "consultation_answer",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("consultation", IDENTIFIER, nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_sealed("avis", "service"),
        sa.ForeignKeyConstraint(
            ["consultation"],
            ["consultation.id"],
            name=op.f("fk_consultation_answer_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_answer")),
    )
    op.create_index("ix_consultation_answer_consultation", "consultation_answer", ["consultation"])
    op.create_table(
        "parquet_absence",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parquet_absence")),
    )
    op.create_index("ix_parquet_absence_member", "parquet_absence", ["member"])


def _sealed(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def downgrade() -> None:
    op.drop_index("ix_parquet_absence_member", table_name="parquet_absence")
    op.drop_table("parquet_absence")
    op.drop_index("ix_consultation_answer_consultation", table_name="consultation_answer")
    op.drop_table("consultation_answer")
    op.drop_index("ix_consultation_cell", table_name="consultation")
    op.drop_index("ix_consultation_rappel", table_name="consultation")
    op.drop_table("consultation")
    op.drop_index("ix_rappel_event_rappel", table_name="rappel_event")
    op.drop_table("rappel_event")
