"""Replacing the recovery kit: three new shares, in place of those that were lost or seen.

With two of the old shares, every compartment's secret is sealed to the new kit at once. Without
them, it is as each compartment's key is renewed by one of its holders (:func:`behind`).
"""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.service import put_setting, setting
from casework.instance import Instance
from casework.members.founding import keep_recovery_key
from casework.rotation.entries import KIT, entry
from casework.vault import binding, store
from casework.vault.binding import binding_of
from casework.vault.keypair import KeyPair, PublicKey
from casework.vault.models import Compartment, CompartmentVersion

SINCE = "recovery_since"  # when a kit was made that the older versions are not sealed to


def replace(
    session: Session, instance: Instance, public: PublicKey, old: KeyPair | None
) -> list[str]:
    """Keep the new kit's public key; the compartments it does not open yet. The caller commits."""
    if old is not None:
        _seal_again(session, old, public)
    put_setting(session, SINCE, "" if old else datetime.now(UTC).isoformat())
    keep_recovery_key(session, public)
    left = behind(session)
    session.flush()
    event = entry(KIT, parts="oui" if old else "non", restent=len(left))
    instance.journal.append(session.connection(), event)
    return left


def behind(session: Session) -> list[str]:
    """The compartments whose present key was made before the kit, and is not sealed to it."""
    since = setting(session, SINCE)
    if not since:
        return []
    in_use = (
        select(Compartment.code)
        .join(
            CompartmentVersion,
            (CompartmentVersion.compartment == Compartment.code)
            & (CompartmentVersion.version == Compartment.version),
        )
        .where(CompartmentVersion.created_at < datetime.fromisoformat(since))
    )
    return list(session.scalars(in_use.order_by(Compartment.code)))


def _seal_again(session: Session, old: KeyPair, public: PublicKey) -> None:
    for row in session.scalars(select(CompartmentVersion)).all():
        store.check_version(session, row)
        context = store.recovery_context(row.compartment, row.version)
        row.recovery = public.seal(old.open(row.recovery, context), context)
        said = binding.version(row.compartment, row.version, row.deposit_public, row.recovery)
        row.bound = binding_of(session).mac(*said)
    session.flush()
