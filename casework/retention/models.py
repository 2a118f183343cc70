"""What was eliminated, under which agreement, and who was lent an archived situation."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Disposal(Base):
    """What one day's erasures are told in: a bordereau d'élimination."""

    __tablename__ = "disposal"

    reference: Mapped[str] = plain(String(24), "number of the bordereau", primary_key=True)
    made_on: Mapped[date] = plain(Date, "day of the erasures")
    agreement: Mapped[str] = plain(String(200), "reference of the archives' agreement")


class Erasure(Base):
    """One record that is no more. It was about someone, and says nothing of them."""

    __tablename__ = "erasure"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    kind: Mapped[str] = plain(String(16), "kind of record")
    reference: Mapped[str] = plain(String(48), "opaque reference")
    cell: Mapped[str] = plain(String(32), "code of the cell, or nothing")
    since: Mapped[date] = plain(Date, "day it was recorded")
    why: Mapped[str] = plain(String(16), "the rule: a term")
    erased_on: Mapped[date] = plain(Date, "day of the erasure")
    seq: Mapped[int] = plain(BigInteger, "rank of the journal's entry that says so")
    disposal: Mapped[str | None] = mapped_column(ForeignKey("disposal.reference"), index=True)
    scrubbed: Mapped[bool] = plain(Boolean, "are its pages overwritten?")


class ArchiveOpening(Base):
    """Someone asks to read an archived situation; someone else answers, for a few days."""

    __tablename__ = "archive_opening"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    member: Mapped[str] = plain(String(12), "opaque reference of who asks")
    asked_at: Mapped[datetime] = plain(Moment, "when it was asked")
    days: Mapped[int] = plain(Integer, "for how many days")
    decided_at: Mapped[datetime | None] = plain(Moment, "when it was answered")
    decided_by: Mapped[str | None] = plain(String(12), "opaque reference of who answers")
    until: Mapped[datetime | None] = plain(Moment, "end of the opening; nothing when refused")
    motif: Mapped[bytes] = sealed(Category.PROCEDURE)
