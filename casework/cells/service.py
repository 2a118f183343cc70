"""Reading cells, their settings, the closed lists they offer, and the numbering of references.

What changes a cell is in ``settings``.
"""

from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells import lists
from casework.cells.kinds import KINDS, PROPER, Kind
from casework.cells.lists import Term
from casework.cells.models import Cell, CellSeat, CellTerm, LocalTerm, ReferenceCounter, Setting
from casework.cells.options import Information, Options, Seat, Unit
from charter.roles import Role

COMMUNE = "commune"
TRIBUNAL = "tribunal"
SERVICE = "service"
ALSACE_MOSELLE = "jours_feries_alsace_moselle"
YES = "oui"
RECOVERY_PUBLIC = "recovery_public"
RECOVERY_BOUND = "recovery_bound"
LOCAL_LISTS = ("quartier", "etablissement")  # wholly the commune's own
EXTENSIBLE = ("suite",)  # common, and the commune adds to them
CONFIGURED = ("origine", "typologie", "suite")  # a cell chooses among them, and in which order
SCALARS = tuple(field.name for field in fields(Options) if field.name != "seats")


def setting(session: Session, key: str) -> str:
    """A setting's value; empty when it was never set."""
    row = session.get(Setting, key)
    return row.value if row else ""


def put_setting(session: Session, key: str, value: str) -> None:
    session.merge(Setting(key=key, value=value))


def keeps_alsace_moselle(session: Session) -> bool:
    """Does the commune keep the two public holidays of Alsace and Moselle?"""
    return setting(session, ALSACE_MOSELLE) == YES


def every_cell(session: Session) -> list[Cell]:
    return list(session.scalars(select(Cell).order_by(Cell.code)))


def cell(session: Session, code: str) -> Cell | None:
    return session.get(Cell, code)


def kind(found: Cell) -> Kind:
    return KINDS[found.kind]


def isolated(session: Session, code: str | None) -> bool:
    """Is it a cell of which nobody outside may know that it has files?"""
    found = session.get(Cell, code) if code else None
    return found is not None and kind(found).isolated


def options(session: Session, code: str) -> Options:
    """The settings of a cell. Raises LookupError when there is no such cell."""
    found = session.get(Cell, code)
    if found is None:
        raise LookupError(code)
    values = {name: getattr(found, name) for name in SCALARS}
    values |= {"information": Information(found.information), "unit": Unit(found.unit)}
    return Options(**values, seats=_seats(session, code))


def _seats(session: Session, code: str) -> tuple[Seat, ...]:
    rows = session.scalars(select(CellSeat).where(CellSeat.cell == code).order_by(CellSeat.rank))
    return tuple(Seat(Role(row.role), row.label, row.invited) for row in rows)


LOCAL_TERMS = select(LocalTerm.list, LocalTerm.code, LocalTerm.label).order_by(LocalTerm.code)


def terms(
    session: Session, name: str, cell: str | None = None, keep: Collection[int] = ()
) -> tuple[Term, ...]:
    """A closed list by name: the common one, the commune's own, or both.

    With a ``cell``, what that cell offers of it, in its order; a code to ``keep``, recorded before
    the cell withdrew it, still follows.
    """
    every = _every_term(session, name)
    if cell and name == "suite":
        every, closed = _suites_of_kind(session, cell, every)
        if closed:
            return every
    chosen = offered(session, cell, name) if cell else ()
    if not chosen:
        return every
    by_code = {term.code: term for term in every}
    kept = sorted(set(keep) - set(chosen))
    return tuple(by_code[code] for code in (*chosen, *kept) if code in by_code)


def _suites_of_kind(
    session: Session, cell: str, every: tuple[Term, ...]
) -> tuple[tuple[Term, ...], bool]:
    """The suites a cell of this kind may give, and whether its kind alone settles them."""
    found = session.get(Cell, cell)
    closed = kind(found).suites if found else ()
    if closed:
        by_slug = {term.slug: term for term in every}
        return tuple(by_slug[slug] for slug in closed), True
    return tuple(term for term in every if term.slug not in PROPER), False


def _every_term(session: Session, name: str) -> tuple[Term, ...]:
    common = lists.BY_NAME.get(name, ())
    if name not in LOCAL_LISTS and name not in EXTENSIBLE:
        return lists.BY_NAME[name]
    return common + own_terms(session, name)


def own_terms(session: Session, name: str) -> tuple[Term, ...]:
    """The commune's own terms of a list."""
    if "local_terms" not in session.info:  # all in one query: a page shows several lists
        session.info["local_terms"] = session.execute(LOCAL_TERMS).all()
    return tuple(
        Term(code, f"{name}-{code}", label)
        for of, code, label in session.info["local_terms"]
        if of == name
    )


def offered(session: Session, cell: str, name: str) -> tuple[int, ...]:
    """The codes a cell chose of a closed list, in order; none when it offers the whole list."""
    query = select(CellTerm.code).where(CellTerm.cell == cell, CellTerm.list == name)
    return tuple(session.scalars(query.order_by(CellTerm.rank)))


def labels(session: Session, name: str) -> dict[int, str]:
    """Labels of a closed list by code."""
    return {term.code: term.label for term in terms(session, name)}


def next_reference(session: Session, prefix: str, year: int) -> str:
    """The next reference of a series, such as « CCTP-2026-012 »."""
    return next_references(session, prefix, year, 1)[0]


def next_references(session: Session, prefix: str, year: int, count: int) -> list[str]:
    """The next references of a series, in order."""
    counter = session.get(ReferenceCounter, (prefix, year), with_for_update=True)
    if counter is None:
        counter = ReferenceCounter(prefix=prefix, year=year, last=0)
        session.add(counter)
    first = counter.last + 1
    counter.last += count
    session.flush()
    return [f"{prefix}-{year}-{number:03d}" for number in range(first, first + count)]
