"""Requests of persons, limitations, breaches, impact assessments, the record of processing.

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0020"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False)


def _sealed(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "person_request",
        _id(),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("prolonged_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        *_sealed("qualite", "nom", "coordonnees", "verification", "paroles"),
        *_sealed("motif_prolongation", "motifs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_person_request_reference")),
    )
    op.create_table(
        "person_request_cell",
        _id(),
        sa.Column("request", IDENTIFIER, nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("situation", IDENTIFIER, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("executed_at", MOMENT, nullable=True),
        sa.Column("executed_by", sa.String(length=12), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=True),
        *_sealed("compte_rendu"),
        sa.ForeignKeyConstraint(
            ["request"], ["person_request.id"], name=op.f("fk_person_request_cell_request")
        ),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_person_request_cell_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_request_cell")),
        sa.UniqueConstraint("request", "cell", name=op.f("uq_person_request_cell_request_cell")),
    )
    for column in ("cell", "situation"):
        name = op.f(f"ix_person_request_cell_{column}")
        op.create_index(name, "person_request_cell", [column])
    op.create_table(
        "limitation",
        _id(),
        sa.Column("transmission", IDENTIFIER, nullable=False),
        sa.Column("situation", IDENTIFIER, nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("placed_by", sa.String(length=12), nullable=False),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by", sa.String(length=12), nullable=True),
        *_sealed("motif"),
        sa.ForeignKeyConstraint(
            ["transmission"], ["person_request_cell.id"], name=op.f("fk_limitation_transmission")
        ),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_limitation_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limitation")),
    )
    for column in ("transmission", "situation"):
        op.create_index(op.f(f"ix_limitation_{column}"), "limitation", [column])
    _registers()


def _registers() -> None:
    op.create_table(
        "breach",
        _id(),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("declared_by", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=32), nullable=False),
        *_sealed("faits", "categories", "personnes", "enregistrements", "consequences", "mesures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("reference", name=op.f("uq_breach_reference")),
    )
    op.create_table(
        "breach_step",
        _id(),
        sa.Column("breach", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=12), nullable=False),
        *_sealed("texte"),
        sa.ForeignKeyConstraint(["breach"], ["breach.id"], name=op.f("fk_breach_step_breach")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_step")),
    )
    op.create_index(op.f("ix_breach_step_breach"), "breach_step", ["breach"])
    op.create_table(
        "aipd",
        _id(),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("opinion", sa.String(length=16), nullable=False),
        sa.Column("opinion_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=12), nullable=False),
        *_sealed("reference"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aipd")),
    )
    op.create_index(op.f("ix_aipd_cell"), "aipd", ["cell"])
    op.create_table(
        "processing_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("published_by", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_processing_version")),
    )


def downgrade() -> None:
    for table in (
        "processing_version",
        "aipd",
        "breach_step",
        "breach",
        "limitation",
        "person_request_cell",
        "person_request",
    ):
        op.drop_table(table)
