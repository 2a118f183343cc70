"""What is chosen before a report is handed out: period, form, and the coordinator's words."""

from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import AnyOf
from wtforms.widgets import CheckboxInput, ListWidget

from casework.reports.periods import KINDS
from casework.reports.present import CHOICES
from casework.web.forms import Form, day, line, paragraph

FORMATS = {"docx": "Document Word", "ods": "Tableur", "csv": "Données CSV"}
LONGEST = 4000
HELP = "Le travail de la cellule, sans nom ni situation qui ferait reconnaître quelqu’un."


PERIODS = {slug: kind.label for slug, kind in KINDS.items()}


class Tables(SelectMultipleField):
    """The tables to print, as checkboxes; none means all of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, **bound: Any) -> None:
        super().__init__("Tableaux", choices=CHOICES, validate_choice=False, **bound)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [name for name in CHOICES if name in valuelist]
        if len(self.data) == len(CHOICES):
            self.data = []


class ExportForm(Form):
    tableau = Tables()
    du = day("Du", "Indiquez le premier jour de la période.")
    au = day("Au", "Indiquez le dernier jour de la période.")
    arrondi = BooleanField("Nombres arrondis")
    difficultes = paragraph("Difficultés rencontrées", longest=LONGEST, description=HELP)
    points_positifs = paragraph("Points positifs", longest=LONGEST, description=HELP)
    # The value of a button.
    sortie = StringField("Format", [AnyOf(FORMATS, "Choisissez un format.")], default="docx")

    def texts(self) -> dict[str, str]:
        return {
            "difficultes": self.difficultes.data or "",
            "points_positifs": self.points_positifs.data or "",
        }


class ModelForm(Form):
    """What one keeps to ask for it again in one click."""

    nom = line("Nom du modèle", "Donnez un nom à ce modèle.", longest=60)
    periode = SelectField("Période", choices=PERIODS)
    tableau = Tables()
    arrondi = BooleanField("Nombres arrondis")
