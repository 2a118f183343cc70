"""Who is still under mandate: nobody else is written to, not even a date."""

from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from casework.clock import today
from charter.models import MandateRow
from charter.roles import Role


def _in_force(on: date) -> Select[tuple[str]]:
    return select(MandateRow.member).where(
        MandateRow.starts <= on,
        or_(MandateRow.ends.is_(None), MandateRow.ends >= on),
        MandateRow.excluded_at.is_(None),
    )


def in_cell(session: Session, cell: str, on: date | None = None) -> set[str]:
    """Members who sit in a cell."""
    return set(session.scalars(_in_force(on or today()).where(MandateRow.cell == cell)))


def as_role(session: Session, role: Role, on: date) -> set[str]:
    """Members who hold a role."""
    return set(session.scalars(_in_force(on).where(MandateRow.role == role)))
