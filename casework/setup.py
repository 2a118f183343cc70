"""Filling a new instance: schema, journal, profile, recovery key, first administrator."""

from datetime import date

from sqlalchemy.orm import Session

from casework import migrate
from casework.cells import service as cells
from casework.cells.models import Cell, LocalTerm
from casework.cells.profiles import Profile, find
from casework.db import Database
from casework.instance import Instance, InstanceError
from casework.members import service as members
from casework.members.service import DIRECTORY, Identity, Mandate
from casework.vault import recovery, store
from casework.vault.keypair import KeyPair
from charter import register
from charter.roles import Role
from charter.wording import starting_text

SMALLEST_COUNT = 5  # under it, a number in a report could point at a child


def install(
    instance: Instance,
    profile: str,
    administrator: Identity,
    login: str,
    passphrase: str,
    totp_secret: str,
    commune: str = "",
) -> list[str]:
    """Everything an empty instance needs; returns the recovery shares, which exist nowhere else."""
    found = find(profile)
    if found is None:
        raise InstanceError(f"Le profil « {profile} » n’existe pas.")
    database = Database(instance.database)
    migrate.upgrade(database)
    recovery_pair, shares = recovery.create()
    with database.write() as session:
        instance.journal.initialise(session.connection())
        apply_profile(session, found, commune or found.commune)
        cells.put_setting(session, cells.RECOVERY_PUBLIC, recovery_pair.public.raw.hex())
        # The administrator's key comes before the directory their name is sealed to.
        key = KeyPair.generate()
        store.found(session, DIRECTORY, "M-0001", key.public, recovery_pair.public)
        member, _ = members.invite(
            session,
            instance,
            login,
            administrator,
            [Mandate(Role.ADMINISTRATEUR, None, date.today(), institution=commune)],  # noqa: DTZ011
        )
        members.take_up(member, instance, passphrase, totp_secret, key)
        session.commit()
    database.engine.dispose()
    return shares


def apply_profile(session: Session, profile: Profile, commune: str) -> None:
    """Cells, lists and settings of a ready profile."""
    cells.put_setting(session, cells.COMMUNE, commune)
    cells.put_setting(session, cells.SERVICE, profile.service)
    cells.put_setting(session, cells.TRIBUNAL, profile.tribunal)
    cells.put_setting(session, cells.REMINDER_DAYS, str(profile.parquet_reminder_days))
    for cell in profile.cells:
        session.add(
            Cell(code=cell.code, name=cell.name, cadence=cell.cadence, threshold=SMALLEST_COUNT)
        )
        register.publish(session, cell.code, starting_text().body)
    for name, terms in (("quartier", profile.quartiers), ("etablissement", profile.schools)):
        for term in terms:
            session.add(LocalTerm(list=name, code=term.code, label=term.label))
