"""A signed-in member's keys. Reading needs a receipt of the journal; writing cannot read.

keyring.reader(receipt).record(...).open(row, "nom")     the entry is committed first
keyring.writer().record(...).seal(row, "nom", text)      no way to decrypt from here
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.event import Outcome
from audit.journal import Receipt
from casework.vault.aead import VERSION, Place, open_sealed, open_text, seal, seal_text
from casework.vault.compartment import CompartmentKeys
from casework.vault.errors import IntegrityError, NoKey
from casework.vault.keypair import KeyPair, PublicKey

RECORD_KEY_BYTES = 32
BATCH = 5_000


class Row(Protocol):
    """A stored row with sealed columns."""

    __tablename__: str
    id: int


class Wrap(NamedTuple):
    """A record's key as stored for one compartment."""

    compartment: str
    version: int
    deposited: int
    sealed: bytes


class GrantedKey(NamedTuple):
    """A compartment's secret as sealed to this member."""

    compartment: str
    version: int
    sealed: bytes
    genuine: bool  # written by this instance (casework.vault.binding)


def grant_context(member: str, compartment: str, version: int) -> str:
    return f"grant|{member}|{compartment}|{version}"


def wrap_place(record: int, compartment: str, version: int, shown: str = "") -> Place:
    return Place("record_wrap", f"{compartment}.{version}", record, shown)


def deposit_context(record: int, compartment: str, version: int) -> str:
    return f"deposit|{record}|{compartment}|{version}"


class SealingRecord:
    """One record's key, for writing."""

    def __init__(self, key: bytes, shown: str) -> None:
        self._raw = key
        self._key = AESGCM(key)
        self._shown = shown

    def seal(self, row: Row, column: str, text: str) -> None:
        """Put ``text`` into a sealed column of ``row``."""
        setattr(row, column, self.seal_at(row.__tablename__, column, row.id, text))

    def seal_at(self, table: str, column: str, row_id: int, text: str) -> bytes:
        return seal_text(self._key, text, Place(table, column, row_id, self._shown))

    def seal_bytes(self, row: Row, column: str, content: bytes) -> None:
        """The same for a file; its length shows."""
        place = Place(row.__tablename__, column, row.id, self._shown)
        setattr(row, column, seal(self._key, content, place))

    def wrap(self, keys: CompartmentKeys, record: int, compartment: str, version: int) -> Wrap:
        """This record's key for a compartment whose key the writer holds."""
        place = wrap_place(record, compartment, version)
        return Wrap(compartment, version, 0, seal(keys.wrap, self._raw, place))

    def deposit(self, public: PublicKey, record: int, compartment: str, version: int) -> Wrap:
        """This record's key for a compartment the writer cannot read."""
        context = deposit_context(record, compartment, version)
        return Wrap(compartment, version, 1, public.seal(self._raw, context))


class OpenRecord:
    """One record's key, for reading; it exists behind a committed journal entry."""

    def __init__(self, key: bytes, shown: str) -> None:
        self._key = AESGCM(key)
        self._shown = shown

    def open(self, row: Row, column: str) -> str:
        """The text of a sealed column, or IntegrityError naming it and the record."""
        return self.open_at(row.__tablename__, column, row.id, getattr(row, column))

    def open_bytes(self, row: Row, column: str) -> bytes:
        """The file of a sealed column, or IntegrityError naming it and the record."""
        place = Place(row.__tablename__, column, row.id, self._shown)
        return open_sealed(self._key, getattr(row, column), place)

    def open_at(self, table: str, column: str, row_id: int, blob: bytes) -> str:
        return open_text(self._key, blob, Place(table, column, row_id, self._shown))


