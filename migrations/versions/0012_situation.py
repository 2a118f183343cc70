"""Situations: information of the persons, several persons, services, closure, danger, files.

Revision ID: 0012
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0015"
branch_labels = None
depends_on = None

SEALED = {
    "information": ("faite_le", "mode", "destinataire", "nom", "adresse", "motif"),
    "danger_notice": ("transmise_le", "mode", "personnes", "elements"),
    "closure": ("le", "resultat", "motif"),
    "person_event": (),
}
WITH_NATURE = ("information", "closure", "person_event")


def _identifier() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _sealed(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _situation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_situation")
    return sa.ForeignKeyConstraint(["situation"], ["situation.id"], name=name)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("situation", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("situation", sa.Column("canal", sa.Integer(), nullable=True))
    op.create_table(
        "represents",
        sa.Column("representative", _identifier(), nullable=False),
        sa.Column("person", _identifier(), nullable=False),
        sa.ForeignKeyConstraint(
            ["representative"], ["person.id"], name=op.f("fk_represents_representative")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_represents_person")),
        sa.PrimaryKeyConstraint("representative", "person", name=op.f("pk_represents")),
    )
    op.create_index(op.f("ix_represents_person"), "represents", ["person"])
    for table, columns in SEALED.items():
        nature = [sa.Column("nature", sa.String(length=16), nullable=False)]
        op.create_table(
            table,
            sa.Column("id", _identifier(), autoincrement=False, nullable=False),
            sa.Column("situation", _identifier(), nullable=False),
            sa.Column("created_at", moment, nullable=False),
            sa.Column("created_by", sa.String(length=12), nullable=False),
            sa.Column("created_as", sa.String(length=48), nullable=False),
            *(nature if table in WITH_NATURE else []),
            *_sealed(*columns),
            _situation(table),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_situation"), table, ["situation"])
    op.create_table(
        "involvement",
        sa.Column("id", _identifier(), autoincrement=False, nullable=False),
        sa.Column("situation", _identifier(), nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("updated_by", sa.String(length=12), nullable=False),
        *_sealed("services", "demarches"),
        _situation("involvement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint("situation", name=op.f("uq_involvement_situation")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", _identifier(), autoincrement=False, nullable=False),
        sa.Column("situation", _identifier(), nullable=False),
        sa.Column("media", sa.String(length=40), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.Column("added_by", sa.String(length=12), nullable=False),
        *_sealed("titre", "content"),
        _situation("attachment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_situation"), "attachment", ["situation"])


def downgrade() -> None:
    op.drop_index(op.f("ix_attachment_situation"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("involvement")
    for table in reversed(SEALED):
        op.drop_index(op.f(f"ix_{table}_situation"), table_name=table)
        op.drop_table(table)
    op.drop_index(op.f("ix_represents_person"), table_name="represents")
    op.drop_table("represents")
    op.drop_column("situation", "canal")
    op.drop_column("situation", "closed_on")
