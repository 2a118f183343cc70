"""Admitting a member to a cell (a sealed key), and excluding one (a new version of the key).

What an excluded member may have kept is said in the documentation: what they read, and, if they
also hold a copy of the database from that time, what the old key opened.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.members import service
from casework.members.founding import recovery_key
from casework.members.models import Member
from casework.situations import index
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Reader, Writer
from casework.vault.models import Grant
from casework.vault.renewal import Renewal
from charter import register
from charter.roles import Role


class CannotAdmit(Exception):
    """No key yet, no mandate here, or no signature of the charter in force."""


@dataclass(frozen=True)
class Place:
    """A member's place in a cell."""

    reference: str
    name: str
    role: str
    ends: date | None
    signed: bool
    admitted: bool
    excluded: bool
    ready: bool  # has taken up the invitation


def places(session: Session, reader: Reader, cell: str) -> list[Place]:
    """Everyone who holds or held a mandate in a cell."""
    holders = set(session.scalars(select(Grant.member).where(Grant.compartment == cell).distinct()))
    found = []
    rows = {row.reference: row for row in service.everyone(session)}
    names = service.identities(session, reader, rows.values())
    for reference in register.members_of(session, cell):
        actor = register.actor_for(session, reference, frozenset())
        mandate = next(m for m in actor.mandates if m.cell == cell)
        found.append(
            Place(
                reference=reference,
                name=names[reference].name,
                role=Role(mandate.role).label,
                ends=mandate.ends,
                signed=cell in actor.signed,
                admitted=reference in holders,
                excluded=cell in actor.excluded,
                ready=rows[reference].public_key is not None,
            )
        )
    return found


def admit(session: Session, writer: Writer, cell: str, reference: str) -> None:
    """Seal the cell's key, and the directory's, to a member who signed. CannotAdmit."""
    member = service.by_reference(session, reference)
    actor = register.actor_for(session, reference, frozenset())
    belongs = any(mandate.cell == cell for mandate in actor.mandates)
    if (
        member is None
        or member.public_key is None
        or not belongs
        or cell not in actor.signed
        or cell in actor.excluded
    ):
        raise CannotAdmit(reference)
    public = PublicKey(member.public_key)
    store.grant(session, writer, cell, reference, public)
    store.grant(session, writer, service.DIRECTORY, reference, public)


def exclude(session: Session, writer: Writer, cell: str, reference: str) -> None:
    """End a member's access to a cell at once, and renew its key for the others."""
    register.exclude(session, reference, cell)
    session.execute(delete(Grant).where(Grant.compartment == cell, Grant.member == reference))
    renew(session, writer, cell)


def renew(session: Session, writer: Writer, cell: str) -> None:
    """Give a cell a new key: grants, wraps, facets and search buckets move to it."""
    old = store.current(session, cell)
    renewal = Renewal(session, writer, cell)
    renewal.grants(recovery_key(session), _public_keys(session, cell))
    renewal.wraps()
    for situation in session.scalars(select(Situation).where(Situation.cell == cell)):
        situation.facets = renewal.facets(
            situations.TABLE, situation.id, situation.key_version, situation.facets
        )
        situation.key_version = renewal.version
    session.flush()
    index.rebuild(session, renewal.writer, cell, renewal.version, old.bits)


def _public_keys(session: Session, cell: str) -> dict[str, PublicKey]:
    rows = session.execute(
        select(Member.reference, Member.public_key)
        .join(Grant, Grant.member == Member.reference)
        .where(Grant.compartment == cell)
        .distinct()
    )
    return {reference: PublicKey(public) for reference, public in rows if public}
