"""The record of processing (art. 30 RGPD) as it was settled, version after version."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped

from casework.db import Base, Moment, plain


class ProcessingVersion(Base):
    """One version. It is generated from the configuration, which names nobody."""

    __tablename__ = "processing_version"

    number: Mapped[int] = plain(Integer, "rank", primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = plain(Moment, "when settled")
    published_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    digest: Mapped[str] = plain(String(64), "SHA-256 of the record")
    body: Mapped[str] = plain(Text, "configuration, nothing about a person")
