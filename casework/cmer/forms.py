"""Forms of a CMER: closed lists and dates, and no free text at all."""

from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import InputRequired

from casework.cells.service import terms
from casework.cmer.service import Opinion, Recipient
from casework.web.forms import PAST, Form, PickMany, choices, day


class _Dated(Form):
    le = day("Date", "Indiquez la date.", PAST)

    def on_its_own(self, slug: str) -> "_Dated":
        """Three forms share a page: each field its own identifier."""
        for field in self:
            field.id = field.label.field_id = f"{slug}-{field.name}"
        return self

    def fill_choices(self, session: Session) -> None:
        """What the closed lists offer."""

    def texts(self) -> dict[str, str]:
        return {}


class ConcertationForm(_Dated):
    services = PickMany("Services consultés")
    avis = RadioField(
        "Avis partagé",
        [InputRequired("Choisissez l’avis partagé.")],
        choices={one.value: one.label for one in Opinion},
    )

    def fill_choices(self, session: Session) -> None:
        self.services.choices = choices(terms(session, "service"))

    def texts(self) -> dict[str, str]:
        codes = " ".join(str(code) for code in sorted(self.services.data or ()))
        return {"services": codes, "avis": self.avis.data}


class TransmissionForm(_Dated):
    destinataire = RadioField(
        "Destinataire",
        [InputRequired("Choisissez le destinataire.")],
        choices={one.value: one.label for one in Recipient},
    )

    def texts(self) -> dict[str, str]:
        return {"destinataire": self.destinataire.data}


class RetourForm(_Dated):
    """That an answer was given, and when; never what was said."""
