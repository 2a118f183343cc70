"""Replacing the key pair of a member who can still open theirs.

Everything sealed to the old one is sealed to the new one in a single transaction; what the old key
alone could compute (recovery codes) is made anew. The compartments' secrets stay: whoever may have
held the old key is only kept out by renewing them too.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.instance import Instance
from casework.mail import rekey as mail
from casework.members import service as members
from casework.members.models import Member
from casework.members.public_keys import bind, public_key_of
from casework.rotation.entries import MEMBER, entry
from casework.signin import recovery_codes
from casework.signin import service as signin
from casework.vault import binding
from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair
from casework.vault.keyring import grant_context
from casework.vault.models import Grant


def rotate(
    session: Session, instance: Instance, member: Member, old: KeyPair, phrase: str
) -> list[str]:
    """A new key pair, locked under ``phrase``; the new recovery codes, if there were some.

    TooWeak, or IntegrityError when a grant was not written here. The caller commits.
    """
    public_key_of(session, member)
    secret = members.open_totp(member, old).secret if member.totp else None
    had_codes = recovery_codes.left(session, member.reference) > 0
    new = KeyPair.generate()
    count = _grants(session, instance, member.reference, old, new)
    mail.follow(session, member.reference, old, new)
    recovery_codes.forget(session, member.reference)
    bind(member, new.public, instance.binding)
    if secret:
        members.seal_totp(member, new, secret)
    members.change_passphrase(member, instance, new, phrase)
    signin.close_all(session, member.reference)
    codes = recovery_codes.renew(session, member.reference, new) if had_codes else []
    session.flush()
    event = entry(MEMBER, member.reference, member.reference, remises=count)
    instance.journal.append(session.connection(), event)
    return codes


def _grants(
    session: Session, instance: Instance, reference: str, old: KeyPair, new: KeyPair
) -> int:
    """Seal to the new key each compartment secret that was sealed to the old one; how many."""
    rows = session.scalars(select(Grant).where(Grant.member == reference)).all()
    for row in rows:
        said = binding.grant(reference, row.compartment, row.version, row.sealed)
        if not instance.binding.holds(row.bound, *said):
            raise IntegrityError("grant_key.sealed", reference)
        context = grant_context(reference, row.compartment, row.version)
        row.sealed = new.public.seal(old.open(row.sealed, context), context)
        said = binding.grant(reference, row.compartment, row.version, row.sealed)
        row.bound = instance.binding.mac(*said)
    return len(rows)
