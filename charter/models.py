"""Tables of the charter. People appear by opaque reference only, and nothing here is sealed.

Each column says in ``info["public"]`` why it may stand in clear: start-up refuses one that
does not.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from charter.roles import Role
from charter.wording import CharterType


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


def _among(words: type[Role] | type[CharterType], length: int) -> Enum:
    """A closed list, stored by its stable slug."""
    return Enum(
        words,
        native_enum=False,
        length=length,
        values_callable=lambda found: [word.value for word in found],
    )


class Regulation(Base):
    """The règlement intérieur of the CLSPD, on which the cells' charters hang."""

    __tablename__ = "charter_regulation"

    version: Mapped[int] = _public("rank of a public text", primary_key=True, autoincrement=False)
    adopted_on: Mapped[date] = _public("date of a public deliberation")
    body: Mapped[str] = _public("the règlement intérieur is meant to be read", Text)
    digest: Mapped[str] = _public("SHA-256 of a text meant to be read", String(64))
    published_at: Mapped[datetime] = _public("date of a public text", UtcDateTime)


class CharterText(Base):
    __tablename__ = "charter_text"
    __table_args__ = (UniqueConstraint("cell", "version"),)

    id: Mapped[int] = _public("row number", primary_key=True)
    cell: Mapped[str] = _public(_CELL, String(20))
    version: Mapped[int] = _public("rank of the text in its cell")
    body: Mapped[str] = _public("the charter is meant to be read", Text)
    digest: Mapped[str] = _public("SHA-256 of a text meant to be read", String(64))
    published_at: Mapped[datetime] = _public("date of a public text", UtcDateTime)
    kind: Mapped[CharterType] = _public("national model of a public text", _among(CharterType, 4))
    regulation: Mapped[int | None] = _public("version of the règlement intérieur it hangs on")


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
    entry: Mapped[int | None] = _public(
        "rank in the journal of the entry that proves it", BigInteger
    )


class MandateRow(Base):
    """``starts`` and ``ends`` are days included; ``excluded_at`` ends all access at once."""

    __tablename__ = "charter_mandate"

    id: Mapped[int] = _public("row number", primary_key=True)
    member: Mapped[str] = _public(_MEMBER, String(12), index=True)
    role: Mapped[Role] = _public("function held in an institution", _among(Role, 40))
    function: Mapped[str | None] = _public("function the commune added", String(40))
    designated: Mapped[bool] = _public("whether the designating act is recorded")
    cell: Mapped[str | None] = _public(_CELL, String(20))
    starts: Mapped[date] = _public("first day of an official function")
    ends: Mapped[date | None] = _public("last day of an official function")
    excluded_at: Mapped[datetime | None] = _public("needed to refuse without a key", UtcDateTime)


class Function(Base):
    """A function the commune adds as data; it sits, and sees, as ``role`` does."""

    __tablename__ = "charter_function"

    code: Mapped[str] = _public("stable slug", String(40), primary_key=True)
    label: Mapped[str] = _public("name of a function", String(120))
    role: Mapped[Role] = _public("seat it holds at the table", _among(Role, 40))


class Recusal(Base):
    """A member's déport from one situation; one that was lifted stays, with its date."""

    __tablename__ = "charter_recusal"
    __table_args__ = (Index("ix_charter_recusal_member_object", "member", "object"),)

    id: Mapped[int] = _public("row number", primary_key=True)
    member: Mapped[str] = _public(_MEMBER, String(12))
    cell: Mapped[str] = _public(_CELL, String(20))
    object: Mapped[str] = _public("opaque reference of a situation", String(48))
    declared_at: Mapped[datetime] = _public("needed to refuse without a key", UtcDateTime)
    lifted_at: Mapped[datetime | None] = _public("needed to decide without a key", UtcDateTime)
