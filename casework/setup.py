"""Filling a new instance: schema, journal, profile, recovery key, first administrator."""

from casework import migrate
from casework.cells import service as cells
from casework.cells.applying import apply
from casework.cells.profiles import find
from casework.clock import today
from casework.db import Database
from casework.instance import Instance, InstanceError
from casework.members import service as members
from casework.members.founding import keep_recovery_key
from casework.members.service import DIRECTORY, Identity, Mandate
from casework.vault import recovery, store
from casework.vault.keypair import KeyPair
from charter.roles import Role


def install(
    instance: Instance,
    profile: str,
    administrator: Identity,
    login: str,
    passphrase: str,
    totp_secret: str,
    commune: str,
    tribunal: str,
) -> list[str]:
    """Everything an empty instance needs; returns the recovery shares, which exist nowhere else."""
    found = find(profile)
    if found is None:
        raise InstanceError(f"Le profil « {profile} » n’existe pas.")
    database = Database(instance.database, instance.binding)
    migrate.upgrade(database)
    recovery_pair, shares = recovery.create()
    with database.write() as session:
        instance.journal.initialise(session.connection())
        cells.put_setting(session, cells.COMMUNE, commune)
        cells.put_setting(session, cells.SERVICE, found.service)
        cells.put_setting(session, cells.TRIBUNAL, tribunal)
        apply(session, found)
        keep_recovery_key(session, recovery_pair.public)
        # The administrator's key comes before the directory their name is sealed to.
        key = KeyPair.generate()
        store.found(session, DIRECTORY, "M-0001", key.public, recovery_pair.public)
        member, _ = members.invite(
            session,
            instance,
            login,
            administrator,
            [Mandate(Role.ADMINISTRATEUR, None, today(), institution=commune)],
        )
        members.take_up(member, instance, passphrase, totp_secret, key)
        session.commit()
    database.engine.dispose()
    return shares
