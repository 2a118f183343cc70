"""The vault's rows: founding a compartment, granting it, finding the wraps of a record."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from casework.vault import binding
from casework.vault.binding import binding_of
from casework.vault.compartment import CompartmentKeys
from casework.vault.keypair import KeyPair, PublicKey
from casework.vault.keyring import (
    GrantedKey,
    Keyring,
    Wrap,
    Writer,
    grant_context,
)
from casework.vault.models import Compartment, CompartmentVersion, Grant, RecordWrap

FIRST_VERSION = 1


class CompartmentExists(Exception):
    """The compartment has a key already: its holders admit new members."""


class NotFounded(Exception):
    """The compartment has no key yet: its first holder must sign in first."""


class Current(NamedTuple):
    """The version of a compartment that new records use."""

    code: str
    version: int
    bits: int
    deposit: bytes


def recovery_context(compartment: str, version: int) -> str:
    return f"recovery|{compartment}|{version}"


def is_founded(session: Session, code: str) -> bool:
    return session.get(Compartment, code) is not None


def found(session: Session, code: str, member: str, public: PublicKey, recovery: PublicKey) -> None:
    """Make a compartment's first key and grant it to its first holder.

    Nothing is in the compartment yet, so founding it reads nothing. The secret is also sealed to
    the recovery key. CompartmentExists if it has a key.
    """
    if is_founded(session, code):
        raise CompartmentExists(code)
    keys = CompartmentKeys.generate()
    compartment = Compartment(code=code)
    point(session, compartment, FIRST_VERSION)
    session.add(compartment)
    session.flush()
    add_version(session, code, FIRST_VERSION, keys, recovery, bits=0)
    store_grant(
        session,
        code,
        FIRST_VERSION,
        member,
        public.seal(keys.secret, grant_context(member, code, FIRST_VERSION)),
    )


def point(session: Session, compartment: Compartment, version: int) -> None:
    """Make a version the one that new records take."""
    compartment.version = version
    compartment.bound = binding_of(session).mac(*binding.current(compartment.code, version))


def add_version(
    session: Session, code: str, version: int, keys: CompartmentKeys, recovery: PublicKey, bits: int
) -> None:
    deposit = keys.deposit.public.raw
    kit = recovery.seal(keys.secret, recovery_context(code, version))
    session.add(
        CompartmentVersion(
            compartment=code,
            version=version,
            created_at=datetime.now(UTC),
            bucket_bits=bits,
            deposit_public=deposit,
            recovery=kit,
            bound=binding_of(session).mac(*binding.version(code, version, deposit, kit)),
        )
    )
    session.flush()


def store_grant(
    session: Session,
    code: str,
    version: int,
    member: str,
    sealed: bytes,
    since: datetime | None = None,
) -> None:
    since = since or datetime.now(UTC)
    bound = binding_of(session).mac(*binding.grant(member, code, version, sealed))
    session.add(
        Grant(
            member=member,
            compartment=code,
            version=version,
            since=since,
            sealed=sealed,
            bound=bound,
        )
    )
    session.flush()


def held_since(session: Session, code: str) -> dict[str, datetime]:
    """References of those who hold the key of a compartment, and since when."""
    query = select(Grant.member, func.min(Grant.since)).where(Grant.compartment == code)
    rows = session.execute(query.group_by(Grant.member))
    return {member: since for member, since in rows}  # noqa: C416 - rows, typed


def lock(session: Session, code: str) -> Compartment:
    """Keep the holders of a compartment as they are until the end of the unit of work: nobody is
    admitted while another is excluded. NotFounded."""
    found = session.get(Compartment, code, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFounded(code)
    return found


def lock_versions(session: Session, code: str, before: int) -> None:
    """Wait for whoever is recording under a version before this one."""
    old = select(CompartmentVersion.version).where(
        CompartmentVersion.compartment == code, CompartmentVersion.version < before
    )
    session.execute(old.with_for_update()).all()


def grant(session: Session, writer: Writer, code: str, member: str, public: PublicKey) -> None:
    """Admit a member: the key in use, sealed to them, and the old one while it is renewed."""
    lock(session, code)
    for version in (known.version for known in versions(session, code)):
        if session.get(Grant, (member, code, version)) is None:
            store_grant(session, code, version, member, writer.grant(code, version, member, public))


def withdraw(session: Session, code: str, member: str) -> None:
    """Take a compartment's key away from one member, where nobody is left to renew it for."""
    session.execute(delete(Grant).where(Grant.compartment == code, Grant.member == member))


def recover(
    session: Session,
    recovery: KeyPair,
    member: str,
    public: PublicKey,
    without: Collection[str] = (),
) -> list[str]:
    """Grant a member the keys they lack, of every compartment but those of ``without``; returns
    the codes, each once. A renewal leaves no version that opens nothing."""
    recovered: dict[str, None] = {}
    kept = select(CompartmentVersion).where(CompartmentVersion.compartment.not_in(without))
    for row in session.scalars(kept.order_by(CompartmentVersion.compartment)).all():
        if session.get(Grant, (member, row.compartment, row.version)) is None:
            check_version(session, row)
            context = recovery_context(row.compartment, row.version)
            secret = recovery.open(row.recovery, context)
            sealed = public.seal(secret, grant_context(member, row.compartment, row.version))
            store_grant(session, row.compartment, row.version, member, sealed)
            recovered[row.compartment] = None
    return list(recovered)


