"""Each role's own few tasks."""

from dataclasses import dataclass

from flask import g, request, url_for

from casework.web.access import allowed, identity, today
from charter.actions import Action
from charter.roles import Role


@dataclass(frozen=True)
class Link:
    """``current``: « page » on the very page, « true » on a page of the same part, or nothing."""

    label: str
    url: str
    current: str


@dataclass(frozen=True)
class Group:
    """The entries of one cell; no label when nothing tells cells apart."""

    label: str
    links: list[Link]


OUTSIDE_CELLS = (
    (Action.FICHE_LIST, "Fiches-navettes", "fiches.of_parquet"),
    (Action.JOURNAL_READ, "Accès", "journal.entries"),
    (Action.JOURNAL_VERIFY, "Le journal est-il intact\u00a0?", "journal.check"),
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

# The pages a menu entry leads to: whole blueprints, or single pages of a shared one.
OF_SITUATIONS = {"situations", "followers", "recusals", "rappels", "papier", "confidences"}
OF_MEMBERS = {"members", "mandates", "invitations", "keys"}
PARTS = {
    "situations.of_cell": OF_SITUATIONS,
    "members.of_cell": OF_MEMBERS,
    "members.everyone": OF_MEMBERS,
    "journal.entries": {"journal.story", "journal.day"},
    "journal.check": {"journal.compare"},
    "deposits.new": {"deposits.create"},
    "deposits.of_mine": {"deposits.sent"},
}


def links() -> list[Group]:
    """What the charter opens to the signed-in member, as a menu."""
    if not g.get("identity"):
        return []
    cells = sorted({m.cell for m in identity().actor.hats if m.cell and m.valid(today())})
    before = [_link("Aujourd’hui", "home.show")] if cells else []
    groups = [Group(cell if len(cells) > 1 else "", _of_cell(cell)) for cell in cells]
    after = [_link("Mes dépôts", "deposits.of_mine")] if any(map(_deposits_in, cells)) else []
    after += [_link(label, endpoint) for what, label, endpoint in OUTSIDE_CELLS if allowed(what)]
    return [group for group in (Group("", before), *groups, Group("", after)) if group.links]


def _of_cell(cell: str) -> list[Link]:
    found = [
        _link(label, endpoint, cell=cell)
        for what, label, endpoint in IN_CELLS
        if allowed(what, cell)
    ]
    return found + ([_link("Déposer", "deposits.new", cell=cell)] if _deposits_in(cell) else [])


def _deposits_in(cell: str) -> bool:
    """Whoever records saisines has no need to deposit them."""
    return allowed(Action.DEPOSIT_CREATE, cell) and not allowed(Action.SITUATION_CREATE, cell)


def _link(label: str, endpoint: str, **values: str) -> Link:
    url = url_for(endpoint, **values)
    if request.endpoint == endpoint and (request.view_args or {}) == values:
        return Link(label, url, "page")
    return Link(label, url, "true" if _leads_here(endpoint, values.get("cell")) else "")


def _leads_here(endpoint: str, cell: str | None) -> bool:
    """Is the page of this entry's part, and cell? Only if it was opened: on a refusal, the menu
    must not tell to which cell the thing refused belongs."""
    decision, subject = g.get("decision"), g.get("subject")
    if not (decision and decision.allowed and request.endpoint):
        return False
    part = PARTS.get(endpoint, {endpoint.partition(".")[0]})
    here = {request.endpoint, request.endpoint.partition(".")[0]}
    return bool(part & here) and subject.cell == cell


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
