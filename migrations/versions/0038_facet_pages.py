"""Facets copied by pages, which triggers destroy when one of their situations changes.

Revision ID: 0038
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None

CHANGES = "UPDATE OF facets, key_version, cell, archived_on"
SQLITE = {
    "situation_leaves_page": f"AFTER {CHANGES} ON situation WHEN OLD.page IS NOT NULL BEGIN"  # noqa: S608 - constants
    " UPDATE situation SET page = NULL WHERE id = NEW.id;"
    " DELETE FROM facet_page WHERE id = OLD.page; END",
    "situation_erased_from_page": "AFTER DELETE ON situation WHEN OLD.page IS NOT NULL BEGIN"
    " DELETE FROM facet_page WHERE id = OLD.page; END",
}
# Two edits of one page: the second finds it being destroyed, and does not wait. Should the first
# be rolled back, fewer situations point to the page than it says, and nobody believes it.
FORGET = (
    "DELETE FROM facet_page WHERE id IN"
    " (SELECT id FROM facet_page WHERE id = OLD.page FOR UPDATE SKIP LOCKED);"
)
POSTGRESQL = (
    "CREATE FUNCTION situation_leaves_page() RETURNS trigger LANGUAGE plpgsql AS $$"
    f" BEGIN {FORGET} NEW.page := NULL; RETURN NEW; END $$",
    "CREATE FUNCTION situation_erased_from_page() RETURNS trigger LANGUAGE plpgsql AS $$"
    f" BEGIN {FORGET} RETURN OLD; END $$",
    f"CREATE TRIGGER situation_leaves_page BEFORE {CHANGES} ON situation FOR EACH ROW"
    " WHEN (OLD.page IS NOT NULL) EXECUTE FUNCTION situation_leaves_page()",
    "CREATE TRIGGER situation_erased_from_page BEFORE DELETE ON situation FOR EACH ROW"
    " WHEN (OLD.page IS NOT NULL) EXECUTE FUNCTION situation_erased_from_page()",
)


def upgrade() -> None:
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "facet_page",
        sa.Column("id", identifier, autoincrement=False, nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("situations", sa.Integer(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("facets", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facet_page")),
    )
    op.create_index("ix_facet_page_cell", "facet_page", ["cell"])
    op.add_column("situation", sa.Column("page", identifier, nullable=True))
    op.create_index("ix_situation_cell_page", "situation", ["cell", "page"])
    if op.get_bind().dialect.name == "sqlite":
        for name, what in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {what}")
    else:
        for statement in POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    for name in SQLITE:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON situation")
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_situation_cell_page", table_name="situation")
    op.drop_column("situation", "page")
    op.drop_index("ix_facet_page_cell", table_name="facet_page")
    op.drop_table("facet_page")
