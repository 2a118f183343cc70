"""Cells, the commune's settings and lists, and the numbering of references."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells import lists
from casework.cells.lists import Term
from casework.cells.models import Cell, LocalTerm, ReferenceCounter, Setting

COMMUNE = "commune"
TRIBUNAL = "tribunal"
SERVICE = "service"
RECOVERY_PUBLIC = "recovery_public"
REMINDER_DAYS = "relance_parquet_jours"
LOCAL_LISTS = ("quartier", "etablissement")


def setting(session: Session, key: str) -> str:
    """A setting's value; empty when it was never set."""
    row = session.get(Setting, key)
    return row.value if row else ""


def put_setting(session: Session, key: str, value: str) -> None:
    session.merge(Setting(key=key, value=value))


def every_cell(session: Session) -> list[Cell]:
    return list(session.scalars(select(Cell).order_by(Cell.code)))


def cell(session: Session, code: str) -> Cell | None:
    return session.get(Cell, code)


LOCAL_TERMS = select(LocalTerm.list, LocalTerm.code, LocalTerm.label).order_by(LocalTerm.code)


def terms(session: Session, name: str) -> tuple[Term, ...]:
    """A closed list by name: the commune's own, or the common one."""
    if name not in LOCAL_LISTS:
        return lists.BY_NAME[name]
    if "local_terms" not in session.info:  # all in one query: a page shows several lists
        session.info["local_terms"] = session.execute(LOCAL_TERMS).all()
    return tuple(
        Term(code, f"{name}-{code}", label)
        for of, code, label in session.info["local_terms"]
        if of == name
    )


def labels(session: Session, name: str) -> dict[int, str]:
    """Labels of a closed list by code."""
    return {term.code: term.label for term in terms(session, name)}


def next_reference(session: Session, prefix: str, year: int) -> str:
    """The next reference of a series, such as « CCTP-2026-012 »."""
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
