"""Functions a commune adds as data: a bailleur, a mission locale… They sit as one of our roles.

The caller commits.
"""

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.models import Function
from charter.roles import ADDED_SEATS, Role

_CODE_LENGTH = 40
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


class FunctionError(Exception):
    """The function cannot be added."""


class FunctionExistsError(FunctionError):
    """A function, or a role of the charter, has this name already."""


class NoSeatError(FunctionError):
    """The role is not one that a commune's function may hold."""


class UnnameableError(FunctionError):
    """The label holds no letter and no figure."""


def slug_of(label: str) -> str:
    """« Bailleur social » gives « bailleur-social »; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", label.translate(_LIGATURES)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")[:_CODE_LENGTH].strip("-")


def add(session: Session, label: str, role: Role) -> Function:
    """Add a function that sits as ``role``. Raises a FunctionError."""
    code = slug_of(label)
    if not code:
        raise UnnameableError(label)
    if role not in ADDED_SEATS:
        raise NoSeatError(role)
    known = session.get(Function, code)
    if known is not None or code in {slug_of(ours.label) for ours in Role}:
        raise FunctionExistsError(label)
    made = Function(code=code, label=label, role=role)
    session.add(made)
    session.flush()
    return made


def every(session: Session) -> list[Function]:
    return list(session.scalars(select(Function).order_by(Function.label)))


def labels(session: Session) -> dict[str, str]:
    """What the commune calls its functions, by code."""
    return {row.code: row.label for row in every(session)}
