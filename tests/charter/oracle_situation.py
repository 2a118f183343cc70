"""The second opinion, about one situation: out of its archive, under a limitation, in a procedure
(DOMAIN §2 and §3)."""

from charter.subjects import Actor, Subject
from tests.charter.oracle_words import (
    ALL_FILE,
    AROUND,
    CHIEFS,
    CONSULTED,
    FICHE,
    HOMOLOGATION,
    PARENTING,
    RAPPEL,
    READINGS,
    SIGNAL,
    TABLE,
)


def about_a_situation(role: str, actor: Actor, action: str, subject: Subject) -> set[str] | None:
    chief, coordinates, at_table = role in CHIEFS, role == "coordonnateur", role in TABLE
    someone_else = bool(subject.person) and subject.person != actor.reference
    # Never for someone who stepped aside from it.
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
