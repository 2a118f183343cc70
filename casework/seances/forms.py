"""Preparing a séance, asking for an urgent one, holding it."""

from datetime import datetime, time

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from casework.clock import PARIS
from casework.seances.sitting import Presence
from casework.web.forms import AROUND, Form, Members, PickMany, day, line, paragraph

NAMELESS = "Ne nommez personne ici : une référence suffit."
REASON_LENGTH = 300


class Hour(TimeField):
    """An hour typed as text, in our words when it cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Écrivez l’heure sous la forme 14:30.") from None


class Plan:
    """Date, place and members convened: what every prepared séance has."""

    jour = day("Date", "Indiquez la date de la séance.", AROUND)
    heure = Hour(
        "Heure",
        [InputRequired("Indiquez l’heure, par exemple 14:30.")],
        format=["%H:%M", "%Hh%M", "%H h %M"],
        description="Par exemple 14:30, ou 14 h 30.",
    )
    lieu = line("Lieu", "Indiquez le lieu de la séance.")
    membres = Members("Membres convoqués")

    def held_at(self) -> datetime:
        """The moment of the séance, on the commune's clock."""
        hour: time = self.heure.data
        return datetime.combine(self.jour.data, hour, PARIS)


class SeanceForm(Plan, Form):
    """A new séance; ``demande`` is the urgent request it answers."""

    ordre_du_jour = PickMany("Situations à examiner")
    demande = HiddenField()


class AgendaLine(PlainForm):
    """A situation that may be on the agenda, and its place there."""

    situation = IntegerField(widget=HiddenInput())
    inscrite = BooleanField("Inscrite")
    rang = IntegerField(
        "Rang",
        [Optional(), NumberRange(1, 999, message="Indiquez un rang entre 1 et 999.")],
    )


class EditForm(Plan, Form):
    """A prepared séance, edited from ``version``."""

    lignes = FieldList(FormField(AgendaLine))
    motif = line("Raison du report, si la date change", longest=REASON_LENGTH, description=NAMELESS)
    version = IntegerField(widget=HiddenInput(), default=1)

    def chosen(self) -> list[int]:
        """Ids of the situations kept, in the order of their ranks."""
        kept = [one.form for one in self.lignes if one.form.inscrite.data]
        ranked = sorted(enumerate(kept), key=lambda pair: (pair[1].rang.data or 999, pair[0]))
        return [one.situation.data for _, one in ranked if one.situation.data]


class CancelForm(Form):
    motif = line(
        "Raison de l’annulation",
        "Indiquez pourquoi la séance est annulée.",
        REASON_LENGTH,
        description=NAMELESS,
    )
    version = IntegerField(widget=HiddenInput(), default=1)


class RequestForm(Form):
    motif = paragraph(
        "Pourquoi la cellule devrait se réunir d’urgence",
        "Indiquez ce qui presse.",
        600,
        description="Des faits, en quelques phrases. Scellé : seule la coordination le lira.",
    )


class DeclineForm(Form):
    refus = paragraph(
        "Raison du refus", "Indiquez pourquoi la séance n’est pas réunie d’urgence.", 600
    )


class OpenForm(Form):
    lue = BooleanField(
        "La déclaration de confidentialité vient d’être lue à voix haute",
        [InputRequired("Lisez la déclaration, puis cochez la phrase.")],
    )
    version = IntegerField(widget=HiddenInput(), default=1)


class PresenceLine(PlainForm):
    """One member convened."""

    membre = HiddenField()
    presence = RadioField("Présence", choices={one.value: one.label for one in Presence})
    remplacant = SelectField("Remplacé par", validate_choice=False, default="")


class PresenceForm(Form):
    lignes = FieldList(FormField(PresenceLine), min_entries=1, max_entries=60)
    invites = paragraph(
        "Invités, en tant que de besoin",
        longest=600,
        description="Un par ligne : nom et fonction. Un invité ne lit rien ici.",
    )


class CloseForm(Form):
    version = IntegerField(widget=HiddenInput(), default=1)
