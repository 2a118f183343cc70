"""Whether two civil statuses may be one person's, and whether a typed name means someone.

Both only suggest: a person decides.
"""

from dataclasses import dataclass
from datetime import date
from math import sqrt

from rapidfuzz.distance import JaroWinkler

from casework.names.normal import joined, parts, words
from casework.names.sound import part_keys, sound_key

# From here on, « déjà connue ? » is asked. Two spellings of a name with the same birth reach it,
# so does the same name with a mistyped birth; twins and homonyms born on other days stay below.
LIKELY = 0.85

# Two unrelated names have about this Jaro-Winkler similarity by chance: it counts for nothing.
CHANCE = 0.5
NAMES_WEIGHT, BIRTH_WEIGHT = 0.7, 0.3
# Without both birth dates, only the same names, or nearly, are likely.
UNKNOWN_BIRTH = 0.9
INVERTED = 0.97
OTHER_FIRST_NAME = 0.9

SAME_SOUND = 0.95
BEGINS = 0.9
ONE_PART = 0.85
SHORTEST_BEGINNING = 3
# Under this, a name that neither sounds nor begins alike is another name: Durand, Dupont.
SAME_SPELLING = 0.92
# Jaro-Winkler favours a common beginning: « Ben Saïd Inès » is not a slip for « Ben Saïd ».
SLIP_LETTERS = 1


@dataclass(frozen=True)
class Identity:
    """A civil status as recorded. ``prenoms`` holds every first name, separated by spaces."""

    nom: str
    prenoms: str
    naissance: date | None = None


@dataclass(frozen=True)
class Resemblance:
    """How likely two civil statuses are one person's, from 0 to 1, and why, in French."""

    score: float
    reason: str


@dataclass(frozen=True)
class _Name:
    """A name made ready once, to be compared with many."""

    letters: str
    sound: str
    parts: tuple[str, ...]
    part_sounds: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "_Name":
        return cls(joined(text), sound_key(text), parts(text), part_keys(text))


class Query:
    """What someone typed in the search box: a surname, or a surname and a first name in either
    order. At least three letters may stand for the beginning of a name."""

    def __init__(self, text: str) -> None:
        typed = words(text)
        self._whole = _Name.of(text)
        halves = [(typed[:cut], typed[cut:]) for cut in range(1, len(typed))]
        self._cuts = [
            (_Name.of(" ".join(surname)), _Name.of(" ".join(first)))
            for left, right in halves
            for surname, first in ((left, right), (right, left))
        ]
        self._known: dict[str, _Name] = {}  # the people of a bucket often share their names

    def match(self, identity: Identity) -> float:
        """How well this means the person, from 0 (not at all) to 1."""
        nom = self._name(identity.nom)
        scores = [_meant(self._whole, nom)]
        prenoms: list[_Name] = []
        for surname, first in self._cuts:
            if found := _meant(surname, nom):
                prenoms = prenoms or _first_names(identity.prenoms)
                best = max((_meant(first, prenom) for prenom in prenoms), default=0.0)
                scores.append(sqrt(found * best))
        return round(max(scores), 4)

    def _name(self, text: str) -> _Name:
        if text not in self._known:
            self._known[text] = _Name.of(text)
        return self._known[text]


def matches_query(query: str, identity: Identity) -> float:
    """:meth:`Query.match` for a single person; keep a ``Query`` to try many."""
    return Query(query).match(identity)


def resemblance(a: Identity, b: Identity) -> Resemblance:
    """Compare two civil statuses; the order of the two does not matter."""
    one, other = _Person.of(a), _Person.of(b)
    score, reasons = max(_straight(one, other), _inverted(one, other), key=lambda found: found[0])
    birth, reason = _birth(a.naissance, b.naissance)
    total = score * UNKNOWN_BIRTH if birth is None else NAMES_WEIGHT * score + BIRTH_WEIGHT * birth
    return Resemblance(round(total, 4), ", ".join((*reasons, reason)))


def same_person_likely(a: Identity, b: Identity) -> bool:
    """Whether the user should be asked if these are one person."""
    return resemblance(a, b).score >= LIKELY


