"""Impact assessments (art. 35 RGPD): one line each time one is recorded for a cell."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Aipd(Base):
    """The newest line of a cell counts. Its dates are in clear: whether a cell may open is decided
    without a key. The act's own reference is typed freely, and so sealed to the DPO."""

    __tablename__ = "aipd"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    dated: Mapped[date] = plain(Date, "date of an official document")
    opinion: Mapped[str] = plain(String(16), "the DPO's opinion, term of a closed list")
    opinion_on: Mapped[date] = plain(Date, "date of an official document")
    recorded_at: Mapped[datetime] = plain(Moment, "when recorded")
    recorded_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    reference: Mapped[bytes] = sealed(Category.VIOLATION)
