"""What is kept between two pages of an import, packed before it is sealed."""

import json
import zlib
from dataclasses import asdict, dataclass, field
from typing import Any

from casework.imports.sheet import Cell, Kind, Sheet

REFUSED, DOUBLE, INVERTED, TO_READ = "refus", "doublon", "inversion", "relecture"
SKIP, TAKE, SWAP, CUT = "", "importer", "inverser", "retirer"
# What may be decided of a line that is not refused; the first, nothing said, imports nothing.
OPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    DOUBLE: ((SKIP, "Ignorer la ligne"), (TAKE, "Nouvelle situation")),
    INVERTED: (
        (SKIP, "Ignorer la ligne"),
        (SWAP, "Inverser nom et prénom"),
        (TAKE, "Garder tel quel"),
    ),
    TO_READ: (
        (SKIP, "Ignorer la ligne"),
        (CUT, "Importer sans ce texte"),
        (TAKE, "Garder : relu, rien d’interdit"),
    ),
}


@dataclass(frozen=True)
class Fault:
    """One line of the report: where, what was read, what to do. ``field``: ours, when it is one."""

    line: int
    column: str
    read: str
    message: str
    kind: str = REFUSED
    last: int = 0  # of merged cells: the last line they hold
    field: str = ""

    @property
    def key(self) -> str:
        """Names the decision it asks for: the line, and about what."""
        return f"{self.line}-{self.kind}" + (f"-{self.field}" if self.kind == TO_READ else "")

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        return OPTIONS.get(self.kind, ())


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

    def pack(self) -> bytes:
        return _pack(asdict(self))

    @classmethod
    def unpack(cls, raw: bytes) -> "Choices":
        said = _unpack(raw)
        said["columns"] = {int(rank): name for rank, name in said["columns"].items()}
        said["faults"] = [Fault(**fault) for fault in said["faults"]]
        return cls(**said)

    def settled(self) -> list[int]:
        """The lines to import: those without a fault, and those whose every question is decided."""
        asked: dict[int, list[Fault]] = {}
        for fault in self.faults:
            asked.setdefault(fault.line, []).append(fault)
        decided = [
            line
            for line, faults in asked.items()
            if all(self.decisions.get(fault.key, SKIP) for fault in faults)
        ]
        return sorted({*self.valid, *decided})


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
