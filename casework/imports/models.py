"""An import under way: the content of a spreadsheet, sealed until it is imported or given up."""

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Import(Base):
    """One for a member in a cell. ``content`` is what the file held, whatever its columns said:
    it opens as the civil status it is full of, to its author alone, and is erased at the end."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("cell", "author"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    cell: Mapped[str] = plain(String(32), "code of the cell")
    author: Mapped[str] = plain(String(12), "opaque reference of a member")
    step: Mapped[str] = plain(String(16), "step of the import, among five")
    started_at: Mapped[datetime] = plain(Moment, "when the file was received")
    touched_at: Mapped[datetime] = plain(Moment, "since when nobody went on: it is then erased")
    lines: Mapped[int] = plain(Integer, "count of lines in the file")
    total: Mapped[int] = plain(Integer, "count of lines to import")
    done: Mapped[int] = plain(Integer, "count of lines imported")
    joined: Mapped[int] = plain(Integer, "count of those that joined a situation")
    content: Mapped[bytes | None] = sealed(Category.ETAT_CIVIL)
    choices: Mapped[bytes | None] = sealed(Category.ETAT_CIVIL)
