"""Forms of the rappel à l'ordre: announcing, answering, recording, reporting back."""

from datetime import date

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from casework.attachments.service import NotAScan, TooLarge, media_of
from casework.rappels.procedure import EXCLUSIONS, Step
from casework.rappels.service import Holding
from casework.web.forms import Form, day, line, paragraph
from casework.web.french import long_date

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
        description="Seulement si le rappel à l’ordre peut avoir lieu : les motifs d’un "
        "traitement judiciaire ne sont pas enregistrés.",
    )
    version = IntegerField(widget=HiddenInput())

    def step(self) -> Step | None:
        try:
            return Step(self.reponse.data)
        except ValueError:
            return None


PAPER_ANSWERS = {
    Step.REPONSE_POSSIBLE: "Le rappel à l’ordre peut avoir lieu",
    Step.REPONSE_JUDICIAIRE: "Traitement judiciaire en cours",
}


class CarryForm(Form):
    """The procureur's answer, received on paper; ``sent_on`` is the day of temps 1."""

    sent_on: date | None = None

    reponse = RadioField(
        "Réponse du procureur",
        [InputRequired("Choisissez la réponse que porte le papier.")],
        choices={step.value: label for step, label in PAPER_ANSWERS.items()},
    )
    repondu_le = day("Date que porte la réponse", "Indiquez la date de la réponse.")
    magistrat = line(
        "Magistrat signataire",
        "Indiquez le nom et la qualité du magistrat qui a signé.",
        description="Nom et qualité, tels qu’ils figurent sur la réponse.",
    )
    scan = FileField(
        "Réponse numérisée",
        [InputRequired("Joignez la réponse numérisée.")],
        description="Un fichier PDF, JPEG ou PNG de 5 Mo au plus. Son nom n’est pas conservé.",
    )
    relu = BooleanField(
        "J’ai relu : la réponse choisie est celle que porte le papier.",
        [InputRequired("Relisez le papier, puis cochez cette phrase : la réponse est définitive.")],
    )
    version = IntegerField(widget=HiddenInput())

    def validate_repondu_le(self, field: object) -> None:
        if self.repondu_le.data and self.repondu_le.data > date.today():  # noqa: DTZ011
            raise ValidationError("La date ne peut pas être dans l’avenir : vérifiez-la.")
        if self.repondu_le.data and self.sent_on and self.repondu_le.data < self.sent_on:
            raise ValidationError(
                "La réponse ne peut pas précéder la fiche (protocole, temps 1) : vérifiez la date."
            )

    def validate_scan(self, field: object) -> None:
        """The file is read here once; :attr:`content` keeps it in memory."""
        self.content = self.scan.data.read() if isinstance(self.scan.data, FileStorage) else b""
        try:
            media_of(self.content)
        except NotAScan:
            raise ValidationError(
                "Ce fichier n’est ni un PDF, ni un JPEG, ni un PNG entier : numérisez de nouveau "
                "la réponse dans l’un de ces formats."
            ) from None
        except TooLarge:
            raise ValidationError(
                "Ce fichier dépasse 5 Mo : numérisez la réponse en qualité moindre."
            ) from None

    def by(self, carrier: str) -> str:
        """Who answered, and by whom the paper came."""
        on = long_date(self.repondu_le.data)
        return f"{self.magistrat.data} (réponse sur papier du {on}, portée par {carrier})"


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
            raise ValidationError("La date ne peut pas être dans l’avenir : vérifiez-la.")
        if self.tenu_le.data and self.answered_on and self.tenu_le.data < self.answered_on:
            raise ValidationError(
                "Le rappel à l’ordre ne peut pas précéder la réponse du procureur "
                "(protocole, temps 2) : vérifiez la date."
            )

    def validate_par_delegation(self, field: object) -> None:
        """Asked here: WTForms stops at an optional field left empty before its own check."""
        if self.par_delegation.data and not self.delegation.data:
            raise ValidationError("Indiquez ci-dessous la référence de l’arrêté de délégation.")

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
