"""Erasing what nobody came back to import: any request of anyone will do, a monitor's included;
and the day's work, for an instance that nobody visits."""

import time

from flask import Blueprint, current_app

from audit.event import SYSTEME, Event, Outcome
from casework.db import Database
from casework.imports import service
from casework.instance import Instance
from casework.web.access import database, instance
from charter.actions import Action

EVERY = 600  # seconds, in each worker

bp = Blueprint("sweeping", __name__)
LAST = "casework.imports.swept"


@bp.before_app_request
def sweep() -> None:
    now = time.monotonic()
    if now - current_app.extensions.get(LAST, -EVERY) < EVERY:
        return
    current_app.extensions[LAST] = now
    with database().read() as session:
        if not service.overdue(session):
            return
    erase_overdue(instance(), database())


def erase_overdue(instance: Instance, database: Database) -> int:
    """Erase the imports given up without a word, each with its entry; how many."""
    with database.write() as session:
        late = service.overdue(session)
        for batch in late:
            event = Event.now(
                actor=SYSTEME,
                action=Action.SITUATION_IMPORT.value,
                outcome=Outcome.AUTORISE,
                object=batch.reference,
                cell=batch.cell,
                detail={"etape": "effacement", "lignes": batch.done},
            )
            service.erase(session, batch)
            instance.journal.append(session.connection(), event)
        session.commit()
    database.empty_log()
    return len(late)
