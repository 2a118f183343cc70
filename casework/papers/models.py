"""A commune's own model of a paper: every version it ever used."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, plain


class PaperModel(Base):
    """One version. It is in the database so that every worker and every backup has it."""

    __tablename__ = "paper_model"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    name: Mapped[str] = plain(String(40), "closed word: a model of the list")
    version: Mapped[int] = plain(Integer, "rank of the version, from 1")
    at: Mapped[datetime] = plain(Moment, "when it was put in force")
    by: Mapped[str] = plain(String(12), "opaque reference of a member")
    digest: Mapped[str] = plain(String(64), "SHA-256 of the content; empty for the original")
    content: Mapped[bytes | None] = plain(
        LargeBinary, "a form of words with placeholders: it names nobody; null is the original"
    )
