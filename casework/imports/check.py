"""The dry run: every line read, every fault told once, nothing imported."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework.cells.lists import ENDED
from casework.imports import forbidden
from casework.imports.choices import DOUBLE, INVERTED, LINE, TO_READ, Choices, Fault
from casework.imports.fields import FIELDS, NOM, PRENOMS
from casework.imports.lines import LONGEST_SHOWN, Lines
from casework.imports.sheet import Row, Sheet
from casework.names.compare import Identity, same_person_likely
from casework.names.normal import fold
from casework.names.sound import search_keys
from casework.situations.service import Entry

FREE_TEXTS = ("recit", "implication", "faits_lieu", "classe", "adresse")
MOSTLY = 0.7


@dataclass(frozen=True)
class Alike:
    """A situation about someone who may be the same: its reference, empty when it is closed to
    whoever imports, and whether a line may join it."""

    reference: str
    open: bool


Known = Callable[[Identity], tuple[Alike, ...]]


def check(
    session: Session, cell: str, sheet: Sheet, choices: Choices, known: Known, today: date
) -> Choices:
    """The choices with the report of the dry run and the numbers of the lines without a fault."""
    lines = Lines(session, cell, sheet, choices, today)
    inverted = _Inversions(lines)
    earlier = _Earlier()
    choices.faults, choices.valid = [], []
    left = _merged(sheet, choices) | set(choices.past)
    for row in sheet.rows:
        number = row[0]
        if number in left:
            continue
        if stray := _stray(row, sheet):
            choices.faults.append(stray)
            continue
        entry, faults = lines.read(row)
        if entry is not None:
            faults = [
                *inverted.faults(row),
                *_to_read(lines, row),
                *_doubles(lines, number, entry, earlier, known),
            ]
        choices.faults += faults
        if not faults:
            choices.valid.append(number)
    choices.faults.sort(key=lambda fault: fault.line)
    return choices


def _merged(sheet: Sheet, choices: Choices) -> set[int]:
    """Merged cells hide a value under another line's: their lines are told once, and refused."""
    closed: set[int] = set()
    for top, last in sheet.merged:
        held = {number for number, _ in sheet.rows if top <= number <= last}
        if not held or held <= closed:
            continue
        closed |= held
        message = "Cellules fusionnées : défusionnez-les, et écrivez la valeur sur chaque ligne."
        choices.faults.append(Fault(top, "", "(fusion)", message, last=last if last > top else 0))
    return closed


def _stray(row: Row, sheet: Sheet) -> Fault | None:
    filled = [rank for rank, cell in enumerate(row[1]) if cell.text]
    if len(filled) != 1 or len(sheet.headers) < 3:
        return None
    (rank,) = filled
    text = row[1][rank].text[:LONGEST_SHOWN]
    message = "Texte isolé, qui ne décrit personne : supprimez cette ligne."
    return Fault(row[0], sheet.headers[rank], text, message)


def _to_read(lines: Lines, row: Row) -> list[Fault]:
    """Free texts where a word that is never recorded may stand."""
    found = []
    for name, text in lines.texts(row).items():
        if name in FREE_TEXTS and (why := forbidden.words(text)):
            message = f"Ce texte semble dire {why}, qui ne s’enregistre jamais : relisez-le."
            shown = text[:LONGEST_SHOWN]
            found.append(Fault(row[0], lines.header(name), shown, message, TO_READ, field=name))
    return found


class _Inversions:
    """A name typed in the first name's column, as the other lines of the file reveal it."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        pairs = [self._pair(row) for row in lines.sheet.rows]
        pairs = [(nom, prenoms) for nom, prenoms in pairs if nom and prenoms]
        self._noms = Counter(fold(nom) for nom, _ in pairs)
        self._prenoms = Counter(fold(prenoms) for _, prenoms in pairs)
        told = max(1, len(pairs))
        shouted = sum(nom.isupper() for nom, _ in pairs) / told
        spoken = sum(not prenoms.isupper() for _, prenoms in pairs) / told
        self._capitals = shouted >= MOSTLY and spoken >= MOSTLY

    def _pair(self, row: Row) -> tuple[str, str]:
        said = self._lines.texts(row)
        return said.get(NOM, ""), said.get(PRENOMS, "")

    def faults(self, row: Row) -> list[Fault]:
        nom, prenoms = self._pair(row)
        by_case = self._capitals and prenoms.isupper() and not nom.isupper()
        # Each has been read on the other side, and never on its own but here.
        crossed = self._prenoms[fold(nom)] > 1 and self._noms[fold(nom)] == 1
        by_others = crossed and self._prenoms[fold(prenoms)] == 1 and self._noms[fold(prenoms)]
        if not (by_case or by_others):
            return []
        message = "Le nom semble être dans la colonne du prénom : inversez-les, ou confirmez."
        shown = f"{nom} / {prenoms}"[:LONGEST_SHOWN]
        header = self._lines.header(PRENOMS)
        return [Fault(row[0], header, shown, message, INVERTED, field=PRENOMS)]


class _Earlier:
    """The people of the lines already read, found again by the sound of either name."""

    def __init__(self) -> None:
        self._people: dict[str, list[tuple[int, Identity]]] = defaultdict(list)
        self.over: set[int] = set()  # recorded already over: nothing joins them

    def like(self, number: int, identity: Identity) -> int:
        """The first line that seems to speak of the same person, or 0; remembers this one."""
        keys = frozenset(search_keys(identity.nom)) | frozenset(search_keys(identity.prenoms))
        near = {line: other for key in keys for line, other in self._people[key]}
        for key in keys:
            self._people[key].append((number, identity))
        same = (line for line, other in near.items() if same_person_likely(identity, other))
        return min(same, default=0)


def _doubles(
    lines: Lines, number: int, entry: Entry, earlier: _Earlier, known: Known
) -> list[Fault]:
    who = entry.interesse
    identity = Identity(who.nom, who.prenoms, who.naissance)
    shown = f"{who.nom} {who.prenoms}"[:LONGEST_SHOWN]
    joins: tuple[str, ...] = ()
    alike: tuple[Alike, ...] = ()
    if first := earlier.like(number, identity):
        message = f"Ressemble à la personne de la ligne {first}."
        joins = (f"{LINE}{first}",) * (first not in earlier.over)
    elif alike := known(identity):
        message = f"Ressemble à {_told(alike)}."
        joins = tuple(one.reference for one in alike if one.open)
    if entry.statut in ENDED:
        earlier.over.add(number)
    if not (first or alike):
        return []
    return [Fault(number, lines.header(NOM), shown, message, DOUBLE, field=NOM, joins=joins)]


def _told(alike: tuple[Alike, ...]) -> str:
    if not all(one.reference for one in alike):
        return "une personne d’une situation dont vous vous êtes déporté"
    said = (one.reference if one.open else f"{one.reference}, suivi terminé" for one in alike)
    return f"une personne que la cellule connaît ({' ; '.join(said)})"


def labels() -> dict[str, str]:
    """The fields a column may become, as they read."""
    return {name: field.label for name, field in FIELDS.items()}
