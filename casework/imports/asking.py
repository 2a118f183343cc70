"""What the pages of an import ask, and what is answered. Names of fields hold ranks, no word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cells.lists import Term
from casework.imports import terms as words
from casework.imports.choices import CUT, INVERTED, REFUSED, SKIP, TO_READ, Choices, Fault
from casework.imports.days import parse
from casework.imports.fields import BOTH, DEFAULTS, FIELDS, NOM, PRENOMS
from casework.imports.models import Import
from casework.imports.service import Step
from casework.imports.sheet import Sheet
from casework.web.access import today

Typed = Mapping[str, str]
STEPS = {
    Step.COLUMNS: "Colonnes",
    Step.TERMS: "Termes",
    Step.REPORT: "Contrôle à blanc",
    Step.RUNNING: "Import",
}


@dataclass(frozen=True)
class Word:
    """A word of theirs: the name of its select, how many lines use it, and our term's code."""

    name: str
    text: str
    lines: int
    code: int


@dataclass(frozen=True)
class List:
    """A closed-list column: its words to map. ``more``: how many are not shown."""

    label: str
    header: str
    terms: tuple[Term, ...]
    words: list[Word]
    more: int
    required: bool


@dataclass(frozen=True)
class Report:
    """The dry run as counted: ``ready`` lines would be imported as things are decided."""

    refused: list[Fault]
    to_decide: list[Fault]
    ready: int
    left: int

    @property
    def to_join(self) -> bool:
        """May one of them join a situation?"""
        return any(fault.joins for fault in self.to_decide)


def columns(
    session: Session, cell: str, sheet: Sheet, choices: Choices, typed: Typed
) -> list[tuple[str, str]]:
    """Take the columns and what stands for those that are missing; the errors, each with the
    identifier of its field."""
    errors: list[tuple[str, str]] = []
    choices.columns = {
        rank: name
        for rank in range(len(sheet.headers))
        if (name := typed.get(f"colonne-{rank}", "")) in FIELDS
    }
    given = list(choices.columns.values())
    for rank, name in choices.columns.items():
        if not FIELDS[name].many and given.count(name) > 1:
            label = FIELDS[name].label
            errors.append(
                (f"colonne-{rank}", f"« {label} » est donné par deux colonnes : gardez-en une.")
            )
    if BOTH in given and {NOM, PRENOMS} & set(given):
        errors.append(("colonne-0", "Le nom est donné deux fois : séparé, ou avec le prénom."))
    for name in (NOM, PRENOMS, "naissance"):
        if name not in given and not (BOTH in given and name != "naissance"):
            errors.append(("colonne-0", f"Indiquez quelle colonne donne « {FIELDS[name].label} »."))
    choices.defaults = {
        name: text
        for name in DEFAULTS
        if (text := typed.get(f"defaut-{name}", "").strip()) not in ("", "0")
    }
    errors += _defaults(session, cell, choices, given)
    _propose(session, cell, sheet, choices)
    return errors


def _defaults(
    session: Session, cell: str, choices: Choices, given: list[str]
) -> list[tuple[str, str]]:
    errors = []
    for name in DEFAULTS:
        text, label = choices.defaults.get(name, ""), FIELDS[name].label
        known = (
            {str(term.code) for term in cells.terms(session, name, cell)}
            if name != "saisine"
            else set()
        )
        if text and name == "saisine" and parse(text, today()) is None:
            errors.append(("defaut-saisine", "Écrivez la date sous la forme 21/11/2026."))
        elif text and name != "saisine" and text not in known:
            errors.append((f"defaut-{name}", "Choisissez un terme de la liste."))
        elif not text and name not in given and name != "statut":
            errors.append(
                (
                    f"defaut-{name}",
                    f"Aucune colonne ne donne « {label} » : dites-le ici pour toutes les lignes.",
                )
            )
    return errors


def _propose(session: Session, cell: str, sheet: Sheet, choices: Choices) -> None:
    """Propose our terms for their words; what was chosen before is kept."""
    for rank, name in choices.columns.items():
        field = FIELDS[name]
        if field.closed:
            known, ours = (
                choices.terms.setdefault(name, {}),
                cells.terms(session, field.closed, cell),
            )
            for word in words.words(sheet, rank, field, ours):
                known.setdefault(words.plain(word), words.propose(field.closed, ours, word))


def lists(session: Session, cell: str, sheet: Sheet, choices: Choices) -> list[List]:
    """The closed-list columns, with their words."""
    found = []
    for rank, name in sorted(choices.columns.items()):
        field = FIELDS[name]
        if not field.closed:
            continue
        ours = cells.terms(session, field.closed, cell)
        counted = list(words.words(sheet, rank, field, ours).items())
        said = choices.terms.get(name, {})
        shown = [
            Word(f"terme-{rank}-{place}", word, lines, said.get(words.plain(word), words.UNDECIDED))
            for place, (word, lines) in enumerate(counted[: words.MOST_WORDS])
        ]
        more = max(0, len(counted) - words.MOST_WORDS)
        needed = name in DEFAULTS
        if shown:
            found.append(List(field.label, sheet.headers[rank], ours, shown, more, needed))
    return found


def terms(session: Session, cell: str, sheet: Sheet, choices: Choices, typed: Typed) -> None:
    """Take our term for each of their words."""
    for asked in lists(session, cell, sheet, choices):
        codes = {term.code for term in asked.terms}
        if not asked.required:
            codes.add(words.LEFT_OUT)
        for word in asked.words:
            rank = int(word.name.split("-")[1])
            answer = typed.get(word.name, "")
            code = int(answer) if answer.isdecimal() and len(answer) < 4 else words.UNDECIDED
            kept = choices.terms[choices.columns[rank]]
            kept[words.plain(word.text)] = code if code in codes else words.UNDECIDED


def decisions(choices: Choices, typed: Typed) -> None:
    """Take what is decided of the lines that may be imported all the same."""
    for fault in choices.faults:
        allowed = {value for value, _ in fault.options}
        answer = typed.get(f"decision-{fault.key}", SKIP)
        if answer in allowed and answer != SKIP:
            choices.decisions[fault.key] = answer
        else:
            choices.decisions.pop(fault.key, None)


def decided(choices: Choices, line: int) -> tuple[str, frozenset[str]]:
    """What was decided of a line being imported: the order of its names, the texts to leave out."""
    mine = [fault for fault in choices.faults if fault.line == line]
    said = {fault.key: choices.said(fault) for fault in mine}
    order = next((said[fault.key] for fault in mine if fault.kind == INVERTED), SKIP)
    cut = (fault.field for fault in mine if fault.kind == TO_READ and said[fault.key] == CUT)
    return order, frozenset(cut)


def report(batch: Import, choices: Choices) -> Report:
    ready = len(choices.settled())
    return Report(
        refused=[fault for fault in choices.faults if fault.kind == REFUSED],
        to_decide=[fault for fault in choices.faults if fault.kind != REFUSED],
        ready=ready,
        left=batch.lines - ready - len(choices.past),
    )


def steps(batch: Import) -> list[dict[str, Any]]:
    """The line of the steps at the top of each page."""
    order = list(STEPS)
    here = order.index(Step(batch.step))
    states = ["fait"] * here + ["en_cours"] + ["a_venir"] * (len(order) - here - 1)
    return [
        {"label": STEPS[step], "state": state} for step, state in zip(order, states, strict=True)
    ]
