"""A member's mandates: past, in force and to come, with the words the directory seals."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework.members import service
from casework.vault.keyring import Reader
from charter import functions, register
from charter.models import MandateRow
from charter.register import (
    CharterError,
    EndBeforeStartError,
    ExcludedMemberError,
    IncompatibleMandateError,
)
from charter.roles import DESIGNATED_BY, Role

PAST, PRESENT, TO_COME, EXCLUDED = "Terminé", "En cours", "À venir", "Exclu"
ORDER = (PRESENT, TO_COME, PAST, EXCLUDED)

WHY_ALONE = {
    Role.DPO: (
        "le délégué à la protection des données n’exerce aucune mission qui l’expose à un conflit "
        "d’intérêts (art. 38 § 6 du RGPD)"
    ),
    Role.PARQUET: "le parquet ne siège dans aucune cellule (protocole procureur-maire)",
    Role.CORRESPONDANT_JUSTICE_VILLE: (
        "le correspondant Justice-Ville ne voit que les échanges avec le parquet "
        "(protocole procureur-maire)"
    ),
    Role.ADMINISTRATEUR: (
        "qui fait fonctionner l’installation ne siège nulle part où des noms s’échangent "
        "(art. 32 du RGPD)"
    ),
}


@dataclass(frozen=True)
class Held:
    """A mandate as its page shows it; ``institution`` and ``acte`` are empty without the key."""

    row: MandateRow
    title: str
    state: str
    institution: str = ""
    acte: str = ""

    @property
    def lasts(self) -> bool:
        """May it still be ended?"""
        return self.state in (PRESENT, TO_COME)


def state_of(row: MandateRow, on: date) -> str:
    if row.excluded_at is not None:
        return EXCLUDED
    if row.starts > on:
        return TO_COME
    return PAST if row.ends is not None and row.ends < on else PRESENT


def held(
    session: Session, reader: Reader | None, reference: str, cell: str | None, on: date
) -> list[Held]:
    """The mandates of a member, in one cell if it is given; those in force first."""
    rows = [
        row for row in register.mandates_of(session, reference) if cell is None or row.cell == cell
    ]
    words = service.details(session, reader, [row.id for row in rows]) if reader else {}
    labels = functions.labels(session)
    found = [
        Held(
            row,
            register.as_mandate(row, labels.get(row.function or "", "")).title,
            state_of(row, on),
            *words.get(row.id, ("", "")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda it: (ORDER.index(it.state), -it.row.starts.toordinal()))


def why_not(error: CharterError, role: Role) -> tuple[str, str]:
    """The field a refusal belongs to, and its sentence."""
    if isinstance(error, IncompatibleMandateError):
        other = Role(error.args[0])
        alone = next(one for one in WHY_ALONE if one in (role, other))
        return "role", (
            f"Ce mandat ne se cumule pas avec « {other.label} » : {WHY_ALONE[alone]}. "
            "Mettez d’abord fin à l’un des deux."
        )
    if isinstance(error, ExcludedMemberError):
        return "cellule", (
            "Cette personne a été exclue de cette cellule : elle n’y reçoit plus de mandat. "
            "Désignez une autre personne."
        )
    if isinstance(error, service.ActRequired):
        return "acte", f"Indiquez {DESIGNATED_BY[role]} : sans cet acte, le mandat n’existe pas."
    if isinstance(error, EndBeforeStartError):
        return "fin", "La fin du mandat précède son début : vérifiez les deux dates."
    return "role", "Ce rôle et cette cellule ne vont pas ensemble : choisissez à nouveau."
