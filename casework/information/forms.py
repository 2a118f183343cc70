"""Recording that the persons were told, or why the examination does not wait for it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import InputRequired

from casework.cells.service import labels, terms
from casework.information.service import SELF
from casework.situations.service import Known
from casework.web.forms import PAST, READ_BY_DPO, Form, Pick, choices, day, line, paragraph

LONGEST = 400


class InformationForm(Form):
    """Day, mode, and whom: someone of the situation."""

    faite_le = day("Date de l’information", "Indiquez la date.", PAST)
    mode = Pick("Mode", "Choisissez comment la personne a été informée.")
    destinataire = SelectField(
        "Destinataire", [InputRequired("Choisissez qui a été informé.")], validate_choice=True
    )
    nom = line(
        "Si ce n’est aucune d’elles : nom",
        description="Par exemple un service gardien. Laissez vide sinon.",
    )

    def offer(self, session: Session, persons: Iterable[Known]) -> None:
        """The people of the situation; the closed list says what each is to the person."""
        self.mode.choices = choices(terms(session, "mode_information"))
        links = labels(session, "lien")
        self.people = {str(known.id): known for known in persons}
        self.destinataire.choices = [
            *((key, _label(known, links)) for key, known in self.people.items()),
            ("autre", "Une autre personne responsable"),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Someone the situation does not know yet has a name all the same."""
        valid = super().validate(extra_validators)
        if self.destinataire.data == "autre" and not self.nom.data:
            self.nom.errors = ["Indiquez le nom de la personne informée."]
            return False
        return bool(valid)

    def texts(self) -> dict[str, str]:
        """What the form says, once valid: the name and the address as they are today."""
        known = self.people.get(self.destinataire.data)
        told = {"faite_le": self.faite_le.data.isoformat(), "mode": str(self.mode.data)}
        if known is None:
            return told | {"nom": self.nom.data, "destinataire": "", "adresse": ""}
        return told | {
            "nom": f"{known.texts['prenoms']} {known.texts['nom']}".strip(),
            "destinataire": SELF if known.concerned else known.texts["lien"],
            "adresse": known.texts["adresse"],
        }


def _label(known: Known, links: dict[int, str]) -> str:
    name = f"{known.texts['prenoms']} {known.texts['nom']}".strip()
    if known.concerned:
        return f"{name} (personne concernée)"
    return f"{name} ({links.get(int(known.texts['lien'] or 0), 'représentant légal').lower()})"


class ExceptionForm(Form):
    """Examining all the same; the motive is kept, sealed, with who decided and when."""

    exceptional = "motif"
    motif = paragraph(
        "Motif",
        "Indiquez le motif : il est conservé et la personne peut en demander compte.",
        LONGEST,
        description="Par exemple une adresse inconnue, ou un danger qu’il y aurait à prévenir la "
        f"famille. Des faits, pas d’appréciation. {READ_BY_DPO}",
    )
