"""Who makes the first key of a compartment.

A compartment nobody holds yet contains nothing, so making its key reads nothing. The coordinator
founds a cell on signing its charter; the first magistrate, DPO, maire and administrator found
theirs on taking up their invitation. Later members are admitted by a holder.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from casework.cells.service import RECOVERY_BOUND, RECOVERY_PUBLIC, put_setting, setting
from casework.confidences.service import MAIRE
from casework.members.service import DIRECTORY
from casework.rappels.service import PARQUET
from casework.vault import binding, store
from casework.vault.binding import binding_of
from casework.vault.keypair import KeyPair, PublicKey
from charter.roles import Role
from charter.subjects import Actor

DPO = "DPO"
# Who holds each of them; the first role named is the one that founds it.
OUTSIDE_CELLS = {
    PARQUET: (Role.PARQUET, Role.CORRESPONDANT_JUSTICE_VILLE),
    DPO: (Role.DPO,),
    MAIRE: (Role.MAIRE,),
    DIRECTORY: (Role.ADMINISTRATEUR,),
}


def out_of_reach(roles: Collection[Role]) -> frozenset[str]:
    """What even the recovery kit does not hand to these roles: what was revealed to the maire
    alone (art. L.121-6-2 CASF)."""
    return frozenset() if Role.MAIRE in roles else frozenset({MAIRE})


def keep_recovery_key(session: Session, public: PublicKey) -> None:
    """Every compartment will seal its secret to it, from the installation on."""
    raw = public.raw.hex()
    put_setting(session, RECOVERY_PUBLIC, raw)
    bound = binding_of(session).mac(*binding.recovery(raw))
    put_setting(session, RECOVERY_BOUND, bound.hex())


def recovery_key(session: Session) -> PublicKey:
    """The public half of the recovery key, kept since the installation. IntegrityError when it was
    replaced: every renewal would seal its secret to whoever did."""
    public = setting(session, RECOVERY_PUBLIC)
    bound = bytes.fromhex(setting(session, RECOVERY_BOUND))
    binding_of(session).check(bound, "setting.value", RECOVERY_PUBLIC, *binding.recovery(public))
    return PublicKey(bytes.fromhex(public))


def found_cell_if_first(session: Session, actor: Actor, key: KeyPair, cell: str) -> bool:
    """Found a cell's compartment if its coordinator is the first to come."""
    coordinates = any(
        mandate.role is Role.COORDONNATEUR and mandate.cell == cell for mandate in actor.mandates
    )
    return coordinates and _found(session, cell, actor.reference, key)


def found_for_roles(
    session: Session, member: str, key: KeyPair, roles: frozenset[Role]
) -> list[str]:
    """Found the compartments outside cells whose first holder this member is."""
    return [
        code
        for code, (founder, *_others) in OUTSIDE_CELLS.items()
        if founder in roles and _found(session, code, member, key)
    ]


def _found(session: Session, code: str, member: str, key: KeyPair) -> bool:
    if store.is_founded(session, code):
        return False
    store.found(session, code, member, key.public, recovery_key(session))
    return True
