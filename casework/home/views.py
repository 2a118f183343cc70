"""The first page of the day: what waits for me, by role."""

from datetime import datetime, time

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.deposits import service as deposits
from casework.deposits.models import Deposit
from casework.members import admission
from casework.rappels import service as rappels
from casework.rappels.models import Rappel
from casework.seances import service as seances
from casework.seances.models import Seance
from casework.situations import service as situations
from casework.web.access import action, allowed, database, identity, today
from casework.web.french import PARIS, clock, local, long_date
from charter import recusals
from charter.actions import Action
from charter.roles import WITHOUT_KEY, Role

bp = Blueprint("home", __name__)
Task = dict[str, object]
DEFAULT_REMINDER_DAYS = 15


@bp.get("/")
@action(Action.HOME)
def show() -> str | Response:
    actor = identity().actor
    roles = {mandate.role for mandate in actor.hats if mandate.valid(today())}
    if roles in ({Role.PARQUET}, {Role.CORRESPONDANT_JUSTICE_VILLE}):
        return redirect(url_for("fiches.of_parquet"))
    if roles == {Role.DPO}:
        return redirect(url_for("journal.entries"))
    if roles == {Role.ADMINISTRATEUR}:
        return redirect(url_for("members.everyone"))
    with database().read() as session:
        codes = sorted({m.cell for m in actor.hats if m.cell and m.valid(today())})
        return render_template("home/show.html", desks=[_desk(session, code) for code in codes])


def _desk(session: Session, code: str) -> dict[str, object]:
    """What one cell has for this member. Nothing here opens the vault: references and dates."""
    actor = identity().actor
    coordinates = allowed(Action.SITUATION_LIST, code)
    member = None if coordinates else actor.reference
    sittings = seances.of_cell(session, code, member) if allowed(Action.SEANCE_LIST, code) else []
    coming = [seance for seance in reversed(sittings) if local(seance.held_at).date() >= today()]
    aside = recusals.recused_from(session, actor.reference)
    reminder = int(cells.setting(session, cells.REMINDER_DAYS) or DEFAULT_REMINDER_DAYS)
    sent = rappels.of_cell(session, code, rappels.BY_PARQUET, aside) if coordinates else []
    answered = rappels.of_cell(session, code, rappels.BY_COMMUNE, aside) if coordinates else []
    received = deposits.waiting(session, code) if allowed(Action.DEPOSIT_LIST, code) else []
    roles_here = {m.role for m in actor.hats if m.cell == code and m.valid(today())}
    return {
        "cell": cells.cell(session, code),
        "signed": code in actor.signed,
        "closed": code in actor.forbidden,
        "may_publish": allowed(Action.CHARTER_PUBLISH, code),
        "outdated": code in actor.outdated,
        "admitted": code in actor.admitted,
        "coordinates": coordinates,
        "may_create": allowed(Action.SITUATION_CREATE, code),
        "keyless": roles_here <= WITHOUT_KEY,
        "may_deposit": allowed(Action.DEPOSIT_CREATE, code),
        "to_act": _to_act(received, answered),
        "to_admit": _to_admit(session, code),
        "at_parquet": [_sent(row, reminder) for row in sent],
        "next": [_sitting(seance) for seance in coming],
        "followed": [] if coordinates else _followed(session, code, aside),
    }


def _to_admit(session: Session, code: str) -> int:
    """How many members signed and wait for the cell's key."""
    if not allowed(Action.MEMBER_ADMIT, code):
        return 0
    return len(admission.waiting(session, code, today()))


def _followed(session: Session, code: str, aside: frozenset[str]) -> list[Task]:
    """The situations this member was named to follow, with the day of their next examination."""
    if not allowed(Action.SITUATION_READ, code, follower=True):
        return []
    followed = situations.followed_by(session, code, identity().actor.reference, aside)
    midnight = datetime.combine(today(), time(), PARIS)
    next_days = seances.next_about(session, followed, midnight)
    return [_follow(reference, next_days.get(number)) for number, reference in followed.items()]


def _to_act(received: list[Deposit], answered: list[Rappel]) -> list[Task]:
    """Deposits to open and answers received, oldest first."""
    found = [(row.deposited_at, _received(row)) for row in received]
    found += [(row.t2_at or row.t1_at, _answered(row)) for row in answered]
    return [task for _, task in sorted(found, key=lambda pair: pair[0])]


def _received(row: Deposit) -> Task:
    days = (today() - local(row.deposited_at).date()).days
    since = f", attend depuis {days} jour{'s' * (days > 1)}" if days else ""
    url = url_for("triage.show", reference=row.reference)
    return _task(url, "Ouvrir", row.reference, f"Dépôt reçu{since}", row.deposited_at, False)


def _follow(reference: str, day: datetime | None) -> Task:
    url = url_for("situations.show", reference=reference)
    reason = "Prochaine séance" if day else "Aucune séance prévue"
    return _task(url, "Ouvrir", reference, reason, day, False)


def _task(
    url: str, verb: str, reference: str, reason: str, day: datetime | None, late: bool
) -> Task:
    return {
        "url": url,
        "verb": verb,
        "reference": reference,
        "reason": reason,
        "date": long_date(local(day).date()) if day else "",
        "late": late,
    }


def _answered(row: Rappel) -> Task:
    url = url_for("rappels.show", reference=row.reference)
    since = row.t2_at or row.t1_at
    return _task(url, "Poursuivre", row.reference, "Le procureur a répondu", since, False)


def _sent(row: Rappel, reminder: int) -> Task:
    """Late once the protocol's reminder delay has passed: time to call, never an agreement."""
    url = url_for("rappels.show", reference=row.reference)
    late = (today() - local(row.t1_at).date()).days > reminder
    reason = f"Sans réponse depuis plus de {reminder} jours : appelez le parquet"
    return _task(url, "Ouvrir", row.reference, reason if late else "Transmise", row.t1_at, late)


def _sitting(seance: Seance) -> Task:
    url = url_for("seances.show", reference=seance.reference)
    reason = f"à {clock(seance.held_at)}"
    return _task(url, "Ouvrir", seance.reference, reason, seance.held_at, False)
