"""What the maire notes of a revelation: when, by which service, and what is strictly necessary."""

from casework.web.forms import PAST, Form, day, line, paragraph

LONGEST = 600
WARNING = (
    "Ce qui est strictement nécessaire à vos compétences, en quelques mots. Jamais de "
    "condamnation, de diagnostic, de religion, d’opinion ni d’origine."
)


class ConfidenceForm(Form):
    revele_le = day("Date de la révélation", "Indiquez la date de la révélation.", PAST)
    service = line(
        "Service qui l’a révélée",
        "Indiquez le service.",
        description="Le service du professionnel ou du coordonnateur, par exemple « maison "
        "départementale de la solidarité ».",
    )
    texte = paragraph("Information révélée", "Écrivez l’information.", LONGEST, description=WARNING)

    def texts(self) -> dict[str, str]:
        """What the form says, once valid."""
        return {
            "revele_le": self.revele_le.data.isoformat(),
            "service": self.service.data,
            "texte": self.texte.data,
        }
