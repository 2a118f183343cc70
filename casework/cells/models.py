"""Cells and the commune's own lists. Nothing here is about a person followed."""

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, plain


class Cell(Base):
    """A nominative cell of the CLSPD: configuration, not code. Its settings bear the names they
    have in ``options.Options``, which says what they mean."""

    __tablename__ = "cell"

    code: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    name: Mapped[str] = plain(String(120), "name of the cell")
    kind: Mapped[str] = plain(String(8), "kind of cell")
    version: Mapped[int] = plain(Integer, "edition of the settings", default=1)
    profile: Mapped[str] = plain(String(32), "ready profile still followed, or none", default="")
    cadence: Mapped[str] = plain(String(200), "how often it meets")
    every: Mapped[int] = plain(Integer, "how often it meets")
    unit: Mapped[str] = plain(String(8), "how often it meets")
    urgent: Mapped[bool] = plain(Boolean, "setting of the cell")
    information: Mapped[str] = plain(String(16), "setting of the cell")
    information_blocks: Mapped[bool] = plain(Boolean, "setting of the cell")
    rappel: Mapped[bool] = plain(Boolean, "setting of the cell")
    rappel_light: Mapped[bool] = plain(Boolean, "setting of the cell")
    pupil_heard: Mapped[bool] = plain(Boolean, "setting of the cell")
    transaction: Mapped[bool] = plain(Boolean, "setting of the cell")
    transaction_hours: Mapped[int] = plain(Integer, "setting of the cell")
    parenting: Mapped[bool] = plain(Boolean, "setting of the cell")
    reminder_days: Mapped[int] = plain(Integer, "setting of the cell")
    threshold: Mapped[int] = plain(Integer, "smallest number a report prints")
    retention_months: Mapped[int] = plain(Integer, "setting of the cell")
    archive_months: Mapped[int] = plain(Integer, "setting of the cell", default=0)
    review_months: Mapped[int] = plain(Integer, "setting of the cell", default=12)


class CellSeat(Base):
    """A seat expected at the table of a cell: a function, not the person who holds it."""

    __tablename__ = "cell_seat"

    cell: Mapped[str] = mapped_column(ForeignKey("cell.code"), primary_key=True)
    rank: Mapped[int] = plain(Integer, "order of the composition", primary_key=True)
    role: Mapped[str] = plain(String(40), "role of the charter")
    label: Mapped[str] = plain(String(120), "what the strategy calls the seat")
    invited: Mapped[bool] = plain(Boolean, "permanent, or invited as need be")


class CellTerm(Base):
    """A term a cell offers of a closed list, in its order. None: the whole list is offered."""

    __tablename__ = "cell_term"

    cell: Mapped[str] = mapped_column(ForeignKey("cell.code"), primary_key=True)
    list: Mapped[str] = plain(String(32), "name of the closed list", primary_key=True)
    code: Mapped[int] = plain(Integer, "stable code", primary_key=True)
    rank: Mapped[int] = plain(Integer, "order in which it is offered")


class LocalTerm(Base):
    """A term of a closed list that is the commune's own: its quartiers, its schools."""

    __tablename__ = "local_term"

    list: Mapped[str] = plain(String(32), "name of the closed list", primary_key=True)
    code: Mapped[int] = plain(Integer, "stable code", primary_key=True)
    label: Mapped[str] = plain(String(120), "term of a closed list")


class Setting(Base):
    """A setting of the instance, such as the commune's name."""

    __tablename__ = "setting"

    key: Mapped[str] = plain(String(64), "name of the setting", primary_key=True)
    value: Mapped[str] = plain(String(4000), "configuration, nothing about a person")


class ReferenceCounter(Base):
    """The last number given for a prefix and a year: CCTP-2026-012."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = plain(String(32), "code of the cell or procedure", primary_key=True)
    year: Mapped[int] = plain(Integer, "calendar year", primary_key=True)
    last: Mapped[int] = plain(Integer, "last number given")
