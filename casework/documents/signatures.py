"""The sheets that prove who signed a cell's charter: one member's own, and the whole cell's."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from casework.documents.letters import NBSP, Properties, Source, Value
from casework.documents.papers import draw

ALL_MODEL, OWN_MODEL = "feuille_signatures", "feuille_signature"
UNPROVED = "Écriture antérieure au rattachement des signatures au journal"


class Who(Protocol):
    """A member, as the directory knows them."""

    @property
    def name(self) -> str: ...
    @property
    def fonction(self) -> str: ...
    @property
    def institution(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Signed:
    """One signature: ``at`` is written out, ``leaf`` hexadecimal, ``entry`` a rank from 0."""

    who: Who
    role: str
    title: str
    version: int
    digest: str
    at: str
    entry: int | None
    leaf: str


@dataclass(frozen=True, kw_only=True)
class Absent:
    """A member who has not signed."""

    who: Who
    role: str


@dataclass(frozen=True, kw_only=True)
class Made:
    """Where, when and by whom a sheet is made; ``checkpoint`` is the journal's own line,
    ``note`` its signed checkpoint, whole, to paste on the DPO's page."""

    commune: str
    cell: str
    dated: date
    at: str
    by: str
    checkpoint: str
    note: str


@dataclass(frozen=True, kw_only=True)
class SignedText:
    """The version whose signatures are listed."""

    title: str
    version: int
    kind: str
    published: str
    regulation: str
    digest: str


def render_all(
    made: Made,
    text: SignedText,
    signed: list[Signed],
    absent: list[Absent],
    source: Source | None = None,
) -> bytes:
    """The sheet of a cell. Raises ModelError."""
    values = {
        **_made(made),
        "titre": text.title,
        "version": f"Version{NBSP}{text.version}",
        "publiee_le": text.published,
        "type": text.kind,
        "reglement": text.regulation,
        "empreinte": text.digest,
        "decompte": _count(len(signed)),
        "signatures": [_line(one) for one in signed],
        "absents": [{**_person(one.who), "role": one.role} for one in absent],
    }
    about = Properties(title=f"Signatures {made.cell}", author=made.commune, dated=made.dated)
    return draw(ALL_MODEL, [values], made.dated, about, source)


def render_own(
    made: Made, who: Who, engagement: str, signed: list[Signed], source: Source | None = None
) -> bytes:
    """A member's own sheet. Raises ModelError."""
    values: dict[str, Value] = {
        **_made(made),
        **_person(who),
        "engagement": engagement,
        "signatures": [_line(one) for one in signed],
    }
    about = Properties(title=f"Signature {made.cell}", author=made.commune, dated=made.dated)
    return draw(OWN_MODEL, [values], made.dated, about, source)


def _made(made: Made) -> dict[str, Value]:
    return {
        "commune": made.commune,
        "cellule": made.cell,
        "etablie_le": made.at,
        "etablie_par": made.by,
        "point_de_controle": made.checkpoint,
        "note_signee": made.note,
    }


def _person(who: Who) -> dict[str, str]:
    return {"nom": who.name, "fonction": who.fonction, "institution": who.institution}


def _line(one: Signed) -> dict[str, str]:
    return {
        **_person(one.who),
        "role": one.role,
        "titre": one.title,
        "version": f"Version{NBSP}{one.version}",
        "empreinte": one.digest,
        "le": one.at,
        "ecriture": UNPROVED if one.entry is None else f"n°{NBSP}{one.entry}",
        "feuille": one.leaf,
    }


def _count(signed: int) -> str:
    return "Aucune signature." if not signed else f"{signed}{NBSP}signature{'s' * (signed > 1)}."
