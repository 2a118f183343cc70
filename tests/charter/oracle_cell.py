"""The second opinion, in a cell: its life, then what names someone (DOMAIN §2 and §3)."""

from charter.subjects import Actor, Subject
from tests.charter.oracle_situation import about_a_situation
from tests.charter.oracle_words import ALL_FILE, AROUND, CHIEFS, LINE, RAPPEL, TABLE


def in_cell(role: str, actor: Actor, action: str, subject: Subject) -> set[str] | None:
    cell = subject.cell
    chief, coordinates, at_table = role in CHIEFS, role == "coordonnateur", role in TABLE
    someone_else = bool(subject.person) and subject.person != actor.reference
    if action in {"charter:read", "charter:sign", "charter:proof"}:
        return set()
    if action == "deposit:create":
        return None if cell in actor.forbidden | actor.uncleared else set()
    if action == "cell:open":
        return set() if coordinates and actor.fresh else None
    if action == "charter:publish":
        return set() if chief and actor.fresh and cell in actor.admitted else None

    # From here on, nothing without a signature and the cell's key.
    if cell not in actor.signed or cell not in actor.admitted:
        return None
    if action == "member:invite":
        return set() if coordinates and actor.fresh else None
    if action in {"mandate:read", "cell:edit"}:
        return set() if coordinates else None
    if action == "cell:read":
        return set() if chief else None
    if action == "mandate:grant":
        return set() if coordinates and actor.fresh and someone_else else None
    if action == "mandate:end":
        return set() if chief and actor.fresh and someone_else else None
    if action == "seance:list":
        return set() if chief or at_table else None
    if action in {"member:list", "key:read", "key:renew"}:
        return set() if coordinates else None
    if action in {"member:admit", "member:exclude"}:
        return set() if coordinates and actor.fresh and someone_else else None
    if action in {"contravention:read", "retention:read"}:
        return set() if chief else None
    if action == "contravention:edit":
        return set() if coordinates else None
    if action == "charter:sheet":
        return set() if chief and actor.fresh else None
    if action == "report:read":
        return {"statistique"} if chief else None
    if action == "report:model":
        return set() if chief else None
    if action == "report:export":
        return {"statistique"} if chief and actor.fresh else None

    # From here on, names: never under a charter that forbids a file, nor without its clearance.
    if cell in actor.forbidden | actor.uncleared:
        return None
    if action in {"situation:list", "situation:search"}:
        return LINE if chief else None
    if action in {"seance:read", "seance:minutes"}:
        return ALL_FILE if chief else AROUND if at_table and subject.convened else None
    if action == "seance:export":
        if not actor.fresh:
            return None
        return ALL_FILE if chief else AROUND if at_table and subject.convened else None
    if action == "seance:request":
        return set() if chief or at_table else None
    if action in {"situation:create", "seance:create", "deposit:read", "deposit:answer"}:
        return ALL_FILE if coordinates else None
    if action in {"seance:edit", "seance:answer", "seance:hold", "seance:close"}:
        return ALL_FILE if coordinates else None
    if action == "situation:import":
        return ALL_FILE if coordinates and actor.fresh else None
    if action == "right:list":
        return set() if coordinates else None
    if action == "right:record":
        return {"demande"} if coordinates else None
    if action in {"deposit:list", "seance:convoke"}:
        return set() if coordinates else None
    if action in {"seance:reply", "seance:calendar"}:
        return set() if (chief or at_table) and subject.convened else None

    if action == "archive:list":
        return {"procedure"} if chief else None
    if action == "orientation:list":
        return set() if chief or at_table else None
    if action == "figures:read":
        return {"statistique"} if coordinates else None
    if action == "consultation:list":
        return set() if chief or at_table else None
    if action == "rappel:list":
        return {"procedure"} if chief else None
    if action == "rappel:sheet":
        return RAPPEL if chief and actor.fresh else None
    return about_a_situation(role, actor, action, subject)
