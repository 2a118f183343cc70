"""Members' addresses, the outbox, and answers to convocations.

Revision ID: 0018
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "mail_address",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("adresse", sa.LargeBinary(), nullable=False),
        sa.Column("adresse_propre", sa.LargeBinary(), nullable=False),
        sa.Column("adresse_serveur", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_address")),
        sa.UniqueConstraint("member", name=op.f("uq_mail_address_member")),
    )
    op.create_table(
        "mail_outbox",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("about", sa.String(length=48), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(length=80), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("queued_at", moment, nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("gives_up_at", moment, nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_outbox")),
        sa.UniqueConstraint("once", name=op.f("uq_mail_outbox_once")),
    )
    op.create_index(op.f("ix_mail_outbox_about"), "mail_outbox", ["about"])
    op.create_index("ix_mail_outbox_state_next_try_at", "mail_outbox", ["state", "next_try_at"])
    op.create_table(
        "seance_answer",
        sa.Column("seance", identifier, nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("held_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["seance"], ["seance.id"], name=op.f("fk_seance_answer_seance")),
        sa.PrimaryKeyConstraint("seance", "member", name=op.f("pk_seance_answer")),
    )


def downgrade() -> None:
    op.drop_table("seance_answer")
    op.drop_index("ix_mail_outbox_state_next_try_at", "mail_outbox")
    op.drop_index(op.f("ix_mail_outbox_about"), "mail_outbox")
    op.drop_table("mail_outbox")
    op.drop_table("mail_address")
