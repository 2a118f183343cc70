"""Keys outside the cells: the parquet's, the DPO's, the directory's. Nobody admits themselves."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.members import accounts, mandates, service
from casework.members.admission import CannotAdmit
from casework.members.founding import DPO
from casework.members.mandate_views import page_of
from casework.members.names import directory_reader, holds_directory, names_of
from casework.members.subjects import member as one_member
from casework.rappels.service import PARQUET
from casework.vault import store
from casework.web.access import action, changes, database, identity, today
from charter.actions import Action
from charter.roles import Role

bp = Blueprint("peers", __name__)
KEY_OF = {Role.PARQUET: PARQUET, Role.DPO: DPO}
TITLES = {
    PARQUET: "Magistrats et correspondant",
    DPO: "Délégués à la protection des données",
}
CANNOT = (
    "Cette clé ne peut pas lui être remise : il faut un compte ouvert, un mandat en cours et, pour "
    "le correspondant Justice-Ville, l’agrément du parquet."
)


def _compartment() -> str:
    """The key that goes with the mandate under which one came in."""
    return KEY_OF[g.decision.mandate.role]


@bp.get("/habilitations")
@action(Action.MEMBER_PEERS)
def show() -> str:
    """Who holds a mandate of the parquet, or of the DPO, and who was handed the key."""
    code, opening = _compartment(), directory_reader()
    with database().read() as session:
        holders = store.holders(session).get(code, set())
        names = names_of(session, opening, service.everyone(session))
        lines = []
        for row in service.everyone(session):
            held = [
                it
                for it in mandates.held(session, opening, row.reference, None, today())
                if it.row.role in accounts.PEERS[code]
            ]
            if held:
                lines.append((row, names.get(row.reference), held, row.reference in holders))
        return render_template(
            "members/peers.html",
            title=TITLES[code],
            lines=lines,
            holds=identity().actor.reference in holders,
            myself=identity().actor.reference,
            readable=opening is not None,
        )


@bp.post("/habilitations/<reference>/admettre")
@action(Action.MEMBER_ADMIT, one_member)
def admit(reference: str) -> Response:
    try:
        with changes() as change:
            accounts.admit_peer(
                change.session,
                change.writer,
                _compartment(),
                reference,
                today(),
                with_directory=holds_directory(),
            )
            change.commit(reference)
    except CannotAdmit:
        flash(CANNOT, "refus")
    else:
        flash("La clé est remise : elle ouvrira à la prochaine page.", "succes")
    return redirect(url_for(".show"))


@bp.post("/membres/<reference>/annuaire")
@action(Action.DIRECTORY_SHARE, one_member)
def share_directory(reference: str) -> Response:
    try:
        with changes() as change:
            accounts.share_directory(change.session, change.writer, reference, today())
            change.commit(reference)
    except CannotAdmit:
        flash(CANNOT, "refus")
    else:
        flash("La clé de l’annuaire est remise : les noms des membres lui sont lisibles.", "succes")
    return redirect(page_of(reference, None))
