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
    "account:mail",
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
    "piece",
}
AROUND = {"etat_civil", "scolarite", "faits", "orientation", "procedure", "statistique"}
LINE = {"etat_civil", "procedure", "statistique"}
FICHE = {"etat_civil", "faits", "procedure", "reponse_parquet"}
CONSULTED = {"etat_civil", "procedure"}
RAPPEL = FICHE | {"coordonnees", "famille"}
SIGNAL = {"orientation", "procedure"}
PARENTING = {"etat_civil", "coordonnees", "famille", "procedure"}
HOMOLOGATION = FICHE | {"coordonnees"}

READINGS = {
    "situation:read",
    "situation:receipt",
    "attachment:read",
    "confidence:read",
    "consultation:read",
    "danger:export",
    "cmer:read",
    "fiche:export",
    "fiche:read",
    "fiche:scan",
    "homologation:read",
    "homologation:scan",
    "parenting:export",
    "parenting:read",
    "information:export",
    "rappel:export",
    "rappel:read",
    "right:export",
    "right:letter",
    "right:read",
    "transaction:export",
    "transaction:read",
}


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
    if action == "deadline:list":
        return set() if role == "coordonnateur" else None
    if role == "maire" and action == "access:review":
        return set()
    if role == "maire" and action in {"access:export", "access:certify"}:
        return set() if actor.fresh else None
    if action == "cell:list":
        return set() if role in CHIEFS else None
    if action == "paper:read":
        return set() if role == "coordonnateur" else None
    if action == "paper:edit":
        return set() if role == "coordonnateur" and actor.fresh else None
    if action == "cell:create":
        return set() if role == "coordonnateur" and actor.fresh else None
    if subject.cell is None:
        return None
    return _in_cell(role, actor, action, subject)


