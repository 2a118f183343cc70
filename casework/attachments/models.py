"""Files: one sealed under its fiche's key, or an attachment under a key of its own."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Scan(Base):
    """The parquet's answer on paper, scanned: one for a fiche-navette."""

    __tablename__ = "scan"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    record: Mapped[int] = plain(BigInteger, "record whose key seals it", unique=True)
    media: Mapped[str] = plain(String(40), "type of file, among three")
    added_at: Mapped[datetime] = plain(Moment, "when it was received")
    added_by: Mapped[str] = plain(String(12), "opaque reference of a member")
    content: Mapped[bytes] = sealed(Category.REPONSE_PARQUET)


class Attachment(Base):
    """A file of a situation, under a key of its own: removing it destroys the key first."""

    __tablename__ = "attachment"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    media: Mapped[str] = plain(String(40), "type of file, among three")
    added_at: Mapped[datetime] = plain(Moment, "when it was added")
    added_by: Mapped[str] = plain(String(12), "opaque reference of a member")
    titre: Mapped[bytes] = sealed(Category.PIECE)
    content: Mapped[bytes] = sealed(Category.PIECE)