class _Keys:
    """Compartment secrets of a member, opened when first needed."""

    def __init__(self, key: KeyPair, member: str, grants: Iterable[GrantedKey]) -> None:
        self._key = key
        self._member = member
        held = {(grant.compartment, grant.version): grant for grant in grants}
        self._sealed = {where: grant.sealed for where, grant in held.items()}
        self._forged = {where for where, grant in held.items() if not grant.genuine}
        self._opened: dict[tuple[str, int], CompartmentKeys] = {}

    @property
    def compartments(self) -> frozenset[str]:
        return frozenset(compartment for compartment, _ in self._sealed)

    @property
    def grants(self) -> frozenset[tuple[str, int]]:
        return frozenset(self._sealed)

    def compartment(self, compartment: str, version: int) -> CompartmentKeys:
        """NoKey when the member was not granted this version, IntegrityError if it was altered."""
        held = (compartment, version)
        if held not in self._opened:
            if held not in self._sealed:
                raise NoKey(compartment)
            if held in self._forged:  # a secret its forger knows, offered for us to seal under
                raise IntegrityError("grant_key.sealed", self._member)
            context = grant_context(self._member, compartment, version)
            try:
                secret = self._key.open(self._sealed[held], context)
            except IntegrityError:
                raise IntegrityError("grant_key.sealed", self._member) from None
            self._opened[held] = CompartmentKeys(secret)
        return self._opened[held]

    def record_key(self, record: int, wraps: Iterable[Wrap], shown: str) -> bytes:
        """A record's key through the first wrap this member can open."""
        for wrap in wraps:
            if (wrap.compartment, wrap.version) not in self._sealed:
                continue
            keys = self.compartment(wrap.compartment, wrap.version)
            if wrap.deposited:
                context = deposit_context(record, wrap.compartment, wrap.version)
                try:
                    return keys.deposit.open(wrap.sealed, context)
                except IntegrityError:
                    raise wrap_place(
                        record, wrap.compartment, wrap.version, shown
                    ).broken() from None
            place = wrap_place(record, wrap.compartment, wrap.version, shown)
            return open_sealed(keys.wrap, wrap.sealed, place)
        raise NoKey(shown or str(record))


def _open_pairs(
    keys: CompartmentKeys, rows: Iterable[tuple[int, bytes]], table: str
) -> Iterator[tuple[int, bytes]]:
    """A batch after the other: memory stays flat."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        ids, blobs = zip(*batch, strict=True)
        yield from zip(ids, _open_facets(keys, ids, blobs, table), strict=True)


def _open_facets(
    keys: CompartmentKeys, ids: Sequence[int], blobs: Sequence[bytes], table: str
) -> list[bytes]:
    # Written out, and not through `open_sealed`: lists and reports spend their time here.
    decrypt = keys.facet.decrypt
    prefix = Place(table, "facets", "").associated_data()
    try:
        if any(blob[0] != VERSION[0] for blob in blobs):
            raise ValueError
        return [
            decrypt(blob[1:13], blob[13:], prefix + b"%d" % row_id)
            for row_id, blob in zip(ids, blobs, strict=True)
        ]
    except (InvalidTag, ValueError, IndexError):
        for row_id, blob in zip(ids, blobs, strict=True):  # which one does not open
            open_sealed(keys.facet, blob, Place(table, "facets", row_id))
        raise


class Reader:
    """Decrypts, behind the journal entry its receipt proves."""

    def __init__(self, keys: _Keys, receipt: Receipt) -> None:
        self._keys = keys
        self.receipt = receipt

    def record(self, record: int, wraps: Iterable[Wrap], shown: str = "") -> OpenRecord:
        return OpenRecord(self._keys.record_key(record, wraps, shown), shown)

    def bucket(self, compartment: str, version: int, key: str, bits: int) -> int:
        """The search bucket of a phonetic key in this compartment."""
        return self._keys.compartment(compartment, version).bucket(key, bits)

    def facets(
        self, compartment: str, version: int, rows: Iterable[tuple[int, bytes]], table: str
    ) -> Iterator[tuple[int, bytes]]:
        """Open many (id, blob) of one compartment version, in bulk."""
        return _open_pairs(self._keys.compartment(compartment, version), rows, table)

    def facets_of_many(
        self,
        compartment: str,
        version: int,
        ids: Sequence[int],
        blobs: Sequence[bytes],
        table: str,
    ) -> list[bytes]:
        """The same, from two columns, for a whole cell at once."""
        return _open_facets(self._keys.compartment(compartment, version), ids, blobs, table)

    def deposited(self, compartment: str, version: int, blob: bytes, context: str) -> bytes:
        """What someone sealed to the compartment's deposit key."""
        return self._keys.compartment(compartment, version).deposit.open(blob, context)


