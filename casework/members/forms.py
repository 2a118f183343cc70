"""Inviting a member, and taking up an invitation."""

import re

import pyotp
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from casework.members.passphrases import TooWeak, check
from casework.members.service import Identity
from casework.web.forms import NAME_LENGTH, Form, day, line
from charter.roles import Role


class InviteForm(Form):
    """Who is invited, and to which mandate."""

    prenom = line("Prénom", "Indiquez le prénom.", NAME_LENGTH)
    nom = line("Nom", "Indiquez le nom.", NAME_LENGTH)
    fonction = line("Fonction", "Indiquez la fonction.")
    institution = line("Institution", "Indiquez l’institution.")
    identifiant = line(
        "Identifiant de connexion",
        "Indiquez l’identifiant, par exemple l’adresse électronique professionnelle.",
    )
    role = RadioField("Rôle", [InputRequired("Choisissez le rôle.")])
    cellule = RadioField("Cellule", default="")
    debut = day("Mandat à compter du", "Indiquez le premier jour du mandat.")
    fin = day("Jusqu’au")

    def fill_choices(self, cells: list[tuple[str, str]]) -> None:
        self.role.choices = [(role.value, role.label) for role in Role]
        self.cellule.choices = [("", "Hors cellule (parquet, DPO, administration)"), *cells]

    def validate_fin(self, field: object) -> None:
        if self.fin.data and self.debut.data and self.fin.data < self.debut.data:
            raise ValidationError("La fin du mandat précède son début : vérifiez les deux dates.")

    def identity(self) -> Identity:
        return Identity(self.nom.data, self.prenom.data, self.fonction.data, self.institution.data)


_SECRET = re.compile(r"[A-Z2-7]{32}")  # as `pyotp.random_base32` makes them


def _genuine(secret: str | None) -> str:
    """The secret shown on the page, or a new one if the browser sends something else."""
    return secret if secret and _SECRET.fullmatch(secret) else pyotp.random_base32()


class TakeUpForm(Form):
    """A passphrase of the member's own, and the first one-time code."""

    phrase = PasswordField(
        "Phrase de passe",
        [InputRequired("Choisissez une phrase de passe."), Length(max=1000)],
        description="Cinq mots sans rapport entre eux suffisent. Elle ne sera jamais à renouveler.",
    )
    encore = PasswordField(
        "La même, une seconde fois",
        [EqualTo("phrase", "Les deux saisies diffèrent : retapez la même phrase.")],
    )
    secret = HiddenField(filters=[_genuine])
    code = StringField(
        "Code affiché par l’application",
        [InputRequired("Indiquez le code à six chiffres."), Length(max=12)],
    )

    def validate_phrase(self, field: object) -> None:
        try:
            check(self.phrase.data or "")
        except TooWeak:
            raise ValidationError(
                "Cette phrase se devinerait trop vite. Ajoutez des mots sans rapport entre eux."
            ) from None
