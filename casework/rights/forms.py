"""What the DPO and the coordination type about a request."""

from dataclasses import replace
from typing import Any

from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from casework.rights.kinds import Kind, Outcome, Result, Standing, Verification
from casework.web.forms import PAST, READ_BY_DPO, Form, day, line, paragraph
from charter.labels import Labelled

LONGEST = 1500
WARNING = (
    "Ce qui est nécessaire pour répondre, en quelques mots. Jamais de condamnation, de diagnostic, "
    "de religion, d’opinion ni d’origine."
)


def among(label: str, words: type[Labelled], needed: str, **options: Any) -> RadioField:
    """One word of a closed list; nothing is answered by default."""
    offered = [SelectChoice(word.value, word.label) for word in words]
    rules = [InputRequired(needed)]
    return RadioField(label, rules, choices=offered, validate_choice=True, **options)


class VersionForm(Form):
    """The edition the page was opened on."""

    version = IntegerField(widget=HiddenInput())


class RequestForm(Form):
    recu_le = day(
        "Reçue le",
        "Indiquez le jour où la demande est arrivée.",
        PAST,
        description="Le délai d’un mois court de ce jour (art. 12 §\u00a03 du RGPD).",
    )
    droit = among("Droit exercé", Kind, "Choisissez le droit exercé.")
    qualite = among("Qui demande", Standing, "Dites qui demande.")
    nom = line("Nom et prénoms de qui demande", "Indiquez qui demande.")
    coordonnees = paragraph(
        "Où lui répondre", "Indiquez où répondre.", 400, description="Adresse postale ou courriel."
    )
    verification = among(
        "Comment l’identité a été vérifiée",
        Verification,
        "Dites comment l’identité a été vérifiée.",
    )
    paroles = paragraph(
        "Ce qui est demandé", "Dites ce qui est demandé.", LONGEST, description=WARNING
    )

    def texts(self) -> dict[str, str]:
        names = ("qualite", "nom", "coordonnees", "verification", "paroles")
        return {name: self[name].data for name in names}


class TransmitForm(VersionForm):
    cellule = SelectField("Cellule", validate_choice=True)


class VerifyForm(VersionForm):
    verification = among(
        "Comment l’identité a été vérifiée",
        Verification,
        "Dites comment l’identité a été vérifiée.",
    )


class ProlongForm(VersionForm):
    motif = paragraph(
        "Motifs de la prolongation, tels que la personne les a reçus",
        "Écrivez les motifs : la personne doit les connaître.",
        LONGEST,
        description="Complexité ou nombre des demandes. La personne est informée dans le mois.",
    )


class DecideForm(VersionForm):
    issue = among("Réponse", Outcome, "Choisissez la réponse.")
    motifs = paragraph(
        "Motifs",
        longest=LONGEST,
        description="Obligatoires pour un refus, même partiel. Ils figurent dans la lettre.",
    )

    def validate(self, *rest: Any, **options: Any) -> bool:
        """An optional field left empty stops its own rules: this one is looked at here."""
        valid = super().validate(*rest, **options)
        if self.issue.data in {Outcome.REFUSEE, Outcome.PARTIELLE} and not self.motifs.data:
            needed = "Un refus, même partiel, se motive (art. 12 §\u00a04 du RGPD)."
            self.motifs.errors = [needed]
            return False
        return bool(valid)


class FindForm(Form):
    situation = line(
        "Référence de la situation",
        longest=48,
        description="Par exemple CCTP-2026-012. Laissez vide si la cellule n’en a pas trouvé.",
    )


class ExecuteForm(Form):
    resultat = among("Ce qui a été fait", Result, "Dites ce qui a été fait.")
    compte_rendu = paragraph(
        "Compte rendu au délégué",
        longest=LONGEST,
        description="Sans rien reprendre du contenu de la situation : ce qui a été rectifié, "
        "remis, ou pourquoi refuser.",
    )

    def validate(self, *rest: Any, **options: Any) -> bool:
        valid = super().validate(*rest, **options)
        if self.resultat.data == Result.REFUSE and not self.compte_rendu.data:
            needed = "Dites pourquoi refuser\u00a0: le délégué en répond à la personne."
            self.compte_rendu.errors = [needed]
            return False
        return bool(valid)


class LiftForm(Form):
    exceptional = "motif_levee"
    informe_le = day(
        "La personne a été informée le",
        "La personne est informée avant que la limitation soit levée (art. 18 §\u00a03 du RGPD).",
        replace(PAST, late="Informez d’abord la personne : cette date est dans l’avenir."),
    )
    motif_levee = paragraph(
        "Motif de la levée", "Écrivez le motif de la levée.", LONGEST, description=READ_BY_DPO
    )
