"""Forms of the aide parentale: opening it, then one form for each act."""

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from casework.parenting.procedure import POINTS, Dossier, Event, Step
from casework.parenting.words import ANSWERS, CLOSED, GROUNDS, RESULTS, WAYS
from casework.web.forms import Form, day, line, paragraph

SHORT = 600
YES_NO = {"non": "Non", "oui": "Oui"}


def _one_of(label: str, choices: dict[str, str], needed: str) -> RadioField:
    return RadioField(label, [InputRequired(needed)], choices=choices)


class ActForm(Form):
    """An act: its day, and what is recorded with it."""

    le = day("Date", "Indiquez la date.")
    version = IntegerField(widget=HiddenInput(), default=1)

    opens: Step  # the act whose needs open this form
    content: tuple[str, ...] = ()

    def on_its_own(self, slug: str) -> "ActForm":
        """Several acts may be open on one page: each field its own identifier."""
        for field in self:
            field.id = field.label.field_id = f"{slug}-{field.name}"
        return self

    def offer(self, dossier: Dossier) -> None:
        """What the aide itself offers as choices."""

    @property
    def asked(self) -> Step:
        return self.opens

    def event(self) -> Event:
        values = {name: self[name].data or "" for name in self.content}
        dated = {
            name: value if isinstance(value, str) else value.isoformat()
            for name, value in values.items()
        }
        return Event(self.asked, self.le.data, dated)


class OpenForm(ActForm):
    """The two checks of art. L. 141-2 CASF, asked before anything is written."""

    opens = Step.OUVRIR
    content = ("motif", "assistance")
    motif = RadioField(
        "Ce qui motive l’aide",
        [InputRequired("Choisissez ce qui motive l’aide.")],
        choices=GROUNDS,
        description="Le défaut d’assiduité ou de surveillance menace l’ordre, la sécurité ou la "
        "tranquillité publics ; à défaut, les parents ont eux-mêmes demandé cette aide.",
    )
    assistance = _one_of(
        "Une mesure d’assistance éducative est-elle ordonnée pour ce mineur ?",
        YES_NO,
        "Répondez par oui ou par non.",
    )


class AskForm(ActForm):
    opens = Step.DEMANDER
    content = ("mode",)
    mode = _one_of("Avis sollicité", WAYS, "Choisissez comment l’avis est sollicité.")


class OpinionForm(ActForm):
    opens = Step.RECEVOIR
    content = ("avis",)
    avis = _one_of("Avis reçu", CLOSED["avis"], "Choisissez l’avis reçu.")


class CounselForm(ActForm):
    opens = Step.CONSEILLER
    content = ("presents", "conseils")
    presents = line("Parents ou représentants présents", "Indiquez qui était présent.")
    conseils = paragraph(
        "Conseils donnés", "Dites en quelques mots ce qui a été conseillé.", longest=SHORT
    )


class EngagementForm(ActForm):
    """What the family promises: short, dated, and nothing it could not do."""

    opens = Step.PREPARER
    content = tuple(
        f"{name}_{number}" for number in range(1, POINTS + 1) for name in ("point", "avant")
    )
    point_1 = line("Point 1", "Écrivez au moins un point de l’engagement.")
    avant_1 = day("À tenir avant le", "Indiquez la date.")
    point_2 = line("Point 2")
    avant_2 = day("À tenir avant le")
    point_3 = line("Point 3")
    avant_3 = day("À tenir avant le")
    point_4 = line("Point 4")
    avant_4 = day("À tenir avant le")
    point_5 = line("Point 5")
    avant_5 = day("À tenir avant le")

    def validate_le(self, field: object) -> None:
        """Asked here: WTForms stops at an optional field left empty before its own check."""
        for number in range(2, POINTS + 1):
            text, before = self[f"point_{number}"], self[f"avant_{number}"]
            if bool(text.data) != bool(before.data) and not before.errors:
                raise ValidationError(
                    f"Au point {number}, écrivez le point et sa date, ou laissez les deux vides."
                )


class SignatureForm(ActForm):
    opens = Step.SIGNER
    content = ("signataires",)
    reponse_famille = _one_of(
        "Réponse de la famille",
        {Step.SIGNER.value: "Signé", Step.REFUSER.value: "Refusé"},
        "Choisissez la réponse de la famille.",
    )
    signataires = line("Signé par")

    @property
    def asked(self) -> Step:
        return Step(self.reponse_famille.data)

    def validate_reponse_famille(self, field: RadioField) -> None:
        if field.data == Step.SIGNER.value and not self.signataires.data:
            raise ValidationError("Indiquez ci-dessous qui a signé.")


class InformForm(ActForm):
    """The letters are out: one day, and nothing else."""

    opens = Step.INFORMER


class FollowForm(ActForm):
    opens = Step.SUIVRE
    content = ("point", "constat", "note")
    point = SelectField("Point suivi", [InputRequired("Choisissez un point.")])
    constat = _one_of("Constat", CLOSED["constat"], "Choisissez le constat.")
    note = line("Précision")

    def offer(self, dossier: Dossier) -> None:
        self.point.choices = [
            (str(point.number), f"{point.number}. {point.text}") for point in dossier.points
        ]


class ReferralForm(ActForm):
    """Towards an accompagnement en économie sociale et familiale (art. L. 222-3 CASF)."""

    opens = Step.SAISIR
    content = ("accord", "accord_le", "elements")
    accord = _one_of(
        "Les parents sont-ils d’accord pour cette aide ?", YES_NO, "Répondez par oui ou par non."
    )
    accord_le = day("Accord donné le")
    elements = paragraph(
        "Ce que la commune transmet",
        "Dites en quelques mots ce que le conseil départemental doit savoir.",
        longest=SHORT,
        description="Les difficultés de budget ou de vie quotidienne que les parents veulent "
        "travailler. Ni diagnostic, ni jugement.",
    )

    def validate_accord(self, field: RadioField) -> None:
        if field.data == "oui" and not self.accord_le.data:
            raise ValidationError("Indiquez ci-dessous le jour où les parents l’ont donné.")


class AnswerForm(ActForm):
    opens = Step.REPONDRE
    content = ("reponse",)
    reponse = _one_of("Réponse reçue", ANSWERS, "Choisissez la réponse reçue.")


class EndForm(ActForm):
    opens = Step.CLORE
    content = ("resultat",)
    resultat = _one_of("Résultat", RESULTS, "Choisissez comment l’aide se termine.")


# By the slug of their address: what the button says, and the form. The first open one is the
# page's main act; a prepared engagement comes back signed before anything else.
ACTS: dict[str, tuple[str, type[ActForm]]] = {
    "avis": ("Consigner la demande d’avis", AskForm),
    "signature": ("Consigner la réponse de la famille", SignatureForm),
    "avis-recu": ("Consigner l’avis reçu", OpinionForm),
    "point": ("Consigner le suivi du point", FollowForm),
    "information": ("Consigner l’information des autorités", InformForm),
    "conseil": ("Consigner les conseils donnés", CounselForm),
    "engagement": ("Préparer l’engagement", EngagementForm),
    "saisine": ("Consigner la saisine du conseil départemental", ReferralForm),
    "reponse": ("Consigner la réponse à la saisine", AnswerForm),
    "cloture": ("Clore l’aide", EndForm),
}
