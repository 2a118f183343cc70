"""What the pages about a member ask the charter: for the administrator of the member as a whole,
for a coordinator of the member's place in their cell."""

from flask import g
from sqlalchemy.orm import Session

from casework.members import service
from casework.situations.views import in_cell
from casework.web.access import Identity, require
from casework.web.forms import row_number
from charter import register
from charter.subjects import Subject


def place(session: Session, who: Identity, cell: str, reference: str) -> Subject:
    """Someone who holds or held a mandate in the cell."""
    found = in_cell(session, who, cell)
    require(register.members_of(session, cell).get(reference))
    return Subject(found.cell, reference=reference, person=reference)


def member(session: Session, who: Identity, reference: str, cell: str | None = None) -> Subject:
    """A member, or their place in a cell; kept as ``g.member``."""
    g.member = require(service.by_reference(session, reference))
    if cell is not None:
        return place(session, who, cell, reference)
    return Subject(reference=reference, person=reference)


def mandate(
    session: Session, who: Identity, reference: str, number: str, cell: str | None = None
) -> Subject:
    """One mandate of a member, in the cell if there is one; kept as ``g.mandate``."""
    subject = member(session, who, reference, cell)
    wanted = row_number(number)
    rows = register.mandates_of(session, reference)
    g.mandate = require(next((r for r in rows if r.id == wanted and cell in (None, r.cell)), None))
    return subject
