"""Tables of the charter. People appear by opaque reference only, and nothing here is sealed.

Each column says in ``info["public"]`` why it may stand in clear: start-up refuses one that
does not.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from charter.roles import Role


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, in UTC on both sides; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _public(reason: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    return mapped_column(*args, info={"public": reason}, **options)


_MEMBER = "opaque reference of a member; names are kept elsewhere"
_CELL = "code of a cell, known to all"


class CharterText(Base):
    __tablename__ = "charter_text"
    __table_args__ = (UniqueConstraint("cell", "version"),)

    id: Mapped[int] = _public("row number", primary_key=True)
    cell: Mapped[str] = _public(_CELL, String(20))
    version: Mapped[int] = _public("rank of the text in its cell")
    body: Mapped[str] = _public("the charter is meant to be read", Text)
    digest: Mapped[str] = _public("SHA-256 of a text meant to be read", String(64))
    published_at: Mapped[datetime] = _public("date of a public text", UtcDateTime)


class Signature(Base):
    __tablename__ = "charter_signature"
    __table_args__ = (
        UniqueConstraint("member", "cell", "version"),
        ForeignKeyConstraint(["cell", "version"], ["charter_text.cell", "charter_text.version"]),
    )

    id: Mapped[int] = _public("row number", primary_key=True)
    member: Mapped[str] = _public(_MEMBER, String(12))
    cell: Mapped[str] = _public(_CELL, String(20))
    version: Mapped[int] = _public("rank of the text signed")
    digest: Mapped[str] = _public("SHA-256 of the text signed", String(64))
    signed_at: Mapped[datetime] = _public("a signature is opposable by its date", UtcDateTime)


class MandateRow(Base):
    """``starts`` and ``ends`` are days included; ``excluded_at`` ends all access at once."""

    __tablename__ = "charter_mandate"

    id: Mapped[int] = _public("row number", primary_key=True)
    member: Mapped[str] = _public(_MEMBER, String(12), index=True)
    role: Mapped[Role] = _public(
        "function held in an institution",
        Enum(
            Role,
            native_enum=False,
            length=40,
            values_callable=lambda roles: [role.value for role in roles],
        ),
    )
    cell: Mapped[str | None] = _public(_CELL, String(20))
    starts: Mapped[date] = _public("first day of an official function")
    ends: Mapped[date | None] = _public("last day of an official function")
    excluded_at: Mapped[datetime | None] = _public("needed to refuse without a key", UtcDateTime)
