"""The DPO and, when they wish to, the parquet countersign a checkpoint, each with their own key.

A witness need not read the journal: the application checks all of it against what was signed, and
signs with a key that exists only while its holder is signed in. What they countersigned and keep
proves later that nothing of it was changed or removed.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit.journal import Reason
from audit.verify import verify
from casework.journal import service
from casework.web.access import action, allowed, changes, database, identity, instance
from charter.actions import Action

bp = Blueprint("witness", __name__)
NOT_SOUND = (
    "Le journal ne s’accorde pas avec ce qui a été signé : rien n’a été contresigné. "
    "Prévenez le délégué à la protection des données."
)


@bp.get("/journal/contresigner")
@action(Action.JOURNAL_WITNESS)
def show() -> str:
    """For who countersigns without reading the journal: what they signed, to keep."""
    with database().read() as session:
        kept = service.checkpoints(session)
        mine = [
            (found, at, service.checkpoint_note(session, found.size))
            for found in kept
            for who, at in found.countersigned
            if who == identity().actor.reference
        ]
    return render_template("journal/witness.html", mine=mine, own_key=str(_public_key()))


@bp.post("/journal/contresigner")
@action(Action.JOURNAL_WITNESS)
def countersign() -> Response:
    """Establish a checkpoint, check the whole journal against it, then sign with one's own key."""
    note, journal = establish(), instance().journal
    readings = journal.readings()  # before the entries they stand under
    with database().read() as session:
        sound = verify(session.connection(), journal.verifier, note, readings).ok
    if not sound:
        flash(NOT_SOUND, "refus")
        return redirect(_back())
    with database().write() as session:
        journal.countersign(session.connection(), note, own_name(), own_key())
        session.commit()
    flash("Le journal est vérifié et contresigné. Conservez la note hors du serveur.", "succes")
    return redirect(_back())


def establish() -> str:
    """Keep a checkpoint of the present state, under an entry of its own; its note."""
    with changes() as change:
        change.commit()
    with database().write() as session:
        note = instance().journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    return note


def _back() -> str:
    """The DPO reads there what is wrong."""
    return url_for("journal.check" if allowed(Action.JOURNAL_VERIFY) else ".show")


def own_name() -> str:
    return f"{instance().origin}/{identity().actor.reference}"


def own_key() -> Any:
    return service.countersigning_key(identity().unlocked.key)


def _public_key() -> Any:
    return service.public_key(own_name(), own_key())
