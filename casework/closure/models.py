"""The end of a follow-up, and its reopening: each one an event."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from casework.db import Base, plain, sealed
from casework.situations.models import Dated
from charter.categories import Category


class Closure(Dated, Base):
    __tablename__ = "closure"

    nature: Mapped[str] = plain(String(16), "closed or reopened: a term")
    le: Mapped[bytes] = sealed(Category.PROCEDURE)
    resultat: Mapped[bytes] = sealed(Category.STATISTIQUE)
    motif: Mapped[bytes] = sealed(Category.ORIENTATION)
