"""Admitting a member to a cell (a sealed key), and excluding one (a new key for the others).

What an excluded member may have kept is said on the page of the key and in the documentation: what
they read, and, if they also hold a copy of the database from that time, what the old key opened.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.confidences.service import MAIRE
from casework.members import holders, renewal, service
from casework.members.public_keys import public_key_of
from casework.vault import store
from casework.vault.keyring import Reader, Writer
from charter import register
from charter.roles import WITHOUT_KEY


class CannotAdmit(Exception):
    """No key yet, no mandate here any more, or no signature of the charter in force."""


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
    suspended: bool  # nobody has confirmed yet that they still sit
    over: bool  # every mandate here has ended, by its date or by exclusion
    keyless: bool  # writes to the cell, and never reads it
    reopened: datetime | None  # the account was reopened: by whom, only someone who knows them says


def places(session: Session, reader: Reader, cell: str, on: date) -> list[Place]:
    """Everyone who holds or held a mandate in a cell."""
    holding = store.held_since(session, cell)
    found = []
    rows = {row.reference: row for row in service.everyone(session)}
    names = service.identities(session, reader, rows.values())
    seats = register.seats_of(session, cell)
    for reference in sorted(seats, key=lambda who: names[who].rank):
        mandate = seats[reference]
        actor = register.actor_for(session, reference, frozenset())
        found.append(
            Place(
                reference=reference,
                name=names[reference].name,
                role=mandate.title,
                ends=mandate.ends,
                signed=cell in actor.signed,
                admitted=reference in holding,
                excluded=cell in actor.excluded,
                ready=rows[reference].public_key is not None,
                suspended=rows[reference].suspended_at is not None,
                over=not holders.lasting(register.mandates_of(session, reference), cell, on),
                keyless=mandate.role in WITHOUT_KEY,
                reopened=rows[reference].reset_at,
            )
        )
    return found


def waiting(session: Session, cell: str, on: date) -> list[str]:
    """Who signed the text in force and waits for the cell's key."""
    holding = store.held_since(session, cell)
    found = []
    for reference in register.members_of(session, cell).keys() - holding.keys():
        actor = register.actor_for(session, reference, frozenset())
        lasting = holders.lasting(register.mandates_of(session, reference), cell, on)
        if cell in actor.signed and lasting:
            found.append(reference)
    return sorted(found)


def admit(session: Session, writer: Writer, cell: str, reference: str, on: date) -> None:
    """Seal the cell's key, and the directory's, to a member who signed. CannotAdmit."""
    store.lock(session, cell)
    member = service.by_reference(session, reference)
    actor = register.actor_for(session, reference, frozenset())
    public = public_key_of(session, member) if member else None
    if (
        member is None
        or public is None
        or member.suspended_at is not None
        or cell not in actor.signed
        or not holders.lasting(register.mandates_of(session, reference), cell, on)
    ):
        raise CannotAdmit(reference)
    store.grant(session, writer, cell, reference, public)
    store.grant(session, writer, service.DIRECTORY, reference, public)


def exclude(session: Session, cell: str, reference: str, by: str, on: date) -> None:
    """End a member's access to a cell at once: mandate and key are gone with this unit of work.

    The cell has a new key from now on; what is under the old one then moves by batches
    (:mod:`casework.members.renewal`).
    """
    store.lock(session, cell)
    register.exclude(session, reference, cell)
    if reference in store.held_since(session, cell):
        renewal.begin_cell(session, cell, by, on)
    if not holders.lasting(register.mandates_of(session, reference), MAIRE, on):
        store.withdraw(session, MAIRE, reference)
