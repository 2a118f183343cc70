"""Where one receives mail, and through which server it leaves."""

from typing import Any

from wtforms import BooleanField, IntegerField, PasswordField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from casework.mail.settings import LOOPBACK, Mailing, Security, is_address
from casework.web.forms import Form, line

WRONG = "Écrivez une adresse comme prenom.nom@ma-commune.fr, sans accent."
SECURITIES = [
    SelectChoice(Security.STARTTLS.value, "STARTTLS (port 587, le plus courant)"),
    SelectChoice(Security.TLS.value, "TLS (port 465)"),
    SelectChoice(Security.NONE.value, "Aucun : le serveur d’envoi est sur cette machine"),
]


class AddressForm(Form):
    """A member's own address."""

    adresse = line("Adresse électronique professionnelle", "Indiquez une adresse, ou retirez-la.")
    recevoir = BooleanField("Recevoir des courriels à cette adresse")
    seul = BooleanField("Recevoir aussi les courriels automatiques")

    def offer(self, *, unattended: bool) -> None:
        """The mails that leave with nobody signed in concern the parquet and the DPO alone."""
        if not unattended:
            del self.seul

    def validate_adresse(self, field: Any) -> None:
        if not is_address(field.data or ""):
            raise ValidationError(WRONG)


def _port(label: str, lowest: int, highest: int, **options: Any) -> IntegerField:
    sentence = f"Indiquez un nombre de {lowest} à {highest}."
    return IntegerField(
        label, [InputRequired(sentence), NumberRange(lowest, highest, sentence)], **options
    )


class SettingsForm(Form):
    """A mail account of the commune, and a few delays."""

    hote = line("Serveur d’envoi", "Indiquez le nom du serveur, par exemple smtp.ma-commune.fr.")
    port = _port("Port", 1, 65535)
    chiffrement = RadioField(
        "Chiffrement", [InputRequired("Choisissez le chiffrement.")], choices=SECURITIES
    )
    utilisateur = line("Identifiant sur ce serveur", description="Vide s’il n’en demande pas.")
    mot_de_passe = PasswordField(
        "Mot de passe",
        [Optional(), Length(max=1000)],
        description="Laissez vide pour garder celui qui est enregistré.",
    )
    expediteur = line(
        "Adresse d’expédition",
        "Indiquez l’adresse d’expédition.",
        description="Une boîte de service qui ne reçoit pas, jamais l’adresse d’une personne.",
    )
    copies = TextAreaField(
        "Boîtes qui gardent aussi les points de contrôle",
        [Optional(), Length(max=1000, message="Écrivez au plus 1000 caractères.")],
        description="Une par ligne. Des boîtes de service (archives, parquet), jamais l’adresse "
        "d’une personne : celles des membres sont dans leur compte.",
    )
    rappel = _port(
        "Rappel de séance",
        0,
        60,
        description="Jours avant la séance. 0 : aucun.",
    )
    abandon = _port("Renoncer après", 1, 15, description="Jours d’essais d’un même courriel.")

    def validate_expediteur(self, field: Any) -> None:
        if not is_address(field.data or ""):
            raise ValidationError(WRONG)

    def validate_copies(self, field: Any) -> None:
        wrong = [address for address in self._copies() if not is_address(address)]
        if wrong:
            raise ValidationError(f"Une adresse par ligne. À revoir : {', '.join(wrong)}")

    def validate_chiffrement(self, field: Any) -> None:
        if field.data == Security.NONE and self.hote.data not in LOOPBACK:
            raise ValidationError(
                "Sans chiffrement, le serveur d’envoi doit être sur cette machine (127.0.0.1)."
            )

    def _copies(self) -> list[str]:
        return (self.copies.data or "").split()

    def mailing(self, known: Mailing | None) -> Mailing:
        """The settings typed; the password stays when none is typed for the same account."""
        user = self.utilisateur.data or ""
        same = known is not None and (known.host, known.user) == (self.hote.data, user)
        kept = known.password if known and same else ""
        return Mailing(
            host=self.hote.data,
            port=self.port.data,
            security=Security(self.chiffrement.data),
            sender=self.expediteur.data,
            user=user,
            password=self.mot_de_passe.data or kept,
            copies=tuple(self._copies()),
            reminder_days=self.rappel.data,
            give_up_days=self.abandon.data,
        )

    def show(self, known: Mailing) -> None:
        """The settings in force, except the password, which no page shows."""
        self.hote.data, self.port.data = known.host, known.port
        self.chiffrement.data, self.utilisateur.data = known.security.value, known.user
        self.expediteur.data, self.copies.data = known.sender, "\n".join(known.copies)
        self.rappel.data, self.abandon.data = known.reminder_days, known.give_up_days
