"""Which services are there, which are not; nothing is said of the others."""

from sqlalchemy.orm import Session
from wtforms import IntegerField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from casework.cells.service import terms
from casework.involvement.service import NO, YES, Involved
from casework.situations.forms import WARNING
from casework.web.forms import Form, PickMany, choices, paragraph

LONGEST = 600


class InvolvementForm(Form):
    """A service ticked nowhere is unknown."""

    presents = PickMany("Services qui interviennent déjà")
    absents = PickMany("Services dont on sait qu’ils n’interviennent pas")
    demarches = paragraph("Ce qui a déjà été tenté", longest=LONGEST, description=WARNING)
    version = IntegerField(widget=HiddenInput(), default=1)

    def fill_choices(self, session: Session) -> None:
        self.presents.choices = choices(terms(session, "service"))
        self.absents.choices = choices(terms(session, "service"))

    def validate_absents(self, field: object) -> None:
        if set(self.absents.data or ()) & set(self.presents.data or ()):
            raise ValidationError("Un même service est coché des deux côtés : gardez une réponse.")

    def involved(self) -> Involved:
        answers = dict.fromkeys(self.presents.data or (), YES)
        answers |= dict.fromkeys(self.absents.data or (), NO)
        return Involved(answers, self.demarches.data or "")

    def show(self, known: Involved) -> None:
        self.presents.data, self.absents.data = known.present, known.absent
        self.demarches.data = known.demarches
