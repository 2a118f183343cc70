"""Changing cells: a new one, its settings, the terms it offers, the commune's own terms.

The caller commits, with the journal's entry.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casework.cells import service
from casework.cells.kinds import KINDS
from casework.cells.models import Cell, CellSeat, CellTerm, LocalTerm
from casework.cells.options import Options
from charter import register
from charter.wording import starting_text

CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
# Compartments outside cells, and the prefixes of other series: a cell of that name would share
# their key or their references.
RESERVED = frozenset({"ANNUAIRE", "DPO", "MAIRE", "PARQUET", "RO", "RAO", "TR", "CP", "DP", "ELIM"})
# The commune's own suites share a mask of 64 bits with the common ones; its other terms, a byte.
LOCAL_CODES = {"suite": range(40, 64), "quartier": range(1, 255), "etablissement": range(1, 255)}


ISOLATED = "Une cellule de ce type ne procède pas à cet acte : décochez-le."


class SettingsError(Exception):
    """The change cannot be made. ``field`` names the setting, ``sentence`` says the rule."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


class EditConflict(Exception):
    """Someone else changed the cell meanwhile; nothing is written."""


def create(
    session: Session,
    code: str,
    name: str,
    kind: str,
    options: Options,
    offered: Mapping[str, Sequence[int]],
    profile: str = "",
) -> Cell:
    """A new cell, and its charter to sign.

    A kind that needs a clearance gets no charter: nobody can sign, so nobody gets a key, so nothing
    is recorded nor read until the clearance is recorded and its charter published.
    """
    _check_code(session, code)
    _check(options, kind)
    made = Cell(code=code, name=name, kind=kind, version=1, profile=profile)
    _write(session, made, options)
    for listed, codes in offered.items():
        offer(session, made, listed, codes)
    if not KINDS[kind].needs_clearance:
        register.publish(session, code, starting_text().body)
    session.flush()
    return made


def _check_code(session: Session, code: str) -> None:
    if not CODE.fullmatch(code):
        raise SettingsError("code", "De 2 à 12 capitales ou chiffres, par exemple CVES.")
    if code in RESERVED:
        raise SettingsError("code", f"« {code} » désigne déjà autre chose : choisissez un autre.")
    if service.cell(session, code) is not None:
        raise SettingsError("code", f"La cellule « {code} » existe déjà.")


def _check(options: Options, kind: str) -> None:
    """An isolated cell does nothing that is numbered with the other cells' acts, or seen with
    them: a missing number would tell that it has a file."""
    if KINDS[kind].isolated:
        for field in ("rappel", "transaction", "parenting"):
            if getattr(options, field):
                raise SettingsError(field, ISOLATED)
    for field, sentence in options.problems():
        raise SettingsError(field, sentence)


def edition(session: Session, code: str, expected: int) -> Cell:
    """The cell, locked and one edition further. Raises EditConflict if it is not ``expected``.

    Edited, it is the commune's own: no profile overwrites it unless asked.
    """
    found = session.get_one(Cell, code, with_for_update=True)
    if found.version != expected:
        raise EditConflict(code)
    found.version += 1
    found.profile = ""
    return found


def change(
    session: Session, code: str, expected: int, name: str, options: Options
) -> dict[str, str | int]:
    """New settings; returns those that changed, in the closed words of the journal."""
    _check(options, session.get_one(Cell, code).kind)
    before = service.options(session, code)
    found = edition(session, code, expected)
    found.name = name
    _write(session, found, options)
    return _told(before, options) | {"version": found.version}


def _told(before: Options, after: Options) -> dict[str, str | int]:
    """Numbers and closed words as they are; of free words, only that they changed."""
    told: dict[str, str | int] = {}
    for name in service.SCALARS:
        value = getattr(after, name)
        if value != getattr(before, name) and name != "cadence":
            told[name] = str(value) if isinstance(value, str) else int(value)
    if before.cadence != after.cadence:
        told["cadence"] = "modifiee"
    return told | ({"seats": len(after.seats)} if before.seats != after.seats else {})


def _write(session: Session, row: Cell, options: Options) -> None:
    for name in service.SCALARS:
        value = getattr(options, name)
        setattr(row, name, str(value) if isinstance(value, str) else value)
    session.add(row)
    session.flush()
    session.execute(delete(CellSeat).where(CellSeat.cell == row.code))
    session.add_all(
        CellSeat(
            cell=row.code, rank=rank, role=seat.role.value, label=seat.label, invited=seat.invited
        )
        for rank, seat in enumerate(options.seats)
    )
    session.flush()


def offer(session: Session, cell: Cell, name: str, codes: Sequence[int]) -> None:
    """The terms a cell offers of a list, in order; none at all means the whole list."""
    if name not in service.CONFIGURED:
        raise SettingsError("liste", "Cette liste est la même pour toutes les cellules.")
    known = {term.code for term in service.terms(session, name)}
    if set(codes) - known or len(set(codes)) != len(codes):
        raise SettingsError("liste", "Choisissez parmi les termes de la liste, chacun une fois.")
    session.execute(delete(CellTerm).where(CellTerm.cell == cell.code, CellTerm.list == name))
    session.add_all(
        CellTerm(cell=cell.code, list=name, code=code, rank=rank) for rank, code in enumerate(codes)
    )
    session.flush()


def add_term(session: Session, name: str, label: str) -> LocalTerm:
    """A term of the commune's own, under the next free code: codes are stable for ever."""
    if any(same(label, term.label) for term in service.terms(session, name)):
        raise SettingsError("label", "Ce terme est déjà dans la liste.")
    codes = LOCAL_CODES[name]
    last = session.scalar(select(func.max(LocalTerm.code)).where(LocalTerm.list == name))
    code = max(codes.start, (last or 0) + 1)
    if code not in codes:
        raise SettingsError("label", f"La liste est pleine : {len(codes)} termes au plus.")
    made = LocalTerm(list=name, code=code, label=label)
    session.add(made)
    session.flush()
    session.info.pop("local_terms", None)
    return made


def same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
