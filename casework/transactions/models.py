"""A transaction, its events, and the contraventions it may be about."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Transaction(Base):
    """Its own record key, wrapped for the cell and, once its homologation is asked for, for the
    parquet. Where it stands is replayed from its sealed events."""

    __tablename__ = "transaction_maire"  # « transaction » is a word of SQL

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent acts")
    attend: Mapped[str] = plain(
        String(12), "what it waits for: commune, reponse, parquet, execution or nothing", index=True
    )
    echeance: Mapped[date | None] = plain(Date, "day by which the awaited act is due")
    created_at: Mapped[datetime] = plain(Moment, "when prepared")
    asked_at: Mapped[datetime | None] = plain(Moment, "when the homologation was asked for")
    nom: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    prenoms: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    lieu_naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    adresse: Mapped[bytes] = sealed(Category.COORDONNEES)
    representants: Mapped[bytes] = sealed(Category.FAMILLE)
    faits: Mapped[bytes] = sealed(Category.FAITS)
    contravention: Mapped[bytes] = sealed(Category.FAITS)
    propose: Mapped[bytes] = sealed(Category.PROCEDURE)


class TransactionEvent(Base):
    """One step, by one person under one mandate. Never changed: a correction is another event."""

    __tablename__ = "transaction_event"
    __table_args__ = (UniqueConstraint("transaction", "rank"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    transaction: Mapped[int] = mapped_column(ForeignKey("transaction_maire.id"), index=True)
    rank: Mapped[int] = plain(Integer, "order of the steps")
    at: Mapped[datetime] = plain(Moment, "when recorded")
    mandat: Mapped[int] = plain(Integer, "the mandate acted under, as the journal names it")
    etape: Mapped[bytes] = sealed(Category.PROCEDURE)
    le: Mapped[bytes] = sealed(Category.PROCEDURE)
    par: Mapped[bytes] = sealed(Category.PROCEDURE)
    contenu: Mapped[bytes] = sealed(Category.PROCEDURE)


class Contravention(Base):
    """One version of a contravention; acts keep the version of their day."""

    __tablename__ = "contravention"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = plain(Identifier, "row number", primary_key=True, autoincrement=False)
    code: Mapped[str] = plain(String(20), "article, as a code")
    label: Mapped[str] = plain(String(300), "words of the text")
    article: Mapped[str] = plain(String(80), "article that punishes")
    classe: Mapped[int] = plain(Integer, "class, 1 to 5")
    amende: Mapped[int] = plain(Integer, "highest fine, in cents")
    pm: Mapped[bool] = plain(Boolean, "the police municipale may record it")
    pm_article: Mapped[str] = plain(String(80), "article that says so")
    bien_communal: Mapped[bool] = plain(Boolean, "it may harm a property of the commune")
    source: Mapped[str] = plain(String(300), "where the line was read")
    verifiee: Mapped[bool] = plain(Boolean, "the line was compared with the official text")
    valid_from: Mapped[date] = plain(Date, "first day of this version")
    valid_to: Mapped[date | None] = plain(Date, "last day of this version")
