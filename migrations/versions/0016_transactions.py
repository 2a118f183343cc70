"""Transactions (art. 44-1 CPP), their events, and the table of contraventions.

Revision ID: 0016
Revises: 0012
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None

FINE = {2: 15_000, 4: 75_000, 5: 150_000}  # art. 131-13 of the code pénal, in cents
RECORDED_BY = "art. R. 15-33-29-3, {} du CPP"
SINCE = date(2021, 1, 1)
SOURCE = "Copie du texte sur un site tiers, 21 novembre 2026 ; amende : art. 131-13 du code pénal"
# Code, words, class, number in the list of the police municipale. None was compared with
# Légifrance itself: the pages say so of each line until a coordinator publishes a checked one.
FIRST = (
    ("R632-1", "Dépôt d’ordures sans respecter les conditions de la collecte", 2, "5°"),
    ("R634-2", "Abandon ou jet d’ordures, de déchets ou d’autres objets", 4, "5°"),
    (
        "R635-1",
        "Destruction, dégradation ou détérioration légère d’un bien de la commune",
        5,
        "6°",
    ),
    (
        "R635-8",
        "Abandon d’une épave, ou d’ordures transportées à l’aide d’un véhicule",
        5,
        "5°",
    ),
    ("R644-2", "Entrave à la circulation par des matériaux, objets ou déchets", 4, "5°"),
)
SEALED = (
    *("nom", "prenoms", "naissance", "lieu_naissance", "adresse", "representants"),
    *("faits", "contravention", "propose"),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "transaction_maire",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("situation", identifier, nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attend", sa.String(length=12), nullable=False),
        sa.Column("echeance", sa.Date(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("asked_at", moment, nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in SEALED),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_transaction_maire_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_maire")),
        sa.UniqueConstraint("reference", name=op.f("uq_transaction_maire_reference")),
    )
    for column in ("situation", "cell", "attend"):
        op.create_index(f"ix_transaction_maire_{column}", "transaction_maire", [column])
    op.create_table(
        "transaction_event",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("transaction", identifier, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("mandat", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in ("etape", "le", "par", "contenu")
        ),
        sa.ForeignKeyConstraint(
            ["transaction"],
            ["transaction_maire.id"],
            name=op.f("fk_transaction_event_transaction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_event")),
        sa.UniqueConstraint(
            "transaction", "rank", name=op.f("uq_transaction_event_transaction_rank")
        ),
    )
    op.create_index("ix_transaction_event_transaction", "transaction_event", ["transaction"])
    table = op.create_table(
        "contravention",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("article", sa.String(length=80), nullable=False),
        sa.Column("classe", sa.Integer(), nullable=False),
        sa.Column("amende", sa.Integer(), nullable=False),
        sa.Column("pm", sa.Boolean(), nullable=False),
        sa.Column("pm_article", sa.String(length=80), nullable=False),
        sa.Column("bien_communal", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("verifiee", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contravention")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_contravention_code_valid_from")),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": number,
                "code": code,
                "label": label,
                "article": f"art. {code[0]}. {code[1:]} du code pénal",
                "classe": classe,
                "amende": FINE[classe],
                "pm": True,
                "pm_article": RECORDED_BY.format(item),
                "bien_communal": True,
                "source": SOURCE,
                "verifiee": False,
                "valid_from": SINCE,
                "valid_to": None,
            }
            for number, (code, label, classe, item) in enumerate(FIRST, start=1)
        ],
    )


def downgrade() -> None:
    op.drop_table("contravention")
    op.drop_index("ix_transaction_event_transaction", table_name="transaction_event")
    op.drop_table("transaction_event")
    for column in ("attend", "cell", "situation"):
        op.drop_index(f"ix_transaction_maire_{column}", table_name="transaction_maire")
    op.drop_table("transaction_maire")
