"""Forms of the transaction: preparing it, and one form for each step."""

from decimal import Decimal

from wtforms import BooleanField, DecimalField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput, TextInput

from casework.members.signing import Signing
from casework.transactions.eligibility import Checks
from casework.transactions.procedure import Event, Kind, Step, Terms
from casework.transactions.words import KINDS
from casework.web.access import today
from casework.web.forms import AROUND, READ_BY_DPO, Form, Pick, day, line, paragraph

YES_NO = {"non": "Non", "oui": "Oui"}
MODES = {
    "recommande": "Lettre recommandée",
    "recepisse": "Remise contre récépissé",
}
LARGEST = 100_000
MOST_MONTHS = 12


def _yes_no(label: str) -> RadioField:
    return RadioField(label, [InputRequired("Répondez par oui ou par non.")], choices=YES_NO)


class FrenchDecimalField(DecimalField):
    """« 12,5 » as it is typed in French: a browser's own number field would refuse the comma."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        except ValueError:
            raise ValueError("Écrivez un nombre, par exemple 12,5.") from None
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError("Écrivez un nombre, par exemple 12,5.")


def decimal(label: str, lowest: int = 0, **options: object) -> FrenchDecimalField:
    rules = [
        InputRequired("Indiquez un nombre."),
        NumberRange(lowest, LARGEST, "Indiquez un nombre plausible."),
    ]
    return FrenchDecimalField(label, rules, render_kw={"inputmode": "decimal"}, **options)


def hundredths(number: Decimal | None) -> int:
    return int((number or Decimal()) * 100)


class ProposalForm(Signing, Form):
    """The three checks, then everything the proposal must state (art. R. 15-33-61)."""

    contravention = Pick("Contravention constatée", "Choisissez la contravention.")
    bien_communal = _yes_no("Les faits ont-ils été commis au préjudice d’un bien de la commune ?")
    action_publique = _yes_no("L’action publique a-t-elle été mise en mouvement ?")
    pv_numero = line("Numéro du procès-verbal", "Indiquez le numéro du procès-verbal.", longest=60)
    pv_date = day("Date du procès-verbal", "Indiquez la date du procès-verbal.")
    bien = line("Bien de la commune concerné", "Indiquez le bien.", longest=200)
    peines = line("Peines complémentaires encourues", longest=200)
    genre = RadioField(
        "Ce qui est proposé",
        [InputRequired("Choisissez ce qui est proposé.")],
        choices={kind.value: label for kind, label in KINDS.items()},
    )
    quantite = decimal(
        "Montant ou nombre d’heures",
        description="En euros pour une réparation, en heures pour un travail.",
    )
    mois = IntegerField(
        "Délai d’exécution, en mois",
        [
            InputRequired("Indiquez un nombre de mois."),
            NumberRange(1, MOST_MONTHS, "Indiquez de 1 à 12 mois."),
        ],
        description="À compter de l’avis d’homologation.",
    )
    nature = line("Nature du travail, ou du dommage réparé", "Indiquez la nature.", longest=200)
    lieu = line("Lieu d’exécution du travail, ou de paiement", "Indiquez le lieu.", longest=200)
    reponse_avant = day(
        "Réponse attendue au plus tard le",
        "Indiquez la date.",
        AROUND,
        description="Si ce jour n’est pas ouvrable, le délai court jusqu’au suivant.",
    )
    representants = paragraph(
        "Représentants légaux", longest=600, description="Pour une personne mineure."
    )
    named = "signataire"
    mandat = Pick("Signée par")
    signataire = line("Autre signataire : nom et qualité")

    def checks(self, *, pm_may_record: bool, communal: bool) -> Checks:
        return Checks(
            pm_may_record=pm_may_record,
            communal_property=communal and self.bien_communal.data == "oui",
            prosecution_open=self.action_publique.data != "non",
            pv_number=self.pv_numero.data,
            pv_on=self.pv_date.data,
        )

    def terms(self) -> Terms:
        quantity = hundredths(self.quantite.data)
        return Terms(Kind(self.genre.data), quantity, self.reponse_avant.data, self.mois.data)

    def content(self) -> dict[str, str]:
        names = ("pv_numero", "bien", "peines", "nature", "lieu")
        signed, act = self.signed()
        kept = {name: self[name].data or "" for name in names}
        return kept | {"signataire": signed, "delegation": act}


class StepForm(Form):
    """What is recorded with one ``step``, and its day; ``content`` names the fields kept."""

    step: Step
    content: tuple[str, ...] = ()

    le = day("Date", "Indiquez la date.")
    version = IntegerField(widget=HiddenInput())

    def on_its_own(self, slug: str) -> "StepForm":
        """Several steps may be open on one page: each field its own identifier."""
        for field in self:
            field.id = field.label.field_id = f"{slug}-{field.name}"
        return self

    @property
    def taken(self) -> Step:
        """The step this form records; a form that offers several says which was chosen."""
        return self.step

    def event(self) -> Event:
        values = {name: str(self[name].data or "") for name in self.content}
        return Event(self.taken, self.le.data or today(), values)


class DeliveryForm(StepForm):
    step = Step.REMETTRE
    mode = RadioField("Mode de remise", [InputRequired("Choisissez le mode.")], choices=MODES)
    preuve = line("Numéro du recommandé ou du récépissé", "Indiquez le numéro.", longest=60)
    content = ("mode", "preuve")


class ReplyForm(StepForm):
    step = Step.ACCEPTER  # or REFUSER
    reponse = RadioField(
        "Réponse",
        [InputRequired("Choisissez la réponse.")],
        choices={Step.ACCEPTER.value: "Acceptée et signée", Step.REFUSER.value: "Refusée"},
    )
    representants = line("Représentants légaux qui ont signé")
    content = ("representants",)

    @property
    def taken(self) -> Step:
        return Step(self.reponse.data)


class RequestForm(StepForm):
    step = Step.DEMANDER
    pieces = BooleanField(
        "La proposition signée et le procès-verbal sont joints.",
        [InputRequired("Le procès-verbal et la proposition signée accompagnent la demande.")],
    )


class ExecutionForm(StepForm):
    step = Step.VERSER
    quantite = decimal(
        "Montant payé ou heures accomplies", -LARGEST, description="Négatif pour corriger."
    )
    exceptional = "motif"
    motif = line("Motif de la correction", description=READ_BY_DPO)

    def event(self) -> Event:
        values = {"quantite": str(hundredths(self.quantite.data)), "motif": self.motif.data or ""}
        return Event(self.step, self.le.data, values)


class FailureForm(StepForm):
    step = Step.CONSTATER
    motif = line("Ce qui n’a pas été exécuté", "Dites ce qui manque.")
    content = ("motif",)


class CloseForm(StepForm):
    step = Step.INFORMER
    pieces = BooleanField(
        "Les lettres au procureur et à la personne sont parties.",
        [InputRequired("Envoyez les lettres de clôture, puis cochez cette phrase.")],
    )


class AbandonForm(StepForm):
    step = Step.ABANDONNER
    motif = line("Motif de l’abandon", "Indiquez le motif.")
    content = ("motif",)


class RectifyForm(StepForm):
    """The last step was wrongly recorded; it stays in the history, and is open again."""

    step = Step.RECTIFIER
    exceptional = "motif"
    motif = line(
        "Ce qui est rectifié, et pourquoi",
        "Dites ce que vous rectifiez, et pourquoi.",
        description=READ_BY_DPO,
    )
    content = ("motif",)


STEP_FORMS: dict[str, type[StepForm]] = {
    "remise": DeliveryForm,
    "reponse": ReplyForm,
    "homologation": RequestForm,
    "execution": ExecutionForm,
    "inexecution": FailureForm,
    "information": CloseForm,
    "abandon": AbandonForm,
    "rectification": RectifyForm,
}