@dataclass(frozen=True)
class _Person:
    nom: _Name
    prenoms: _Name
    each: list[_Name]

    @classmethod
    def of(cls, identity: Identity) -> "_Person":
        first = _first_names(identity.prenoms)
        whole = first[0] if len(first) == 1 else _Name.of(identity.prenoms)
        return cls(_Name.of(identity.nom), whole, first)


def _first_names(prenoms: str) -> list[_Name]:
    """« Jean-Luc, Ali » gives « Jean-Luc » and « Ali »: a hyphen holds a first name together."""
    names = (_Name.of(name) for name in prenoms.replace(",", " ").split())
    return [name for name in names if name.letters]


def _straight(a: _Person, b: _Person) -> tuple[float, list[str]]:
    """Surname with surname, first names with first names."""
    surname, same_surname = _alike(a.nom, b.nom)
    first, same_first = _first_alike(a, b)
    # A geometric mean: one name in common does not make up for another that differs.
    return sqrt(surname * first), [f"nom {same_surname}", f"prénom {same_first}"]


def _inverted(a: _Person, b: _Person) -> tuple[float, list[str]]:
    """The surname of one typed as the first name of the other."""
    crossed = _alike(a.nom, b.prenoms)[0] * _alike(a.prenoms, b.nom)[0]
    return sqrt(crossed) * INVERTED, ["nom et prénom inversés"]


def _first_alike(a: _Person, b: _Person) -> tuple[float, str]:
    """The best of the whole first names, the usual ones, and each of the others."""
    whole = _alike(a.prenoms, b.prenoms)
    if len(a.each) <= 1 and len(b.each) <= 1:
        return whole
    usual = _alike(a.each[0], b.each[0]) if a.each and b.each else whole
    pairs = (_alike(one, two)[0] for one in a.each for two in b.each)
    other = max(pairs, default=0.0) * OTHER_FIRST_NAME
    return max(whole, usual, (other, "commun parmi plusieurs"), key=lambda found: found[0])


def _alike(a: _Name, b: _Name) -> tuple[float, str]:
    if not a.letters or not b.letters:
        return 0.0, "non renseigné"
    if a.letters == b.letters:
        return 1.0, "identique"
    spelling = max(0.0, JaroWinkler.similarity(a.letters, b.letters) - CHANCE) / (1 - CHANCE)
    if a.sound == b.sound:
        return (1 + spelling) / 2, "de sonorité identique"
    if _one_within_other(a.part_sounds, b.part_sounds):
        return max(spelling, ONE_PART), "composé en partie commun"
    return spelling, "proche" if spelling >= ONE_PART else "différent"


def _one_within_other(one: frozenset[str], two: frozenset[str]) -> bool:
    """« Dupont » within « Martin-Dupont », not « Martin-Durand » beside it."""
    return bool(one and two) and (one <= two or two <= one)


def _birth(a: date | None, b: date | None) -> tuple[float | None, str]:
    if a is None or b is None:
        return None, "date de naissance non renseignée"
    if a == b:
        return 1.0, "même date de naissance"
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return 0.9, "jour et mois de naissance inversés"
    if sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True)) == 1:
        return 0.8, "date de naissance différente d’un chiffre"
    return 0.0, "dates de naissance différentes"


def _meant(typed: _Name, name: _Name) -> float:
    if not typed.letters or not name.letters:
        return 0.0
    if typed.letters == name.letters:
        return 1.0
    if typed.sound == name.sound:
        return SAME_SOUND
    if len(typed.letters) >= SHORTEST_BEGINNING:
        if name.letters.startswith(typed.letters):
            return BEGINS
        if any(part.startswith(typed.letters) for part in name.parts):
            return ONE_PART
    if typed.sound in name.part_sounds:
        return ONE_PART
    if abs(len(typed.letters) - len(name.letters)) > SLIP_LETTERS:
        return 0.0
    spelling = JaroWinkler.similarity(typed.letters, name.letters)
    return spelling if spelling >= SAME_SPELLING else 0.0
