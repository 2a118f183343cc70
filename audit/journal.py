"""The one door through which the journal grows."""

import os
from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any, Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, bindparam, insert, select

from audit import cosign
from audit.event import ROTATE, SYSTEME, Event, Outcome, leaf_of, timestamp
from audit.evidence import Reading
from audit.growth import StoredHead, grow, locked_head
from audit.keys import rotation
from audit.notes import Checkpoint, Signer, Verifier, sign
from audit.readings import Register
from audit.schema import (
    journal_checkpoint,
    journal_countersignature,
    journal_head,
    journal_rotation,
)
from audit.tree import Frontier

SALT_BYTES = 16
_NOT_THE_LAST = "the last entry is not the one the head signed"
KEY_ARTICLE = "RGPD, art. 32"

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


class UnregisteredReadingError(JournalError):
    """The reading could not be noted outside the database."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An appended event: its rank, its leaf, and the size of the journal that holds it."""

    seq: int
    leaf: bytes
    size: int


_COMMITTED: Final = object()


def _no_register() -> None:
    """Where no register of decryptions is kept."""


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
    #: Called before anything is read behind this receipt; what it raises stops the reading.
    redeem: Callable[[], None] = field(default=_no_register, repr=False, compare=False)

    def __post_init__(self, token: Any) -> None:
        if token is not _COMMITTED:
            raise TypeError("only the journal issues receipts")


class Journal:
    """Appends to one journal, named by its origin, and signs each of its states."""

    def __init__(
        self,
        origin: str,
        key: Ed25519PrivateKey,
        *,
        first: Verifier | None = None,
        held: Callable[[], Iterable[Ed25519PrivateKey]] = tuple,
        register: Register | None = None,
    ) -> None:
        """``first`` is the public key the journal began with, when ``key`` came after it; ``held``
        reads again the keys that may sign now, since another process may have changed them;
        ``register`` notes the decryptions."""
        self.origin = origin
        self._signer = Signer(origin, key)
        self._first = first or self._signer.verifier
        self._held = held
        self._latest: tuple[Checkpoint, Signer, str] | None = None
        self.register = register

    @property
    def verifier(self) -> Verifier:
        """The first public key of this journal: it checks every note, through the rotations."""
        return self._first

    def initialise(self, connection: Connection) -> None:
        """Create the head of an empty journal. Raises IntegrityError when there is one."""
        frontier = Frontier()
        head = _stored(frontier, self._sign(frontier))
        connection.execute(insert(journal_head), {"id": 1, **head._asdict()})

    def append(self, connection: Connection, event: Event) -> Entry:
        """Append within the caller's transaction: the entry lives or dies with it.

        On SQLite the caller holds BEGIN IMMEDIATE. Raises :class:`JournalError`.
        """
        frontier = self._locked_head(connection, growing=True)
        return self._write(connection, frontier, event, self._signer)

    def record(self, engine: Engine, event: Event) -> Receipt:
        """Append and commit in a transaction of its own; the receipt exists only afterwards.

        Raises :class:`JournalError`, or the driver's error when the commit fails.
        """
        with engine.connect() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                entry = self.append(connection, event)
        return Receipt(
            entry.seq,
            event.action,
            event.object,
            event.outcome,
            event.time,
            token=_COMMITTED,
            redeem=partial(_note, self.register, entry) if self.register else _no_register,
        )

    def readings(self) -> list[Reading] | None:
        """What the register says, or None when there is none."""
        return self.register.read() if self.register else None

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

    def countersign(
        self, connection: Connection, note: str, name: str, key: Ed25519PrivateKey
    ) -> str:
        """Keep someone else's countersignature of a kept checkpoint, and return its line.

        The caller has verified the journal against the note. Within the caller's transaction.
        """
        checkpoint = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n")
        signer, line = cosign.countersign(checkpoint, name, key, datetime.now(UTC))
        row = {"size": checkpoint.size, "signer": str(signer)}
        known = select(journal_countersignature.c.line).filter_by(**row)
        if (already := connection.execute(known).scalar()) is not None:
            return str(already)
        connection.execute(insert(journal_countersignature), {**row, "line": line})
        return line

    def rotate(self, connection: Connection, key: Ed25519PrivateKey, actor: str = SYSTEME) -> str:
        """Let another key sign from now on; returns the note by which the outgoing key says so.

        The caller's transaction is as for :meth:`append`. Once it has committed, the new key must
        be among the held ones. Raises :class:`JournalError`.
        """
        frontier = self._locked_head(connection, growing=True)
        incoming = Signer(self.origin, key)
        event = Event.now(
            actor=actor,
            action=ROTATE,
            outcome=Outcome.AUTORISE,
            article=KEY_ARTICLE,
            detail={"key": incoming.verifier.key_id.hex()},
        )
        self._write(connection, frontier, event, incoming)
        note = rotation(self._checkpoint(frontier), self._signer, incoming)
        connection.execute(insert(journal_rotation), {"size": frontier.size, "note": note})
        return note

    def _write(
        self, connection: Connection, frontier: Frontier, event: Event, signer: Signer
    ) -> Entry:
        seq = frontier.size
        columns = event.columns()
        salt = os.urandom(SALT_BYTES)
        leaf = leaf_of(salt, columns)
        nodes = b"".join(frontier.append(leaf))
        head = _stored(frontier, self._sign(frontier, signer))
        if not grow(connection, head, (seq, *columns.values(), salt, leaf, nodes)):
            raise BrokenSequenceError(_NOT_THE_LAST)
        return Entry(seq, leaf, frontier.size)

    def _locked_head(self, connection: Connection, *, growing: bool = False) -> Frontier:
        """The signed head, which nobody else moves before this transaction ends; ``growing`` when
        :meth:`_write` follows."""
        found = locked_head(connection, growing=growing)
        if found is None:
            raise MissingHeadError("the journal has no head")
        head, tip = found
        try:
            frontier = Frontier.from_bytes(head.frontier)
        except ValueError as error:
            raise ForgedHeadError("the frontier is damaged") from error
        if frontier.size != head.size or not self._signed(frontier, head.note):
            raise ForgedHeadError("the head is not what this journal signed")
        if tip != frontier.size - 1:
            raise BrokenSequenceError(_NOT_THE_LAST)
        return frontier

    def _signed(self, frontier: Frontier, note: str) -> bool:
        # Ed25519 is deterministic (RFC 8032): signing again says whether the note is ours, in a
        # third of the time that verifying takes.
        if self._sign(frontier) == note:
            return True
        for key in self._held():
            signer = Signer(self.origin, key)
            if sign(self._checkpoint(frontier), signer) == note:
                self._signer = signer  # the key was changed meanwhile, by another process
                return True
        return False

    def _sign(self, frontier: Frontier, signer: Signer | None = None) -> str:
        # The head that one reads is most often the one this process has just signed.
        state, signer, latest = self._checkpoint(frontier), signer or self._signer, self._latest
        if latest is not None and latest[0] == state and latest[1] is signer:
            return latest[2]
        note = sign(state, signer)
        self._latest = state, signer, note  # one assignment: other threads see it whole
        return note

    def _checkpoint(self, frontier: Frontier) -> Checkpoint:
        return Checkpoint(self.origin, frontier.size, frontier.root())


def _stored(frontier: Frontier, note: str) -> StoredHead:
    return StoredHead(frontier.size, frontier.to_bytes(), note)


def _note(register: Register, entry: Entry) -> None:
    try:
        register.note(entry.seq, entry.leaf)
    except OSError as error:
        raise UnregisteredReadingError("the register of decryptions is closed") from error
