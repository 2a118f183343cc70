"""The bordereau d’élimination: what was destroyed, by lots, without a name."""

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.retention import service
from casework.retention.models import Disposal, Erasure
from casework.web.french import long_date

MODEL = "bordereau_elimination"
KINDS = {
    "situation": "Dossiers de situation",
    "depot": "Dépôts sans suite",
    "demande": "Demandes de personnes",
    "urgence": "Demandes de séance urgente",
}


def values(session: Session, disposal: Disposal) -> dict[str, Any]:
    """What its model prints."""
    rows = service.erasures(session, disposal.reference)
    names = {row.code: row.name for row in cells.every_cell(session)}
    lots: dict[tuple[str, str], list[Erasure]] = defaultdict(list)
    for row in rows:
        lots[row.kind, row.cell].append(row)
    return {
        "accord": disposal.agreement,
        "elimine_le": long_date(disposal.made_on),
        "lots": [
            {
                "nature": KINDS[kind],
                "cellule": names.get(cell, cell) or "Registre du délégué",
                "nombre": str(len(held)),
                "annees": _years(held),
            }
            for (kind, cell), held in sorted(lots.items())
        ],
        "total": str(len(rows)),
        "ecritures": _span([row.seq for row in rows]),
    }


def _years(rows: list[Erasure]) -> str:
    first, last = min(row.since for row in rows).year, max(row.since for row in rows).year
    return str(first) if first == last else f"{first} à {last}"


def _span(entries: list[int]) -> str:
    return f"n° {min(entries)} à n° {max(entries)}" if len(entries) > 1 else f"n° {entries[0]}"
