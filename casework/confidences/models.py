"""What a social worker or coordinator revealed to the maire (art. L.121-6-2 CASF)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Confidence(Base):
    """For the maire alone: its record key is wrapped for the maire's compartment, and no other."""

    __tablename__ = "confidence"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    # In clear, so that erasing a situation erases what hangs on it without the maire's key.
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    created_at: Mapped[datetime] = plain(Moment, "when recorded")
    created_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    revele_le: Mapped[bytes] = sealed(Category.CONFIDENCE_MAIRE)
    service: Mapped[bytes] = sealed(Category.CONFIDENCE_MAIRE)
    texte: Mapped[bytes] = sealed(Category.CONFIDENCE_MAIRE)
