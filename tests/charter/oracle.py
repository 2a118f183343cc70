"""A second opinion: the charter told again, plainly, from DOMAIN §2 and §3, without its table.

One function answers « may this person? » and what they see. It shares no code with ``decide``.
"""

from datetime import date

from charter.subjects import Actor, Mandate, Subject

ANYONE_SIGNED_IN = {
    "session:close",
    "session:confirm",
    "session:act",
    "account:read",
    "account:sessions",
}
EVERY_MANDATE = {"home:read", "matrix:read"}
OUTSIDE = {"parquet", "correspondant_justice_ville", "dpo", "administrateur"}
CHIEFS = {"maire", "elu_delegue", "coordonnateur"}
TABLE = {
    "commissaire",
    "chef_pm",
    "education_nationale",
    "conseil_departemental",
    "pjj",
    "prevention_specialisee",
    "veille_educative",
    "renseignement_territorial",
    "membre",
}
ALL_FILE = {
    "etat_civil",
    "coordonnees",
    "famille",
    "scolarite",
    "faits",
    "orientation",
    "reponse_parquet",
    "procedure",
    "statistique",
}
AROUND = {"etat_civil", "scolarite", "faits", "orientation", "procedure", "statistique"}
LINE = {"etat_civil", "procedure", "statistique"}
FICHE = {"etat_civil", "faits", "procedure", "reponse_parquet"}
RAPPEL = FICHE | {"coordonnees", "famille"}


def view(actor: Actor | None, action: str, subject: Subject, on: date) -> set[str] | None:
    """What the person sees by doing this, or None when they may not."""
    if action == "page:public":
        return set()
    if actor is None:
        return None
    if action in ANYONE_SIGNED_IN:
        return set()
    if action == "account:factors":
        return set() if actor.fresh else None
    widest = None
    for mandate in actor.mandates:
        if actor.acting is not None and mandate.role is not actor.acting:
            continue
        if mandate.cell in actor.excluded or not _runs(mandate, on):
            continue
        if subject.cell is not None and subject.cell != mandate.cell:
            continue
        seen = _under(mandate, actor, action, subject)
        if seen is not None and (widest is None or len(seen) > len(widest)):
            widest = seen
    return widest


def _runs(mandate: Mandate, on: date) -> bool:
    return mandate.starts <= on and not (mandate.ends is not None and mandate.ends < on)


def _under(mandate: Mandate, actor: Actor, action: str, subject: Subject) -> set[str] | None:
    role = mandate.role.value
    if action in EVERY_MANDATE:
        return set()
    if role in OUTSIDE:
        return _outside(role, mandate, actor, action, subject)
    if action == "deposit:track":
        return set()
    if role == "maire" and action == "access:review":
        return set()
    if role == "maire" and action in {"access:export", "access:certify"}:
        return set() if actor.fresh else None
    if subject.cell is None:
        return None
    return _in_cell(role, actor, action, subject)


def _outside(
    role: str, mandate: Mandate, actor: Actor, action: str, subject: Subject
) -> set[str] | None:
    someone_else = bool(subject.person) and subject.person != actor.reference
    if role == "dpo":
        if action in {"journal:read", "journal:verify", "journal:checkpoint", "access:review"}:
            return set()
        if action == "member:admit":
            return set() if someone_else and actor.fresh else None
        if action == "member:peers":
            return set()
        freshly = {"access:export", "access:certify", "journal:export"}
        return set() if action in freshly and actor.fresh else None
    if role == "administrateur":
        if action in {"member:list", "mandate:read", "health:read"}:
            return set()
        if action in {"member:invite", "function:add"}:
            return set() if actor.fresh else None
        if action in {"member:reset", "directory:share", "mandate:grant", "mandate:end"}:
            return set() if actor.fresh and someone_else else None
        return None
    if role == "correspondant_justice_ville" and not mandate.designated:
        return None
    if action == "fiche:list":
        return {"procedure"}
    if action in {"fiche:read", "fiche:scan"}:
        return FICHE
    if action == "fiche:export":
        return FICHE if actor.fresh else None
    if action == "fiche:answer":
        return FICHE if role == "parquet" and subject.turn else None
    if action == "fiche:carry":
        return FICHE if role == "correspondant_justice_ville" and subject.turn else None
    if role == "parquet" and action == "member:peers":
        return set()
    if action == "member:admit":
        return set() if role == "parquet" and someone_else and actor.fresh else None
    return None


def _in_cell(role: str, actor: Actor, action: str, subject: Subject) -> set[str] | None:
    cell = subject.cell
    chief, coordinates, at_table = role in CHIEFS, role == "coordonnateur", role in TABLE
    someone_else = bool(subject.person) and subject.person != actor.reference
    if action in {"charter:read", "charter:sign", "charter:proof"}:
        return set()
    if action == "deposit:create":
        return None if cell in actor.forbidden else set()
    if action == "charter:publish":
        return set() if chief and actor.fresh and cell in actor.admitted else None

    # From here on, nothing without a signature and the cell's key.
    if cell not in actor.signed or cell not in actor.admitted:
        return None
    if action == "member:invite":
        return set() if coordinates and actor.fresh else None
    if action == "mandate:read":
        return set() if coordinates else None
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
    if action == "charter:sheet":
        return set() if chief and actor.fresh else None
    if action == "report:read":
        return {"statistique"} if chief else None
    if action == "report:export":
        return {"statistique"} if chief and actor.fresh else None

    # From here on, names: never under a charter that forbids a file.
    if cell in actor.forbidden:
        return None
    if action in {"situation:list", "situation:search"}:
        return LINE if chief else None
    if action == "seance:read":
        return ALL_FILE if chief else AROUND if at_table and subject.convened else None
    if action in {"situation:create", "seance:create", "deposit:read", "deposit:answer"}:
        return ALL_FILE if coordinates else None
    if action == "deposit:list":
        return set() if coordinates else None

    # From here on, one situation: never for someone who stepped aside from it.
    if subject.recused:
        return None
    concerned = subject.convened or subject.author or subject.follower
    if action == "situation:read":
        return ALL_FILE if chief else AROUND if at_table and concerned else None
    if action == "situation:recuse":
        return set() if chief or (at_table and concerned) else None
    if action == "situation:restore":
        return set() if chief and someone_else and actor.fresh else None
    if action == "situation:edit":
        return ALL_FILE if coordinates else None
    if action == "situation:follow":
        return set() if coordinates else None
    if action in {"confidence:read", "confidence:write"}:
        return {"confidence_maire"} if role == "maire" else None
    if action == "confidence:erase":
        return set() if role == "maire" and actor.fresh else None
    if action == "rappel:announce":
        return FICHE if coordinates else None
    if not chief:
        return None
    if action == "rappel:read":
        return RAPPEL
    if action == "rappel:export":
        return RAPPEL if actor.fresh else None
    if action == "rappel:record":
        return RAPPEL if subject.turn else None
    if action == "rappel:report":
        return FICHE if subject.turn else None
    return FICHE if action == "fiche:scan" else None
