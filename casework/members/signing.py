"""The question « who signs? »: a mandate that the application knows, or someone named by hand.

The arrêté of a delegate comes from their mandate: nobody types it again, so nobody mistypes it.
"""

from collections.abc import Sequence
from datetime import date

from wtforms import BooleanField
from wtforms.validators import ValidationError

from casework.members.signatories import Signatory
from casework.web.forms import Pick, line
from charter.roles import Role

OTHER = 0
ANOTHER = "Choisissez, ou nommez ci-dessous une autre personne"


class Signing:
    """``named`` is the field where a name is typed, ``on_day`` the one of the day it is signed."""

    named: str
    on_day: str = ""
    known: Sequence[Signatory] = ()
    today: date

    mandat = Pick("Qui signe")
    par_delegation = BooleanField("Cette personne agit par délégation du maire")
    delegation = line("Référence de l’arrêté de délégation")

    def offer(self, known: Sequence[Signatory], today: date, mine: str = "") -> None:
        """The mandates to choose from, ``mine`` chosen beforehand; always someone else as well."""
        self.known, self.today = known, today
        self.mandat.choices = [(one.number, one.label(today)) for one in known] + [(OTHER, ANOTHER)]
        if self.mandat.data is None:
            own = (one.number for one in known if one.member == mine and one.held(today))
            self.mandat.data = next(own, OTHER)

    def signatory(self) -> Signatory | None:
        """The mandate chosen."""
        return next((one for one in self.known if one.number == self.mandat.data), None)

    def signed(self) -> tuple[str, str]:
        """Who signs, and by which arrêté."""
        one = self.signatory()
        if one is not None:
            return one.signed, one.acte
        by = self.delegation.data if self.par_delegation.data else ""
        return self[self.named].data or "", by or ""

    def delegated(self) -> bool:
        """Does someone else than the maire sign, who needs an arrêté?"""
        one = self.signatory()
        return bool(self.par_delegation.data) if one is None else one.role is Role.ELU_DELEGUE

    def validate_mandat(self, field: object) -> None:
        one = self.signatory()
        if one is None:
            if not (self[self.named].data or "").strip():
                raise ValidationError("Choisissez un mandat, ou nommez ci-dessous qui signe.")
            return
        day = self[self.on_day].data if self.on_day else self.today
        if day and not one.held(day):
            raise ValidationError(
                "Ce mandat n’est pas en cours ce jour-là : choisissez quelqu’un d’autre, ou "
                "vérifiez la date."
            )

    def validate_par_delegation(self, field: object) -> None:
        if self.signatory() is None and self.par_delegation.data and not self.delegation.data:
            raise ValidationError("Indiquez ci-dessous la référence de l’arrêté de délégation.")
