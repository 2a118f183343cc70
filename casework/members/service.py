"""Members: inviting, taking up an invitation, the directory of names.

A member's name is sealed to the directory compartment (ANNUAIRE) by whoever invites; taking up the
invitation makes the keys; a holder of a compartment then admits. Nobody admits themselves.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

import pyotp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.instance import Instance
from casework.members.models import MandateDetail, Member
from casework.members.passphrases import check as check_passphrase
from casework.members.public_keys import bind
from casework.names.normal import fold
from casework.vault import store
from casework.vault.aead import Place, open_text, seal_text
from casework.vault.keypair import KeyPair, PublicKey, derive
from casework.vault.keyring import Reader, Row, SealingRecord
from casework.vault.passphrase import lock
from charter import register
from charter.models import MandateRow
from charter.register import CharterError
from charter.roles import DESIGNATED_BY, Role
from charter.rules import DIRECTION
from charter.subjects import Mandate as Seat

DIRECTORY = "ANNUAIRE"
INVITATION_DAYS = 7
RECORD_KEY_BYTES = 32


class LoginTaken(Exception):
    """Another member signs in with this name."""


class InvitationInvalid(Exception):
    """The link was used, has lapsed, or was never given."""


class ActRequired(CharterError):
    """This role is held by an arrêté or an agrément: its reference is needed."""


@dataclass(frozen=True)
class Identity:
    """Who a member is, as the directory knows them."""

    nom: str
    prenom: str
    fonction: str

    @property
    def name(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def rank(self) -> tuple[str, str]:
        """In the order of an address book."""
        return fold(self.nom), fold(self.prenom)


@dataclass(frozen=True)
class Mandate:
    """A mandate to give: ``function`` is one the commune added, ``acte`` the arrêté, letter or
    agrément that designates, ``institution`` who sends the member."""

    role: Role
    cell: str | None
    starts: date
    ends: date | None = None
    function: str | None = None
    institution: str = ""
    acte: str = ""


def normal_login(login: str) -> str:
    return login.strip().lower()


def login_digest(instance: Instance, login: str) -> str:
    return instance.blind_login(normal_login(login))


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    session: Session,
    instance: Instance,
    login: str,
    identity: Identity,
    mandates: Iterable[Mandate],
) -> tuple[Member, str]:
    """A new member and their one-time link token; LoginTaken if the name is in use."""
    digest = login_digest(instance, login)
    store.lock(session, DIRECTORY)  # one reference at a time
    if session.scalar(select(Member.id).where(Member.login == digest)) is not None:
        raise LoginTaken(login)
    number = session.scalar(select(func.count()).select_from(Member)) or 0
    member = Member(
        id=new_id(),
        reference=f"M-{number + 1:04d}",
        login=digest,
        created_at=datetime.now(UTC),
        totp_counter=0,
    )
    token = new_link(member)
    seal_identity(session, member, identity)
    session.add(member)
    session.flush()
    for mandate in mandates:
        grant_mandate(session, member.reference, mandate)
    return member, token


def new_link(member: Member) -> str:
    """The token of a new one-time link; the former one opens nothing any more."""
    token = secrets.token_urlsafe(32)
    member.invitation = _token_digest(token)
    member.invited_until = datetime.now(UTC) + timedelta(days=INVITATION_DAYS)
    return token


def grant_mandate(session: Session, reference: str, mandate: Mandate) -> MandateRow:
    """Give a mandate; its words go to the directory. Raises ActRequired or the charter's errors.

    Whoever is given the direction of a cell whose key they hold for a narrower seat gives that key
    back: a holder admits them again, knowing to what.
    """
    if mandate.role in DESIGNATED_BY and not mandate.acte:
        raise ActRequired(mandate.role)
    session.scalar(select(Member.id).where(Member.reference == reference).with_for_update())
    if mandate.cell and mandate.role in DIRECTION and not _directs(session, reference, mandate):
        store.withdraw(session, mandate.cell, reference)
    row = register.grant_mandate(
        session,
        reference,
        mandate.role,
        mandate.cell,
        mandate.starts,
        mandate.ends,
        function=mandate.function,
        designated=bool(mandate.acte),
    )
    seal_details(session, row, mandate.institution, mandate.acte)
    return row


def _directs(session: Session, reference: str, mandate: Mandate) -> bool:
    """Do they direct this cell already, when the mandate begins?"""
    return any(
        held.role in DIRECTION
        and held.cell == mandate.cell
        and held.excluded_at is None
        and (held.ends is None or mandate.starts <= held.ends)
        for held in register.mandates_of(session, reference)
    )


def seal_details(session: Session, row: MandateRow, institution: str, acte: str) -> None:
    """Seal the words of a mandate to the directory, in place of those it had."""
    forget_details(session, row.id)
    detail = MandateDetail(id=new_id(), mandate=row.id)
    seal_to_directory(session, detail, row.member, {"institution": institution, "acte": acte})
    session.add(detail)
    row.designated = bool(acte)
    session.flush()


def change_details(session: Session, mandate: int, institution: str, acte: str) -> None:
    """Record the institution and the act of a mandate already given. ActRequired."""
    row = session.get_one(MandateRow, mandate)
    if row.role in DESIGNATED_BY and not acte:
        raise ActRequired(row.role)
    seal_details(session, row, institution, acte)


def withdraw_mandate(session: Session, mandate: int, on: date) -> None:
    """Take back a mandate that has not begun, and its words."""
    register.withdraw_mandate(session, mandate, on)
    forget_details(session, mandate)


def forget_details(session: Session, mandate: int) -> None:
    """Erase the words of a mandate, and the key they were sealed under."""
    known = session.scalar(select(MandateDetail).where(MandateDetail.mandate == mandate))
    if known is not None:
        store.forget(session, known.id)
        session.delete(known)
        session.flush()


def seats(
    session: Session, reader: Reader, cell: str, references: Iterable[str]
) -> dict[str, tuple[Identity, Seat, str]]:
    """Members of a cell by reference: who they are, under which mandate, sent by whom."""
    wanted = set(references)
    held = {who: seat for who, seat in register.seats_of(session, cell).items() if who in wanted}
    rows = session.scalars(select(Member).where(Member.reference.in_(held))).all()
    names = identities(session, reader, rows)
    words = details(session, reader, [seat.number for seat in held.values()])
    return {
        who: (names[who], seat, words.get(seat.number, ("", ""))[0]) for who, seat in held.items()
    }


def details(
    session: Session, reader: Reader, mandates: Iterable[int]
) -> dict[int, tuple[str, str]]:
    """Institution and designating act of mandates, by row, for a holder of the directory."""
    rows = session.scalars(
        select(MandateDetail).where(MandateDetail.mandate.in_(list(mandates)))
    ).all()
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    found = {}
    for row in rows:
        record = reader.record(row.id, wraps.get(row.id, []))
        found[row.mandate] = (record.open(row, "institution"), record.open(row, "acte"))
    return found


def seal_identity(session: Session, member: Member, identity: Identity) -> None:
    """Seal a name to the directory's deposit key: inviting needs no key, reading does."""
    seal_to_directory(session, member, member.reference, asdict(identity))


