"""The DPO's console: who accessed what, and whether the journal is intact."""

import re
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit import query
from audit.event import Outcome
from audit.journal import Reason
from audit.notes import NoteError, open_note
from audit.verify import verify
from casework.members import service as members
from casework.web.access import action, changes, database, identity, instance, reader, today
from casework.web.forms import Form, paragraph, read_day, row_number
from casework.web.french import PARIS
from casework.web.journal import current_note
from charter.actions import Action
from charter.roles import Role

bp = Blueprint("journal", __name__)
PAGE = 100
QUESTIONS = ("actor", "object", "action", "outcome", "since", "until")
REFERENCE = re.compile(r"(?:[A-Z]+(?:-[A-Z]+)*-[0-9]+(?:-[0-9]+)?)?")
CLOSED = re.compile(r"[A-Za-z0-9:_/-]{1,48}")
OUTCOMES = {
    Outcome.AUTORISE: "Autorisé",
    Outcome.REFUSE: "Refusé",
    Outcome.ECHEC: "Échec d’intégrité",
}
UNREADABLE = (
    "Cette note n’est pas un point de contrôle signé par ce journal. Collez-la entière, "
    "de son origine à sa signature."
)
# Acts that are not a member's under a mandate, and so have no rule in the charter.
OUTSIDE_CHARTER = {
    "session:open": "se connecter",
    "member:takeup": "ouvrir son compte",
    "member:self": "lire son propre nom",
    "member:recover": "rendre des clés par la clé de secours",
    "member:rehearse": "répéter le secours sans rien ouvrir",
    "demo:seed": "remplir la démonstration",
}


class KeptForm(Form):
    """A checkpoint the DPO kept, to compare with the journal of today."""

    note = paragraph("Point de contrôle conservé", longest=4000)


@bp.post("/journal")
@action(Action.JOURNAL_READ)
def ask() -> Response:
    """Questions are typed, so they are posted: only a reference goes on to the address, never a
    name typed by mistake."""
    asked = {name: request.form.get(name, "").strip() for name in QUESTIONS}
    if not REFERENCE.fullmatch(asked["object"].upper()):
        flash("Un dossier se désigne par sa référence, par exemple CCTP-2026-012.", "attention")
        asked["object"] = ""
    asked["object"] = asked["object"].upper()
    kept = {name: value for name, value in asked.items() if value and CLOSED.fullmatch(value)}
    return redirect(url_for(".entries", **kept))


@bp.get("/journal")
@action(Action.JOURNAL_READ)
def entries() -> str:
    filters = {
        name: request.args.get(name, "").strip()[:80]
        for name in ("actor", "object", "cell", "action")
    }
    outcome = request.args.get("outcome", "")
    chosen = Outcome(outcome) if outcome in set(Outcome) else None
    since = read_day(request.args.get("since", "")) or today() - timedelta(days=30)
    until = read_day(request.args.get("until", "")) or today()
    with database().read() as session:
        rows = query.search(
            session.connection(),
            **{name: value or None for name, value in filters.items()},
            outcome=chosen,
            since=_midnight(since),
            until=_midnight(until + timedelta(days=1)),
            before_seq=row_number(request.args.get("before")),
            limit=PAGE,
        )
        return render_template(
            "journal/entries.html",
            rows=rows,
            names=_names(session),
            filters=filters | {"outcome": chosen},
            outcomes=OUTCOMES,
            roles={role.value: role.label for role in Role},
            since=since,
            until=until,
            actions={what.value: what.label for what in Action} | OUTSIDE_CHARTER,
            next_url=_next(rows),
        )


def _next(rows: list[query.Row]) -> str | None:
    if len(rows) < PAGE:
        return None
    kept = {name: request.args[name] for name in QUESTIONS if name in request.args}
    return url_for(".entries", **kept | {"before": str(rows[-1].seq)})


def _names(session: object) -> dict[str, str]:
    """Names of members, never of a person followed; references alone without the directory."""
    if members.DIRECTORY not in identity().keyring.compartments:
        return {}
    known = members.identities(session, reader(), members.everyone(session))  # type: ignore[arg-type]
    return {reference: who.name for reference, who in known.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


@bp.get("/journal/verification")
@action(Action.JOURNAL_VERIFY)
def check() -> str:
    return _page(KeptForm(formdata=None), None)


@bp.post("/journal/verification")
@action(Action.JOURNAL_VERIFY)
def compare() -> str | tuple[str, int]:
    form = KeptForm()
    if not form.validate_on_submit():
        return _page(form, None), 422
    # A browser sends \r\n from a text area; a signed note has \n.
    kept = (form.note.data or "").replace("\r\n", "\n")
    kept = kept.strip() + "\n"
    try:
        open_note(kept, instance().journal.verifier)
    except NoteError:
        form.note.errors = [UNREADABLE]
        return _page(form, None), 422
    return _page(form, kept)


def _page(form: KeptForm, kept: str | None) -> str:
    with database().read() as session:
        verifier = instance().journal.verifier
        return render_template(
            "journal/verification.html",
            report=verify(session.connection(), verifier, kept),
            note=current_note(session),
            verifier_key=str(verifier),
            form=form,
        )


@bp.post("/journal/point-de-controle")
@action(Action.JOURNAL_CHECKPOINT)
def checkpoint() -> Response:
    with changes() as change:
        change.commit()
    with database().write() as session:
        instance().journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    flash("Le point de contrôle est établi. Conservez-le hors de cette installation.", "succes")
    return redirect(url_for(".check"))
