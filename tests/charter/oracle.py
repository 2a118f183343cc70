"""A second opinion: the charter told again, plainly, from DOMAIN §2 and §3, without its table.

One function answers « may this person? » and what they see. It shares no code with ``decide``.
"""

from datetime import date

from charter.subjects import Actor, Mandate, Subject
from tests.charter.oracle_cell import in_cell
from tests.charter.oracle_outside import outside
from tests.charter.oracle_words import CHIEFS, OUTSIDE

ANYONE_SIGNED_IN = {
    "session:close",
    "session:confirm",
    "session:act",
    "account:read",
    "account:sessions",
    "account:mail",
}
EVERY_MANDATE = {"home:read", "matrix:read"}


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
        return outside(role, mandate, actor, action, subject)
    if action == "deposit:track":
        return set()
    if role == "maire" and action == "access:review":
        return set()
    if role == "maire" and action in {"access:export", "access:certify"}:
        return set() if actor.fresh else None
    if action in {"cell:list", "deadline:list"}:
        return set() if role in CHIEFS else None
    if action == "paper:read":
        return set() if role == "coordonnateur" else None
    if action == "paper:edit":
        return set() if role == "coordonnateur" and actor.fresh else None
    if action == "cell:create":
        return set() if role == "coordonnateur" and actor.fresh else None
    if subject.cell is None:
        return None
    return in_cell(role, actor, action, subject)
