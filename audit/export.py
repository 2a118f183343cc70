"""Writes the bundle of a journal from its database."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sqlalchemy import Connection

from audit import bundle
from audit.event import canonical_of
from audit.evidence import Reading
from audit.notes import Verifier
from audit.stored import EVERYTHING, rows
from audit.verify import evidence_of

_UNREADABLE = b"?"  # it gives no leaf: the verifier will say that the entry was altered


def export(
    connection: Connection,
    verifier: Verifier,
    file: BinaryIO,
    readings: Sequence[Reading] | None = None,
) -> int:
    """Write everything a verifier needs; returns the number of entries. The connection's
    transaction must begin here, as for :func:`audit.verify.verify`."""
    evidence = evidence_of(connection, verifier, readings)
    bundle.write(file, evidence, _lines(connection))
    return evidence.size


def _lines(connection: Connection) -> Iterator[bytes]:
    for found in rows(connection, EVERYTHING):
        for seq, leaf, _, salt, *content in found:
            try:
                event = canonical_of(*content)
            except (TypeError, ValueError):
                event = _UNREADABLE if salt or any(content) else b""
            yield bundle.line(seq, leaf, salt, event)
