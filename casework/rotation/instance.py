"""Replacing all that an instance keeps on its disk: its secret, the journal's key, the mail's.

The new files wait beside the old ones; one transaction then binds, blinds and seals again whatever
depended on them, and is what makes the change: before it the old files are in use, after it the
new ones, wherever we were stopped (:mod:`casework.secret`).
"""

import hashlib
import hmac
import os
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit import keyfile
from casework import secret as secrets
from casework.backup.keys import OPERATOR_BOUND, OPERATOR_PUBLIC
from casework.cells.models import Setting
from casework.cells.service import RECOVERY_BOUND, RECOVERY_PUBLIC, put_setting, setting
from casework.db import Database
from casework.instance import Instance
from casework.mail import rekey as mail
from casework.members.models import Member
from casework.rotation.entries import INSTANCE, entry
from casework.secret import MAIL_KEY_FILE, Secret
from casework.signin.sessions import close_everyones
from casework.vault import binding
from casework.vault.binding import Binding
from casework.vault.keypair import derive
from casework.vault.models import Compartment, CompartmentVersion, Grant


def rotate(instance: Instance, database: Database) -> int:
    """Replace the keys; how many rows were bound again. The caller holds the instance alone.

    IntegrityError when a row was not written by this instance: nothing is changed then, for binding
    it again would make it genuine.
    """
    new = instance.secret.next()
    with database.write() as session:
        count = rebind(session, instance.binding, new.binding)
        _blind_again(session, new)
        close_everyones(session)
        if (instance.data / MAIL_KEY_FILE).exists():
            mail_key = os.urandom(secrets.BYTES)
            mail.reseal(session, instance, AESGCM(mail_key))
            secrets.prepare(instance.data, MAIL_KEY_FILE, mail_key)
        secrets.prepare(instance.data, secrets.KEY_FILE, new.raw)
        session.flush()
        key = keyfile.add(instance.journal_keys)
        event = entry(INSTANCE, liens=count, rang=new.changes)
        instance.journal.append(session.connection(), event)
        instance.journal.rotate(session.connection(), key)
        session.commit()
    secrets.settle(instance.data)
    keyfile.keep_last(instance.journal_keys)
    return count


def rebind(session: Session, old: Binding, new: Binding) -> int:
    """Check every bound row under the old key, then bind it under the new one; how many."""
    count = 0
    for row, field, shown, said in _bound_rows(session):
        old.check(row.bound, field, shown, *said)
        row.bound = new.mac(*said)
        count += 1
    for public, bound, words in (
        (RECOVERY_PUBLIC, RECOVERY_BOUND, binding.recovery),
        (OPERATOR_PUBLIC, OPERATOR_BOUND, binding.operator),
    ):
        if session.get(Setting, public) is None:
            continue
        said = words(setting(session, public))
        old.check(bytes.fromhex(setting(session, bound)), "setting.value", public, *said)
        put_setting(session, bound, new.mac(*said).hex())
        count += 1
    session.flush()
    return count


Bound = Member | Grant | Compartment | CompartmentVersion
Said = tuple[str | int | bytes, ...]


def _bound_rows(session: Session) -> Iterator[tuple[Bound, str, str, Said]]:
    for member in session.scalars(select(Member).where(Member.public_key.is_not(None))).all():
        said: Said = binding.holder(member.reference, member.public_key or b"")
        yield member, "member.public_key", member.reference, said
    for held in session.scalars(select(Grant)).all():
        said = binding.grant(held.member, held.compartment, held.version, held.sealed)
        yield held, "grant_key.sealed", held.member, said
    for chosen in session.scalars(select(Compartment)).all():
        said = binding.current(chosen.code, chosen.version)
        yield chosen, "compartment.version", chosen.code, said
    for made in session.scalars(select(CompartmentVersion)).all():
        said = binding.version(made.compartment, made.version, made.deposit_public, made.recovery)
        yield made, "compartment_version.deposit_public", made.compartment, said


def _blind_again(session: Session, new: Secret) -> None:
    """Digests of login names go under the new secret, one more layer over the former ones."""
    key = derive(new.current, secrets.LOGIN)
    for member in session.scalars(select(Member)).all():
        member.login = hmac.new(key, member.login.encode(), hashlib.sha256).hexdigest()
    session.flush()
