"""What is sent to the président du conseil départemental."""

from sqlalchemy.orm import Session

from casework.cells.service import terms
from casework.web.forms import PAST, Form, Pick, choices, day, paragraph

LONGEST = 1500


class DangerForm(Form):
    transmise_le = day("Date de la transmission", "Indiquez la date de la transmission.", PAST)
    mode = Pick("Mode", "Choisissez comment l’information est transmise.")
    elements = paragraph(
        "Éléments de danger",
        "Écrivez ce qui fait craindre un danger : le département doit pouvoir évaluer.",
        LONGEST,
        description="Des faits et des paroles rapportées, datés ; ni diagnostic ni appréciation.",
    )

    def fill_choices(self, session: Session) -> None:
        self.mode.choices = choices(terms(session, "mode_information"))

    def texts(self) -> dict[str, str]:
        return {
            "transmise_le": self.transmise_le.data.isoformat(),
            "mode": str(self.mode.data),
            "elements": self.elements.data,
        }
