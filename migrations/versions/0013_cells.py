"""Cells as configuration: kind, settings, expected seats, the terms each offers.

The cells installed so far come from one profile, its CCTP and its GSP: they keep doing what they
did.
Any other is a groupe de suivi nominatif. Transactions stay off until a coordinator opens them.

Revision ID: 0013
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0016"
branch_labels = None
depends_on = None

# name, type, value of the cells already there
SETTINGS = (
    ("kind", sa.String(8), "gsn"),
    ("version", sa.Integer(), "1"),
    ("profile", sa.String(32), ""),
    ("every", sa.Integer(), "0"),
    ("unit", sa.String(8), "mois"),
    ("urgent", sa.Boolean(), sa.true()),
    ("information", sa.String(16), "aucune"),
    ("information_blocks", sa.Boolean(), sa.false()),
    ("rappel", sa.Boolean(), sa.false()),
    ("rappel_light", sa.Boolean(), sa.false()),
    ("pupil_heard", sa.Boolean(), sa.false()),
    ("transaction", sa.Boolean(), sa.false()),
    ("transaction_hours", sa.Integer(), "30"),
    ("reminder_days", sa.Integer(), "15"),
    ("retention_months", sa.Integer(), "3"),
)
KNOWN = (
    ("CCTP", {"kind": "cctp", "every": 4, "rappel": True, "rappel_light": True}),
    ("GSP", {"kind": "gsp", "every": 3}),
)


def upgrade() -> None:
    with op.batch_alter_table("cell") as cell:
        for name, kind, value in SETTINGS:
            cell.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        cell.alter_column("cadence", existing_type=sa.String(120), type_=sa.String(200))
    op.create_table(
        "cell_seat",
        sa.Column("cell", sa.String(32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cell"], ["cell.code"], name=op.f("fk_cell_seat_cell")),
        sa.PrimaryKeyConstraint("cell", "rank", name=op.f("pk_cell_seat")),
    )
    op.create_table(
        "cell_term",
        sa.Column("cell", sa.String(32), nullable=False),
        sa.Column("list", sa.String(32), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell"], ["cell.code"], name=op.f("fk_cell_term_cell")),
        sa.PrimaryKeyConstraint("cell", "list", "code", name=op.f("pk_cell_term")),
    )
    _settle_known()


def _settle_known() -> None:
    cell = sa.table(
        "cell", sa.column("code"), *(sa.column(name, kind) for name, kind, _ in SETTINGS)
    )
    seat = sa.table(
        "cell_seat",
        *(sa.column(name) for name in ("cell", "rank", "role", "label")),
        sa.column("invited", sa.Boolean()),
    )
    for code, values in KNOWN:
        op.execute(sa.update(cell).where(cell.c.code == code).values(**values))
    setting = sa.table("setting", sa.column("key"), sa.column("value"))
    days = sa.select(setting.c.value).where(setting.c.key == "relance_parquet_jours")
    kept = op.get_bind().execute(days).scalar()
    if kept and kept.isdigit():
        op.execute(sa.update(cell).values(reminder_days=int(kept)))
    op.execute(sa.delete(setting).where(setting.c.key == "relance_parquet_jours"))
    # Every cell had a coordinator's seat, the one no cell does without.
    rows = op.get_bind().execute(sa.select(cell.c.code)).scalars().all()
    for code in rows:
        values = {"cell": code, "rank": 0, "role": "coordonnateur", "invited": False}
        op.execute(sa.insert(seat).values(label="Coordonnateur du CLSPD", **values))


def downgrade() -> None:
    op.drop_table("cell_term")
    op.drop_table("cell_seat")
    with op.batch_alter_table("cell") as cell:
        for name, _, _ in SETTINGS:
            cell.drop_column(name)
        cell.alter_column("cadence", existing_type=sa.String(200), type_=sa.String(120))
