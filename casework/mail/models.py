"""Where members receive mail, what waits to leave, and who answered a convocation."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class MailAddress(Base):
    """A member's address, sealed three times over, for three readers and no other."""

    __tablename__ = "mail_address"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    member: Mapped[str] = plain(String(12), "opaque reference", unique=True)
    wanted: Mapped[bool] = plain(Boolean, "whether this member receives mail")
    # For holders of the directory, like the member's name: who convenes unseals it, signed in.
    adresse: Mapped[bytes] = sealed(Category.ANNUAIRE)
    # For the member, under their own key, to read it again in « Mon compte ».
    adresse_propre: Mapped[bytes] = sealed(Category.ANNUAIRE)
    # For the server, under the delivery key, when the member asked for the mails that leave with
    # nobody signed in (a fiche that waits, a checkpoint). Otherwise nothing.
    adresse_serveur: Mapped[bytes | None] = sealed(Category.ANNUAIRE)


class OutgoingMail(Base):
    """A mail that waits, and what is kept of it afterwards: its address is then destroyed."""

    __tablename__ = "mail_outbox"
    __table_args__ = (Index("ix_mail_outbox_state_next_try_at", "state", "next_try_at"),)

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    kind: Mapped[str] = plain(String(24), "name of a closed template")
    words: Mapped[str] = plain(String(400), "dates, counts, reference of a séance, code of a cell")
    about: Mapped[str] = plain(String(48), "opaque reference of a séance, or nothing", index=True)
    member: Mapped[str] = plain(String(12), "opaque reference; empty for a service's mailbox")
    sequence: Mapped[int] = plain(Integer, "count of the versions of a calendar entry")
    once: Mapped[str | None] = plain(
        String(80), "closed words of what must be sent once", unique=True
    )
    recipient: Mapped[bytes | None] = sealed(Category.ANNUAIRE)
    state: Mapped[str] = plain(String(12), "waits, sent, given up or void")
    attempts: Mapped[int] = plain(Integer, "count of attempts")
    error: Mapped[str] = plain(String(40), "closed word for the last failure")
    queued_at: Mapped[datetime] = plain(Moment, "when the act that causes it was recorded")
    not_before: Mapped[datetime] = plain(Moment, "when it is to leave")
    next_try_at: Mapped[datetime] = plain(Moment, "when it is tried next")
    gives_up_at: Mapped[datetime] = plain(Moment, "when it is no longer tried")
    sent_at: Mapped[datetime | None] = plain(Moment, "when the mail server took it")


class SeanceAnswer(Base):
    """Whether a convened member will come. About a member, never about a person followed."""

    __tablename__ = "seance_answer"

    seance: Mapped[int] = mapped_column(ForeignKey("seance.id"), primary_key=True)
    member: Mapped[str] = plain(String(12), "opaque reference", primary_key=True)
    answer: Mapped[str] = plain(String(12), "present or excused")
    held_at: Mapped[datetime] = plain(Moment, "the date of the séance that was answered")
    answered_at: Mapped[datetime] = plain(Moment, "when the member answered")
