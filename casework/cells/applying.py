"""Applying a ready profile: the cells it describes are made, or brought back to it.

Nothing a commune edited is overwritten unless asked, and all the cells change or none does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.cells import service, settings
from casework.cells.kinds import KINDS
from casework.cells.models import Cell
from casework.cells.profiles.model import CellProfile, Profile


class ProfileRefused(Exception):
    """The sentence says which cell, why, and what to do."""


@dataclass(frozen=True)
class Applied:
    """What became of a cell: « créée », « mise à jour », « déjà conforme »."""

    code: str
    outcome: str
    awaits_clearance: bool = False


def apply(
    session: Session, profile: Profile, only: Collection[str] = (), *, replace: bool = False
) -> list[Applied]:
    """Apply a profile, or some of its cells. The caller commits."""
    unknown = set(only) - {cell.code for cell in profile.cells}
    if unknown:
        offered = ", ".join(cell.code for cell in profile.cells)
        raise ProfileRefused(
            f"Le profil « {profile.name} » n’a pas de cellule {', '.join(sorted(unknown))}. "
            f"Il propose : {offered}."
        )
    chosen = [cell for cell in profile.cells if not only or cell.code in only]
    _check(session, chosen, replace)
    return [_apply(session, profile.name, cell) for cell in chosen]


def _check(session: Session, chosen: Iterable[CellProfile], replace: bool) -> None:
    for cell in chosen:
        found = service.cell(session, cell.code)
        if found is None or conforms(session, found, cell):
            continue
        if found.kind != cell.kind:
            raise ProfileRefused(
                f"{cell.code} existe et est d’un autre type ({KINDS[found.kind].label}) : un "
                "profil ne change pas le type d’une cellule. Rien n’a été modifié."
            )
        if not found.profile and not replace:
            raise ProfileRefused(
                f"{cell.code} porte des réglages propres à la commune. Rien n’a été modifié. "
                "Ajoutez --replace pour les remplacer par ceux du profil."
            )


def conforms(session: Session, found: Cell, cell: CellProfile) -> bool:
    """Is the cell exactly what the profile says?"""
    return (
        (found.name, found.kind) == (cell.name, cell.kind)
        and service.options(session, found.code) == cell.options
        and all(
            service.offered(session, found.code, name) == cell.offered.get(name, ())
            for name in service.CONFIGURED
        )
    )


def _apply(session: Session, profile: str, cell: CellProfile) -> Applied:
    found = service.cell(session, cell.code)
    if found is None:
        settings.create(
            session, cell.code, cell.name, cell.kind, cell.options, cell.offered, profile
        )
        return Applied(cell.code, "créée", KINDS[cell.kind].needs_clearance)
    if conforms(session, found, cell):
        return Applied(cell.code, "déjà conforme")
    settings.change(session, cell.code, found.version, cell.name, cell.options)
    for name in service.CONFIGURED:
        settings.offer(session, found, name, cell.offered.get(name, ()))
    found.profile = profile
    return Applied(cell.code, "mise à jour")
