"""What the journal remembers of one act: who, what, on which reference, under which article.

No name of a person ever enters (CNIL, délibération 2021-122): members and files go by opaque
references, details by closed words and counts, and a motive only sealed to the DPO.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from types import MappingProxyType
from typing import Any, Final

from audit.tree import leaf_hash

VERSION = 1
ANONYME = "anonyme"
SYSTEME = "systeme"
EXPIRE = "journal:expire"  # the act that erases the content of old entries
RESTORE = "backup:restore"  # the act after which the journal goes on from an older state
ROTATE = "journal:rotate"  # the act that changes the key of the journal

# The columns that are hashed, in the order they are stored in.
COLUMNS: Final = (
    "time",
    "actor",
    "role",
    "action",
    "outcome",
    "object",
    "cell",
    "article",
    "detail",
    "motive",
)

_DETAIL, _MOTIVE = 4 + COLUMNS.index("detail"), 4 + COLUMNS.index("motive")

_TOKEN = re.compile(r"[A-Za-z0-9_.:/+-]{0,80}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_PATTERNS = {
    "time": MOMENT,
    # A digit is asked for: « M-0003 » names nobody, « M-DUPONT » would.
    "actor": re.compile(rf"{ANONYME}|{SYSTEME}|[A-Z]{{1,4}}-(?=[A-Z0-9-]*[0-9])[A-Z0-9-]{{1,20}}"),
    "role": re.compile(r"[a-z0-9_-]{0,40}"),
    "action": re.compile(r"[a-z][a-z0-9_-]{0,39}(:[a-z][a-z0-9_-]{0,39}){0,2}"),
    "object": _TOKEN,
    "cell": re.compile(r"[A-Za-z0-9_.-]{0,40}"),
    # French words, from the application's own constants: printable, on one line.
    "article": re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{0,200}"),
}
_DETAIL_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Beyond, RFC 8785 readers that keep numbers as doubles would not agree on the digits.
_LARGEST_INTEGER = 2**53 - 1
_END = f'","v":{VERSION}}}'
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Outcome(StrEnum):
    """How the act ended: allowed by the charter, refused by it, or allowed and failed."""

    AUTORISE = "autorise"
    REFUSE = "refuse"
    ECHEC = "echec"


class EventError(ValueError):
    """A field would let free text or a name into the journal. Names the field, not its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act. Raises :class:`EventError` when a field is not a reference or a closed word."""

    time: str
    actor: str
    role: str
    action: str
    outcome: Outcome
    object: str = ""
    cell: str = ""
    article: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict, hash=False)
    motive: bytes = b""

    def __post_init__(self) -> None:
        for name, pattern in _PATTERNS.items():
            value = getattr(self, name)
            if not isinstance(value, str) or not pattern.fullmatch(value):
                raise EventError(f"{name} is not in its closed form")
        if not isinstance(self.outcome, Outcome):
            raise EventError("outcome is not an Outcome")
        if not isinstance(self.motive, bytes):
            raise EventError("motive is not sealed bytes")
        for key, content in self.detail.items():
            if not _DETAIL_KEY.fullmatch(key) or not _closed(content):
                raise EventError("detail holds something else than closed words and counts")
        object.__setattr__(self, "detail", MappingProxyType(dict(self.detail)))

    @classmethod
    def now(
        cls,
        *,
        actor: str,
        role: str = "",
        action: str,
        outcome: Outcome,
        object: str = "",
        cell: str = "",
        article: str = "",
        detail: Mapping[str, str | int] | None = None,
        motive: bytes = b"",
    ) -> "Event":
        """An event of this very moment."""
        return cls(
            time=timestamp(datetime.now(UTC)),
            actor=actor,
            role=role,
            action=action,
            outcome=outcome,
            object=object,
            cell=cell,
            article=article,
            detail=detail or {},
            motive=motive,
        )

    def columns(self) -> dict[str, str | bytes]:
        """The event as the table stores it: text, the detail as JSON, the motive as bytes."""
        # str(): callers pass members of their enums, which a driver may not take for text.
        return {
            "time": self.time,
            "actor": str(self.actor),
            "role": str(self.role),
            "action": str(self.action),
            "outcome": str(self.outcome),
            "object": str(self.object),
            "cell": str(self.cell),
            "article": str(self.article),
            "detail": _json(dict(self.detail)),
            "motive": self.motive,
        }

    def canonical(self) -> bytes:
        """The bytes that are hashed: the RFC 8785 form of the event."""
        return canonical(self.columns())


def canonical(columns: Mapping[str, str | bytes]) -> bytes:
    """The hashed form of stored columns, whatever rules they were accepted under.

    Raises ValueError or TypeError when they are not what :meth:`Event.columns` writes.
    """
    return canonical_of(*(columns[name] for name in COLUMNS))


def canonical_of(
    time: Any,
    actor: Any,
    role: Any,
    action: Any,
    outcome: Any,
    object: Any,
    cell: Any,
    article: Any,
    detail: Any,
    motive: Any,
) -> bytes:
    """:func:`canonical`, from values in the order of :data:`COLUMNS`. Raises likewise."""
    # Written out, keys in RFC 8785 order: verifying a whole journal spends its time here.
    return (
        f'{{"action":{_quoted(action)},"actor":{_quoted(actor)},"article":{_quoted(article)},'
        f'"cell":{_quoted(cell)},"detail":{_canonical_detail(detail)},'
        f'"motive":"{b64encode(motive).decode()}","object":{_quoted(object)},'
        f'"outcome":{_quoted(outcome)},"role":{_quoted(role)},"time":{_quoted(time)},'
        f'"v":{VERSION}}}'
    ).encode()


def plain_leaves(rows: Sequence[Sequence[Any]]) -> list[bytes | None]:
    """The leaves of stored rows (rank, leaf, nodes, salt, then :data:`COLUMNS`) that JSON has
    nothing to escape in and that carry no motive, as nearly all are; None for any other, and for
    what is no event. Never the leaf of another event. Several times faster than :func:`leaf_of`,
    for what is looked for is looked for in all of them at once."""
    try:
        leaves = _all_plain(rows)
    except (TypeError, ValueError):
        leaves = None
    if leaves is not None:
        return [*leaves]
    half = len(rows) // 2
    return [*plain_leaves(rows[:half]), *plain_leaves(rows[half:])] if half else [None] * len(rows)


def _all_plain(rows: Sequence[Sequence[Any]]) -> list[bytes] | None:
    # A join takes nothing but text, and the escaped form always shows a backslash.
    texts = [
        "".join(
            (
                '{"action":"', action, '","actor":"', actor, '","article":"', article,
                '","cell":"', cell, '","detail":', detail,
                ',"motive":"","object":"', object, '","outcome":"', outcome,
                '","role":"', role, '","time":"', time, _END,
            )
        )
        for _, _, _, _, time, actor, role, action, outcome, object, cell, article, detail, _ in rows
    ]  # fmt: skip
    for detail in {row[_DETAIL] for row in rows}:
        _canonical_detail(detail)
    if "\\" in "".join(texts) or [row[_MOTIVE] for row in rows].count(b"") != len(rows):
        return None
    pairs = zip(rows, texts, strict=True)
    return [sha256(b"\x00" + row[3] + text.encode()).digest() for row, text in pairs]


@lru_cache(maxsize=4096)  # few details, met again and again
def _canonical_detail(text: str) -> str:
    if _json(json.loads(text)) != text:
        raise ValueError("the detail is not canonical")
    return text


def leaf_of(salt: bytes, columns: Mapping[str, str | bytes]) -> bytes:
    """The leaf of an entry: SHA-256(0x00 ‖ salt ‖ canonical event).

    Raises ValueError or TypeError when the columns are not those of an event.
    """
    return leaf_hash(salt + canonical(columns))


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond, so that text order is time order.

    Raises ValueError for a moment that has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _closed(content: object) -> bool:
    if isinstance(content, str):
        return bool(_TOKEN.fullmatch(content))
    return type(content) is int and abs(content) <= _LARGEST_INTEGER
