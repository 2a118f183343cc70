"""On the page of a séance: sending its convocations, answering them, putting it in an agenda."""

from datetime import UTC, datetime
from io import BytesIO

from flask import Blueprint, flash, g, redirect, request, send_file, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.mail import addresses, agenda, convening, mandated, settings
from casework.mail.convening import Answer, NobodyTold, NotSetUp, Past
from casework.mail.settings import SettingsError
from casework.members.service import DIRECTORY
from casework.seances import service as seances
from casework.seances.models import Seance
from casework.seances.views import one
from casework.web.access import action, also, changes, database, identity, instance
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("convening", __name__, url_prefix="/seances/<reference>")
NO_DIRECTORY = (
    "Les adresses sont dans l’annuaire, dont vous n’avez pas la clé : demandez-la à "
    "l’administrateur."
)
NOT_SET_UP = (
    "Aucun courriel ne peut partir : l’administrateur de l’installation doit d’abord régler le "
    "serveur d’envoi."
)
PAST = "Cette séance est passée : il n’est plus temps d’y convoquer."
NOBODY = "Aucun membre convoqué ne reçoit de courriel : prévenez-les autrement."
NOTHING_TO_CANCEL = "Aucune convocation n’est partie : il n’y a rien à annuler."


@bp.post("/convocations")
@action(Action.SEANCE_CONVOKE, one)
def convoke(reference: str) -> Response:
    """Convene everyone again, so that each agenda holds the same version."""
    cancelling = request.form.get("acte") == "annuler"
    if DIRECTORY not in identity().keyring.compartments:
        return _back(NO_DIRECTORY, "refus")
    found = _addresses(g.seance)
    try:
        with changes() as change:
            # Locked: two who convene at once do not send the same version of the agenda.
            seance = change.session.get_one(Seance, g.seance.id, with_for_update=True)
            act = convening.cancel if cancelling else convening.convene
            count = act(change.session, instance(), seance, found)
            change.commit(courriels=count, acte="annulation" if cancelling else "convocation")
    except (NotSetUp, SettingsError):
        return _back(NOT_SET_UP, "refus")
    except Past:
        return _back(PAST, "refus")
    except NobodyTold:
        return _back(NOTHING_TO_CANCEL, "refus")
    if not count:
        return _back(NOBODY, "attention")
    several = "s" * (count > 1)
    what = "Annulation annoncée" if cancelling else "Convocation envoyée"
    return _back(f"{what} à {count} membre{several} : départ dans la minute.", "succes")


def _addresses(seance: Seance) -> dict[str, str]:
    """Unsealed by whoever convenes, under an entry of its own: the list of members is read."""
    listing = also(Action.MEMBER_LIST, Subject(cell=seance.cell))
    with database().read() as session:
        convened = set(seances.convened_to(session, seance.id))
        return addresses.opened(session, listing, convened & mandated.in_cell(session, seance.cell))


@bp.post("/reponse")
@action(Action.SEANCE_REPLY, one)
def answer(reference: str) -> Response:
    given = request.form.get("presence", "")
    if given not in set(Answer):
        return _back("Dites si vous serez présent ou excusé.", "refus")
    with changes() as change:
        seance = change.session.get_one(Seance, g.seance.id)
        convening.answer(change.session, seance, change.actor, Answer(given))
        change.commit(reponse=given)
    return _back("Votre réponse est enregistrée. Vous pouvez la changer.", "succes")


@bp.get("/seance.ics")
@action(Action.SEANCE_CALENDAR, one)
def calendar(reference: str) -> Response:
    seance = g.seance
    try:
        mailing = settings.load(instance().data)
    except SettingsError:
        mailing = None
    with database().read() as session:
        cell = cells.cell(session, seance.cell)
        if cell is None:
            raise BadRequest
        text = agenda.entry(
            agenda.PUBLISH,
            reference=seance.reference,
            cell=cell.code,
            held_at=seance.held_at,
            sequence=convening.sequence(session, seance.reference),
            stamp=datetime.now(UTC),
            organiser=mailing.sender if mailing else "",
            address=instance().address,
        )
    return send_file(
        BytesIO(text.encode()),
        mimetype="text/calendar",
        as_attachment=True,
        download_name=f"{seance.reference}.ics",
    )


def _back(sentence: str, kind: str) -> Response:
    flash(sentence, kind)
    return redirect(url_for("seances.show", reference=g.seance.reference), 303)
