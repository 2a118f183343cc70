"""Telling someone that a backup failed, without naming anyone."""

import logging

from casework.clock import today
from casework.db import Database
from casework.instance import Instance
from casework.mail import duty, outbox, settings

_log = logging.getLogger(__name__)
SENTENCE = "La sauvegarde n’a pas pu être faite."


def tell_failure(instance: Instance, database: Database, kind: str) -> None:
    """The one place a failed backup is told from. ``kind`` is the kind of error: no path, nobody.

    The journal of the service holds it already; a mail goes to each administrator who asked for
    it, at once, or with the next sending.
    """
    _log.error("%s (%s)", SENTENCE, kind)
    try:
        mailing = settings.load(instance.data)
        if mailing is None:
            return
        with database.write() as session:
            duty.tell_missing_backup(session, instance, mailing, today())
            session.commit()
        outbox.deliver(database, instance)
    except Exception as error:  # noqa: BLE001 - why the backup failed is what must be shown
        _log.error("Le courriel qui le dit n’est pas parti (%s).", type(error).__name__)
