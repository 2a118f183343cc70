"""Preparing a séance."""

from datetime import datetime, time

from wtforms import TimeField
from wtforms.validators import InputRequired

from casework.web.forms import Form, Members, PickMany, day, line
from casework.web.french import PARIS


class SeanceForm(Form):
    """Date, place, agenda and members convened."""

    jour = day("Date", "Indiquez la date de la séance.")
    heure = TimeField(
        "Heure",
        [InputRequired("Indiquez l’heure, par exemple 14:30.")],
        format=["%H:%M", "%Hh%M", "%H h %M"],
        description="hh:mm",
    )
    lieu = line("Lieu", "Indiquez le lieu de la séance.")
    ordre_du_jour = PickMany("Situations à examiner")
    membres = Members("Membres convoqués")

    def held_at(self) -> datetime:
        """The moment of the séance, on the commune's clock."""
        hour: time = self.heure.data
        return datetime.combine(self.jour.data, hour, PARIS)
