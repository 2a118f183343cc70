"""Renewing a compartment's key when a member leaves: a new version at once, then everything moved.

begin    one short transaction: a new version, granted to those who stay; the others hold nothing
step     one batch of records; between two, either version opens what it wrapped
finish   nothing is left under the old versions: their grants and their secrets are destroyed
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from casework.vault import store
from casework.vault.compartment import CompartmentKeys
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Wrap, Writer, grant_context
from casework.vault.models import CompartmentVersion, Grant, KeyRenewal, RecordWrap


def under_way(session: Session, code: str) -> KeyRenewal | None:
    query = select(KeyRenewal).filter_by(compartment=code, finished_at=None)
    return session.scalar(query)


def begin(
    session: Session, code: str, holders: Mapping[str, PublicKey], recovery: PublicKey, bits: int
) -> KeyRenewal:
    """Make a new version current and grant it to ``holders``; nobody else keeps any grant.

    If a renewal is under way, whoever leaves now holds its key: it goes on to yet another one.
    """
    compartment = store.lock(session, code)
    replaced, version = compartment.version, compartment.version + 1
    since = store.held_since(session, code)
    session.execute(
        delete(Grant).where(Grant.compartment == code, Grant.member.not_in(list(holders)))
    )
    keys = CompartmentKeys.generate()
    store.add_version(session, code, version, keys, recovery, bits)
    for member, public in holders.items():
        sealed = public.seal(keys.secret, grant_context(member, code, version))
        store.store_grant(session, code, version, member, sealed, since.get(member))
    store.point(session, compartment, version)
    total = left(session, code, version)
    renewal = lock(session, code)
    if renewal is None:
        renewal = KeyRenewal(compartment=code, from_version=replaced, started_at=datetime.now(UTC))
        session.add(renewal)
    renewal.to_version, renewal.total = version, total
    renewal.done = renewal.reached = 0
    session.flush()
    return renewal


def left(session: Session, code: str, version: int) -> int:
    """How many records are still wrapped under a version before this one."""
    query = select(func.count()).where(RecordWrap.compartment == code, RecordWrap.version < version)
    return session.scalar(query) or 0


def lock(session: Session, code: str) -> KeyRenewal | None:
    """The renewal under way, which nobody else then advances. None if there is none."""
    query = select(KeyRenewal).filter_by(compartment=code, finished_at=None).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def step(session: Session, writer: Writer, renewal: KeyRenewal, limit: int) -> int:
    """Move the next records to the new version, in order of identifier; how many."""
    code, version = renewal.compartment, renewal.to_version
    rows = session.execute(
        select(RecordWrap.record, *store.WRAP_COLUMNS)
        .where(
            RecordWrap.record > renewal.reached,
            RecordWrap.compartment == code,
            RecordWrap.version < version,
        )
        .order_by(RecordWrap.record)
        .limit(limit)
        .with_for_update()
    ).all()
    moved = [
        {"record": row.record, **writer.rewrap(row.record, Wrap(*row[1:]), version)._asdict()}
        for row in rows
    ]
    if moved:
        session.execute(update(RecordWrap), moved)
        renewal.reached = rows[-1].record
        renewal.done += len(moved)
    session.flush()
    return len(moved)


def finish(session: Session, renewal: KeyRenewal) -> None:
    """Destroy the grants and the secrets of the versions replaced.

    The foreign keys refuse it while a record is wrapped under one of them.
    """
    code, version = renewal.compartment, renewal.to_version
    for old in (Grant, CompartmentVersion):
        session.execute(delete(old).where(old.compartment == code, old.version < version))
    renewal.total, renewal.finished_at = renewal.done, datetime.now(UTC)
    session.flush()
