"""Addresses sealed again, when the key they were sealed under is replaced."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.instance import Instance
from casework.mail import settings
from casework.mail.addresses import own_key, place
from casework.mail.models import MailAddress, OutgoingMail
from casework.mail.outbox import place as waiting_place
from casework.vault.aead import Place, open_text, seal_text
from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair


def reseal(session: Session, instance: Instance, new: AESGCM) -> None:
    """Under another delivery key: the addresses that wait, and those left to the server. One that
    opens no more stays as it is: sending it will say so."""
    old = settings.delivery_key(instance.data)
    for row in session.scalars(select(OutgoingMail).where(OutgoingMail.recipient.is_not(None))):
        row.recipient = _moved(row.recipient or b"", waiting_place(row.id), old, new)
    left = select(MailAddress).where(MailAddress.adresse_serveur.is_not(None))
    for kept in session.scalars(left):
        where = place(kept, "adresse_serveur")
        kept.adresse_serveur = _moved(kept.adresse_serveur or b"", where, old, new)
    session.flush()


def _moved(sealed: bytes, where: Place, old: AESGCM, new: AESGCM) -> bytes:
    try:
        return seal_text(new, open_text(old, sealed, where), where)
    except IntegrityError:
        return sealed


def follow(session: Session, member: str, old: KeyPair, new: KeyPair) -> None:
    """A member's own copy of their address, under their new key."""
    row = session.scalar(select(MailAddress).where(MailAddress.member == member))
    if row is None:
        return
    where = place(row, "adresse_propre")
    row.adresse_propre = _moved(row.adresse_propre, where, own_key(old), own_key(new))
    session.flush()
