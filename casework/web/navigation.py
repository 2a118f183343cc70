"""Each role's own few tasks."""

from dataclasses import dataclass

from flask import g, request, url_for

from casework.web.access import allowed, identity, today
from charter.actions import Action
from charter.roles import Role


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool


OUTSIDE_CELLS = (
    (Action.FICHE_LIST, "Fiches-navettes", "fiches.of_parquet"),
    (Action.JOURNAL_READ, "Accès", "journal.entries"),
    (Action.JOURNAL_VERIFY, "Le journal est-il intact ?", "journal.check"),
    (Action.MEMBER_INVITE, "Membres", "members.everyone"),
    (Action.FUNCTION_ADD, "Fonctions", "functions.form"),
    (Action.MEMBER_PEERS, "Habilitations", "peers.show"),
    (Action.ACCESS_REVIEW, "Revue des accès", "review.show"),
)
IN_CELLS = (
    (Action.SITUATION_LIST, "Situations", "situations.of_cell"),
    (Action.DEPOSIT_LIST, "Dépôts", "triage.of_cell"),
    (Action.SEANCE_LIST, "Séances", "seances.of_cell"),
    (Action.REPORT_READ, "Rapport", "reports.show"),
    (Action.MEMBER_ADMIT, "Membres", "members.of_cell"),
)


def links() -> list[Link]:
    """What the charter opens to the signed-in member, as a menu."""
    if not g.get("identity"):
        return []
    found, deposits = [], False
    cells = sorted({m.cell for m in identity().actor.hats if m.cell and m.valid(today())})
    if cells:
        found.append(_link("Aujourd’hui", "home.show"))
    for cell in cells:
        suffix = f" {cell}" if len(cells) > 1 else ""
        for what, label, endpoint in IN_CELLS:
            if allowed(what, cell):
                found.append(_link(label + suffix, endpoint, cell=cell))
        # Whoever records saisines has no need to deposit them.
        if allowed(Action.DEPOSIT_CREATE, cell) and not allowed(Action.SITUATION_CREATE, cell):
            found.append(_link("Déposer" + suffix, "deposits.new", cell=cell))
            deposits = True
    if deposits:
        found.append(_link("Mes dépôts", "deposits.of_mine"))
    for what, label, endpoint in OUTSIDE_CELLS:
        if allowed(what):
            found.append(_link(label, endpoint))
    return found


def _link(label: str, endpoint: str, **values: str) -> Link:
    here = request.endpoint == endpoint and (request.view_args or {}) == values
    return Link(label, url_for(endpoint, **values), here)


def actor_label() -> dict[str, object]:
    """The signed-in member, as the header names them: name if known, and the roles that speak."""
    actor = identity().actor
    roles = dict.fromkeys(m.title for m in actor.hats if m.valid(today()))
    several = len(roles_in_force()) > 1
    return {
        "name": identity().unlocked.name or actor.reference,
        "role": ", ".join(roles) or "sans mandat en cours",
        "acting": actor.acting,
        "offered": roles_offered() if several else [],
    }


def roles_in_force() -> list[Role]:
    """The distinct roles the signed-in member holds today, whichever one speaks."""
    actor = identity().actor
    held = (m for m in actor.mandates if m.valid(today()) and m.cell not in actor.excluded)
    return list(dict.fromkeys(m.role for m in held))


def roles_offered() -> list[tuple[str, str]]:
    """The choices of « Vous agissez comme »."""
    return [("", "tous mes rôles"), *((role.value, role.label) for role in roles_in_force())]


def recorded_under() -> str:
    """The mandate under which this page was opened, for the line at its foot."""
    mandate = g.get("recorded_under")
    if mandate is None:
        return ""
    return f"{mandate.title} ({mandate.cell})" if mandate.cell else mandate.title
