"""Requests of persons who exercise their rights (art. 15 to 22 RGPD), and what comes of them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class PersonRequest(Base):
    """Its own record key, wrapped for the DPO and for each cell it is sent to: whoever asks is no
    part of any situation, and no other cell reads who they are."""

    __tablename__ = "person_request"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    kind: Mapped[str] = plain(String(16), "which of five rights: the delay runs without a key")
    received_on: Mapped[date] = plain(Date, "the legal delay is counted without a key")
    recorded_at: Mapped[datetime] = plain(Moment, "when recorded")
    recorded_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent acts")
    prolonged_on: Mapped[date | None] = plain(Date, "the legal delay is counted without a key")
    decided_on: Mapped[date | None] = plain(Date, "day of the answer")
    outcome: Mapped[str | None] = plain(String(16), "term of a closed list: granted or refused")
    qualite: Mapped[bytes] = sealed(Category.DEMANDE)
    nom: Mapped[bytes] = sealed(Category.DEMANDE)
    coordonnees: Mapped[bytes] = sealed(Category.DEMANDE)
    verification: Mapped[bytes] = sealed(Category.DEMANDE)
    paroles: Mapped[bytes] = sealed(Category.DEMANDE)
    motif_prolongation: Mapped[bytes] = sealed(Category.DEMANDE)
    motifs: Mapped[bytes] = sealed(Category.DEMANDE)


class Transmission(Base):
    """A request handed to one cell, and what that cell did of it. A record key of its own: two
    cells asked by the same person learn nothing of each other."""

    __tablename__ = "person_request_cell"
    __table_args__ = (UniqueConstraint("request", "cell"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    request: Mapped[int] = mapped_column(ForeignKey("person_request.id"))
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    situation: Mapped[int | None] = mapped_column(ForeignKey("situation.id"), index=True)
    sent_at: Mapped[datetime] = plain(Moment, "when handed to the cell")
    executed_at: Mapped[datetime | None] = plain(Moment, "when the cell reported")
    executed_by: Mapped[str | None] = plain(String(12), "opaque reference of the author")
    result: Mapped[str | None] = plain(String(16), "term of a closed list: done, refused, nothing")
    compte_rendu: Mapped[bytes] = sealed(Category.DEMANDE)


class Freeze(Base):
    """A situation whose processing is limited (art. 18 RGPD), since when and until when. In clear:
    whatever edits, lists or destroys a situation must know it without any key."""

    __tablename__ = "limitation"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    transmission: Mapped[int] = mapped_column(ForeignKey("person_request_cell.id"), index=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    placed_at: Mapped[datetime] = plain(Moment, "needed to refuse without a key")
    placed_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    informed_on: Mapped[date | None] = plain(Date, "the person is told before it is lifted")
    lifted_at: Mapped[datetime | None] = plain(Moment, "needed to decide without a key")
    lifted_by: Mapped[str | None] = plain(String(12), "opaque reference of the author")
    motif: Mapped[bytes] = sealed(Category.DEMANDE)
