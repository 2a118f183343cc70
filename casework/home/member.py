"""A member's day: my séances, what was proposed to me, the consultations that wait for me."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from casework.clock import midnight
from casework.home.lines import Desk, Line, day_of
from casework.home.mairie import consulted
from casework.orientations import service as orientations
from casework.rappels import consultations
from casework.seances import service as seances
from casework.seances.procedure import State
from casework.situations import service as situations
from casework.web.access import allowed
from casework.web.french import clock, local, long_date
from charter.actions import Action


def sittings(desk: Desk) -> list[Line]:
    """The coming séances that convene this member."""
    found = []
    for cell in desk.cells:
        if not allowed(Action.SEANCE_LIST, cell):
            continue
        for row in seances.of_cell(desk.session, cell, desk.member):
            day = day_of(row.held_at)
            if day >= desk.today and row.etat != State.ANNULEE:
                url = url_for("seances.show", reference=row.reference)
                said = f"{long_date(local(row.held_at).date())} à {clock(row.held_at)}"
                found.append(Line(day, row.reference, "Lire", url, "Séance", said))
    return found


def proposals(desk: Desk) -> list[Line]:
    """What was proposed to this member's institution, and waits for their word or their work."""
    found = []
    for cell in desk.cells:
        for one in orientations.to_member(desk.session, cell, desk.member, desk.aside, desk.today):
            if one.waits:
                url = url_for("orientations.show", number=one.row.id)
                late = one.late(desk.today)
                said = f"pour le {long_date(one.row.due_on)}" if one.row.due_on else ""
                day = one.row.due_on or day_of(one.held_at)
                why = f"Orientation {one.label}"
                found.append(Line(day, one.situation, "Répondre", url, why, said or " ", late))
    return found


def asked(desk: Desk) -> list[Line]:
    """Consultations this member has not answered."""
    return [
        consulted(desk, row)
        for cell in desk.cells
        if allowed(Action.CONSULTATION_LIST, cell)
        for row, mine in consultations.waiting(desk.session, cell, desk.member, desk.aside)
        if not mine
    ]


def followed(desk: Desk) -> list[Line]:
    """The situations this member was named to follow, with the day of their next examination."""
    found = []
    since = midnight(desk.today)
    for cell in desk.cells:
        if not allowed(Action.SITUATION_READ, cell, follower=True):
            continue
        mine = situations.followed_by(desk.session, cell, desk.member, desk.aside)
        days: Mapping[int, datetime] = seances.next_about(desk.session, mine, since)
        for number, reference in mine.items():
            url, moment = url_for("situations.show", reference=reference), days.get(number)
            day = day_of(moment) if moment else desk.today
            reason = "Prochaine séance" if moment else "Aucune séance prévue"
            said = long_date(day) if moment else " "
            found.append(Line(day, reference, "Ouvrir", url, reason, said))
    return found
