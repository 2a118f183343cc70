"""Forms of the commune's steps: consulting, convening, recording, reporting back, closing."""

import re
from datetime import date, time

from wtforms import Field, IntegerField, RadioField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from casework.members.signing import Signing
from casework.rappels.procedure import NO, YES, Step
from casework.rappels.words import (
    AFTERMATHS,
    AUDIENCES,
    BY_HAND,
    DELIVERED,
    FORMS,
    MODES,
    OTHERWISE,
    OUTCOMES,
    RESULTS,
)
from casework.web.forms import (
    AROUND,
    COMING,
    PAST,
    READ_BY_DPO,
    Form,
    Pick,
    day,
    line,
    paragraph,
)

HOUR = re.compile(r"([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)")
LONGEST_REASON = 600


def _choice(label: str, needed: str, choices: dict[str, str], **options: object) -> RadioField:
    return RadioField(label, [InputRequired(needed)], choices=choices, **options)


class StepForm(Form):
    """Any step: the edition it was read at."""

    version = IntegerField(widget=HiddenInput())

    def details(self) -> dict[str, str]:
        """What was typed, as the event keeps it."""
        kept = {}
        for field in self:
            if field.name in {"csrf_token", "version"}:
                continue
            value = field.data
            if isinstance(value, bool):
                kept[field.name] = YES if value else NO
            else:
                kept[field.name] = value.isoformat() if isinstance(value, date) else value or ""
        return kept


def _reason(form: str, warning: str = "") -> Field:
    """Two of them may share a page: each has its own id."""
    return paragraph(
        *("Motif", "Indiquez le motif.", LONGEST_REASON), id=f"motif-{form}", description=warning
    )


class WaiveForm(StepForm):
    """Going on without consulting."""

    exceptional = "motif"
    motif = _reason("sans-consultation", READ_BY_DPO)


class RectifyForm(StepForm):
    """What was recorded is wrong."""

    exceptional = "motif"
    motif = _reason("rectification", READ_BY_DPO)


class RenounceForm(StepForm):
    """The commune gives the rappel up."""

    motif = _reason("renonciation")


class RemindForm(StepForm):
    """A single button: remind the parquet."""


class ReportBackForm(StepForm):
    """A single button: inform the procureur."""


class ConsultForm(StepForm):
    cellule = _choice("Cellule consultée", "Choisissez la cellule à consulter.", {})
    jusquau = day("Réponses souhaitées avant le", "Indiquez une date.", COMING)


class ConcludeForm(StepForm):
    note = paragraph(
        "Note de chaînage",
        longest=LONGEST_REASON,
        description="Comment le rappel à l’ordre s’articule avec le suivi en cours, sans en "
        "décrire le contenu. Obligatoire si un service suit la situation.",
    )


class OpinionForm(Form):
    """A member of the cell consulted."""

    avis = _choice(
        "Votre service suit-il cette situation ?",
        "Choisissez une réponse, ou « Ne se prononce pas ».",
        {},
    )


class ConveneForm(StepForm):
    public = _choice("Personne convoquée", "Dites qui est convoqué.", AUDIENCES)
    destinataires = paragraph(
        "Destinataires",
        "Indiquez au moins un destinataire et son adresse.",
        longest=900,
        description="Un par ligne : nom, puis virgule, puis adresse. Une lettre pour chacun.",
    )
    jour = day("Jour du rappel à l’ordre", "Indiquez le jour.", COMING)
    heure = line("Heure", "Indiquez l’heure.", longest=8, description="Par exemple 17:30.")
    lieu = line("Lieu", "Indiquez le lieu.")
    mode = _choice("Remise de la convocation", "Choisissez le mode.", MODES, default=BY_HAND)
    precision = line("Si autrement, précisez")

    def validate_heure(self, field: object) -> None:
        if not HOUR.fullmatch((self.heure.data or "").strip()):
            raise ValidationError("Écrivez l’heure sous la forme 17:30.")

    def validate_mode(self, field: object) -> None:
        if self.mode.data == OTHERWISE and not (self.precision.data or "").strip():
            raise ValidationError("Précisez ci-dessous comment la convocation est remise.")

    def details(self) -> dict[str, str]:
        hour, minute = HOUR.fullmatch((self.heure.data or "").strip()).groups()  # type: ignore[union-attr]
        return super().details() | {"heure": time(int(hour), int(minute)).isoformat("minutes")}


class DeliverForm(StepForm):
    resultat = _choice("Résultat", "Choisissez le résultat.", RESULTS)
    remis_le = day("Date", "Indiquez la date.", PAST)
    remis_a = line("Remise à", description="Nom et qualité de la personne qui l’a reçue.")
    agent = line("Par", "Indiquez l’agent ou le service.", description="Grade et nom, ou La Poste.")
    preuve = line("Preuve", description="Numéro du rapport ou de l’avis de réception.")

    def validate_resultat(self, field: object) -> None:
        if self.resultat.data == DELIVERED and not (self.remis_a.data or "").strip():
            raise ValidationError("Indiquez ci-dessous à qui la convocation a été remise.")


class HoldForm(Signing, StepForm):
    """What happened on the day, and by whom: the maire, or a delegate and the arrêté."""

    named, on_day = "tenu_par", "tenu_le"

    issue = _choice("Issue", "Choisissez l’issue.", OUTCOMES)
    tenu_le = day("Date", "Indiquez la date.", PAST)
    forme = _choice("Forme", "Choisissez la forme.", FORMS, default="cellule")
    mandat = Pick("Tenu par")
    tenu_par = line("Autre personne : nom et qualité")
    presents = paragraph(
        "Personnes présentes",
        longest=600,
        description="Parents, représentants légaux ou personne responsable de l’éducation.",
    )
    impossibilite = paragraph(
        "Si aucun de ces adultes n’était présent, motif de l’impossibilité", longest=600
    )

    def step(self) -> Step:
        return Step(self.issue.data)

    def details(self) -> dict[str, str]:
        found = super().details()
        del found["mandat"]
        by, act = self.signed()
        return found | {
            "tenu_par": by,
            "delegation": act,
            "par_delegation": YES if self.delegated() else NO,
        }


class CloseForm(StepForm):
    suite = _choice("Depuis le rappel à l’ordre", "Choisissez une réponse.", AFTERMATHS)


class AbsenceForm(Form):
    """A magistrate is away."""

    du = day("Absence du", "Indiquez le premier jour.", AROUND)
    au = day("au", "Indiquez le dernier jour.", COMING)

    def validate_au(self, field: object) -> None:
        if self.du.data and self.au.data and self.au.data < self.du.data:
            raise ValidationError("Le dernier jour ne peut pas précéder le premier.")
