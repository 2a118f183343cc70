"""A rappel à l'ordre: the fiche-navette both sides share, the events, the consultations."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Rappel(Base):
    """Its own record key, wrapped for the cell and, at temps 1, for the parquet: the parquet reads
    the fiche and nothing of the situation. The state of the procedure is sealed too."""

    __tablename__ = "rappel"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent acts")
    attend: Mapped[str] = plain(String(12), "who acts next: parquet, commune or nobody", index=True)
    t1_at: Mapped[datetime] = plain(Moment, "temps 1: the procureur is informed")
    t2_at: Mapped[datetime | None] = plain(Moment, "temps 2: the procureur answered")
    t3_at: Mapped[datetime | None] = plain(Moment, "temps 3: the commune reported back")
    etat: Mapped[bytes] = sealed(Category.PROCEDURE)
    nom: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    prenoms: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    lieu_naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    faits_date: Mapped[bytes] = sealed(Category.FAITS)
    faits_lieu: Mapped[bytes] = sealed(Category.FAITS)
    recit: Mapped[bytes] = sealed(Category.FAITS)
    implication: Mapped[bytes] = sealed(Category.FAITS)
    informe_par: Mapped[bytes] = sealed(Category.PROCEDURE)
    repondu_par: Mapped[bytes] = sealed(Category.REPONSE_PARQUET)
    observation: Mapped[bytes] = sealed(Category.REPONSE_PARQUET)
    issue: Mapped[bytes] = sealed(Category.PROCEDURE)
    tenu_le: Mapped[bytes] = sealed(Category.PROCEDURE)
    forme: Mapped[bytes] = sealed(Category.PROCEDURE)
    tenu_par: Mapped[bytes] = sealed(Category.PROCEDURE)
    delegation: Mapped[bytes] = sealed(Category.PROCEDURE)
    presents: Mapped[bytes] = sealed(Category.PROCEDURE)
    impossibilite: Mapped[bytes] = sealed(Category.PROCEDURE)
    rendu_par: Mapped[bytes] = sealed(Category.PROCEDURE)


class RappelEvent(Base):
    """One step, as it was done; a correction is another event.

    A step written on the fiche is sealed under the fiche's key; what the mairie does on its own
    is sealed under the situation's key, which the parquet does not hold.
    """

    __tablename__ = "rappel_event"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    rappel: Mapped[int] = mapped_column(ForeignKey("rappel.id"), index=True)
    at: Mapped[datetime] = plain(Moment, "when it was recorded")
    by: Mapped[str] = plain(String(12), "opaque reference of the author")
    mandate: Mapped[int] = plain(Integer, "row of the mandate it was done under")
    side: Mapped[str] = plain(String(8), "whose key seals it: fiche or commune")
    step: Mapped[bytes] = sealed(Category.PROCEDURE)
    etat: Mapped[bytes] = sealed(Category.PROCEDURE)
    auteur: Mapped[bytes] = sealed(Category.PROCEDURE)
    details: Mapped[bytes] = sealed(Category.PROCEDURE)
    personnes: Mapped[bytes] = sealed(Category.FAMILLE)


class Consultation(Base):
    """A cell asked whether a situation is already followed (001:989-1009). Its own record, wrapped
    for both cells: the identity needed to answer, and nothing of the facts."""

    __tablename__ = "consultation"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    rappel: Mapped[int] = mapped_column(ForeignKey("rappel.id"), index=True)
    cell: Mapped[str] = plain(String(32), "code of the cell consulted", index=True)
    asked_at: Mapped[datetime] = plain(Moment, "when it was asked")
    until: Mapped[date] = plain(Date(), "the day answers are hoped for")
    closed_at: Mapped[datetime | None] = plain(Moment, "when it was concluded")
    nom: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    prenoms: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)


class ConsultationAnswer(Base):
    """What one member says: a yes, a no, or nothing. A new answer is a new row."""

    __tablename__ = "consultation_answer"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    consultation: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    member: Mapped[str] = plain(String(12), "opaque reference of who answers")
    at: Mapped[datetime] = plain(Moment, "when")
    avis: Mapped[bytes] = sealed(Category.PROCEDURE)
    service: Mapped[bytes] = sealed(Category.PROCEDURE)


class ParquetAbsence(Base):
    """A magistrate is away; the commune only learns whether the permanence is held."""

    __tablename__ = "parquet_absence"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    member: Mapped[str] = plain(String(12), "opaque reference of a magistrate", index=True)
    since: Mapped[date] = plain(Date(), "first day away")
    until: Mapped[date] = plain(Date(), "last day away")
    cancelled_at: Mapped[datetime | None] = plain(Moment, "when it was taken back")
