"""Changing one's own means of signing in."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from casework.members.forms import NewPassphrase
from casework.signin.enrolment import genuine
from casework.signin.forms import LONGEST_CODE, passkey_answer
from casework.web.forms import Form


class PassphraseForm(NewPassphrase, Form):
    """The present passphrase, then another one, twice."""

    actuelle = PasswordField(
        "Phrase de passe actuelle",
        [InputRequired("Indiquez votre phrase de passe actuelle."), Length(max=1000)],
    )


class ApplicationForm(Form):
    """The first code of an application that has just photographed the secret."""

    secret = HiddenField(filters=[genuine])
    code = StringField(
        "Code affiché par l’application",
        [InputRequired("Indiquez le code à six chiffres."), Length(max=LONGEST_CODE)],
    )


class PasskeyForm(Form):
    """What a device answered when it made a passkey."""

    cle = passkey_answer()
