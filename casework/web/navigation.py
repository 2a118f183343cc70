"""Each role's own few tasks."""

from dataclasses import dataclass

from flask import g, request, url_for

from casework.cells import service as settings
from casework.web.access import allowed, database, identity, today
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
    (Action.FICHE_ABSENCE, "Permanence", "permanence.show"),
    (Action.ACTIVITY_READ, "Activité", "permanence.activity_page"),
    (Action.HOMOLOGATION_LIST, "Homologations", "homologations.of_parquet"),
    (Action.DEADLINE_LIST, "Échéances", "deadlines.show"),
    (Action.JOURNAL_READ, "Accès", "journal.entries"),
    (Action.WATCH_READ, "Alertes", "watch.show"),
    (Action.JOURNAL_VERIFY, "Intégrité", "journal.check"),
    (Action.MEMBER_INVITE, "Membres", "members.everyone"),
    (Action.FUNCTION_ADD, "Fonctions", "functions.form"),
    (Action.CELL_LIST, "Cellules", "cells.every"),
    (Action.PAPER_READ, "Modèles", "models.show"),
    (Action.MEMBER_PEERS, "Habilitations", "peers.show"),
    (Action.RIGHT_LIST, "Demandes", "rights.register"),
    (Action.RETENTION_READ, "Conservation", "retention.show"),
    (Action.BREACH_READ, "Violations", "breaches.register"),
    (Action.PROCESSING_READ, "Registre", "processing.show"),
    (Action.PROCESSING_READ, "Analyse d’impact", "aipd.show"),
    (Action.ACCESS_REVIEW, "Revue des accès", "review.show"),
    (Action.HEALTH_READ, "Courriels", "mail.show"),
)
IN_CELLS = (
    (Action.SITUATION_LIST, "Situations", "situations.of_cell"),
    (Action.DEPOSIT_LIST, "Dépôts", "triage.of_cell"),
    (Action.SEANCE_LIST, "Séances", "seances.of_cell"),
    (Action.ORIENTATION_LIST, "Orientations", "orientations.of_cell"),
    (Action.RAPPEL_LIST, "Convocations", "courriers.of_cell"),
    (Action.CONSULTATION_LIST, "Consultations", "consultations.of_cell"),
    (Action.FIGURES_READ, "Nombres", "figures.show"),
    (Action.REPORT_READ, "Rapport", "reports.show"),
    (Action.RIGHT_LIST, "Demandes", "cell_rights.register"),
    (Action.RETENTION_READ, "Conservation", "retention.of_cell"),
    (Action.MEMBER_ADMIT, "Membres", "members.of_cell"),
    (Action.CELL_READ, "Réglages", "cells.settings_of"),
)
WITH_RAPPEL = ("courriers.of_cell", "consultations.of_cell")

# The pages a menu entry leads to: whole blueprints, or single pages of a shared one.
OF_SITUATIONS = {
    "situations",
    "followers",
    "recusals",
    "rappels",
    "etapes",
    "papier",
    "confidences",
    "transactions",
    "parenting",
    "cmer",
    "imports",
}
OF_MEMBERS = {"members", "mandates", "invitations", "keys"}
OF_SEANCES = {"seances", "preparation", "urgences", "tenue", "examens", "contributions", "papiers"}
PARTS = {
    "situations.of_cell": OF_SITUATIONS,
    "courriers.of_cell": {"courriers.of_cell"},
    "permanence.show": {"permanence.show", "permanence.declare"},
    "permanence.activity_page": {"permanence.activity_page"},
    "seances.of_cell": OF_SEANCES,
    "members.of_cell": OF_MEMBERS,
    "members.everyone": OF_MEMBERS,
    "homologations.of_parquet": {"homologations"},
    "journal.entries": {"journal.story", "journal.day"},
    "journal.check": {"journal.compare"},
    "cells.every": {"cells.show", "cells.new", "cells.create"},
    "cells.settings_of": {"cells.edit_form", "cells.edit", "lists"},
    "models.show": {"models.one", "models.replace_form", "models.replace"},
    "retention.of_cell": {"archives"},
    "deposits.new": {"deposits.create"},
    "deposits.of_mine": {"deposits.sent"},
}


def links() -> list[Group]:
    """What the charter opens to the signed-in member, as a menu. Who sits in several cells finds
    one entry for each, and inside a cell, its own entries on a second line."""
    if not g.get("identity"):
        return []
    cells = sorted({m.cell for m in identity().actor.hats if m.cell and m.valid(today())})
    without = _left_out(cells)
    of_cells = {cell: found for cell in cells if (found := _of_cell(cell, without[cell]))}
    here = _cell_here()
    top = [_link("Aujourd’hui", "home.show")] if cells or allowed(Action.JOURNAL_READ) else []
    several = len(of_cells) > 1
    if several:
        top += [
            Link(cell, found[0].url, "true" if cell == here else "")
            for cell, found in of_cells.items()
        ]
    else:
        top += [link for found in of_cells.values() for link in found]
    top += [_link("Mes dépôts", "deposits.of_mine")] if any(map(_deposits_in, cells)) else []
    top += [_link(label, endpoint) for what, label, endpoint in OUTSIDE_CELLS if allowed(what)]
    if allowed(Action.JOURNAL_WITNESS) and not allowed(Action.JOURNAL_VERIFY):
        top.append(_link("Contresigner le journal", "witness.show"))
    if allowed(Action.BREACH_DECLARE) and not allowed(Action.BREACH_READ):
        top.append(_link("Déclarer une violation", "breaches.new"))
    inside = of_cells.get(here or "", []) if several else []
    return [group for group in (Group("", top), Group(here or "", inside)) if group.links]


def _cell_here() -> str | None:
    """The cell of this page, if it was opened: on a refusal, the menu must not tell to which cell
    the thing refused belongs."""
    decision, subject = g.get("decision"), g.get("subject")
    return subject.cell if decision and decision.allowed and subject else None


def _left_out(codes: list[str]) -> dict[str, frozenset[str]]:
    """The entries that each cell's settings leave empty: who gives no rappel à l'ordre convenes
    nobody, and is asked nothing either unless its kind is."""
    found = dict.fromkeys(codes, frozenset[str]())
    with database().read() as session:
        for code in codes:
            cell = settings.cell(session, code)
            if cell is not None and not cell.rappel:
                asked = settings.kind(cell).consulted
                found[code] = frozenset(WITH_RAPPEL[:1] if asked else WITH_RAPPEL)
    return found


def _of_cell(cell: str, without: frozenset[str]) -> list[Link]:
    found = [
        _link(label, endpoint, cell=cell)
        for what, label, endpoint in IN_CELLS
        if endpoint not in without and allowed(what, cell)
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
    """Is the page of this entry's part, and cell?"""
    decision = g.get("decision")
    if not (decision and decision.allowed and request.endpoint):
        return False
    part = PARTS.get(endpoint, {endpoint.partition(".")[0]})
    here = {request.endpoint, request.endpoint.partition(".")[0]}
    return bool(part & here) and _cell_here() == cell


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
