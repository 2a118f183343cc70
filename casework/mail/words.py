"""The only words a mail may carry: dates, counts, references of séances, codes of cells.

A mail leaves the town. Whatever goes into one is built here, from types that a name, a fact or the
reference of a situation cannot enter (CNIL, délibération 2021-122; RGPD, art. 32). The French
around them is in `templates/mail/`, and holds no other placeholder.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from casework.web.french import long_date, number
from casework.web.french import moment as long_moment

SEANCE = re.compile(r"S-[A-Z0-9_-]{1,32}-[0-9]{4}-[0-9]{3,6}")
CODE = re.compile(r"[A-Z0-9_-]{1,32}")
MOST = 10**12


class NotNameless(Exception):
    """This is not one of the words a mail may carry."""


@dataclass(frozen=True, slots=True)
class SeanceReference:
    """« S-CCTP-2026-004 »: numbers a meeting, not a person."""

    value: str

    def __post_init__(self) -> None:
        _matches(SEANCE, self.value)

    def stored(self) -> str:
        return self.value

    def shown(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class CellCode:
    """A cell; the mail writes its name, which is configuration. The outbox checks it exists: a
    surname in capitals has the same shape."""

    value: str

    def __post_init__(self) -> None:
        _matches(CODE, self.value)

    def stored(self) -> str:
        return self.value

    def shown(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and an hour."""

    value: datetime

    def __post_init__(self) -> None:
        if type(self.value) is not datetime or self.value.tzinfo is None:
            raise NotNameless

    def stored(self) -> str:
        return self.value.astimezone(UTC).isoformat()

    def shown(self) -> str:
        return long_moment(self.value)


@dataclass(frozen=True, slots=True)
class Day:
    value: date

    def __post_init__(self) -> None:
        if type(self.value) is not date:
            raise NotNameless

    def stored(self) -> str:
        return self.value.isoformat()

    def shown(self) -> str:
        return long_date(self.value)


@dataclass(frozen=True, slots=True)
class Count:
    value: int

    def __post_init__(self) -> None:
        if type(self.value) is not int or not 0 <= self.value <= MOST:
            raise NotNameless

    def stored(self) -> int:
        return self.value

    def shown(self) -> str:
        return number(self.value)


Word = SeanceReference | CellCode | Moment | Day | Count


def _matches(pattern: re.Pattern[str], value: object) -> None:
    if type(value) is not str or not pattern.fullmatch(value):
        raise NotNameless


class Kind(StrEnum):
    """A mail, and the name of its template."""

    CONVOCATION = "convocation"
    ANNULATION = "annulation"
    RAPPEL = "rappel-seance"
    FICHES = "fiches"
    HOMOLOGATIONS = "homologations"
    ECHEANCES = "echeances"
    CONTROLE = "controle"
    ALERTES = "alertes"
    SAUVEGARDE = "sauvegarde"
    ESSAI = "essai"


_SITTING: dict[str, type[Word]] = {"seance": SeanceReference, "cellule": CellCode, "date": Moment}
SHAPES: Mapping[Kind, Mapping[str, type[Word]]] = {
    Kind.CONVOCATION: _SITTING,
    Kind.ANNULATION: _SITTING,
    Kind.RAPPEL: _SITTING,
    Kind.FICHES: {"nombre": Count, "jours": Count},
    Kind.HOMOLOGATIONS: {"nombre": Count, "jours": Count},
    Kind.ECHEANCES: {"nombre": Count, "passees": Count, "jour": Day},
    Kind.CONTROLE: {"jour": Day, "entrees": Count},
    Kind.ALERTES: {"nombre": Count, "nouvelles": Count},
    Kind.SAUVEGARDE: {"date": Moment, "jours": Count},
    Kind.ESSAI: {"date": Moment},
}


def pack(kind: Kind, words: Mapping[str, Word]) -> str:
    """The words as they are stored, in clear. NotNameless."""
    shape = SHAPES[kind]
    if words.keys() != shape.keys() or any(type(words[n]) is not shape[n] for n in shape):
        raise NotNameless(kind)
    return json.dumps({name: word.stored() for name, word in words.items()}, sort_keys=True)


def unpack(kind: Kind, stored: str) -> dict[str, Word]:
    """The words again, checked again: the table is not trusted. NotNameless."""
    try:
        raw = json.loads(stored)
        if not isinstance(raw, dict) or raw.keys() != SHAPES[kind].keys():
            raise NotNameless(kind)
        return {name: _read(shape, raw[name]) for name, shape in SHAPES[kind].items()}
    except (ValueError, TypeError):
        raise NotNameless(kind) from None


def _read(shape: type[Word], raw: object) -> Word:
    if shape is Moment:
        return Moment(datetime.fromisoformat(str(raw)))
    if shape is Day:
        return Day(date.fromisoformat(str(raw)))
    return shape(raw)  # type: ignore[arg-type] - checked by the word itself
