"""Accounts: links given, renewed and withdrawn; a forgotten passphrase; the directory's key.

A passphrase opens a key that nobody else holds: forgotten, it is not reset but replaced. The old
key and what was sealed to it go; mandates and signatures stay; those who hold the cells' keys then
admit the member again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.instance import Instance
from casework.members import service
from casework.members.admission import CannotAdmit
from casework.members.founding import DPO, OUTSIDE_CELLS
from casework.members.models import Member
from casework.members.public_keys import public_key_of
from casework.members.service import DIRECTORY
from casework.rappels.service import PARQUET
from casework.signin import factors
from casework.signin import service as signin
from casework.vault import store
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Writer
from charter import register
from charter.models import MandateRow
from charter.roles import Role
from charter.subjects import Mandate

# Who may be handed a key outside the cells by its holders.
PEERS = {code: OUTSIDE_CELLS[code] for code in (PARQUET, DPO)}
# Whose mandate lets them hand a key again: whoever founds it; in a cell, its coordination.
HANDS_OUT = {code: OUTSIDE_CELLS[code][0] for code in (PARQUET, DPO, DIRECTORY)}
KEY_LABELS = {DIRECTORY: "annuaire des membres", PARQUET: "fiches-navettes", DPO: "DPO"}


WITHDRAWN = "Invitation retirée"  # where the name was


class NoInvitation(Exception):
    """The account is open, or closed: there is no invitation to renew or to withdraw."""


class SeatedElsewhere(Exception):
    """The invitation is also to another cell: withdrawing it is for the administrator."""


@dataclass(frozen=True)
class Loss:
    """A key a member would lose, and who could hand it again; nobody: the recovery words."""

    compartment: str
    able: frozenset[str]

    @property
    def label(self) -> str:
        return KEY_LABELS.get(self.compartment, self.compartment)


def is_invited(member: Member) -> bool:
    return member.public_key is None and member.closed_at is None


def state_of(member: Member) -> str:
    """« Ouvert », « Invité », « À rouvrir », « Suspendu » or « Retiré », for lists."""
    if member.closed_at is not None:
        return "Retiré"
    if member.suspended_at is not None:
        return "Suspendu"
    if member.public_key is not None:
        return "Ouvert"
    return "À rouvrir" if member.reset_at else "Invité"


def pending(session: Session, cell: str | None = None) -> list[Member]:
    """Those who have not used their link, oldest first; in a cell, those invited to it alone."""
    query = select(Member).where(Member.public_key.is_(None), Member.closed_at.is_(None))
    rows = session.scalars(query.order_by(Member.created_at)).all()
    if cell is None:
        return list(rows)
    return [row for row in rows if row.reset_at is None and cells_of(session, row) == {cell}]


def cells_of(session: Session, member: Member) -> set[str | None]:
    return {row.cell for row in register.mandates_of(session, member.reference)}


def renew_link(session: Session, member: Member, cell: str | None) -> str:
    """Another one-time link, for another seven days. NoInvitation, SeatedElsewhere."""
    _check(session, member, cell)
    return service.new_link(member)


def withdraw(
    session: Session, instance: Instance, member: Member, cell: str | None, on: date
) -> None:
    """Take an invitation back: the link opens nothing, the mandates end, the name is erased.

    A reopened account keeps its name and its mandates: only its link goes. NoInvitation,
    SeatedElsewhere.
    """
    _check(session, member, cell)
    member.invitation = member.invited_until = None
    if member.reset_at is not None:
        return
    member.closed_at = datetime.now(UTC)
    member.login = instance.blind("withdrawn", member.reference)  # the name may be invited again
    for row in register.mandates_of(session, member.reference):
        service.forget_details(session, row.id)
        if row.starts > on:
            register.withdraw_mandate(session, row.id, on)
        else:
            register.end_mandate(session, row.id, max(row.starts, on - timedelta(days=1)))
    store.forget(session, member.id)
    service.seal_identity(session, member, service.Identity(WITHDRAWN, "", ""))
    session.flush()


def _check(session: Session, member: Member, cell: str | None) -> None:
    if not is_invited(member):
        raise NoInvitation(member.reference)
    if cell is not None and (member.reset_at or cells_of(session, member) != {cell}):
        raise SeatedElsewhere(member.reference)


def losses(session: Session, reference: str, on: date) -> list[Loss]:
    """The keys a member holds, each with those who could hand it again."""
    return [
        Loss(
            code,
            frozenset(who for who in held - {reference} if _hands_out(session, who, code, on)),
        )
        for code, held in sorted(store.holders(session).items())
        if reference in held
    ]


def _hands_out(session: Session, reference: str, compartment: str, on: date) -> bool:
    role = HANDS_OUT.get(compartment, Role.COORDONNATEUR)
    return any(
        row.role is role and holds_title([row], compartment, on)
        for row in register.mandates_of(session, reference)
    )


def reset(session: Session, member: Member) -> str:
    """Reopen the account of someone who forgot their passphrase; returns the new link's token.

    Keys, second factors, sessions and signatures go: whoever takes the account up again signs in
    person, and is admitted by someone who knows them. Mandates stay. NoInvitation when the account
    never opened or was closed.
    """
    if member.public_key is None or member.closed_at is not None:
        raise NoInvitation(member.reference)
    member.public_key = member.bound = member.locked_key = member.totp = None
    member.suspended_at = None  # nothing is left to suspend: they start again from a new link
    member.reset_at = datetime.now(UTC)
    store.revoke(session, member.reference)
    factors.forget(session, member.reference)
    register.forget_signatures(session, member.reference)
    signin.close_all(session, member.reference)
    return service.new_link(member)


def holds_title(mandates: Iterable[Mandate | MandateRow], compartment: str, on: date) -> bool:
    """Does one of these mandates, in force, call for this compartment's key?"""
    for mandate in mandates:
        if mandate.starts > on or (mandate.ends is not None and mandate.ends < on):
            continue
        if getattr(mandate, "excluded_at", None) is not None:
            continue
        roles = OUTSIDE_CELLS.get(compartment, ())
        if compartment in (DIRECTORY, mandate.cell) or mandate.role in roles:
            return True
    return False


