"""Déports: a member steps aside from one situation, and cannot read it any more.

The caller commits. Nothing says why: whoever steps aside owes no reason.
"""

from datetime import UTC, datetime

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from charter.models import Recusal

_CURRENT = select(Recusal.object).where(
    Recusal.member == bindparam("who"), Recusal.lifted_at.is_(None)
)


def declare(session: Session, member: str, cell: str, reference: str) -> None:
    """Step aside from the situation ``reference``; doing it twice changes nothing."""
    if not is_recused(session, member, reference):
        now = datetime.now(UTC)
        session.add(Recusal(member=member, cell=cell, object=reference, declared_at=now))
        session.flush()


def lift(session: Session, member: str, reference: str) -> None:
    """Bring a member back to a situation they had stepped aside from."""
    for row in session.scalars(_of_object(reference).where(Recusal.member == member)):
        row.lifted_at = datetime.now(UTC)
    session.flush()


# Built once: asked at every page about a situation.
RECUSED = select(
    exists()
    .where(Recusal.member == bindparam("member"))
    .where(Recusal.object == bindparam("reference"))
    .where(Recusal.lifted_at.is_(None))
)


def is_recused(session: Session, member: str, reference: str) -> bool:
    return bool(session.scalar(RECUSED, {"member": member, "reference": reference}))


def recused_from(session: Session, member: str) -> frozenset[str]:
    """References of the situations a member has stepped aside from."""
    return frozenset(session.scalars(_CURRENT, {"who": member}))


def recused_members(session: Session, reference: str) -> dict[str, datetime]:
    """Who stepped aside from a situation, and when."""
    return {row.member: row.declared_at for row in session.scalars(_of_object(reference))}


def _of_object(reference: str) -> Select[Recusal]:
    return select(Recusal).where(Recusal.object == reference, Recusal.lifted_at.is_(None))