class Writer:
    """Encrypts. Has no method that returns a decrypted value."""

    def __init__(self, keys: _Keys) -> None:
        self._keys = keys

    def holds(self, compartment: str) -> bool:
        return compartment in self._keys.compartments

    def new_record(
        self, record: int, compartment: str, version: int, shown: str = ""
    ) -> tuple[SealingRecord, Wrap]:
        """A fresh record key and its wrap for the compartment it is created in."""
        sealing = SealingRecord(os.urandom(RECORD_KEY_BYTES), shown)
        keys = self._keys.compartment(compartment, version)
        return sealing, sealing.wrap(keys, record, compartment, version)

    def record(self, record: int, wraps: Iterable[Wrap], shown: str = "") -> SealingRecord:
        """An existing record's key, to write fields of it again."""
        return SealingRecord(self._keys.record_key(record, wraps, shown), shown)

    def bucket(self, compartment: str, version: int, key: str, bits: int) -> int:
        return self._keys.compartment(compartment, version).bucket(key, bits)

    def seal_facets(
        self, compartment: str, version: int, table: str, row_id: int, facets: bytes
    ) -> bytes:
        """The small blob of closed-list codes of one row."""
        key = self._keys.compartment(compartment, version).facet
        return seal(key, facets, Place(table, "facets", row_id))

    def buckets(
        self,
        compartment: str,
        version: int,
        rows: Iterable[tuple[int, bytes]],
        table: str,
        sounds_of: Callable[[bytes], Iterable[str]],
        bits: int,
    ) -> Iterator[tuple[int, set[int]]]:
        """The search buckets of many rows from the sounds in their facets; only buckets go out."""
        keys = self._keys.compartment(compartment, version)
        for row_id, raw in _open_pairs(keys, rows, table):
            yield row_id, {keys.bucket(sound, bits) for sound in sounds_of(raw)}

    def grant(self, compartment: str, version: int, member: str, public: PublicKey) -> bytes:
        """The compartment's secret, sealed to another member."""
        secret = self._keys.compartment(compartment, version).secret
        return public.seal(secret, grant_context(member, compartment, version))

    def rewrap(self, record: int, wrap: Wrap, version: int) -> Wrap:
        """A record's key, moved to a new version of the compartment's key."""
        raw = self._keys.record_key(record, (wrap,), "")
        keys = self._keys.compartment(wrap.compartment, version)
        return SealingRecord(raw, "").wrap(keys, record, wrap.compartment, version)

    def reseal_facets(
        self,
        compartment: str,
        versions: tuple[int, int],
        table: str,
        rows: Iterable[tuple[int, bytes]],
    ) -> Iterator[tuple[int, bytes]]:
        """Facet blobs, moved from one version of the compartment's key to another."""
        old, new = (self._keys.compartment(compartment, version) for version in versions)
        for row_id, raw in _open_pairs(old, rows, table):
            yield row_id, seal(new.facet, raw, Place(table, "facets", row_id))


class Keyring:
    """What a signed-in member can open, and the two ways to use it."""

    def __init__(self, key: KeyPair, member: str, grants: Iterable[GrantedKey]) -> None:
        self._keys = _Keys(key, member, grants)

    @property
    def compartments(self) -> frozenset[str]:
        """Codes of the compartments the member holds a key to."""
        return self._keys.compartments

    @property
    def grants(self) -> frozenset[tuple[str, int]]:
        """Compartments and versions the member holds a key to."""
        return self._keys.grants

    def reader(self, receipt: Receipt) -> Reader:
        if not isinstance(receipt, Receipt) or receipt.outcome is not Outcome.AUTORISE:
            raise TypeError("reading needs the receipt of a committed, allowed journal entry")
        receipt.redeem()  # noted outside the database too, before anything opens
        return Reader(self._keys, receipt)

    def writer(self) -> Writer:
        return Writer(self._keys)
