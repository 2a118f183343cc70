"""Forms of the table of contraventions and of the commune's settings."""

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from casework.transactions.forms import decimal
from casework.web.forms import PAST, Form, day, line


class ContraventionForm(Form):
    """A new version of a line of the table, with its source."""

    code = line("Code", "Indiquez le code, par exemple R634-2.", longest=20)
    label = line("Intitulé", "Indiquez l’intitulé.", longest=300)
    article = line("Article", "Indiquez l’article qui réprime.", longest=80)
    classe = IntegerField(
        "Classe", [InputRequired("Indiquez la classe."), NumberRange(1, 5, "De 1 à 5.")]
    )
    amende = decimal("Amende encourue, au plus")
    pm = BooleanField("La police municipale peut la constater par procès-verbal")
    pm_article = line("Texte qui le prévoit", longest=80)
    bien_communal = BooleanField("Elle peut porter préjudice à un bien de la commune")
    source = line("Source", "Indiquez où le texte a été lu, et quand.", longest=300)
    verifiee = BooleanField("Comparée au texte en vigueur")
    depuis = day("En vigueur depuis le", "Indiquez le premier jour.")


class SettingsForm(Form):
    """The commune's protocol for transactions."""

    accord = line(
        "Accord écrit du parquet pour les mineurs",
        longest=200,
        description="Référence de l’accord. Sans elle, aucune transaction avec un mineur.",
    )
    accord_date = day("Date de cet accord", when=PAST)
    alsace_moselle = BooleanField("Jours fériés d’Alsace-Moselle")

    def validate_alsace_moselle(self, field: object) -> None:
        """Asked here: WTForms stops at an optional field left empty before its own check."""
        if bool(self.accord.data) != bool(self.accord_date.data):
            raise ValidationError("Indiquez la référence et la date de l’accord, ou aucune.")
