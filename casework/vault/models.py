"""Tables of the vault: compartments and their versions, grants to members, wraps of records."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, key_material, plain


class Compartment(Base):
    """A circle of readers: a cell, the parquet, the DPO, the directory of members."""

    __tablename__ = "compartment"

    code: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    version: Mapped[int] = plain(Integer, "current version of the key")
    bound: Mapped[bytes | None] = key_material("proof that this instance chose the version")


class CompartmentVersion(Base):
    """One version of a compartment's key: its public half, and its secret for recovery."""

    __tablename__ = "compartment_version"

    compartment: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    version: Mapped[int] = plain(Integer, "version of the key", primary_key=True)
    created_at: Mapped[datetime] = plain(Moment, "when the key was made")
    bucket_bits: Mapped[int] = plain(Integer, "truncation of the search index")
    deposit_public: Mapped[bytes] = key_material("public half of the deposit key")
    recovery: Mapped[bytes] = key_material("the secret, sealed to the recovery key")
    bound: Mapped[bytes | None] = key_material("proof that this instance made the version")


class Grant(Base):
    """The secret of a compartment version, sealed to one member's public key."""

    __tablename__ = "grant_key"  # GRANT is a reserved word
    __table_args__ = (
        ForeignKeyConstraint(
            ["compartment", "version"],
            ["compartment_version.compartment", "compartment_version.version"],
        ),
    )

    member: Mapped[str] = plain(String(12), "opaque reference", primary_key=True)
    compartment: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    version: Mapped[int] = plain(Integer, "version of the key", primary_key=True)
    since: Mapped[datetime] = plain(Moment, "since when the member holds a key to it")
    sealed: Mapped[bytes] = key_material("compartment secret sealed to the member")
    bound: Mapped[bytes | None] = key_material("proof that a holder granted it here")


class KeyRenewal(Base):
    """A compartment's move to a new key: under way until ``finished_at``, then its history."""

    __tablename__ = "key_renewal"

    compartment: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    from_version: Mapped[int] = plain(Integer, "version of the key", primary_key=True)
    to_version: Mapped[int] = plain(Integer, "version of the key")
    done: Mapped[int] = plain(Integer, "count of records moved")
    total: Mapped[int] = plain(Integer, "count of records to move")
    reached: Mapped[int] = plain(Identifier, "opaque identifier of the last record moved")
    started_at: Mapped[datetime] = plain(Moment, "when the new key was made")
    finished_at: Mapped[datetime | None] = plain(Moment, "when the old key was destroyed")


class RecordWrap(Base):
    """A record's key, wrapped for one compartment: under its wrapping key, or (``deposited``)
    sealed to its public deposit key by someone who cannot read that compartment."""

    __tablename__ = "record_wrap"
    __table_args__ = (
        ForeignKeyConstraint(
            ["compartment", "version"],
            ["compartment_version.compartment", "compartment_version.version"],
        ),
    )

    record: Mapped[int] = plain(
        Identifier, "opaque identifier", primary_key=True, autoincrement=False
    )
    compartment: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    version: Mapped[int] = plain(Integer, "version of the key")
    deposited: Mapped[int] = plain(Integer, "1 when sealed to the deposit key")
    sealed: Mapped[bytes] = key_material("record key")
