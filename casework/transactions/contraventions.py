"""The dated table of contraventions, and the commune's own settings of the transaction.

A new version starts on a day and closes the one before: nothing is rewritten, and each transaction
keeps the words it was proposed under.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.db import new_id
from casework.transactions.eligibility import Protocol
from casework.transactions.models import Contravention

MINORS_AGREEMENT, MINORS_AGREED_ON = "transaction_mineurs_accord", "transaction_mineurs_date"


class NotLater(Exception):
    """A new version starts after the one in force, never on or before its first day."""


@dataclass(frozen=True)
class Line:
    """What a version says."""

    code: str
    label: str
    article: str
    classe: int
    amende: int
    pm: bool
    pm_article: str
    bien_communal: bool
    source: str
    verifiee: bool


def everything(session: Session) -> list[Contravention]:
    order = (Contravention.code, Contravention.valid_from.desc())
    return list(session.scalars(select(Contravention).order_by(*order)))


def in_force(session: Session, on: date) -> list[Contravention]:
    """The versions that a transaction of this day may be about."""
    ends = Contravention.valid_to
    query = select(Contravention).where(
        Contravention.valid_from <= on, or_(ends.is_(None), ends >= on)
    )
    return list(session.scalars(query.order_by(Contravention.code)))


def publish(session: Session, line: Line, since: date) -> Contravention:
    """Record a version from a day on. NotLater."""
    last = session.scalars(
        select(Contravention)
        .where(Contravention.code == line.code)
        .order_by(Contravention.valid_from.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if last is not None:
        if since <= last.valid_from:
            raise NotLater(line.code)
        last.valid_to = since - timedelta(days=1)
    made = Contravention(id=new_id(), valid_from=since, **vars(line))
    session.add(made)
    session.flush()
    return made


def protocol(session: Session, cell: str) -> Protocol:
    """The settings in force: the cell's own ceiling of hours, and what the parquet agreed to."""
    return Protocol(
        hours_cap=cells.options(session, cell).transaction_hours * 100,
        minors_agreement=cells.setting(session, MINORS_AGREEMENT),
        minors_agreed_on=cells.setting(session, MINORS_AGREED_ON),
        alsace_moselle=cells.keeps_alsace_moselle(session),
    )


def settle(session: Session, chosen: Protocol) -> None:
    """Record the settings; what is already proposed keeps those of its day."""
    cells.put_setting(session, MINORS_AGREEMENT, chosen.minors_agreement)
    cells.put_setting(session, MINORS_AGREED_ON, chosen.minors_agreed_on)
    cells.put_setting(session, cells.ALSACE_MOSELLE, cells.YES if chosen.alsace_moselle else "")
