"""Forms of the decision: typed by the magistrate, or carried on paper with its scan."""

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from casework.attachments.paper_form import OnPaper
from casework.transactions.forms import StepForm
from casework.transactions.procedure import Event, Step
from casework.web.forms import Form, line

DECISIONS = {
    Step.HOMOLOGUER.value: "Homologuée",
    Step.NE_PAS_HOMOLOGUER.value: "Non homologuée",
}


def _decision(needed: str) -> RadioField:
    return RadioField("Décision", [InputRequired(needed)], choices=DECISIONS)


class DecisionForm(StepForm):
    """The decision of the procureur, or of the tribunal de police that the procureur asked."""

    step = Step.HOMOLOGUER  # or NE_PAS_HOMOLOGUER
    reponse = _decision("Choisissez la décision.")
    magistrat = line("Décidée par", "Indiquez le magistrat : nom et qualité.")
    relu = BooleanField(
        "J’ai relu : la décision est définitive.", [InputRequired("Relisez, puis cochez.")]
    )
    content = ("magistrat",)

    @property
    def taken(self) -> Step:
        return Step(self.reponse.data)


class CarriedForm(OnPaper, Form):
    """The same decision, received on paper by the correspondant Justice-Ville."""

    too_early = "La décision ne peut pas précéder la demande d’homologation : vérifiez la date."
    reponse = _decision("Choisissez la décision que porte le papier.")

    def event(self, carrier: str) -> Event:
        kept = {"magistrat": self.magistrat.data, "porteur": carrier}
        return Event(Step(self.reponse.data), self.repondu_le.data, kept)
