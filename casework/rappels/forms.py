"""Forms of the fiche-navette: announcing, answering, carrying what came on paper."""

from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from casework.attachments.paper_form import OnPaper
from casework.rappels.procedure import EXCLUSIONS, Step
from casework.web.forms import Form, paragraph

YES_NO = {"non": "Non", "oui": "Oui"}


def _exclusion(name: str) -> RadioField:
    needed = InputRequired("Répondez par oui ou par non.")
    return RadioField(EXCLUSIONS[name], [needed], choices=YES_NO)


class AnnounceForm(Form):
    """The three exclusions, asked one by one."""

    crime_delit = _exclusion("crime_delit")
    plainte = _exclusion("plainte")
    enquete = _exclusion("enquete")

    motif = paragraph(
        "Nouvelle saisine : ce qui la distingue de la précédente",
        longest=600,
        description="Demandé après une réponse « traitement judiciaire » : d’autres faits, une "
        "autre date. Le procureur le lit.",
    )

    def answers(self) -> dict[str, bool]:
        return {name: self[name].data != "non" for name in EXCLUSIONS}


class AnswerForm(Form):
    """The procureur's answer: two buttons, and an observation if wished."""

    reponse = HiddenField()
    observation = paragraph(
        "Observation au maire",
        longest=600,
        description="Seulement si le rappel à l’ordre peut avoir lieu : les motifs d’un "
        "traitement judiciaire ne sont pas enregistrés.",
    )
    version = IntegerField(widget=HiddenInput())

    def step(self) -> Step | None:
        """Nothing else than the two answers, whatever is forged."""
        return next((step for step in PAPER_ANSWERS if step == self.reponse.data), None)


PAPER_ANSWERS = {
    Step.REPONSE_POSSIBLE: "Le rappel à l’ordre peut avoir lieu",
    Step.REPONSE_JUDICIAIRE: "Traitement judiciaire en cours",
}


class CarryForm(OnPaper, Form):
    """The procureur's answer to a fiche, received on paper."""

    too_early = "La réponse ne peut pas précéder la fiche (protocole, temps 1) : vérifiez la date."
    reponse = RadioField(
        "Réponse du procureur",
        [InputRequired("Choisissez la réponse que porte le papier.")],
        choices={step.value: label for step, label in PAPER_ANSWERS.items()},
    )
