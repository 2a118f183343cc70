"""Reads a journal from its database, for :mod:`audit.judge`."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, TextClause, func, select, text

from audit.event import COLUMNS, EXPIRE, canonical_of
from audit.evidence import Countersignature, Entry, Evidence, Head, Kept, Reading, State, expiry_of
from audit.judge import Report, judge
from audit.keys import KeyChain
from audit.notes import Verifier
from audit.schema import (
    ERASED,
    journal_checkpoint,
    journal_countersignature,
    journal_event,
    journal_head,
    journal_rotation,
)

_ROWS_AT_ONCE = 1000
# Plain text, so that no column type converts a value before it has been looked at.
ENTRIES = text(
    f"SELECT seq, leaf, nodes, salt, {', '.join(COLUMNS)}"  # noqa: S608 - constants
    " FROM journal_event WHERE seq < :size ORDER BY seq"
)
_ROTATIONS = select(journal_rotation.c.size, journal_rotation.c.note).order_by(
    journal_rotation.c.size
)
_COUNTERSIGNATURES = select(
    journal_countersignature.c.size,
    journal_countersignature.c.signer,
    journal_countersignature.c.line,
).order_by(journal_countersignature.c.size, journal_countersignature.c.signer)
_NOTHING_LEFT = tuple(ERASED[name] for name in COLUMNS)


def verify(
    connection: Connection,
    verifier: Verifier,
    kept: str | None = None,
    readings: Sequence[Reading] | None = None,
) -> Report:
    """Read everything and judge it. ``verifier`` is the journal's first key, ``kept`` the note of a
    checkpoint kept elsewhere, ``readings`` the register of decryptions.

    The connection's transaction must begin here: an expiry committed halfway through would be read
    by halves otherwise.
    """
    return judge(evidence_of(connection, verifier, readings), kept)


def evidence_of(
    connection: Connection, verifier: Verifier, readings: Sequence[Reading] | None = None
) -> Evidence:
    """What the database holds, as of now. The connection's transaction must begin here."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    table = journal_checkpoint.c
    checkpoints = connection.execute(
        select(table.size, table.note, table.created_at).order_by(table.size)
    )
    head = connection.execute(
        select(journal_head.c.size, journal_head.c.note, journal_head.c.frontier)
    ).one_or_none()
    return Evidence(
        verifier,
        _rotations(connection),
        [Kept(*row) for row in checkpoints],
        None if head is None else Head(*head),
        connection.execute(select(func.max(journal_event.c.seq))).scalar(),
        partial(stored_entries, connection),
        readings,
        [Countersignature(*row) for row in connection.execute(_COUNTERSIGNATURES)],
    )


def keys_of(connection: Connection, verifier: Verifier) -> KeyChain:
    """The keys of the journal, from its first one. Raises :class:`audit.keys.RotationError`."""
    return KeyChain(verifier, _rotations(connection))


def _rotations(connection: Connection) -> list[tuple[int, str]]:
    return [(size, note) for size, note in connection.execute(_ROTATIONS)]


def stored_entries(connection: Connection, size: int) -> Iterator[Entry]:
    """The first entries, each compared with its leaf."""
    genuine, altered = State.GENUINE, State.ALTERED  # looked up once, not for each entry
    for seq, leaf, nodes, salt, *content in streamed(connection, ENTRIES, size):
        state, expiry = altered, None
        try:
            if sha256(b"\x00" + salt + canonical_of(*content)).digest() == leaf:
                state = genuine
                if content[3] == EXPIRE:
                    expiry = expiry_of(content[0], json.loads(content[8]))
        except (TypeError, ValueError):  # what stands there is not even an event
            if not salt and tuple(content) == _NOTHING_LEFT:
                state = State.ERASED
        yield seq, leaf if isinstance(leaf, bytes) else b"", nodes, state, expiry


def streamed(connection: Connection, query: TextClause, size: int) -> Iterator[Any]:
    """The rows of a query on the first ``size`` entries, in flat memory."""
    options = {"stream_results": True, "yield_per": _ROWS_AT_ONCE}
    yield from connection.execute(query, {"size": size}, execution_options=options)