# Statements of every request are built once, with their parameters named.
GRANTS_OF = select(Grant.compartment, Grant.version, Grant.sealed, Grant.bound).where(
    Grant.member == bindparam("holder")
)


def grants_of(session: Session, member: str) -> list[GrantedKey]:
    """A member's grants; those written by another hand are told, and will open nothing."""
    holds = binding_of(session).holds
    return [
        GrantedKey(
            code, version, sealed, holds(bound, *binding.grant(member, code, version, sealed))
        )
        for code, version, sealed, bound in session.execute(GRANTS_OF, {"holder": member})
    ]


def keyring_of(session: Session, key: KeyPair, member: str) -> Keyring:
    """The keyring of a member whose private key is unlocked."""
    return Keyring(key, member, grants_of(session, member))


VERSION_COLUMNS = (
    CompartmentVersion.compartment,
    CompartmentVersion.version,
    CompartmentVersion.bucket_bits,
    CompartmentVersion.deposit_public,
    CompartmentVersion.recovery,
    CompartmentVersion.bound,
)
CURRENT = (
    select(*VERSION_COLUMNS, Compartment.bound.label("chosen"))
    .join(
        CompartmentVersion,
        (CompartmentVersion.compartment == Compartment.code)
        & (CompartmentVersion.version == Compartment.version),
    )
    .where(Compartment.code == bindparam("code"))
)


VERSIONS = (
    select(*VERSION_COLUMNS)
    .where(CompartmentVersion.compartment == bindparam("code"))
    .order_by(CompartmentVersion.version.desc())
)


def versions(session: Session, code: str) -> list[Current]:
    """The version in use; after it, while a renewal is under way, those it replaces."""
    return [_authentic(session, row) for row in session.execute(VERSIONS, {"code": code})]


def current(session: Session, code: str) -> Current:
    """The version in use, or NotFounded; IntegrityError if this instance did not choose it."""
    row = session.execute(CURRENT, {"code": code}).one_or_none()
    if row is None:
        raise NotFounded(code)
    chosen = binding.current(code, row.version)
    binding_of(session).check(row.chosen, "compartment.version", code, *chosen)
    return _authentic(session, row)


def _authentic(session: Session, row: Row[*tuple[Any, ...]]) -> Current:
    check_version(session, row)
    return Current(row.compartment, row.version, row.bucket_bits, row.deposit_public)


def check_version(session: Session, row: Row[*tuple[Any, ...]] | CompartmentVersion) -> None:
    """IntegrityError unless this instance made the version: what is sealed to it would go to
    whoever did."""
    said = binding.version(row.compartment, row.version, row.deposit_public, row.recovery)
    binding_of(session).check(
        row.bound, "compartment_version.deposit_public", row.compartment, *said
    )


WRAP_COLUMNS = (
    RecordWrap.compartment,
    RecordWrap.version,
    RecordWrap.deposited,
    RecordWrap.sealed,
)


WRAPS_OF = select(*WRAP_COLUMNS).where(RecordWrap.record == bindparam("of"))


def wraps_of(session: Session, record: int) -> list[Wrap]:
    return [Wrap(*row) for row in session.execute(WRAPS_OF, {"of": record})]


def wraps_of_many(session: Session, records: Iterable[int]) -> dict[int, list[Wrap]]:
    """The wraps of several records, in one query."""
    found: dict[int, list[Wrap]] = {}
    query = select(RecordWrap.record, *WRAP_COLUMNS).where(RecordWrap.record.in_(list(records)))
    for row in session.execute(query):
        found.setdefault(row.record, []).append(Wrap(*row[1:]))
    return found


def store_wrap(session: Session, record: int, wrap: Wrap) -> None:
    store_wraps(session, {record: wrap})


def forget(session: Session, record: int) -> None:
    """Destroy a record's key: what was sealed under it opens no more."""
    session.execute(delete(RecordWrap).where(RecordWrap.record == record))


def revoke(session: Session, member: str) -> None:
    """Take all keys back from a member."""
    session.execute(delete(Grant).where(Grant.member == member))


def holders(session: Session) -> dict[str, set[str]]:
    """References of who holds the key in use of each compartment, by code."""
    found: dict[str, set[str]] = {code: set() for code in session.scalars(select(Compartment.code))}
    in_use = select(Grant.compartment, Grant.member).join(
        Compartment,
        (Compartment.code == Grant.compartment) & (Compartment.version == Grant.version),
    )
    for code, member in session.execute(in_use):
        found[code].add(member)
    return found


def store_wraps(session: Session, wraps: Mapping[int, Wrap]) -> None:
    """The first wrap of several records, in one statement."""
    rows = [{"record": record, **wrap._asdict()} for record, wrap in wraps.items()]
    session.execute(insert(RecordWrap), rows)
