"""The tables of the journal. Their triggers are in :mod:`audit.triggers`.

``info["public"]`` says why a column may be stored in clear.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_HEAD_ID = 1
# SQLite keeps rows in the order of an INTEGER key, and of no other.
_Count = BigInteger().with_variant(Integer(), "sqlite")


def _column(
    name: str, kind: TypeEngine[Any], why: str, *, primary_key: bool = False
) -> Column[Any]:
    return Column(
        name,
        kind,
        primary_key=primary_key,
        autoincrement=False,
        nullable=False,
        info={"public": why},
    )


journal_event = Table(
    "journal_event",
    metadata,
    _column("seq", _Count, "rank of the entry, from 0, without a gap", primary_key=True),
    _column("time", String(27), "when, RFC 3339 UTC"),
    _column("actor", String(26), "opaque member reference"),
    _column("role", String(40), "closed list"),
    _column("action", String(122), "closed list"),
    _column("outcome", String(10), "closed list"),
    _column("object", String(80), "opaque reference"),
    _column("cell", String(40), "code of the cell"),
    _column("article", String(200), "article of law or charter"),
    _column("detail", Text(), "closed words and counts, canonical JSON"),
    _column("motive", LargeBinary(), "sealed to the DPO before it comes here"),
    _column("salt", LargeBinary(16), "random: hides the content behind the leaf, once erased"),
    _column("leaf", LargeBinary(32), "hash"),
    # Proofs take a logarithm of rows: each subtree is stored with the leaf that completes it.
    _column("nodes", LargeBinary(), "hashes of the subtrees this leaf completes, smallest first"),
    Index(None, "time"),
    Index(None, "actor", "time"),
    Index(None, "object", "time"),
)

# What expiry leaves of an entry: its rank, its leaf and its nodes, which hold nothing of it.
ERASED: Final[Mapping[str, str | bytes]] = {
    column.name: b"" if isinstance(column.type, LargeBinary) else ""
    for column in journal_event.c
    if column.name not in {"seq", "leaf", "nodes"}
}

journal_head = Table(
    "journal_head",
    metadata,
    _column("id", Integer(), "always 1", primary_key=True),
    _column("size", _Count, "number of entries"),
    _column("frontier", LargeBinary(), "hashes"),
    _column("note", Text(), "the signed checkpoint of this very state"),
    CheckConstraint(f"id = {_HEAD_ID}", name="single"),
)

journal_checkpoint = Table(
    "journal_checkpoint",
    metadata,
    _column("size", _Count, "number of entries", primary_key=True),
    _column("note", Text(), "signed checkpoint"),
    _column("created_at", String(27), "when, RFC 3339 UTC"),
    _column("reason", String(10), "closed list"),
)

journal_rotation = Table(
    "journal_rotation",
    metadata,
    _column("size", _Count, "number of entries when the key changed", primary_key=True),
    _column("note", Text(), "the old key's signature of the new one"),
)

journal_countersignature = Table(
    "journal_countersignature",
    metadata,
    _column("size", _Count, "number of entries of the checkpoint", primary_key=True),
    _column("signer", String(200), "public key of the countersigner", primary_key=True),
    _column("line", Text(), "signature line, as a note carries it"),
)
