"""The register of data breaches (art. 33 §5 RGPD): what happened, then what was done, in order."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Breach(Base):
    """Sealed to the DPO alone. The moments stay in clear: the 72 hours run without a key."""

    __tablename__ = "breach"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    known_at: Mapped[datetime] = plain(Moment, "the 72 hours are counted without a key")
    declared_at: Mapped[datetime] = plain(Moment, "when recorded")
    declared_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent acts")
    nature: Mapped[str] = plain(String(32), "terms of a closed list: lost, altered, disclosed")
    faits: Mapped[bytes] = sealed(Category.VIOLATION)
    categories: Mapped[bytes] = sealed(Category.VIOLATION)
    personnes: Mapped[bytes] = sealed(Category.VIOLATION)
    enregistrements: Mapped[bytes] = sealed(Category.VIOLATION)
    consequences: Mapped[bytes] = sealed(Category.VIOLATION)
    mesures: Mapped[bytes] = sealed(Category.VIOLATION)


class BreachStep(Base):
    """Something done or learnt later. Never rewritten: a correction is another step."""

    __tablename__ = "breach_step"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    breach: Mapped[int] = mapped_column(ForeignKey("breach.id"), index=True)
    kind: Mapped[str] = plain(String(16), "term of a closed list: notified, informed, closed")
    at: Mapped[datetime] = plain(Moment, "when it was done: the delay is met or not")
    recorded_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    texte: Mapped[bytes] = sealed(Category.VIOLATION)
