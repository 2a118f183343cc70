"""The texts that were published, and who signed which: charters by cell, règlement intérieur.

The caller commits. Publishing a charter and signing it are in :mod:`charter.register`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.models import CharterText, MandateRow, Regulation, Signature
from charter.register import current_text
from charter.roles import Role
from charter.wording import canonical, digest_of


def versions(session: Session, cell: str) -> list[CharterText]:
    """Every version of a cell's charter, the one in force first."""
    query = select(CharterText).filter_by(cell=cell).order_by(CharterText.version.desc())
    return list(session.scalars(query))


def regulations(session: Session) -> list[Regulation]:
    """Every version of the règlement intérieur, the one in force first."""
    return list(session.scalars(select(Regulation).order_by(Regulation.version.desc())))


def publish_regulation(session: Session, body: str, adopted_on: date) -> Regulation:
    """Publish the next version; the one in force is returned as it is when nothing changed.

    No charter moves with it: a cell hangs on the version its members signed under, until a charter
    is published that names another.
    """
    body, newest = canonical(body), next(iter(regulations(session)), None)
    if newest and (newest.digest, newest.adopted_on) == (digest_of(body), adopted_on):
        return newest
    made = Regulation(
        version=newest.version + 1 if newest else 1,
        adopted_on=adopted_on,
        body=body,
        digest=digest_of(body),
        published_at=datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    return made


def signatures_of(session: Session, cell: str, member: str) -> list[Signature]:
    """What a member signed in a cell, newest first."""
    query = select(Signature).filter_by(cell=cell, member=member)
    return list(session.scalars(query.order_by(Signature.version.desc())))


def signatures_on(session: Session, text: CharterText) -> list[Signature]:
    """Who signed one version, in the order they did."""
    query = select(Signature).filter_by(cell=text.cell, version=text.version)
    return list(session.scalars(query.order_by(Signature.signed_at, Signature.id)))


def seats(session: Session, cell: str, on: date) -> dict[str, Role]:
    """Who sits in a cell on a day: a mandate in course, and no exclusion."""
    query = select(MandateRow).filter_by(cell=cell, excluded_at=None).order_by(MandateRow.id)
    return {
        row.member: row.role
        for row in session.scalars(query)
        if row.starts <= on and (row.ends is None or on <= row.ends)
    }


def unsigned(session: Session, cell: str, on: date) -> Mapping[str, Role]:
    """Who sits in a cell without having signed the charter in force."""
    text = current_text(session, cell)
    signed = {found.member for found in signatures_on(session, text)} if text else set[str]()
    return {who: role for who, role in seats(session, cell, on).items() if who not in signed}
