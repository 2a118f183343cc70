"""An alert of the watch: a pattern, a person by reference, a day, a count."""

from datetime import date, datetime

from sqlalchemy import Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Alert(Base):
    """Once raised it stays, and is answered by a note that only the DPO reads."""

    __tablename__ = "watch_alert"
    __table_args__ = (UniqueConstraint("pattern", "actor", "cell", "day"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    pattern: Mapped[str] = plain(String(16), "closed word")
    actor: Mapped[str] = plain(String(32), "opaque reference of a member")
    cell: Mapped[str] = plain(String(32), "code of the cell")
    day: Mapped[date] = plain(Date, "last day it was seen", index=True)
    count: Mapped[int] = plain(Integer, "what was counted that day")
    raised_at: Mapped[datetime] = plain(Moment, "when it was raised")
    handled_at: Mapped[datetime | None] = plain(Moment, "when the DPO answered it")
    handled_by: Mapped[str] = plain(String(12), "opaque reference")
    answer: Mapped[str] = plain(String(16), "closed word")
    note: Mapped[bytes | None] = sealed(Category.CONTROLE)
