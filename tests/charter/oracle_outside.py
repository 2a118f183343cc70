"""The second opinion, outside the cells: the DPO, the administrator, the parquet and its
correspondant (DOMAIN §2)."""

from charter.subjects import Actor, Mandate, Subject
from tests.charter.oracle_words import FICHE, HOMOLOGATION, READINGS


def outside(
    role: str, mandate: Mandate, actor: Actor, action: str, subject: Subject
) -> set[str] | None:
    someone_else = bool(subject.person) and subject.person != actor.reference
    if role in {"dpo", "administrateur"} and action in {"cell:list", "cell:read"}:
        return set()
    if role == "dpo":
        return _dpo(actor, action, someone_else)
    if role == "administrateur":
        return _administrator(actor, action, someone_else)
    return _parquet(role, mandate, actor, action, subject, someone_else)


def _dpo(actor: Actor, action: str, someone_else: bool) -> set[str] | None:
    if action in {"journal:read", "journal:verify", "journal:checkpoint", "journal:witness"}:
        return set()
    if action in {"watch:read", "watch:run", "watch:answer", "access:review", "retention:read"}:
        return set()
    if action == "right:letter":
        return {"demande"} if actor.fresh else None
    if action in {"right:read", "right:record", "right:decide"}:
        return {"demande"}
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


def _administrator(actor: Actor, action: str, someone_else: bool) -> set[str] | None:
    if action in {"member:list", "mandate:read", "health:read", "breach:declare", "paper:read"}:
        return set()
    if action in {"member:invite", "function:add", "cell:create", "mail:settings", "paper:edit"}:
        return set() if actor.fresh else None
    if action in {"member:reset", "directory:share", "mandate:grant", "mandate:end"} | {
        "member:suspend",
        "member:confirm",
    }:
        return set() if actor.fresh and someone_else else None
    return None


def _parquet(
    role: str, mandate: Mandate, actor: Actor, action: str, subject: Subject, someone_else: bool
) -> set[str] | None:
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
