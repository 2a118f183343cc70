"""Who holds which mandate, and who signed which text. The caller commits."""

from datetime import UTC, date, datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from charter.models import CharterText, Function, MandateRow, Signature
from charter.roles import WITHOUT_CELL, Role
from charter.subjects import Actor, Mandate
from charter.wording import CharterType, canonical, digest_of


class CharterError(Exception):
    """What the register will not do."""


class NoPublishedTextError(CharterError):
    """The cell has no charter yet: there is nothing to sign."""


class NotTheCurrentTextError(CharterError):
    """The digest signed is not that of the text in force: it must be read again."""


class InvalidMandateError(CharterError):
    """A role without its cell, a cell where none belongs, or an end before the start."""


class IncompatibleMandateError(CharterError):
    """A mandate outside the cells is held alone (art. 38 §6 RGPD for the DPO)."""


class NoSuchMandateError(CharterError):
    """The person holds no such mandate."""


class EndBeforeStartError(CharterError):
    """A mandate cannot end before its first day."""


class MandateBegunError(CharterError):
    """A mandate that has begun is ended; it is not withdrawn."""


class ExcludedMemberError(CharterError):
    """A person excluded from a cell receives no new mandate there."""


def publish(
    session: Session,
    cell: str,
    body: str,
    kind: CharterType = CharterType.FOLLOW_UP,
    regulation: int | None = None,
) -> CharterText:
    """Publish the next version for ``cell``; all its members must then sign again.

    ``regulation``: version of the règlement intérieur it hangs on. The text already in force is
    returned as it is: no one signs the same words twice.
    """
    body, current = canonical(body), current_text(session, cell)
    announced = (digest_of(body), kind, regulation)
    if current and (current.digest, current.kind, current.regulation) == announced:
        return current
    text = CharterText(
        cell=cell,
        version=current.version + 1 if current else 1,
        body=body,
        digest=digest_of(body),
        published_at=datetime.now(UTC),
        kind=kind,
        regulation=regulation,
    )
    session.add(text)
    session.flush()
    return text


def current_text(session: Session, cell: str) -> CharterText | None:
    newest = select(CharterText).filter_by(cell=cell).order_by(CharterText.version.desc())
    return session.scalars(newest.limit(1)).first()


def sign(
    session: Session, member: str, cell: str, digest: str, entry: int | None = None
) -> Signature:
    """Sign the text whose ``digest`` the member was shown; signing twice changes nothing.

    ``entry``: rank of the journal entry that this act will write.

    Raises NoPublishedTextError, or NotTheCurrentTextError if another version came out meanwhile.
    """
    text = current_text(session, cell)
    if text is None:
        raise NoPublishedTextError(cell)
    if digest != text.digest:
        raise NotTheCurrentTextError(cell)
    known = select(Signature).filter_by(member=member, cell=cell, version=text.version)
    if signature := session.scalars(known).first():
        return signature
    signature = Signature(
        member=member,
        cell=cell,
        version=text.version,
        digest=digest,
        signed_at=datetime.now(UTC),
        entry=entry,
    )
    session.add(signature)
    session.flush()
    return signature


def forget_signatures(session: Session, member: str) -> None:
    """An account that is opened anew signs anew; the journal keeps what was signed before."""
    session.execute(delete(Signature).where(Signature.member == member))


_CURRENT_OF_CELL = (
    select(func.max(CharterText.version))
    .where(CharterText.cell == MandateRow.cell)
    .correlate(MandateRow)
    .scalar_subquery()
)
_STATE_OF_MEMBER = select(
    MandateRow,
    _CURRENT_OF_CELL,
    select(CharterText.kind)
    .where(CharterText.cell == MandateRow.cell, CharterText.version == _CURRENT_OF_CELL)
    .scalar_subquery(),
    select(func.max(Signature.version))
    .where(Signature.member == MandateRow.member, Signature.cell == MandateRow.cell)
    .scalar_subquery(),
    select(Function.label).where(Function.code == MandateRow.function).scalar_subquery(),
).where(MandateRow.member == bindparam("member"))


