"""The first page of the day: what waits for me, by role. Nothing here opens the vault: references
and dates, however many situations a cell follows."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.cells.models import Cell
from casework.home import coming, dpo, mairie, member, to_do, waiting
from casework.home.lines import Desk, oldest_first
from casework.rights import service as rights
from casework.web.access import action, allowed, database, identity, today
from charter import recusals
from charter.actions import Action
from charter.roles import WITHOUT_KEY, Role

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class Place:
    """One cell of this member, and how far its door is open."""

    cell: Cell
    signed: bool
    closed: bool
    outdated: bool
    admitted: bool
    keyless: bool

    @property
    def open(self) -> bool:
        return self.signed and self.admitted and not self.closed and not self.keyless

    def may(self, what: str) -> bool:
        return allowed(Action(what), self.cell.code)


@bp.get("/")
@action(Action.HOME)
def show() -> str | Response:
    actor = identity().actor
    roles = {mandate.role for mandate in actor.hats if mandate.valid(today())}
    if roles in ({Role.PARQUET}, {Role.CORRESPONDANT_JUSTICE_VILLE}):
        return redirect(url_for("fiches.of_parquet"))
    if roles == {Role.DPO}:
        with database().read() as session:
            return render_template("home/dpo.html", to_do=dpo.to_do(session, today()))
    if roles == {Role.ADMINISTRATEUR}:
        return redirect(url_for("members.everyone"))
    with database().read() as session:
        codes = sorted({m.cell for m in actor.hats if m.cell and m.valid(today())})
        places = [_place(session, code) for code in codes]
        inside = [place.cell.code for place in places if place.open]
        led = [code for code in inside if allowed(Action.SEANCE_CREATE, code)]
        town = [c for c in inside if c not in led and allowed(Action.SITUATION_LIST, c)]
        others = [code for code in inside if code not in {*led, *town}]
        return render_template(
            "home/show.html",
            places=places,
            led=_led(_desk(session, led)) if led else None,
            town=_town(_desk(session, town)) if town else None,
            table={code: _table(_desk(session, [code])) for code in others},
        )


def _place(session: Session, code: str) -> Place:
    actor = identity().actor
    here = {m.role for m in actor.hats if m.cell == code and m.valid(today())}
    return Place(
        cell=cells.cell(session, code),
        signed=code in actor.signed,
        closed=code in actor.forbidden,
        outdated=code in actor.outdated,
        admitted=code in actor.admitted,
        keyless=here <= WITHOUT_KEY,
    )


def _desk(session: Session, codes: Collection[str]) -> Desk:
    me = identity().actor.reference
    aside = recusals.recused_from(session, me).union(
        *(rights.frozen_in(session, code) for code in codes)
    )
    return Desk(session, tuple(codes), me, frozenset(aside), today())


def _led(desk: Desk) -> dict[str, object]:
    """The coordination's four blocks, all its cells together."""
    lines, owed = coming.coming(desk)
    return {
        "to_do": oldest_first(to_do.to_do(desk)),
        "late": oldest_first(waiting.late(desk)),
        "next": oldest_first(lines),
        "owed": owed,
        "at_parquet": oldest_first(waiting.at_parquet(desk)),
    }


def _town(desk: Desk) -> dict[str, object]:
    return {
        "to_sign": oldest_first(mairie.to_sign(desk)),
        "to_hold": oldest_first(mairie.to_hold(desk)),
        "to_decide": oldest_first(mairie.to_decide(desk)),
        "year": mairie.year(desk),
    }


def _table(desk: Desk) -> dict[str, object]:
    return {
        "sittings": oldest_first(member.sittings(desk)),
        "proposals": oldest_first(member.proposals(desk)),
        "asked": oldest_first(member.asked(desk)),
        "followed": oldest_first(member.followed(desk)),
    }
