"""What a CMER keeps beside an examination: dates and closed answers, and not one free word."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from casework.db import Base, plain, sealed
from casework.situations.models import Dated
from charter.categories import Category


class CmerEvent(Dated, Base):
    """A concertation, a transmission upwards, or the retour to the signaleur. ``nature`` is in
    clear: whether a situation may be examined is decided without a key."""

    __tablename__ = "cmer_event"

    nature: Mapped[str] = plain(String(16), "what was done: a term")
    le: Mapped[bytes] = sealed(Category.PROCEDURE)
    avis: Mapped[bytes] = sealed(Category.ORIENTATION)
    services: Mapped[bytes] = sealed(Category.ORIENTATION)
    destinataire: Mapped[bytes] = sealed(Category.ORIENTATION)
