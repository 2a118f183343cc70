"""The one door through which the journal grows."""

import os
from dataclasses import InitVar, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from audit.event import Event, Outcome, timestamp
from audit.notes import Checkpoint, Signer, Verifier, sign
from audit.schema import journal_checkpoint, journal_event, journal_head, leaf_of
from audit.tree import Frontier

SALT_BYTES = 16

# Built once: SQLAlchemy then compiles them once. FOR UPDATE is left out on SQLite, where the
# caller's BEGIN IMMEDIATE is the lock.
_LOCK_HEAD = select(
    journal_head.c.size, journal_head.c.frontier, journal_head.c.note
).with_for_update()
# A statement of its own: on PostgreSQL the one that waited for the lock still sees the past.
_TIP = select(func.max(journal_event.c.seq))
_INSERT_EVENT = insert(journal_event)
_MOVE_HEAD = update(journal_head)
_IS_KEPT = select(journal_checkpoint.c.size).where(
    journal_checkpoint.c.size == bindparam("at_size")
)


class Reason(StrEnum):
    """Why a checkpoint is kept: end of day, séance, or on someone's demand."""

    JOUR = "jour"
    SEANCE = "seance"
    DEMANDE = "demande"


class JournalError(Exception):
    """The journal refuses to grow. The act it should have recorded must not happen."""


class MissingHeadError(JournalError):
    """There is no head: the journal was never started, or someone removed it."""


class ForgedHeadError(JournalError):
    """The head does not carry our signature of the state it holds."""


class BrokenSequenceError(JournalError):
    """The entries in the table are not as many as the head says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An appended event: its rank, its leaf, and the size of the journal that holds it."""

    seq: int
    leaf: bytes
    size: int


_COMMITTED: Final = object()


@final
@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an entry is committed. Only :meth:`Journal.record` can issue one."""

    seq: int
    action: str
    object: str
    outcome: Outcome
    time: str
    token: InitVar[Any]

    def __post_init__(self, token: Any) -> None:
        if token is not _COMMITTED:
            raise TypeError("only the journal issues receipts")


class Journal:
    """Appends to one journal, named by its origin, and signs each of its states."""

    def __init__(self, origin: str, key: Ed25519PrivateKey) -> None:
        self.origin = origin
        self._signer = Signer(origin, key)

    @property
    def verifier(self) -> Verifier:
        """The public key that checks this journal's notes."""
        return self._signer.verifier

    def initialise(self, connection: Connection) -> None:
        """Create the head of an empty journal. Raises IntegrityError when there is one."""
        frontier = Frontier()
        connection.execute(insert(journal_head), {"id": 1, **self._head_columns(frontier)})

    def append(self, connection: Connection, event: Event) -> Entry:
        """Append within the caller's transaction: the entry lives or dies with it.

        On SQLite the caller holds BEGIN IMMEDIATE. Raises :class:`JournalError`.
        """
        frontier = self._locked_head(connection)
        seq = frontier.size
        columns = event.columns()
        salt = os.urandom(SALT_BYTES)
        leaf = leaf_of(salt, columns)
        frontier.append(leaf)
        connection.execute(_INSERT_EVENT, {"seq": seq, **columns, "salt": salt, "leaf": leaf})
        connection.execute(_MOVE_HEAD, self._head_columns(frontier))
        return Entry(seq, leaf, frontier.size)

    def record(self, engine: Engine, event: Event) -> Receipt:
        """Append and commit in a transaction of its own; the receipt exists only afterwards.

        Raises :class:`JournalError`, or the driver's error when the commit fails.
        """
        with engine.connect() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                entry = self.append(connection, event)
        return Receipt(
            entry.seq, event.action, event.object, event.outcome, event.time, token=_COMMITTED
        )

    def checkpoint(self, connection: Connection, reason: Reason) -> str:
        """Keep the current state and return its signed note, the same if already kept.

        The caller's transaction is as for :meth:`append`, and must commit before the note is
        shown to anyone: a state that was rolled back must never be attested. Raises
        :class:`JournalError`.
        """
        frontier = self._locked_head(connection)
        note = self._sign(frontier)
        if connection.execute(_IS_KEPT, {"at_size": frontier.size}).one_or_none() is None:
            connection.execute(
                insert(journal_checkpoint),
                {
                    "size": frontier.size,
                    "note": note,
                    "created_at": timestamp(datetime.now(UTC)),
                    "reason": reason.value,
                },
            )
        return note

    def _locked_head(self, connection: Connection) -> Frontier:
        head = connection.execute(_LOCK_HEAD).one_or_none()
        if head is None:
            raise MissingHeadError("the journal has no head")
        try:
            frontier = Frontier.from_bytes(head.frontier)
        except ValueError as error:
            raise ForgedHeadError("the frontier is damaged") from error
        # Ed25519 is deterministic (RFC 8032): signing again says whether the note is ours, in a
        # third of the time that verifying takes.
        if frontier.size != head.size or self._sign(frontier) != head.note:
            raise ForgedHeadError("the head is not what this journal signed")
        tip = connection.execute(_TIP).scalar()
        if (-1 if tip is None else tip) != frontier.size - 1:
            raise BrokenSequenceError("the last entry is not the one the head signed")
        return frontier

    def _head_columns(self, frontier: Frontier) -> dict[str, int | bytes | str]:
        return {
            "size": frontier.size,
            "frontier": frontier.to_bytes(),
            "note": self._sign(frontier),
        }

    def _sign(self, frontier: Frontier) -> str:
        return sign(Checkpoint(self.origin, frontier.size, frontier.root()), self._signer)