def admit_peer(
    session: Session,
    writer: Writer,
    compartment: str,
    reference: str,
    on: date,
    *,
    with_directory: bool,
) -> None:
    """Hand the key of a compartment outside the cells, and the directory's if one holds it.

    CannotAdmit.
    """
    if not writer.holds(compartment):
        raise CannotAdmit(reference)
    public = _ready(session, reference, compartment, on)
    row = _title(session, reference, compartment, on)
    if row.role is Role.CORRESPONDANT_JUSTICE_VILLE and not row.designated:
        raise CannotAdmit(reference)
    store.grant(session, writer, compartment, reference, public)
    if with_directory:
        store.grant(session, writer, DIRECTORY, reference, public)


def share_directory(session: Session, writer: Writer, reference: str, on: date) -> None:
    """Hand the directory's key to a member under mandate: another administrator, or the first
    of a cell, of the parquet, of the DPO, whom nobody there can admit. CannotAdmit."""
    public = _ready(session, reference, DIRECTORY, on)
    store.grant(session, writer, DIRECTORY, reference, public)


def _ready(session: Session, reference: str, compartment: str, on: date) -> PublicKey:
    member = service.by_reference(session, reference)
    mandates = register.mandates_of(session, reference)
    public = public_key_of(session, member) if member else None
    if (
        member is None
        or public is None
        or member.closed_at is not None
        or member.suspended_at is not None
        or not holds_title(mandates, compartment, on)
    ):
        raise CannotAdmit(reference)
    return public


def _title(session: Session, reference: str, compartment: str, on: date) -> MandateRow:
    return next(
        row
        for row in register.mandates_of(session, reference)
        if row.role in PEERS[compartment] and holds_title([row], compartment, on)
    )
