"""Inviting a member, giving and ending mandates, and taking up an invitation."""

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from casework.members.mandates import why_not
from casework.members.passphrases import METHOD, TooWeak, check
from casework.members.service import ActRequired, Identity, Mandate
from casework.signin.enrolment import genuine
from casework.signin.forms import code, passkey_answer
from casework.web.forms import NAME_LENGTH, READ_BY_DPO, Form, day, line, paragraph
from charter.models import Function
from charter.register import CharterError, EndBeforeStartError
from charter.roles import ADDED_SEATS, DESIGNATED_BY, WITHOUT_CELL, Role

FUNCTION = "fonction:"  # before the code of a commune's function, among the roles
LABEL_LENGTH = 120


class MandateForm(Form):
    """A mandate to give."""

    role = RadioField("Rôle ou fonction", [InputRequired("Choisissez le rôle ou la fonction.")])
    cellule = RadioField("Cellule", default="")
    institution = line("Institution", "Indiquez l’institution que ce membre représente.")
    acte = line(
        "Acte de désignation",
        description="Arrêté, lettre ou agrément, avec son numéro et sa date. "
        "Nécessaire pour un élu délégué et pour le correspondant Justice-Ville.",
    )
    debut = day("Mandat à compter du", "Indiquez le premier jour du mandat.")
    fin = day("Jusqu’au", description="Dernier jour, inclus. Laissez vide si rien ne le fixe.")

    def offer(self, cells: list[tuple[str, str]], functions: list[Function], cell: str) -> None:
        """Fill the lists; a coordinator gives the mandates of their own ``cell`` only."""
        roles = [role for role in Role if not cell or role not in WITHOUT_CELL]
        self.role.choices = [
            *((role.value, role.label) for role in roles),
            *((FUNCTION + row.code, row.label) for row in functions),
        ]
        self._seats = {FUNCTION + row.code: row for row in functions}
        self._cell = cell
        if cell:
            del self.cellule
        else:
            self.cellule.choices = [("", "Hors cellule (parquet, DPO, administration)"), *cells]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        mandate, refusals = self.mandate(), []
        outside = mandate.role in WITHOUT_CELL
        if outside is not (mandate.cell is None):
            sentence = "Ce rôle s’exerce hors cellule." if outside else "Choisissez sa cellule."
            refusals.append((self.cellule, sentence))
        if mandate.role in DESIGNATED_BY and not mandate.acte:
            refusals.append((self.acte, why_not(ActRequired(), mandate.role)[1]))
        if mandate.ends and mandate.ends < mandate.starts:
            refusals.append((self.fin, why_not(EndBeforeStartError(), mandate.role)[1]))
        for field, sentence in refusals:
            field.errors = [sentence]
        return not refusals

    def mandate(self) -> Mandate:
        function = self._seats.get(self.role.data)
        return Mandate(
            role=function.role if function else Role(self.role.data),
            cell=self._cell or self.cellule.data or None,
            starts=self.debut.data,
            ends=self.fin.data,
            function=function.code if function else None,
            institution=self.institution.data,
            acte=self.acte.data or "",
        )

    def refuse(self, error: CharterError) -> None:
        """Say at its field why the register did not take the mandate."""
        name, sentence = why_not(error, self.mandate().role)
        self[name if name in self else "role"].errors = [sentence]


class _Person:
    """Who is invited: the person, then the mandate."""

    prenom = line("Prénom", "Indiquez le prénom.", NAME_LENGTH)
    nom = line("Nom", "Indiquez le nom.", NAME_LENGTH)
    fonction = line("Fonction", "Indiquez la fonction.", description="Celle de la personne.")
    identifiant = line(
        "Identifiant de connexion",
        "Indiquez l’identifiant, par exemple l’adresse électronique professionnelle.",
    )

    def identity(self) -> Identity:
        return Identity(self.nom.data, self.prenom.data, self.fonction.data)


class InviteForm(_Person, MandateForm):
    """Who is invited, and to which mandate."""


class WordsForm(Form):
    """The words of a mandate already given."""

    institution = line("Institution", "Indiquez l’institution que ce membre représente.")
    acte = line("Acte de désignation", description="Arrêté, lettre ou agrément, numéro et date.")


class EndForm(Form):
    """The last day of a mandate."""

    fin = day("Dernier jour du mandat", "Indiquez le dernier jour du mandat.")


class ResetForm(Form):
    """What will be lost has been read."""

    compris = BooleanField(
        "J’ai vérifié l’identité de cette personne, et elle sait ce qu’elle perd.",
        [InputRequired("Cochez la phrase pour rouvrir le compte.")],
    )


class SuspendForm(Form):
    """Why an access is stopped."""

    exceptional = "motif"
    motif = paragraph(
        "Motif",
        "Dites pourquoi cet accès est suspendu.",
        300,
        description=f"Phrase de passe peut-être volée, départ, doute sur un usage… {READ_BY_DPO}",
    )


class SeatedForm(Form):
    """Someone vouches for who comes back."""

    siege = BooleanField(
        "Cette personne siège encore aujourd’hui, et rien ne lui a été retiré depuis.",
        [InputRequired("Cochez la phrase pour rendre l’accès.")],
    )


class FunctionForm(Form):
    """A function of the commune, and the seat it holds."""

    label = line("Nom de la fonction", "Indiquez le nom de la fonction.", LABEL_LENGTH)
    place = RadioField(
        "Elle siège, et voit, comme",
        [InputRequired("Choisissez la place qu’elle tient.")],
        choices=[SelectChoice(role.value, role.label) for role in Role if role in ADDED_SEATS],
    )


class NewPassphrase:
    """The part of a form where a member chooses a passphrase, and types it twice."""

    phrase = PasswordField(
        "Phrase de passe",
        [InputRequired("Choisissez une phrase de passe."), Length(max=1000)],
        description=METHOD,
    )
    encore = PasswordField(
        "La même, une seconde fois",
        [EqualTo("phrase", "Les deux saisies diffèrent : retapez la même phrase.")],
    )

    def validate_phrase(self, field: object) -> None:
        try:
            check(self.phrase.data or "")
        except TooWeak as weak:
            raise ValidationError(str(weak)) from None


class TakeUpForm(NewPassphrase, Form):
    """A passphrase, then the first code of an application or a passkey."""

    secret = HiddenField(filters=[genuine])
    code = code("Code affiché par l’application", "")
    cle = passkey_answer()

    def validate_code(self, field: object) -> None:
        if not self.code.data and not self.cle.data:
            raise ValidationError("Indiquez le code à six chiffres, ou créez une clé d’accès.")
