"""The public key of a member, as they made it themselves."""

from sqlalchemy.orm import Session

from casework.members.models import Member
from casework.vault import binding
from casework.vault.binding import Binding, binding_of
from casework.vault.keypair import PublicKey


def bind(member: Member, public: PublicKey, made_by: Binding) -> None:
    """Record the public key of someone who has just made it."""
    member.public_key = public.raw
    member.bound = made_by.mac(*binding.holder(member.reference, public.raw))


def public_key_of(session: Session, member: Member) -> PublicKey | None:
    """What to seal to them with; None before they took their account up. IntegrityError when the
    key was put there by another hand: sealing to it would hand a cell to its owner."""
    if member.public_key is None:
        return None
    said = binding.holder(member.reference, member.public_key)
    binding_of(session).check(member.bound, "member.public_key", member.reference, *said)
    return PublicKey(member.public_key)
