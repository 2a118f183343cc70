"""What is kept between two pages of an import, packed before it is sealed."""

import json
import zlib
from dataclasses import asdict, dataclass, field
from typing import Any

from casework.imports.sheet import Cell, Kind, Sheet

REFUSED, DOUBLE, INVERTED, TO_READ = "refus", "doublon", "inversion", "relecture"
SKIP, TAKE, SWAP, CUT = "", "importer", "inverser", "retirer"
JOIN = "rattacher "  # then what is joined: a reference, or a line of the same file
LINE = "ligne "
LEAVE = (SKIP, "Laisser la ligne")
# What may be decided of a line that is not refused; the first, nothing said, imports nothing.
OPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    DOUBLE: (LEAVE, (TAKE, "Enregistrer à part")),
    INVERTED: (
        LEAVE,
        (SWAP, "Inverser nom et prénom"),
        (TAKE, "Garder tel quel"),
    ),
    TO_READ: (
        LEAVE,
        (CUT, "Importer sans ce texte"),
        (TAKE, "Garder : relu, rien d’interdit"),
    ),
}


@dataclass(frozen=True)
class Fault:
    """One line of the report: where, what was read, what to do. ``field``: ours, when it is one;
    ``joins``: what the line may join, as :data:`JOIN` says it."""

    line: int
    column: str
    read: str
    message: str
    kind: str = REFUSED
    last: int = 0  # of merged cells: the last line they hold
    field: str = ""
    joins: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the decision it asks for: the line, and about what."""
        return f"{self.line}-{self.kind}" + (f"-{self.field}" if self.kind == TO_READ else "")

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        first, *others = OPTIONS.get(self.kind, ()) or (LEAVE,)
        return (first, *((JOIN + target, _joining(target)) for target in self.joins), *others)

    @property
    def references(self) -> tuple[str, ...]:
        """The situations it may join, to look at before deciding."""
        return tuple(target for target in self.joins if not target.startswith(LINE))


def _joining(target: str) -> str:
    return f"Rattacher à {'la ' if target.startswith(LINE) else ''}{target}"


@dataclass
class Choices:
    """Columns and words as the coordinator understands them, the report, and their decisions."""

    columns: dict[int, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    terms: dict[str, dict[str, int]] = field(default_factory=dict)  # field → plain word → code
    faults: list[Fault] = field(default_factory=list)
    valid: list[int] = field(default_factory=list)  # numbers of the lines without a fault
    decisions: dict[str, str] = field(default_factory=dict)
    plan: list[int] = field(default_factory=list)  # numbers of the lines being imported
    past: list[int] = field(default_factory=list)  # those recorded when the report was made again
    made: dict[int, str] = field(default_factory=dict)  # where the lines others join were recorded

    def pack(self) -> bytes:
        return _pack(asdict(self))

    @classmethod
    def unpack(cls, raw: bytes) -> "Choices":
        said = _unpack(raw)
        said["columns"] = {int(rank): name for rank, name in said["columns"].items()}
        said["made"] = {int(line): reference for line, reference in said["made"].items()}
        said["faults"] = [Fault(**it | {"joins": tuple(it["joins"])}) for it in said["faults"]]
        return cls(**said)

    def said(self, fault: Fault) -> str:
        """What was decided of a fault, among what is still offered."""
        answer = self.decisions.get(fault.key, SKIP)
        return answer if answer in {value for value, _ in fault.options} else SKIP

    def joins(self, line: int) -> str:
        """What a line joins: a reference, a line of the same file, or nothing."""
        doubles = (it for it in self.faults if it.line == line and it.kind == DOUBLE)
        answer = next(map(self.said, doubles), SKIP)
        return answer.removeprefix(JOIN) if answer.startswith(JOIN) else ""

    def target(self, line: int) -> str:
        """The situation a line joins, once what it joins is recorded."""
        said = self.joins(line)
        return self.made.get(_line(said), "") if _line(said) else said

    def joined_lines(self) -> set[int]:
        """The lines that others join."""
        return {first for line in self.plan if (first := _line(self.joins(line)))}

    def settled(self) -> list[int]:
        """The lines to import: those without a fault, and those whose every question is decided.
        A line that joins another of the file follows it."""
        asked: dict[int, list[Fault]] = {}
        for fault in self.faults:
            asked.setdefault(fault.line, []).append(fault)
        decided = {line for line, faults in asked.items() if all(map(self.said, faults))}
        taken: list[int] = []
        for line in sorted({*self.valid, *decided}):
            first = _line(self.joins(line)) if line in decided else 0
            if not first or first in taken:
                taken.append(line)
        return taken


def _line(target: str) -> int:
    return int(target.removeprefix(LINE)) if target.startswith(LINE) else 0


def pack_sheet(sheet: Sheet) -> bytes:
    rows = [
        [number, [[cell.text, cell.kind] if cell.kind else cell.text for cell in cells]]
        for number, cells in sheet.rows
    ]
    return _pack([sheet.headers, rows, sheet.merged, sheet.left_out])


def unpack_sheet(raw: bytes) -> Sheet:
    headers, rows, merged, left_out = _unpack(raw)
    return Sheet(
        headers,
        [(number, [_cell(cell) for cell in cells]) for number, cells in rows],
        [(top, last) for top, last in merged],
        [(header, why) for header, why in left_out],
    )


def _cell(packed: Any) -> Cell:
    return Cell(packed) if isinstance(packed, str) else Cell(packed[0], Kind(packed[1]))


def _pack(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _unpack(raw: bytes) -> Any:
    return json.loads(zlib.decompress(raw))
