"""Séances prepared, held and closed: events, urgent requests, examinations, orientations.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ADDED = ("kind", "etat", "version", "opened_at", "closed_at")


def upgrade() -> None:
    with op.batch_alter_table("seance") as table:
        table.add_column(
            sa.Column("kind", sa.String(length=12), nullable=False, server_default="ordinaire")
        )
        table.add_column(
            sa.Column("etat", sa.String(length=12), nullable=False, server_default="preparee")
        )
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("opened_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True)))
    _event()
    _request()
    _about_situation(
        "examination",
        ("rank",),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("envoi", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        *_sealed("services", "chainage", "orientations", "notes", "revoir", "statut", "correction"),
    )
    _about_situation(
        "orientation",
        ("rank",),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=12)),
        sa.Column("etat", sa.String(length=12), nullable=False),
        *_sealed("suite", "precision", "institution", "echeance"),
    )
    op.create_index(op.f("ix_orientation_cell"), "orientation", ["cell"])
    op.create_index(op.f("ix_orientation_member"), "orientation", ["member"])
    _about_situation(
        "contribution",
        ("member", "rank"),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_sealed("reponse", "dispositif", "texte"),
    )


def _identifier() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _sealed(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _event() -> None:
    op.create_table(
        "seance_event",
        sa.Column("id", _identifier(), autoincrement=False, nullable=False),
        sa.Column("seance", _identifier(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        *_sealed("contenu"),
        sa.ForeignKeyConstraint(["seance"], ["seance.id"], name=op.f("fk_seance_event_seance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seance_event")),
    )
    op.create_index(op.f("ix_seance_event_seance"), "seance_event", ["seance"])


def _request() -> None:
    op.create_table(
        "seance_request",
        sa.Column("id", _identifier(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=12), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.String(length=12)),
        sa.Column("seance", _identifier()),
        *_sealed("motif", "refus"),
        sa.ForeignKeyConstraint(["seance"], ["seance.id"], name=op.f("fk_seance_request_seance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seance_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_seance_request_reference")),
    )
    op.create_index(op.f("ix_seance_request_cell"), "seance_request", ["cell"])


def _about_situation(name: str, unique: tuple[str, ...], *columns: sa.Column[object]) -> None:
    """A table of what a séance says of a situation."""
    key = ("seance", "situation", *unique)
    op.create_table(
        name,
        sa.Column("id", _identifier(), autoincrement=False, nullable=False),
        sa.Column("seance", _identifier(), nullable=False),
        sa.Column("situation", _identifier(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["seance"], ["seance.id"], name=op.f(f"fk_{name}_seance")),
        sa.ForeignKeyConstraint(["situation"], ["situation.id"], name=op.f(f"fk_{name}_situation")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*key, name=op.f(f"uq_{name}_{'_'.join(key)}")),
    )
    op.create_index(op.f(f"ix_{name}_situation"), name, ["situation"])


def downgrade() -> None:
    for name in ("contribution", "orientation", "examination", "seance_request", "seance_event"):
        op.drop_table(name)
    with op.batch_alter_table("seance") as table:
        for column in ADDED:
            table.drop_column(column)
