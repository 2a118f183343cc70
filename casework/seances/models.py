"""A séance of a cell: its agenda, who is convened, what happens there, what it proposes.

What is said of a situation is sealed under that situation's own key: erasing it erases that too.
What belongs to the meeting (place, presence, motives) is sealed under the séance's key.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Seance(Base):
    """A meeting of a cell."""

    __tablename__ = "seance"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    held_at: Mapped[datetime] = plain(Moment, "when the cell meets")
    kind: Mapped[str] = plain(String(12), "ordinary or urgent", default="ordinaire")
    etat: Mapped[str] = plain(String(12), "where the meeting stands", default="preparee")
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent edits", default=1)
    opened_at: Mapped[datetime | None] = plain(Moment, "when the meeting began")
    closed_at: Mapped[datetime | None] = plain(Moment, "when the meeting ended")
    lieu: Mapped[bytes] = sealed(Category.PROCEDURE)


class AgendaItem(Base):
    """A situation on the agenda of a séance."""

    __tablename__ = "agenda_item"

    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"), primary_key=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), primary_key=True, index=True)
    rank: Mapped[int] = plain(Integer, "order of the agenda")


class Convocation(Base):
    """A member convened to a séance: what opens its agenda to them (charter)."""

    __tablename__ = "convocation"

    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"), primary_key=True)
    member: Mapped[str] = plain(String(12), "opaque reference", primary_key=True)


class SeanceEvent(Base):
    """What happens to a meeting: opened, presence noted, postponed… Only ever added to."""

    __tablename__ = "seance_event"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"), index=True)
    kind: Mapped[str] = plain(String(12), "what happened to the meeting")
    at: Mapped[datetime] = plain(Moment, "when recorded")
    by: Mapped[str] = plain(String(12), "opaque reference of the author")
    contenu: Mapped[bytes] = sealed(Category.PROCEDURE)


class UrgentRequest(Base):
    """A member asks for an urgent séance; the coordination prepares one, or says why not."""

    __tablename__ = "seance_request"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    asked_at: Mapped[datetime] = plain(Moment, "when asked")
    asked_by: Mapped[str] = plain(String(12), "opaque reference of the member who asks")
    answered_at: Mapped[datetime | None] = plain(Moment, "when answered")
    answered_by: Mapped[str | None] = plain(String(12), "opaque reference of who answered")
    seance: Mapped[int | None] = mapped_column(ForeignKey("seance.id"))
    motif: Mapped[bytes] = sealed(Category.FAITS)
    refus: Mapped[bytes] = sealed(Category.FAITS)


class Examination(Base):
    """What the table said of a situation, at one save. The latest rank is what holds; those
    before it are never rewritten."""

    __tablename__ = "examination"
    __table_args__ = (UniqueConstraint("seance", "situation", "rank"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"))
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    rank: Mapped[int] = plain(Integer, "rank of the save, to notice concurrent ones")
    envoi: Mapped[str] = plain(String(32), "random mark of a save: sent twice, kept once")
    at: Mapped[datetime] = plain(Moment, "when recorded")
    by: Mapped[str] = plain(String(12), "opaque reference of the author")
    services: Mapped[bytes] = sealed(Category.ORIENTATION)
    chainage: Mapped[bytes] = sealed(Category.ORIENTATION)
    orientations: Mapped[bytes] = sealed(Category.ORIENTATION)
    notes: Mapped[bytes] = sealed(Category.ORIENTATION)
    revoir: Mapped[bytes] = sealed(Category.PROCEDURE)
    statut: Mapped[bytes] = sealed(Category.PROCEDURE)
    correction: Mapped[bytes] = sealed(Category.ORIENTATION)


class Orientation(Base):
    """One proposal of a séance, as the latest examination says it: what follow-up lists by
    member, institution (sealed) or cell. A proposal, never an order (001:817)."""

    __tablename__ = "orientation"
    __table_args__ = (UniqueConstraint("seance", "situation", "rank"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"))
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    rank: Mapped[int] = plain(Integer, "order in the examination")
    member: Mapped[str | None] = plain(
        String(12), "opaque reference of the member it is proposed to", index=True
    )
    etat: Mapped[str] = plain(String(12), "proposed or withdrawn, then its follow-up")
    suite: Mapped[bytes] = sealed(Category.ORIENTATION)
    precision: Mapped[bytes] = sealed(Category.ORIENTATION)
    institution: Mapped[bytes] = sealed(Category.ORIENTATION)
    due_on: Mapped[date | None] = plain(Date, "day it is hoped for by, to tell what is late")


class Contribution(Base):
    """What a convened member says, in conscience, of a situation; the latest rank holds."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("seance", "situation", "member", "rank"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"))
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    member: Mapped[str] = plain(String(12), "opaque reference of the author")
    rank: Mapped[int] = plain(Integer, "rank of the save")
    at: Mapped[datetime] = plain(Moment, "when recorded")
    reponse: Mapped[bytes] = sealed(Category.ORIENTATION)
    dispositif: Mapped[bytes] = sealed(Category.ORIENTATION)
    texte: Mapped[bytes] = sealed(Category.ORIENTATION)
