"""An aide à l'exercice de la fonction parentale, and its acts."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from casework.situations.models import Dated
from charter.categories import Category


class Aide(Base):
    """A chapter of its situation, under its key and its reference. Where it stands is replayed from
    its sealed acts; in clear, only who is waited for and by when."""

    __tablename__ = "aide_parentale"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent acts")
    attend: Mapped[str] = plain(String(12), "who is waited for, by a closed word", index=True)
    echeance: Mapped[date | None] = plain(Date, "day by which the awaited act is due")
    created_at: Mapped[datetime] = plain(Moment, "when opened")


class AideEvent(Dated, Base):
    """One act, by one person under one mandate. Never changed: a correction is another act."""

    __tablename__ = "aide_event"
    __table_args__ = (UniqueConstraint("aide", "rank"),)

    aide: Mapped[int] = mapped_column(ForeignKey("aide_parentale.id"), index=True)
    rank: Mapped[int] = plain(Integer, "order of the acts")
    etape: Mapped[bytes] = sealed(Category.PROCEDURE)
    le: Mapped[bytes] = sealed(Category.PROCEDURE)
    contenu: Mapped[bytes] = sealed(Category.FAMILLE)
