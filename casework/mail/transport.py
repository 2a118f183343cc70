"""Handing one mail to the town's mail server, and saying in closed words what went wrong.

What the server answers is never kept: it often repeats the address.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from casework.mail.settings import AUTHORITY_FILE, Mailing, Security

TIMEOUT_SECONDS = 20
PERMANENT = 500
ERRORS = {
    "certificat": "le certificat du serveur d’envoi est à un autre nom, ou n’est pas reconnu",
    "tls": "le serveur d’envoi n’accepte pas le chiffrement demandé",
    "authentification": "le serveur d’envoi refuse l’identifiant ou le mot de passe",
    "connexion": "le serveur d’envoi ne répond pas",
    "coupure": "le serveur d’envoi a coupé la communication",
    "expediteur": "le serveur d’envoi refuse l’adresse d’expédition",
    "destinataire": "l’adresse est refusée",
    "message": "le courriel est refusé",
    "patience": "le serveur d’envoi demande d’attendre",
    "cle": "l’adresse ne s’ouvre plus avec la clé d’envoi (mail.key)",
    "mots": "le courriel portait autre chose que des mots permis",
    "delai": "le délai est passé",
}


class Undelivered(Exception):
    """``word`` is one of ERRORS. ``final``: this mail will never be taken. ``server``: the fault is
    not this mail's, so the others need not be tried now."""

    def __init__(self, word: str, *, final: bool = False, server: bool = False) -> None:
        super().__init__(ERRORS[word])
        self.word, self.final, self.server = word, final, server


@contextmanager
def connected(mailing: Mailing, data: Path) -> Iterator[smtplib.SMTP]:
    """A conversation with the mail server, whose certificate was checked. Undelivered."""
    try:
        server = _open(mailing, data)
    except (OSError, smtplib.SMTPException) as error:
        raise _unreachable(error) from None
    try:
        yield server
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()  # it was gone already


def _open(mailing: Mailing, data: Path) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if (authority := data / AUTHORITY_FILE).exists():
        context.load_verify_locations(authority)
    where = (mailing.host, mailing.port)
    if mailing.security is Security.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(*where, timeout=TIMEOUT_SECONDS)
    try:
        if mailing.security is Security.STARTTLS:
            server.starttls(context=context)
        if mailing.user:
            server.login(mailing.user, mailing.password)
    except BaseException:
        server.close()
        raise
    return server


def _unreachable(error: Exception) -> Undelivered:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Undelivered("certificat", server=True)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Undelivered("authentification", server=True)
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return Undelivered("tls", server=True)
    return Undelivered("connexion", server=True)


def hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Returns once the server has taken the mail in charge. Undelivered."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        (code, _said), *_ = refused.recipients.values()
        raise _refused("destinataire", code) from None
    except smtplib.SMTPSenderRefused:
        raise Undelivered("expediteur", server=True) from None  # a setting, which can be put right
    except smtplib.SMTPDataError as refused:
        raise _refused("message", refused.smtp_code) from None
    except (OSError, smtplib.SMTPException):
        raise Undelivered("coupure", server=True) from None


def _refused(word: str, code: int) -> Undelivered:
    return Undelivered(word, final=True) if code >= PERMANENT else Undelivered("patience")
