"""Restoring: on an empty machine, into either database, all of it or nothing.

The instance is made beside its place, its database in one transaction. What a killed restoration
leaves beside is either finished by running the command again (the database was committed) or
begun again.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from audit.event import RESTORE
from audit.notes import Checkpoint, NoteError
from audit.schema import journal_event
from audit.verify import keys_of
from casework import instance as instances
from casework import migrate
from casework.backup import container, erasures, files, load
from casework.backup.container import About, BackupError, Header
from casework.backup.entries import entry
from casework.backup.erasures import Erasure
from casework.backup.make import Progress, silent
from casework.backup.records import Records
from casework.db import Database, cause_of
from casework.instance import Instance, InstanceError
from casework.lock import InUse, held
from casework.mail import outbox
from casework.members.suspension import suspend_everyone
from casework.retention import certificate
from casework.retention.scrubbing import scrub
from casework.signin.sessions import close_everyones


@dataclass(frozen=True)
class Restored:
    """What came back. ``digest`` is that of the backup's content."""

    instance: Instance
    about: About
    erased: int


def restore(
    file: BinaryIO,
    file_key: bytes,
    data: Path,
    database: str = "",
    *,
    since: str | None = None,
    erased: Iterable[Erasure] = (),
    progress: Progress = silent,
) -> Restored:
    """Put an instance back into an empty folder and an empty database; BackupError otherwise.

    ``since`` is the note of a checkpoint kept elsewhere: an older journal than that is refused.
    """
    file.seek(0)
    header = container.read_header(file)
    refuse_older(header.about, since)
    if data.exists() and any(data.iterdir()):
        raise BackupError(f"Le dossier {data} n’est pas vide : rien n’y est restauré.")
    beside = data.parent / f".{data.name}.restauration"
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with held(beside, alone=True):
            if _is_complete(beside, database, header.about):
                again = _erase_again(beside, header.about, erased)
            else:
                _empty(beside)
                try:
                    again = _bring_back(
                        file, file_key, header, beside, database, since, erased, progress
                    )
                except BaseException:
                    _empty(beside)
                    beside.rmdir()
                    raise
            if data.exists():
                data.rmdir()
            os.replace(beside, data)
            files.flush(data.parent)
    except InUse:
        raise BackupError("Une autre restauration est en cours au même endroit.") from None
    return Restored(instances.load(data), header.about, again)


def refuse_older(about: About, since: str | None) -> None:
    """BackupError when the kept checkpoint already attests more than the backup says it holds."""
    if since is None:
        return
    try:
        known = Checkpoint.parse(since.rpartition("\n\n")[0] + "\n")
    except NoteError as error:
        raise BackupError(f"Le point de contrôle fourni n’en est pas un. {error}") from None
    if known.origin != about.origin:
        raise BackupError("Le point de contrôle fourni est celui d’une autre instance.")
    if known.size > about.entries:
        raise BackupError(
            f"Cette sauvegarde est plus ancienne que ce que vous savez : son journal compte "
            f"{about.entries} entrées, le point de contrôle conservé en atteste {known.size}. "
            "Cherchez une sauvegarde plus récente. Si elle n’existe plus, restaurez sans --since : "
            "la perte sera inscrite au journal et restera visible."
        )


def _bring_back(
    file: BinaryIO,
    file_key: bytes,
    header: Header,
    folder: Path,
    url: str,
    since: str | None,
    erased: Iterable[Erasure],
    progress: Progress,
) -> int:
    records = Records(container.content(file, header, file_key))
    files.write(records, folder)
    instances.point_to(folder, url)
    instance = instances.load(folder)
    if instance.origin != header.about.origin:
        raise BackupError("La sauvegarde se dit d’une autre instance : elle est refusée.")
    database = Database(instance.database, instance.binding)
    try:
        with database.whole() as connection:
            rows = unpack(records, database, connection, instance, file, header.about, progress)
            migrate.upgrade(database, connection=connection)
            if since is not None:
                load.judge_journal(connection, instance, since)
            again = _settle(connection, database, instance, header.about, rows, erased)
        database.empty_log()
        scrub(database)
    except SQLAlchemyError as error:
        raise BackupError(f"La base d’arrivée refuse : {cause_of(error)}") from None
    finally:
        database.engine.dispose()
    for path in folder.iterdir():
        files.flush(path)
    return again


def unpack(
    records: Records,
    database: Database,
    connection: Connection,
    instance: Instance,
    file: BinaryIO,
    about: About,
    progress: Progress,
) -> int:
    """The rows of a backup, compared with the database they are in; how many."""
    size = os.fstat(file.fileno()).st_size
    given = load.fill(
        database,
        connection,
        about.revision,
        records.tables(),
        lambda _rows: progress(file.tell(), size),
    )
    counts, _digest = records.finish(instance.signing_key.public_key())
    if counts != {name: digest.count for name, digest in given.items()}:
        raise BackupError("Le compte des lignes n’est pas celui de la sauvegarde.")
    progress(size, size)
    return sum(counts.values())


def _settle(
    connection: Connection,
    database: Database,
    instance: Instance,
    about: About,
    rows: int,
    erased: Iterable[Erasure],
) -> int:
    """What must be true of an instance that comes back: no session is open, no old mail leaves,
    what was erased since is erased, and the journal says where it starts again.

    Whoever was excluded since is a member again: the entries that said so are lost. Nobody enters
    before someone confirms that they still sit (`casework member confirm`)."""
    with Session(connection, info=database.session_info) as session:
        close_everyones(session)
        suspended = suspend_everyone(session)
        outbox.drop(session)  # what waited that day has left since, or is out of date
        again = _replay(session, instance, about, erased)
        instance.journal.append(
            connection,
            entry(RESTORE, lignes=rows, effacements=again, suspendus=suspended, **_detail(about)),
        )
        session.commit()
    return again


def _replay(session: Session, instance: Instance, about: About, erased: Iterable[Erasure]) -> int:
    keys = keys_of(session.connection(), instance.journal.verifier)
    again = erasures.replay(session, erased, about.entries, partial(certificate.prove, keys=keys))
    session.flush()
    return again


def _erase_again(folder: Path, about: About, erased: Iterable[Erasure]) -> int:
    """The command that was killed just before its end may have been given fewer certificates."""
    instance = instances.load(folder)
    database = Database(instance.database, instance.binding)
    try:
        with database.write() as session:
            again = _replay(session, instance, about, erased)
            if again:
                more = entry(RESTORE, effacements=again, **_detail(about))
                instance.journal.append(session.connection(), more)
            session.commit()
        scrub(database)
    finally:
        database.engine.dispose()
    return again


def _detail(about: About) -> dict[str, str | int]:
    return {"entries": about.entries, "sauvegarde": about.made_at}


def _is_complete(folder: Path, url: str, about: About) -> bool:
    """Was this very backup restored here, and the command killed just after?"""
    try:
        instance = instances.load(folder)
    except InstanceError:
        return False
    if instance.origin != about.origin or instance.database != (
        url or instances.default_database(folder)
    ):
        return False
    database = Database(instance.database, instance.binding)
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table(journal_event.name):
                return False
            query = select(journal_event.c.action, journal_event.c.detail)
            rows = connection.execute(query.where(journal_event.c.seq == about.entries)).all()
    except SQLAlchemyError:
        return False
    finally:
        database.engine.dispose()
    return any(row.action == RESTORE and about.made_at in row.detail for row in rows)


def _empty(folder: Path) -> None:
    files.wipe(folder)
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
