"""A member: an opaque reference, keys, and words sealed to the directory of members."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, key_material, plain, sealed
from charter.categories import Category


class Member(Base):
    """Someone who can sign in. No readable name: the directory compartment holds it."""

    __tablename__ = "member"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(12), "opaque reference", unique=True)
    login: Mapped[str] = plain(String(64), "keyed digest of the login name", unique=True)
    created_at: Mapped[datetime] = plain(Moment, "when invited")
    closed_at: Mapped[datetime | None] = plain(Moment, "when access ended")
    suspended_at: Mapped[datetime | None] = plain(
        Moment, "since when access waits for someone to confirm it"
    )
    invitation: Mapped[str | None] = plain(
        String(64), "digest of the one-time link, until used", unique=True
    )
    invited_until: Mapped[datetime | None] = plain(Moment, "when the invitation lapses")
    reset_at: Mapped[datetime | None] = plain(Moment, "when a forgotten account was last reopened")
    totp_counter: Mapped[int] = plain(
        BigInteger, "last 30-second step used, against replay", default=0
    )
    public_key: Mapped[bytes | None] = key_material("hybrid public key")
    bound: Mapped[bytes | None] = key_material("proof that the public key is this member's")
    locked_key: Mapped[bytes | None] = key_material("private key under the passphrase")
    totp: Mapped[bytes | None] = key_material("one-time code secret under the private key")
    nom: Mapped[bytes] = sealed(Category.ANNUAIRE)
    prenom: Mapped[bytes] = sealed(Category.ANNUAIRE)
    fonction: Mapped[bytes] = sealed(Category.ANNUAIRE)


class MandateDetail(Base):
    """What a mandate says in words, sealed to the directory: who sends the member, by which act."""

    __tablename__ = "mandate_detail"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    mandate: Mapped[int] = plain(Integer, "row of the charter's mandate", unique=True)
    institution: Mapped[bytes] = sealed(Category.ANNUAIRE)
    acte: Mapped[bytes] = sealed(Category.ANNUAIRE)
