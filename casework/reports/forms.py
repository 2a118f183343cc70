"""What is chosen before a report is handed out: period, form, and the coordinator's words."""

from wtforms import BooleanField, StringField
from wtforms.validators import AnyOf

from casework.web.forms import Form, day, paragraph

FORMATS = {"docx": "Document Word", "ods": "Tableur", "csv": "Données CSV"}
LONGEST = 4000
HELP = "Le travail de la cellule, sans nom ni situation qui ferait reconnaître quelqu’un."


class ExportForm(Form):
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
