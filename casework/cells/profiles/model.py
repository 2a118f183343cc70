"""What a ready profile says: the cells of a strategy, and what we add where it says nothing."""

from dataclasses import dataclass, replace

from casework.cells.options import Options, Seat


@dataclass(frozen=True)
class Offered:
    """Codes of a closed list: those the document names, in its order, then ours."""

    document: tuple[int, ...]
    ours: tuple[int, ...] = ()

    @property
    def whole(self) -> tuple[int, ...]:
        return self.document + self.ours


@dataclass(frozen=True)
class CellProfile:
    """A cell as a strategy describes it; ``seats`` are the document's, ``added`` are ours."""

    code: str
    name: str
    kind: str
    source: str
    settings: Options
    seats: tuple[Seat, ...]
    added: tuple[Seat, ...]
    lists: dict[str, Offered]

    @property
    def options(self) -> Options:
        return replace(self.settings, seats=self.seats + self.added)

    @property
    def offered(self) -> dict[str, tuple[int, ...]]:
        return {name: offered.whole for name, offered in self.lists.items()}


@dataclass(frozen=True)
class Profile:
    """A commune a newcomer can start from. ``document`` is where it comes from."""

    name: str
    document: str
    file: str
    service: str
    cells: tuple[CellProfile, ...]
