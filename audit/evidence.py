"""What there is to judge a journal on, wherever it was read: a database or an exported bundle."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from audit.event import MOMENT
from audit.notes import Verifier


class State(Enum):
    """What an entry shows of itself."""

    GENUINE = auto()  # its content gives its leaf
    ALTERED = auto()  # it does not
    ERASED = auto()  # there is no content any more


class Expiry(NamedTuple):
    """What an expiry entry says: the entries under ``before`` and older than ``until`` are erased.
    ``time`` is its own."""

    before: int
    until: str
    time: str


# A stored entry: its rank, its leaf, its nodes (None where they are not stored), its state, and
# what it says if it is an expiry. A bare tuple: a verifier makes one for each entry.
Entry = tuple[int, bytes, bytes | None, State, Expiry | None]


class Kept(NamedTuple):
    """A checkpoint the journal keeps."""

    size: int
    note: str
    created_at: str


class Countersignature(NamedTuple):
    """A line that someone else's key added to a checkpoint of this size."""

    size: int
    signer: str
    line: str


class Head(NamedTuple):
    """The state the journal says it has. ``frontier`` is None in a bundle, which never grows."""

    size: int
    note: str
    frontier: bytes | None


class Reading(NamedTuple):
    """A decryption, as noted outside the database before it took place (:mod:`audit.readings`)."""

    seq: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a verifier reads. ``entries`` yields the first ``size`` ones in stored order.

    ``readings`` is None when no register of decryptions was kept.
    """

    anchor: Verifier
    rotations: Sequence[tuple[int, str]]
    checkpoints: Sequence[Kept]
    head: Head | None
    tip: int | None  # the rank of the last stored entry
    entries: Callable[[int], Iterator[Entry]]
    readings: Sequence[Reading] | None = None
    countersignatures: Sequence[Countersignature] = ()

    @property
    def size(self) -> int:
        return 0 if self.head is None else self.head.size


def expiry_of(time: str, detail: Mapping[str, object]) -> Expiry | None:
    """What an expiry entry says, or None when it says nothing of the kind."""
    before, until = detail.get("before"), detail.get("until")
    if isinstance(before, int) and isinstance(until, str) and MOMENT.fullmatch(until):
        return Expiry(before, until, time)
    return None
