"""One line of the sheet, read as a saisine: by the saisine's own form, which keeps its rules."""

from collections import defaultdict
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework.cells import service as cells
from casework.imports import days, terms
from casework.imports.choices import Choices, Fault
from casework.imports.fields import BOTH, FIELDS, NOM, PRENOMS, REP, Field
from casework.imports.sheet import Cell, Kind, Row, Sheet
from casework.names.normal import fold
from casework.situations.forms import SaisineForm
from casework.situations.service import Entry

EXAMPLE = "EXEMPLE"  # the name on the model's example line
EMPTY = "(vide)"
LONGEST_SHOWN = 80


class Lines:
    """Reads the lines of a sheet under the choices made of its columns and words."""

    def __init__(
        self, session: Session, cell: str, sheet: Sheet, choices: Choices, today: date
    ) -> None:
        self.sheet, self.choices, self.today = sheet, choices, today
        self._session, self._cell = session, cell
        self._form = SaisineForm(formdata=MultiDict(), meta={"csrf": False})
        self._ranks: dict[str, list[int]] = defaultdict(list)
        for rank, name in sorted(choices.columns.items()):
            self._ranks[name].append(rank)
        self._terms = {
            name: cells.terms(session, field.closed, cell)
            for name, field in FIELDS.items()
            if field.closed
        }

    def header(self, name: str) -> str:
        """The header of the column a field is read from, or the field's own label."""
        ranks = self._ranks.get(name) or (self._ranks[BOTH] if name in (NOM, PRENOMS) else [])
        return self.sheet.headers[ranks[0]] if ranks else FIELDS[name].label

    def texts(self, row: Row) -> dict[str, str]:
        """The text of each field; several columns of one field, one under another."""
        found = {
            name: "\n".join(text for rank in ranks if (text := row[1][rank].text))
            for name, ranks in self._ranks.items()
        }
        if BOTH in found:
            nom, prenoms = split(found.pop(BOTH))
            found = {NOM: nom, PRENOMS: prenoms} | {k: v for k, v in found.items() if v}
        return found

    def read(
        self, row: Row, *, swap: bool = False, without: frozenset[str] = frozenset()
    ) -> tuple[Entry | None, list[Fault]]:
        """The saisine a line makes, or its faults: at most one for each cell."""
        faults: dict[str, Fault] = {}
        for name, ranks in self._ranks.items():
            for rank in ranks:
                if found := self._unread(row[0], self.sheet.headers[rank], row[1][rank]):
                    faults[name] = found
        typed: MultiDict[str, str] = MultiDict()
        said = self.texts(row) | dict.fromkeys(without, "")
        if swap:
            said[NOM], said[PRENOMS] = said.get(PRENOMS, ""), said.get(NOM, "")
        for name in FIELDS:
            text = said.get(name, "") or self.choices.defaults.get(name, "")
            if text and name not in faults:
                self._type(row[0], FIELDS[name], text, typed, faults)
        if not typed.get("statut"):
            typed.setdefault("statut", "1")
        for name in (NOM, PRENOMS):
            if name not in faults and any(char.isdigit() for char in said.get(name, "")):
                faults[name] = self._fault(
                    row[0],
                    name,
                    said[name],
                    "Un nom ne porte pas de chiffre : corrigez la cellule.",
                )
        if fold(said.get(NOM, "")) == fold(EXAMPLE):
            message = "C’est la ligne d’exemple du modèle : supprimez-la."
            return None, [self._fault(row[0], NOM, said[NOM], message)]
        form = self._form
        form.process(typed)
        form.fill_choices(self._session, self._cell)
        if not form.validate():
            self._told(row[0], said, faults)
        return (None, list(faults.values())) if faults else (form.entry(), [])

    def _unread(self, line: int, header: str, cell: Cell) -> Fault | None:
        if cell.kind is Kind.FORMULA:
            message = "Une formule n’est pas suivie : collez sa valeur à la place."
            return Fault(line, header, "(formule)", message)
        if cell.kind is Kind.ERROR:
            message = "Le tableur affiche une erreur : corrigez la cellule, ou videz-la."
            return Fault(line, header, cell.text[:LONGEST_SHOWN], message)
        return None

    def _type(
        self,
        line: int,
        field: Field,
        text: str,
        typed: "MultiDict[str, str]",
        faults: dict[str, Fault],
    ) -> None:
        """Put a text into the form as a person would have typed it."""
        name = field.name
        if field.day:
            day = days.parse(text, self.today)
            if day is None:
                message = "Date illisible : écrivez-la sous la forme 21/11/2026."
                faults[name] = self._fault(line, name, text, message)
            else:
                typed[name] = f"{day:%d/%m/%Y}"
        elif field.closed:
            for word in self._words(field, text):
                code = self._code(field, word)
                if code == terms.UNDECIDED:
                    message = (
                        f"« {word[:LONGEST_SHOWN]} » n’est pas un terme de la liste "
                        f"« {field.label} » : choisissez-en un à l’étape « Termes »."
                    )
                    faults[name] = self._fault(line, name, text, message)
                elif code:
                    typed.add(_input(name), str(code))
        else:
            typed[_input(name)] = text

    def _words(self, field: Field, text: str) -> list[str]:
        if text == self.choices.defaults.get(field.name):
            return [text]
        return terms.cut(field, text, self._terms[field.name])

    def _code(self, field: Field, word: str) -> int:
        if word == self.choices.defaults.get(field.name) and word.isdigit():
            return int(word)
        return self.choices.terms.get(field.name, {}).get(terms.plain(word), terms.UNDECIDED)

    def _fault(self, line: int, name: str, text: str, message: str) -> Fault:
        return Fault(line, self.header(name), text[:LONGEST_SHOWN] or EMPTY, message, field=name)

    def _told(self, line: int, said: dict[str, str], faults: dict[str, Fault]) -> None:
        """What the form refuses, told at the column it comes from."""
        for name, errors in self._form.errors.items():
            pairs = (
                [(REP + key, text) for entry in errors if entry for key, text in entry.items()]
                if name == "representants"
                else [(name, errors)]
            )
            for key, messages in pairs:
                if key in FIELDS and key not in faults:
                    text = said.get(key, "")
                    faults[key] = self._fault(line, key, text, " ".join(map(str, messages)))


def _input(name: str) -> str:
    """The name of the form's own field."""
    return f"representants-0-{name.removeprefix(REP)}" if name.startswith(REP) else name


def split(text: str) -> tuple[str, str]:
    """« BENALI Karim » or « Karim BENALI »: the capitals are the name. Else the first word is."""
    words = text.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(word for word in words if word not in capitals)
    return " ".join(words[:1]), " ".join(words[1:])
