"""The terms of transactions, counted for whoever answers for them, never named.

A limitation of the processing (art. 18 RGPD) stops no delay of the law: such terms are counted too.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.mail.words import Count, Day
from casework.transactions import service as transactions
from casework.web.french import local
from charter import recusals
from charter.models import MandateRow
from charter.roles import Role

AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Terms:
    """Delays that end within :data:`AHEAD`, or have ended."""

    days: tuple[date, ...]
    on: date

    @property
    def next(self) -> date:
        """The one to come, or the last that passed."""
        coming = [day for day in self.days if day >= self.on]
        return min(coming) if coming else max(self.days)

    @property
    def words(self) -> dict[str, Count | Day]:
        late = sum(day < self.on for day in self.days)
        return {"nombre": Count(len(self.days)), "passees": Count(late), "jour": Day(self.next)}


def of_coordinator(session: Session, member: str, on: date) -> Terms | None:
    """Those of the cells a member coordinates, but for the situations they stepped aside from."""
    held = select(MandateRow.cell).where(
        MandateRow.member == member,
        MandateRow.role == Role.COORDONNATEUR,
        MandateRow.starts <= on,
        (MandateRow.ends.is_(None)) | (MandateRow.ends >= on),
    )
    aside = recusals.recused_from(session, member)
    days = [
        row.echeance
        for cell in sorted(set(session.scalars(held)) - {None})
        for row in transactions.under_way(session, cell, aside)
        if row.echeance is not None and row.echeance <= on + AHEAD
    ]
    return Terms(tuple(days), on) if days else None


def homologations(session: Session, on: date) -> dict[str, Count] | None:
    """How many requests the justice has left without a decision longer than the protocol says."""
    late: list[int] = []
    for row in transactions.homologations(session, waiting=True):
        days = cells.options(session, row.cell).reminder_days
        if row.asked_at is not None and (on - local(row.asked_at).date()).days > days:
            late.append(days)
    return {"nombre": Count(len(late)), "jours": Count(min(late))} if late else None
