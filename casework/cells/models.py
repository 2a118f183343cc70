"""Cells and the commune's own lists. Nothing here is about a person followed."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from casework.db import Base, plain


class Cell(Base):
    """A nominative cell of the CLSPD: configuration, not code."""

    __tablename__ = "cell"

    code: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    name: Mapped[str] = plain(String(120), "name of the cell")
    cadence: Mapped[str] = plain(String(120), "how often it meets")
    threshold: Mapped[int] = plain(Integer, "smallest number a report prints")


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
