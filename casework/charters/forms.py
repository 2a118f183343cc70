"""What is typed to publish a text: a charter, or the règlement intérieur."""

from dataclasses import replace
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SubmitField, TextAreaField
from wtforms.validators import ValidationError

from casework.web.forms import PAST, Form, day
from charter.models import Regulation
from charter.wording import CharterType, canonical

LONGEST = 60_000  # characters: some thirty pages, well over any charter
QUESTION = "De quel type est la charte de votre commune ?"
NO_REGULATION = "Aucun règlement intérieur publié ici"
KINDS = {kind.value: kind.label for kind in CharterType}


def _written(_form: Form, field: Any) -> None:
    field.data = canonical(field.data or "").strip()
    if not field.data:
        raise ValidationError("Écrivez ou collez le texte à publier.")
    length, field.data = len(field.data), field.data + "\n"
    if length > LONGEST:
        counted = f"{length:,}".replace(",", "\u00a0")
        raise ValidationError(
            f"Ce texte compte {counted} caractères, et la limite est de 60\u00a0000. "
            "Renvoyez ses annexes au règlement intérieur, ou raccourcissez-le."
        )


def _chosen(_form: Form, field: Any) -> None:
    if field.data not in KINDS:
        raise ValidationError("Dites de quel type est la charte : l’application en dépend.")


class CharterForm(Form):
    """A new version of a cell's charter: written, read again as it will stand, then published.

    ``depart``: version in force when the writing began; ``relu``: seal of what was read again.
    """

    texte = TextAreaField("Texte de la charte", [_written])
    type = RadioField(QUESTION, [_chosen], choices=KINDS, validate_choice=False)
    reglement = SelectField(
        "Règlement intérieur du CLSPD dont elle découle", coerce=int, validate_choice=False
    )
    depart = HiddenField()
    relu = HiddenField()
    corriger = SubmitField("Reprendre le texte")
    publier = SubmitField("Publier cette version")

    def offer(self, regulations: list[Regulation]) -> None:
        """The versions of the règlement intérieur, the newest chosen first."""
        self.reglement.choices = {
            row.version: f"Version {row.version}, adoptée le {row.adopted_on:%d/%m/%Y}"
            for row in regulations
        } | {0: NO_REGULATION}

    def validate_reglement(self, field: Any) -> None:
        if field.data not in field.choices:
            raise ValidationError("Choisissez une version de la liste.")

    @property
    def kind(self) -> CharterType:
        return CharterType(self.type.data)

    @property
    def regulation(self) -> int | None:
        return self.reglement.data or None


ADOPTED = replace(PAST, late="Cette date est à venir : un texte se publie une fois adopté.")


class RegulationForm(Form):
    """A new version of the règlement intérieur."""

    texte = TextAreaField("Texte du règlement intérieur", [_written])
    adopte_le = day("Adopté par le conseil local le", "Donnez la date de la délibération.", ADOPTED)
