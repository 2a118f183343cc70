"""The file of a procedure as the commune reads it: fiche, steps, family, consultations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.clock import today
from casework.members import signatories
from casework.members.signatories import Signatory
from casework.rappels import consultations, service
from casework.rappels.models import Rappel
from casework.rappels.words import ADULT, MINOR
from casework.situations import service as situations
from casework.vault.keyring import Reader
from casework.web.french import long_date
from charter.categories import RAPPEL


@dataclass(frozen=True)
class Dossier:
    """What the maire needs to know before convening (001:1011-1015)."""

    procedure: service.Opened
    situation: situations.Opened
    asked: Sequence[consultations.Asked]
    signatories: Sequence[Signatory] = ()  # who may hold it, for a holder of the directory

    @property
    def audience(self) -> str:
        """Whom the age calls before the maire; whoever convenes knows about the pupil's parents."""
        born = self.procedure.naissance
        return MINOR if born and service.is_minor(born, today()) else ADULT

    @property
    def which_letter(self) -> str:
        """The letter that the age calls, on the day convened for."""
        born = self.procedure.naissance
        if born is None:
            return ""
        if not service.is_minor(born, today()):
            return "La personne est majeure."
        return (
            f"La personne sera majeure le {long_date(service.of_age_on(born))}\u00a0: jusqu’à la "
            "veille, elle est convoquée avec ses parents."
        )

    @property
    def addressees(self) -> str:
        """The letters' addresses, one a line: the representatives, or the person of age."""
        who = self.situation.interesse
        if self.audience == ADULT or not self.situation.representants:
            return _line(who, who.get("adresse", ""))
        home = who.get("adresse", "")
        return "\n".join(_line(one, home) for one in self.situation.representants)


def _line(who: dict[str, str], home: str) -> str:
    name = f"{who.get('prenoms', '')} {who.get('nom', '')}".strip()
    address = " ".join((who.get("adresse") or home).split("\n"))
    return f"{name}, {address}" if address else name


def pupil_convened(session: Session, cell: str) -> bool:
    """For absenteeism, are the parents heard with the pupil (Aix, 000:1686) or without (Istres,
    001:944)? The protocole of the cell says; without, by default."""
    return cells.options(session, cell).pupil_heard


def read(session: Session, reader: Reader, rappel: Rappel, held: Collection[str] = ()) -> Dossier:
    """Open everything at once, in the categories of a rappel à l'ordre."""
    procedure = service.open_procedures(session, reader, [rappel], RAPPEL)[0]
    row = session.get_one(situations.Situation, rappel.situation)
    situation = situations.open_situation(session, reader, row, RAPPEL)
    asked = consultations.read(session, reader, consultations.of_rappel(session, rappel.id))
    known = signatories.of_cell(session, reader, rappel.cell, held, today())
    return Dossier(procedure, situation, asked, known)
