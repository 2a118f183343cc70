"""A séance of a cell, its agenda, and who is convened to it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Seance(Base):
    """A meeting of a cell."""

    __tablename__ = "seance"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    held_at: Mapped[datetime] = plain(Moment, "when the cell meets")
    lieu: Mapped[bytes] = sealed(Category.PROCEDURE)


class AgendaItem(Base):
    """A situation on the agenda of a séance."""

    __tablename__ = "agenda_item"

    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"), primary_key=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), primary_key=True, index=True)
    rank: Mapped[int] = plain(Integer, "order of the agenda")


class Convocation(Base):
    """A member convened to a séance: what opens its agenda to them (charter)."""

    __tablename__ = "convocation"

    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"), primary_key=True)
    member: Mapped[str] = plain(String(12), "opaque reference", primary_key=True)
