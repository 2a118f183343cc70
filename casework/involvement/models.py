"""Which services are already there, and what was tried before the saisine."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Involvement(Base):
    """One for a situation. There is no field for what a service does, nor why."""

    __tablename__ = "involvement"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), unique=True)
    updated_at: Mapped[datetime] = plain(Moment, "when last edited")
    updated_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    services: Mapped[bytes] = sealed(Category.ORIENTATION)
    demarches: Mapped[bytes] = sealed(Category.ORIENTATION)
