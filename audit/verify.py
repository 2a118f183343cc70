"""Reads a journal from its database, for :mod:`audit.judge`."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, func, select, text

from audit.evidence import Countersignature, Evidence, Head, Kept, Reading
from audit.judge import Report, judge
from audit.keys import KeyChain
from audit.notes import Verifier
from audit.schema import (
    journal_checkpoint,
    journal_countersignature,
    journal_event,
    journal_head,
    journal_rotation,
)
from audit.stored import batches

_ROTATIONS = select(journal_rotation.c.size, journal_rotation.c.note).order_by(
    journal_rotation.c.size
)
_COUNTERSIGNATURES = select(
    journal_countersignature.c.size,
    journal_countersignature.c.signer,
    journal_countersignature.c.line,
).order_by(journal_countersignature.c.size, journal_countersignature.c.signer)


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
        partial(batches, connection),
        readings,
        [Countersignature(*row) for row in connection.execute(_COUNTERSIGNATURES)],
    )


def keys_of(connection: Connection, verifier: Verifier) -> KeyChain:
    """The keys of the journal, from its first one. Raises :class:`audit.keys.RotationError`."""
    return KeyChain(verifier, _rotations(connection))


def _rotations(connection: Connection) -> list[tuple[int, str]]:
    return [(size, note) for size, note in connection.execute(_ROTATIONS)]
