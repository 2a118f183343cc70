"""How long a request stays in the register: six years from its answer, then the
nightly job destroys it (`casework.retention.job`).

The register proves that rights were honoured (art. 5 §2 and 24 RGPD) for as long as hindering them
may be prosecuted: six years, the delay of a délit (art. 8 CPP; art. 226-18-1 and 226-22-1 CP). A
request without its answer stays, and so does one whose limitation still runs.
"""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework.legal_days import months_after
from casework.rights.models import Freeze, PersonRequest, Transmission

YEARS = 6


def due(session: Session, on: date) -> list[PersonRequest]:
    """The requests at their term, oldest first."""
    limited = (
        exists()
        .where(Freeze.transmission == Transmission.id, Freeze.lifted_at.is_(None))
        .where(Transmission.request == PersonRequest.id)
    )
    answered_before = months_after(on, -12 * YEARS)
    query = select(PersonRequest).where(PersonRequest.decided_on <= answered_before, ~limited)
    return list(session.scalars(query.order_by(PersonRequest.decided_on, PersonRequest.id)))
