"""A file sealed under the key of the record it belongs to."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped

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