def _outside(
    role: str, mandate: Mandate, actor: Actor, action: str, subject: Subject
) -> set[str] | None:
    someone_else = bool(subject.person) and subject.person != actor.reference
    if role in {"dpo", "administrateur"} and action in {"cell:list", "cell:read"}:
        return set()
    if role == "dpo":
        if action in {"journal:read", "journal:verify", "journal:checkpoint", "access:review"} | {
            "journal:witness",
            "watch:read",
            "watch:run",
            "watch:answer",
        }:
            return set()
        if action == "right:letter":
            return {"demande"} if actor.fresh else None
        if action in {"right:read", "right:record", "right:decide"}:
            return {"demande"}
        if action == "retention:read":
            return set()
        if action in {"right:list", "right:freeze", "breach:declare"}:
            return set()
        if action in {"breach:read", "breach:record"}:
            return {"violation"}
        if action == "breach:export":
            return {"violation"} if actor.fresh else None
        if action in {"processing:read", "processing:publish", "processing:assess"}:
            return set()
        if action == "member:admit":
            return set() if someone_else and actor.fresh else None
        if action == "member:peers":
            return set()
        freshly = {"access:export", "access:certify", "journal:export", "watch:set"}
        freshly |= {"processing:export", "retention:set", "retention:export"}
        return set() if action in freshly and actor.fresh else None
    if role == "administrateur":
        if action in {"member:list", "mandate:read", "health:read", "breach:declare"} | {
            "paper:read"
        }:
            return set()
        if action in {
            "member:invite",
            "function:add",
            "cell:create",
            "mail:settings",
            "paper:edit",
        }:
            return set() if actor.fresh else None
        if action in {"member:reset", "directory:share", "mandate:grant", "mandate:end"} | {
            "member:suspend",
            "member:confirm",
        }:
            return set() if actor.fresh and someone_else else None
        return None
    if role == "correspondant_justice_ville" and not mandate.designated:
        return None
    if action in {"homologation:list", "fiche:list"}:
        return {"procedure"}
    # An archive is closed to the parquet too.
    if (
        subject.archived
        and action.startswith(("fiche:", "homologation:"))
        and (action != "fiche:absence" and not (subject.lent and action in READINGS))
    ):
        return None
    if action in {"homologation:read", "homologation:scan"}:
        return HOMOLOGATION
    if action == "homologation:answer":
        return HOMOLOGATION if role == "parquet" and subject.turn else None
    if action == "homologation:carry":
        return HOMOLOGATION if role != "parquet" and subject.turn else None
    if action in {"fiche:read", "fiche:scan"}:
        return FICHE
    if action == "fiche:export":
        return FICHE if actor.fresh else None
    if action == "fiche:answer":
        return FICHE if role == "parquet" and subject.turn else None
    if action == "fiche:carry":
        return FICHE if role == "correspondant_justice_ville" and subject.turn else None
    if role == "parquet" and action in {"member:peers", "fiche:absence", "journal:witness"}:
        return set()
    if role == "parquet" and action == "activity:read":
        return {"procedure"}
    if role == "parquet" and action == "activity:export":
        return {"procedure"} if actor.fresh else None
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

    # From here on, one situation: never for someone who stepped aside from it.
    if subject.recused:
        return None
    if action == "archive:request":
        return {"procedure"} if chief and subject.turn else None
    if action == "archive:decide":
        opens = chief and subject.turn and someone_else and actor.fresh
        return {"procedure"} if opens else None
    # From here on, what is in the base; or was lent from the archive, to be read and no more.
    if subject.archived and not (subject.lent and action in READINGS):
        return None
    concerned = subject.convened or subject.author or subject.follower
    if action == "situation:read":
        if chief:
            return ALL_FILE
        return AROUND if at_table and concerned and not subject.frozen else None
    if action == "situation:recuse":
        return set() if chief or (at_table and concerned) else None
    if action == "situation:restore":
        return set() if chief and someone_else and actor.fresh else None
    if action in {"right:read", "right:execute"}:
        return {"demande"} if coordinates else None
    if action == "right:freeze":
        return set() if coordinates else None
    if action == "right:letter":
        return {"demande"} if coordinates and actor.fresh else None
    if action == "right:export":
        return ALL_FILE if coordinates and actor.fresh else None
    if action == "confidence:read":
        return {"confidence_maire"} if role == "maire" else None
    if chief and action in {"rappel:read", "transaction:read"}:
        return RAPPEL
    if chief and action == "cmer:read":
        return SIGNAL
    if chief and action == "parenting:read":
        return PARENTING
    if chief and action == "fiche:scan":
        return FICHE
    if chief and action == "homologation:scan":
        return HOMOLOGATION
    if chief and action == "attachment:read":
        return {"piece"}
    # A child in danger: a limitation does not stop it.
    if chief and action == "danger:record":
        return ALL_FILE
    if chief and action == "danger:export":
        return ALL_FILE if actor.fresh else None

    # From here on, using the file: not while its processing is limited.
    if subject.frozen:
        return None
    edits = {
        "situation:edit",
        "retention:keep",
        "situation:close",
        "situation:reopen",
        "information:record",
    }
    if action in edits | {"seance:record"}:
        return ALL_FILE if coordinates else None
    if action == "seance:contribute":
        return AROUND if at_table and subject.convened else None
    if action == "orientation:answer":
        return set() if (chief or (at_table and concerned)) and subject.turn else None
    if action == "situation:follow":
        return set() if coordinates else None
    if action in {"situation:receipt", "information:except"}:
        return set() if chief else None
    if action == "information:export":
        return ALL_FILE if chief and actor.fresh else None
    if action == "attachment:add":
        return {"piece"} if chief else None
    if action == "attachment:remove":
        return set() if chief and actor.fresh else None
    if action == "confidence:write":
        return {"confidence_maire"} if role == "maire" else None
    if action == "confidence:erase":
        return set() if role == "maire" and actor.fresh else None
    if action == "rappel:announce":
        return FICHE if coordinates else None
    if action in {"consultation:read", "consultation:answer"}:
        return CONSULTED if (chief or at_table) and subject.turn else None
    if action == "rappel:consult":
        return RAPPEL if coordinates and subject.turn else None
    if action == "transaction:prepare":
        return RAPPEL if coordinates else None
    if action == "cmer:record":
        return SIGNAL if coordinates else None
    if action == "parenting:open":
        return PARENTING if coordinates else None
    if not chief:
        return None
    if action == "parenting:act":
        return PARENTING if subject.turn else None
    if action == "parenting:export":
        return PARENTING if actor.fresh else None
    if action == "rappel:remind":
        return FICHE
    if action == "transaction:act":
        return RAPPEL if subject.turn else None
    if action == "transaction:export":
        return RAPPEL if actor.fresh else None
    if action == "rappel:export":
        return RAPPEL if actor.fresh else None
    if action in {"rappel:record", "rappel:convene"}:
        return RAPPEL if subject.turn else None
    if action == "rappel:report":
        return FICHE if subject.turn else None
    return None