def seal_to_directory(session: Session, row: Row, shown: str, texts: Mapping[str, str]) -> None:
    """Seal words about a member to the directory, under a key of the row's own."""
    directory = store.current(session, DIRECTORY)
    record = SealingRecord(secrets.token_bytes(RECORD_KEY_BYTES), shown)
    for column, text in texts.items():
        record.seal(row, column, text)
    public = PublicKey(directory.deposit)
    store.store_wrap(session, row.id, record.deposit(public, row.id, DIRECTORY, directory.version))


def invited(session: Session, token: str) -> Member:
    """The member a one-time link was given to, or InvitationInvalid."""
    known = select(Member).where(Member.invitation == _token_digest(token))
    # Locked: the link serves once, even asked twice at once.
    member = session.scalar(known.with_for_update())
    if member is None or member.invited_until is None or member.closed_at is not None:
        raise InvitationInvalid
    if member.suspended_at is not None:
        raise InvitationInvalid
    if member.invited_until < datetime.now(UTC):
        raise InvitationInvalid
    return member


def take_up(
    member: Member,
    instance: Instance,
    passphrase: str,
    totp_secret: str | None,
    key: KeyPair | None = None,
) -> KeyPair:
    """Lock the member's key under their passphrase and spend the invitation.

    ``key`` is made here unless given; no ``totp_secret`` for who chose a passkey. TooWeak.
    """
    check_passphrase(passphrase)
    key = key or KeyPair.generate()
    bind(member, key.public, instance.binding)
    member.locked_key = lock(key, passphrase, member.reference, instance.cost)
    member.totp = None
    if totp_secret:
        seal_totp(member, key, totp_secret)
    member.invitation = None
    member.invited_until = None
    return key


def change_passphrase(member: Member, instance: Instance, key: KeyPair, passphrase: str) -> None:
    """Lock the same key under another passphrase: everything it opens stays open. TooWeak."""
    check_passphrase(passphrase)
    member.locked_key = lock(key, passphrase, member.reference, instance.cost)


def _totp_key(key: KeyPair) -> AESGCM:
    return AESGCM(derive(key.raw, "totp"))


def seal_totp(member: Member, key: KeyPair, secret: str) -> None:
    """The one-time code secret, readable only once the passphrase has opened the key."""
    member.totp = seal_text(_totp_key(key), secret, Place("member", "totp", member.reference))


def open_totp(member: Member, key: KeyPair) -> pyotp.TOTP:
    if member.totp is None:
        raise InvitationInvalid
    place = Place("member", "totp", member.reference)
    return pyotp.TOTP(open_text(_totp_key(key), member.totp, place))


def identity(session: Session, reader: Reader, member: Member) -> Identity:
    """A member's name, for a holder of the directory."""
    return identities(session, reader, [member])[member.reference]


def identities(session: Session, reader: Reader, members: Iterable[Member]) -> dict[str, Identity]:
    """Names of several members by reference."""
    found = list(members)
    wraps = store.wraps_of_many(session, [member.id for member in found])
    result = {}
    for member in found:
        record = reader.record(member.id, wraps.get(member.id, []), member.reference)
        result[member.reference] = Identity(
            *(record.open(member, column) for column in Identity.__dataclass_fields__)
        )
    return result


def named(
    session: Session, reader: Reader, references: Collection[str], held: Collection[str]
) -> dict[str, Identity]:
    """Names of these members by reference; none for whoever does not hold the directory."""
    if DIRECTORY not in held or not references:
        return {}
    query = select(Member).where(Member.reference.in_(references)).order_by(Member.reference)
    return identities(session, reader, session.scalars(query))


def by_reference(session: Session, reference: str, *, lock: bool = False) -> Member | None:
    query = select(Member).where(Member.reference == reference)
    return session.scalar(query.with_for_update() if lock else query)


def everyone(session: Session) -> list[Member]:
    return list(session.scalars(select(Member).order_by(Member.reference)))
