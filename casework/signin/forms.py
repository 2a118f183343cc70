"""Signing in, and giving one's second factor again."""

from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from casework.signin.passkeys import LONGEST_ANSWER
from casework.web.forms import Form
from charter.roles import Role

LONGEST_CODE = 20
CODE_ASKED = "Indiquez un code, ou employez votre clé d’accès."
CODE_HELP = (
    "Les six chiffres affichés par votre application d’authentification, ou l’un de vos codes de "
    "secours."
)


def passkey_answer() -> HiddenField:
    """What the browser answers for a passkey, put there by a script."""
    return HiddenField("Clé d’accès", [Length(max=LONGEST_ANSWER)])


def code(label: str = "Code à usage unique", help: str = CODE_HELP) -> StringField:
    too_long = f"Un code a au plus {LONGEST_CODE} caractères."
    return StringField(label, [Length(max=LONGEST_CODE, message=too_long)], description=help)


class SigninForm(Form):
    """Login, passphrase and second factor, checked together."""

    identifiant = StringField(
        "Identifiant", [InputRequired("Indiquez votre identifiant."), Length(max=200)]
    )
    phrase = PasswordField(
        "Phrase de passe", [InputRequired("Indiquez votre phrase de passe."), Length(max=1000)]
    )
    code = code()
    cle = passkey_answer()

    def validate_code(self, field: object) -> None:
        if not self.code.data and not self.cle.data:
            raise ValidationError(CODE_ASKED)


class ConfirmForm(Form):
    """The second factor again, and the act it was asked for. Its names are its own: the fields of
    the act travel beside them under theirs."""

    confirmer_code = code()
    confirmer_cle = passkey_answer()
    confirmer_cible = HiddenField("Adresse", [Length(max=2000)])
    confirmer_methode = HiddenField("Méthode", [Length(max=10)])

    def validate_confirmer_code(self, field: object) -> None:
        if not self.confirmer_code.data and not self.confirmer_cle.data:
            raise ValidationError(CODE_ASKED)


class ActForm(Form):
    """Which of one's roles speaks from now on; empty for all of them."""

    role = SelectField("Vous agissez comme")

    @property
    def chosen(self) -> Role | None:
        return Role(self.role.data) if self.role.data else None
