"""That the persons were informed before the examination, or why they were not."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from casework.db import Base, plain, sealed
from casework.situations.models import Dated
from charter.categories import Category


class Information(Dated, Base):
    """``nature`` is in clear: whether an examination is blocked is asked of a whole agenda."""

    __tablename__ = "information"

    nature: Mapped[str] = plain(String(16), "informed, or exception: a term")
    faite_le: Mapped[bytes] = sealed(Category.PROCEDURE)
    mode: Mapped[bytes] = sealed(Category.PROCEDURE)
    destinataire: Mapped[bytes] = sealed(Category.FAMILLE)
    nom: Mapped[bytes] = sealed(Category.FAMILLE)
    adresse: Mapped[bytes] = sealed(Category.COORDONNEES)
    motif: Mapped[bytes] = sealed(Category.FAMILLE)
