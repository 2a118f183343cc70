"""Ending a follow-up, and following again."""

from datetime import date

from sqlalchemy.orm import Session
from wtforms import IntegerField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from casework.cells.lists import ENDED
from casework.cells.service import terms
from casework.web.forms import PAST, READ_BY_DPO, Form, Pick, choices, day, paragraph

LONGEST = 300


class _Dated(Form):
    """``began``: the day before which it makes no sense."""

    began: date | None = None
    le = day("Date", "Indiquez la date.", PAST)
    version = IntegerField(widget=HiddenInput(), default=1)

    def validate_le(self, field: object) -> None:
        if self.le.data and self.began and self.le.data < self.began:
            raise ValidationError(
                f"La date ne peut pas précéder le {self.began:%d/%m/%Y} : vérifiez-la."
            )


class CloseForm(_Dated):
    resultat = Pick("Résultat", "Choisissez comment le suivi se termine.")
    motif = paragraph(
        "Précision",
        longest=LONGEST,
        description="En quelques mots, si le résultat ne dit pas tout.",
    )

    def fill_choices(self, session: Session) -> None:
        ended = [term for term in terms(session, "statut") if term.code in ENDED]
        self.resultat.choices = choices(ended)


class ReopenForm(_Dated):
    exceptional = "motif"
    motif = paragraph(
        "Motif",
        "Indiquez pourquoi le suivi reprend.",
        LONGEST,
        description=f"Une nouvelle saisine, un retour dans la commune… {READ_BY_DPO}",
    )
