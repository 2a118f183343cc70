"""What is typed about keeping: a motive, an agreement."""

from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from casework.retention.archive import MOST_DAYS
from casework.web.forms import READ_BY_DPO, Form, day, line, paragraph


class OpeningForm(Form):
    exceptional = "motif"
    motif = paragraph(
        "Motif",
        "Dites pourquoi cette archive doit être lue.",
        300,
        description="Contentieux, demande d’une autorité… Qui répondra le lit. " + READ_BY_DPO,
    )
    jours = IntegerField(
        "Pendant",
        [
            InputRequired("Écrivez un nombre de jours."),
            NumberRange(1, MOST_DAYS, f"De 1 à {MOST_DAYS} jours."),
        ],
        description=f"{MOST_DAYS} jours au plus ; la lecture se ferme d’elle-même.",
    )


class AgreementForm(Form):
    accord = line(
        "Référence de l’accord",
        longest=120,
        description="Celle que porte le visa des archives départementales. Vide : plus d’accord.",
    )
    le = day("Daté du")

    def validate_accord(self, field: Field) -> None:
        if field.data and not self.le.data:
            raise ValidationError("Indiquez aussi la date de l’accord.")


class RenewForm(Form):
    version = IntegerField(widget=HiddenInput(), default=1)
