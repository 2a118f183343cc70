"""The information of the président du conseil départemental (art. L.226-2-1 CASF)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.documents.letters import french_date

MODEL = "mineur_en_danger"
UNKNOWN = "non renseigné"


def values(
    *,
    minors: Sequence[Mapping[str, str]],
    family: Sequence[Mapping[str, str]],
    links: Mapping[int, str],
    elements: str,
    signed_by: str,
) -> dict[str, Any]:
    """Who is in danger, who answers for them, and what makes one fear it."""
    return {
        "mineurs": [
            {
                "nom": f"{who['prenoms']} {who['nom']}",
                "naissance": _born(who),
                "adresse": who["adresse"] or UNKNOWN,
            }
            for who in minors
        ],
        "famille": [
            {
                "nom": f"{who['prenoms']} {who['nom']}".strip() or UNKNOWN,
                "lien": links.get(int(who["lien"] or 0), "représentant légal"),
                "joindre": ", ".join(filter(None, (who["adresse"], who["telephone"]))) or UNKNOWN,
            }
            for who in family
        ],
        "elements": elements,
        "signataire": signed_by,
    }


def _born(who: Mapping[str, str]) -> str:
    born = who["naissance"]
    return french_date(date.fromisoformat(born)) if born else UNKNOWN
