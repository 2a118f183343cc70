"""The letter that tells a person or a family, before the examination (art. 13 and 14 RGPD).

It says that a cell will examine, never what was reported.
"""

from collections.abc import Sequence

from casework.retention.clock import LAST_BIRTHDAY

MODEL = "lettre_information"


def values(
    *,
    cell: str,
    recipient: str,
    address: str,
    persons: Sequence[str],
    to_self: bool,
    signed_by: str,
    months: int,
) -> dict[str, str]:
    """What its model prints."""
    return {
        "cellule": cell[:1].lower() + cell[1:],
        "destinataire": recipient,
        "adresse": address,
        "objet": "votre situation" if to_self else f"la situation de {_and(persons)}",
        "signataire": signed_by,
        "mois_apres": str(months),
        "anniversaire": str(LAST_BIRTHDAY),
    }


def _and(names: Sequence[str]) -> str:
    """« A, B et C »."""
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last