def actor_for(
    session: Session,
    reference: str,
    admitted: frozenset[str],
    acting: Role | None = None,
    fresh: bool = False,
) -> Actor:
    """The member as the charter sees them; ``admitted``: cells whose key they hold.

    Runs at every request: one query, answered by indexes. An unknown reference has no mandate.
    """
    mandates: list[Mandate] = []
    signed, outdated, excluded, forbidden = set[str](), set[str](), set[str](), set[str]()
    state = session.execute(_STATE_OF_MEMBER, {"member": reference})
    for row, current, kind, seen, function in state:
        mandates.append(as_mandate(row, function or ""))
        if row.cell is None:
            continue
        if seen is not None:
            (signed if seen == current else outdated).add(row.cell)
        if row.excluded_at is not None:
            excluded.add(row.cell)
        if kind is CharterType.NO_FILE:
            forbidden.add(row.cell)
    return Actor(
        reference,
        tuple(mandates),
        frozenset(signed),
        frozenset(outdated),
        admitted,
        frozenset(excluded),
        frozenset(forbidden),
        acting,
        fresh,
    )


def grant_mandate(
    session: Session,
    member: str,
    role: Role,
    cell: str | None,
    starts: date,
    ends: date | None = None,
    *,
    function: str | None = None,
    designated: bool = False,
) -> MandateRow:
    """Record a mandate, both days included.

    Raises InvalidMandateError, IncompatibleMandateError or ExcludedMemberError.
    """
    if (role in WITHOUT_CELL) != (cell is None) or (ends is not None and ends < starts):
        raise InvalidMandateError(role)
    for held in mandates_of(session, member):
        if (
            held.role is not role
            and {held.role, role} & WITHOUT_CELL
            and _overlap(held, starts, ends)
        ):
            raise IncompatibleMandateError(held.role)
    past = select(MandateRow.id).filter_by(member=member, cell=cell)
    if session.scalars(past.where(MandateRow.excluded_at.is_not(None)).limit(1)).first():
        raise ExcludedMemberError(member)
    row = MandateRow(
        member=member,
        role=role,
        cell=cell,
        starts=starts,
        ends=ends,
        function=function,
        designated=designated,
    )
    session.add(row)
    session.flush()
    return row


def as_mandate(row: MandateRow, function: str = "") -> Mandate:
    """A row as decisions see it; ``function``: what the commune calls it."""
    return Mandate(row.role, row.cell, row.starts, row.ends, row.designated, row.id, function)


def _overlap(held: MandateRow, starts: date, ends: date | None) -> bool:
    return held.starts <= (ends or date.max) and starts <= (held.ends or date.max)


def mandates_of(session: Session, member: str) -> list[MandateRow]:
    """All mandates of a person, past ones included, oldest first."""
    query = select(MandateRow).filter_by(member=member).order_by(MandateRow.id)
    return list(session.scalars(query))


def members_of(session: Session, cell: str) -> dict[str, Role]:
    """References of those who hold or held a mandate in a cell, and their latest role there."""
    query = select(MandateRow.member, MandateRow.role).filter_by(cell=cell).order_by(MandateRow.id)
    return {row.member: row.role for row in session.execute(query)}


def seats_of(session: Session, cell: str) -> dict[str, Mandate]:
    """The same members, and their latest mandate there."""
    query = (
        select(MandateRow, Function.label)
        .outerjoin(Function, Function.code == MandateRow.function)
        .where(MandateRow.cell == cell)
        .order_by(MandateRow.id)
    )
    return {row.member: as_mandate(row, label or "") for row, label in session.execute(query)}


def end_mandate(session: Session, mandate: int, last_day: date) -> None:
    """Bring the end of a mandate to ``last_day``; an earlier end stays.

    Raises NoSuchMandateError, or EndBeforeStartError.
    """
    row = _mandate(session, mandate)
    if last_day < row.starts:
        raise EndBeforeStartError(mandate)
    row.ends = min(last_day, row.ends or last_day)
    session.flush()


def withdraw_mandate(session: Session, mandate: int, on: date) -> None:
    """Take back a mandate that has not begun on ``on``: it opened nothing.

    Raises NoSuchMandateError, or MandateBegunError.
    """
    row = _mandate(session, mandate)
    if row.starts <= on:
        raise MandateBegunError(mandate)
    session.delete(row)
    session.flush()


def _mandate(session: Session, mandate: int) -> MandateRow:
    row = session.get(MandateRow, mandate)
    if row is None:
        raise NoSuchMandateError(mandate)
    return row


def exclude(session: Session, member: str, cell: str) -> None:
    """Close ``cell`` to ``member`` at once, whatever their mandates. Raises NoSuchMandateError."""
    rows = session.scalars(select(MandateRow).filter_by(member=member, cell=cell)).all()
    if not rows:
        raise NoSuchMandateError(member)
    for row in rows:
        row.excluded_at = row.excluded_at or datetime.now(UTC)
    session.flush()
