"""Forms of the rappel à l'ordre: announcing, answering, recording, reporting back."""

from datetime import date

from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from casework.rappels.procedure import EXCLUSIONS, Step
from casework.rappels.service import Holding
from casework.web.forms import Form, day, line, paragraph

YES_NO = {"non": "Non", "oui": "Oui"}
FORMS = {
    "cellule": "Devant la cellule",
    "allegee": "Forme allégée (maire, chef de la police municipale, coordonnateur)",
}
OUTCOMES = {"tenu": "Le rappel à l’ordre a eu lieu", "carence": "La personne n’est pas venue"}


def _exclusion(name: str) -> RadioField:
    needed = InputRequired("Répondez par oui ou par non.")
    return RadioField(EXCLUSIONS[name], [needed], choices=YES_NO)


class AnnounceForm(Form):
    """The three exclusions, asked one by one."""

    crime_delit = _exclusion("crime_delit")
    plainte = _exclusion("plainte")
    enquete = _exclusion("enquete")

    def answers(self) -> dict[str, bool]:
        return {name: self[name].data != "non" for name in EXCLUSIONS}


class AnswerForm(Form):
    """The procureur's answer: two buttons, and an observation if wished."""

    reponse = HiddenField()
    observation = paragraph(
        "Observation au maire",
        longest=600,
        description="Seulement si le rappel à l’ordre peut avoir lieu : les motifs d’un "
        "traitement judiciaire ne sont pas enregistrés.",
    )
    version = IntegerField(widget=HiddenInput())

    def step(self) -> Step | None:
        try:
            return Step(self.reponse.data)
        except ValueError:
            return None


class HoldForm(Form):
    """What happened on the day; ``answered_on`` is the day of the procureur's answer."""

    answered_on: date | None = None

    issue = RadioField("Issue", [InputRequired("Choisissez l’issue.")], choices=OUTCOMES)
    tenu_le = day("Date", "Indiquez la date.")
    forme = RadioField("Forme", choices=FORMS, default="cellule")
    tenu_par = line("Tenu par", "Indiquez qui a tenu le rappel à l’ordre (maire ou délégué).")
    par_delegation = BooleanField("Par délégation du maire")
    delegation = line("Référence de l’arrêté de délégation")
    presents = paragraph(
        "Personnes présentes",
        longest=600,
        description="Parents, représentants légaux ou personne responsable de l’éducation.",
    )
    impossibilite = paragraph(
        "Si aucun de ces adultes n’était présent, motif de l’impossibilité", longest=600
    )
    version = IntegerField(widget=HiddenInput())

    def validate_tenu_le(self, field: object) -> None:
        if self.tenu_le.data and self.tenu_le.data > date.today():  # noqa: DTZ011
            raise ValidationError("La date ne peut pas être dans l’avenir : vérifiez-la.")
        if self.tenu_le.data and self.answered_on and self.tenu_le.data < self.answered_on:
            raise ValidationError(
                "Le rappel à l’ordre ne peut pas précéder la réponse du procureur "
                "(protocole, temps 2) : vérifiez la date."
            )

    def validate_delegation(self, field: object) -> None:
        if self.par_delegation.data and not (self.delegation.data or "").strip():
            raise ValidationError("Indiquez la référence de l’arrêté de délégation.")

    def holding(self) -> Holding:
        return Holding(
            carence=self.issue.data == "carence",
            tenu_le=self.tenu_le.data,
            forme=self.forme.data or "cellule",
            tenu_par=self.tenu_par.data,
            delegation=self.delegation.data or "" if self.par_delegation.data else "",
            presents=self.presents.data or "",
            impossibilite=self.impossibilite.data or "",
        )


class ReportBackForm(Form):
    """A single button: inform the procureur."""

    version = IntegerField(widget=HiddenInput())
