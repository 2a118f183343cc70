"""Where members receive mail. Each says it for themselves; nobody else can change it.

The server cannot open the directory: an address is unsealed by whoever convenes, signed in, then
sealed to the delivery key for as long as the mail waits. The mails that leave with nobody signed
in need more: the member who wants them leaves a copy that the server can open, and takes it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.instance import Instance
from casework.mail import outbox, settings
from casework.mail.models import MailAddress
from casework.members import service as members
from casework.vault import store
from casework.vault.aead import Place, open_text, seal_text
from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair, derive
from casework.vault.keyring import Reader


@dataclass(frozen=True)
class Mine:
    """What « Mon compte » shows. ``address`` is empty when the member's key was replaced since."""

    address: str
    wanted: bool
    unattended: bool


def own_key(key: KeyPair) -> AESGCM:
    return AESGCM(derive(key.raw, "mail"))


def _row(session: Session, member: str) -> MailAddress | None:
    return session.scalar(select(MailAddress).where(MailAddress.member == member))


def put(
    session: Session,
    instance: Instance,
    member: str,
    key: KeyPair,
    address: str,
    *,
    wanted: bool,
    unattended: bool,
) -> None:
    """Record where a member receives mail; what waits for them follows, or is dropped."""
    forget(session, member)
    row = MailAddress(id=new_id(), member=member, wanted=wanted)
    members.seal_to_directory(session, row, member, {"adresse": address})
    row.adresse_propre = seal_text(own_key(key), address, place(row, "adresse_propre"))
    row.adresse_serveur = None
    if wanted and unattended:
        delivery = settings.delivery_key(instance.data)
        row.adresse_serveur = seal_text(delivery, address, place(row, "adresse_serveur"))
    session.add(row)
    session.flush()
    if wanted:
        outbox.redirect(session, outbox.Sealer(instance), member, address)
    else:
        outbox.drop(session, member=member)


def forget(session: Session, member: str) -> None:
    """Erase an address, and the key it was sealed under."""
    row = _row(session, member)
    if row is not None:
        store.forget(session, row.id)
        session.delete(row)
        session.flush()


def withdraw(session: Session, member: str) -> None:
    """The member wants no address here any more."""
    forget(session, member)
    outbox.drop(session, member=member)


def place(row: MailAddress, column: str) -> Place:
    return Place(row.__tablename__, column, row.id, row.member)


def mine(session: Session, member: str, key: KeyPair) -> Mine | None:
    """A member's own, read with their own key, as their one-time secret is."""
    row = _row(session, member)
    if row is None:
        return None
    try:
        address = open_text(own_key(key), row.adresse_propre, place(row, "adresse_propre"))
    except IntegrityError:
        address = ""  # the account was reopened with another key
    return Mine(address, row.wanted, row.adresse_serveur is not None)


def opened(session: Session, reader: Reader, references: Iterable[str]) -> dict[str, str]:
    """The addresses of those who receive mail, for a holder of the directory."""
    query = select(MailAddress).where(
        MailAddress.member.in_(list(references)), MailAddress.wanted.is_(True)
    )
    rows = session.scalars(query).all()
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    return {
        row.member: reader.record(row.id, wraps.get(row.id, []), row.member).open(row, "adresse")
        for row in rows
    }


def receiving(session: Session, references: Iterable[str]) -> set[str]:
    """Who among them receives mail."""
    query = select(MailAddress.member).where(
        MailAddress.member.in_(list(references)), MailAddress.wanted.is_(True)
    )
    return set(session.scalars(query))


def unattended(session: Session, instance: Instance, references: Iterable[str]) -> dict[str, str]:
    """The addresses that their members let the server open."""
    query = select(MailAddress).where(
        MailAddress.member.in_(list(references)), MailAddress.adresse_serveur.is_not(None)
    )
    delivery = settings.delivery_key(instance.data)
    return {
        row.member: open_text(delivery, row.adresse_serveur or b"", place(row, "adresse_serveur"))
        for row in session.scalars(query)
    }
