"""The lines of the table of contraventions, in fuller words of the text.

They were read in copies that others publish, not on Légifrance: `verifiee` stays false, and the
pages ask for the comparison until a coordinator publishes a checked version. A line that a commune
replaced is its own and is left alone. Transactions already prepared keep the words of their day:
those are sealed with them.

Revision ID: 0030
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0022"
branch_labels = None
depends_on = None

BEFORE = "Copie du texte sur un site tiers, 21 novembre 2026 ; amende : art. 131-13 du code pénal"
AFTER = (
    "Code pénal, art. {article} et 131-13, {classe}° (amende) ; code de procédure pénale, "
    "art. R. 15-33-29-3, {item}. Lus dans des copies de tiers, le 21 novembre 2026"
)
# Code, class, number in the list of the police municipale, words before, words of the text.
LINES = (
    (
        "R632-1",
        2,
        "5°",
        "Dépôt d’ordures sans respecter les conditions de la collecte",
        "Dépôt d’ordures, de déchets ou d’autres objets aux emplacements de collecte, sans "
        "respecter les conditions fixées (contenant, jours et horaires, tri)",
    ),
    (
        "R634-2",
        4,
        "5°",
        "Abandon ou jet d’ordures, de déchets ou d’autres objets",
        "Dépôt, abandon, jet ou déversement d’ordures, de déchets, de déjections, de matériaux ou "
        "d’autres objets hors des emplacements désignés",
    ),
    (
        "R635-1",
        5,
        "6°",
        "Destruction, dégradation ou détérioration légère d’un bien de la commune",
        "Destruction, dégradation ou détérioration volontaire d’un bien de la commune, dont il "
        "n’est résulté qu’un dommage léger",
    ),
    (
        "R635-8",
        5,
        "5°",
        "Abandon d’une épave, ou d’ordures transportées à l’aide d’un véhicule",
        "Dépôt ou abandon d’une épave de véhicule, ou d’ordures, de déchets ou d’autres objets "
        "transportés avec l’aide d’un véhicule",
    ),
    (
        "R644-2",
        4,
        "5°",
        "Entrave à la circulation par des matériaux, objets ou déchets",
        "Embarras de la voie publique par des matériaux ou des objets laissés sans nécessité, qui "
        "entravent ou diminuent la liberté ou la sûreté de passage",
    ),
)
TABLE = sa.table("contravention", *(sa.column(name) for name in ("code", "label", "source")))


def _source(code: str, classe: int, item: str) -> str:
    return AFTER.format(article=f"{code[0]}. {code[1:]}", classe=classe, item=item)


def _change(code: str, known: str, values: dict[str, object]) -> None:
    mine = (TABLE.c.code == code) & (TABLE.c.source == known)
    op.execute(TABLE.update().where(mine).values(values))


def upgrade() -> None:
    for code, classe, item, _before, label in LINES:
        source = _source(code, classe, item)
        _change(code, BEFORE, {"label": label, "source": source})


def downgrade() -> None:
    for code, classe, item, before, _label in LINES:
        source = _source(code, classe, item)
        _change(code, source, {"label": before, "source": BEFORE})
