"""The closed-list codes of a situation, as one small blob under the cell's facet key.

Lists and reports open thousands of these without opening any record. Fixed layout first, so that
a report counts a column by slicing; then the sounds the search index is made of.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
LAST_DAY = 2**16 - 1
LAYOUT = struct.Struct(">8BIQ4H2s")
COLUMNS = (
    "typologie",
    "origine",
    "statut",
    "sexe",
    "niveau",
    "tranche_age",
    "quartier",
    "etablissement",
)
# Between the first person concerned and each of the others; a blob without it is of one person.
OTHERS = b"\x1e"
Other = tuple[date | None, tuple[str, ...]]  # birth, and the sounds of the surname
FAITS_AT, SUITES_AT, SAISINE_AT = slice(8, 12), slice(12, 20), slice(20, 22)


def day_number(day: date | None) -> int:
    """Days since 1970, in 16 bits (until 2149); 0 for no date."""
    return min(LAST_DAY, max(0, (day - EPOCH).days)) if day else 0


def day_of(number: int) -> date | None:
    return EPOCH + timedelta(days=number) if number else None


def mask(codes: frozenset[int]) -> int:
    return sum(1 << code for code in codes)


def codes(bits: int) -> frozenset[int]:
    return frozenset(code for code in range(bits.bit_length()) if bits >> code & 1)


@dataclass(frozen=True)
class Facets:
    """Codes of closed lists (0: not given), dates and initials of one situation."""

    typologie: int
    origine: int
    statut: int
    sexe: int = 0
    niveau: int = 0
    tranche_age: int = 0
    quartier: int = 0
    etablissement: int = 0
    faits: frozenset[int] = frozenset()
    suites: frozenset[int] = frozenset()
    saisine: date | None = None
    naissance: date | None = None
    examinee: date | None = None
    echeance: date | None = None
    initiales: str = ""
    sounds: tuple[str, ...] = field(default=())
    others: tuple[Other, ...] = ()

    @property
    def every_sound(self) -> frozenset[str]:
        """What the search index is made of: the names of all those concerned."""
        return frozenset(self.sounds).union(*(sounds for _, sounds in self.others))

    @property
    def births(self) -> tuple[date, ...]:
        """The birth dates that are known, of all those concerned."""
        known = (self.naissance, *(born for born, _ in self.others))
        return tuple(born for born in known if born)

    def pack(self) -> bytes:
        return (
            LAYOUT.pack(
                *(getattr(self, name) for name in COLUMNS),
                mask(self.faits),
                mask(self.suites),
                *map(day_number, (self.saisine, self.naissance, self.examinee, self.echeance)),
                self.initiales.encode("ascii", "replace"),
            )
            + "|".join(self.sounds).encode()
            + b"".join(OTHERS + _pack_other(*other) for other in self.others)
        )

    @classmethod
    def unpack(cls, raw: bytes) -> "Facets":
        *closed, faits, suites, saisine, naissance, examinee, echeance, initials = (
            LAYOUT.unpack_from(raw)
        )
        return cls(
            *closed,
            faits=codes(faits),
            suites=codes(suites),
            saisine=day_of(saisine),
            naissance=day_of(naissance),
            examinee=day_of(examinee),
            echeance=day_of(echeance),
            initiales=initials.rstrip(b"\0").decode("ascii"),
            sounds=_split(raw[LAYOUT.size :].split(OTHERS)[0]),
            others=others_of(raw),
        )


def sounds_of(raw: bytes) -> tuple[str, ...]:
    """The search sounds of a packed blob, of all those concerned, without the rest."""
    first, *_ = raw[LAYOUT.size :].split(OTHERS)
    return (*_split(first), *(sound for _, sounds in others_of(raw) for sound in sounds))


def others_of(raw: bytes) -> tuple[Other, ...]:
    """The persons concerned after the first."""
    return tuple(_unpack_other(part) for part in raw[LAYOUT.size :].split(OTHERS)[1:])


def _pack_other(born: date | None, sounds: tuple[str, ...]) -> bytes:
    return f"{day_number(born)}:{'|'.join(sounds)}".encode()


def _unpack_other(part: bytes) -> Other:
    day, _, sounds = part.partition(b":")
    return day_of(int(day)), _split(sounds)


def _split(sounds: bytes) -> tuple[str, ...]:
    return tuple(sounds.decode().split("|")) if sounds else ()


def initials(prenoms: str, nom: str, fold: Callable[[str], str]) -> str:
    """Two letters without accents: « Élodie N’Diaye » gives « EN »."""
    return (fold(prenoms)[:1] + fold(nom)[:1]).upper()
