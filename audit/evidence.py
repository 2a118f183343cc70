"""What there is to judge a journal on, wherever it was read: a database or an exported bundle."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


class Restoration(NamedTuple):
    """What an entry says that was written when the journal came back from a backup: it held
    ``seq`` entries, and whatever had followed them is lost."""

    seq: int


@dataclass(slots=True)
class Batch:
    """Some stored entries that follow each other, their ranks and their leaves in the same order.

    ``nodes`` is None where they are not stored. By position in these lists, ``faults`` holds what
    is not genuine and ``said`` what expiries and restorations say. Lists rather than entries: a
    verifier would spend its time making objects.
    """

    ranks: list[int]
    leaves: list[bytes]
    nodes: list[bytes] | None = None
    faults: dict[int, State] = field(default_factory=dict)
    said: dict[int, Expiry | Restoration] = field(default_factory=dict)


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
    entries: Callable[[int], Iterator[Batch]]
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
