"""The reports a cell has published, remembered so that the next ones give nothing away, and the
models it keeps for the next ones."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class PublishedReport(Base):
    """One report as published. Its numbers, the hidden ones too, are sealed for the cell: they are
    what a later report must stay consistent with."""

    __tablename__ = "published_report"
    __table_args__ = (
        UniqueConstraint("cell", "since", "until", name="uq_published_report_cell_since_until"),
    )

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    cell: Mapped[str] = plain(String(32), "code of the cell")
    since: Mapped[date] = plain(Date, "first day of the period")
    until: Mapped[date] = plain(Date, "last day of the period")
    published_at: Mapped[datetime] = plain(Moment, "when its numbers were settled")
    published_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    version: Mapped[int] = plain(Integer, "version of the sealed format")
    numbers: Mapped[bytes] = sealed(Category.STATISTIQUE)
    difficultes: Mapped[bytes] = sealed(Category.STATISTIQUE)
    points_positifs: Mapped[bytes] = sealed(Category.STATISTIQUE)


class ReportModel(Base):
    """A choice made once: the period, the tables printed, the form of the numbers."""

    __tablename__ = "report_model"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    created_at: Mapped[datetime] = plain(Moment, "when kept")
    created_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    periode: Mapped[str] = plain(String(12), "which period, counted from the day it is asked")
    tableaux: Mapped[str] = plain(String(400), "names of the tables printed; none means all")
    arrondi: Mapped[bool] = plain(Boolean, "rounded numbers rather than hidden ones")
    nom: Mapped[bytes] = sealed(Category.STATISTIQUE)
