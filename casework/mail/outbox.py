"""The outbox: a mail is queued with the act that causes it, and leaves once that act is committed.

Nothing is lost: a mail is claimed, then handed over, then marked; whatever stops us in between, it
is tried again. Nothing is sent twice beyond what SMTP allows: if the server hung up after taking
the mail and before saying so, it comes again under the same Message-ID (RFC 5321, 4.2.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from casework.db import Database, new_id
from casework.instance import Instance
from casework.mail import compose, mandated, settings, transport
from casework.mail.models import OutgoingMail
from casework.mail.transport import Undelivered
from casework.mail.words import Kind, NotNameless, Word, pack, unpack
from casework.seances.models import Convocation, Seance
from casework.vault.aead import Place, open_text, seal_text
from casework.vault.errors import IntegrityError

WAITS, SENT, GIVEN_UP, VOID = "attend", "envoye", "abandonne", "sans_objet"
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
KEPT_DAYS = 365  # who was told what and when, without the address


def place(number: int) -> Place:
    return Place("mail_outbox", "recipient", number)


@dataclass(frozen=True)
class Sealer:
    """Seals addresses to the delivery key of an instance."""

    instance: Instance

    def seal(self, number: int, address: str) -> bytes:
        return seal_text(settings.delivery_key(self.instance.data), address, place(number))


def queue(
    session: Session,
    sealer: Sealer,
    kind: Kind,
    words: Mapping[str, Word],
    address: str,
    *,
    give_up: datetime,
    member: str = "",
    about: str = "",
    sequence: int = 0,
    not_before: datetime | None = None,
    once: str | None = None,
) -> OutgoingMail:
    """A mail that leaves if, and only if, the caller commits. NotNameless."""
    now = datetime.now(UTC)
    start = max(not_before or now, now)
    number = new_id()
    row = OutgoingMail(
        id=number,
        kind=kind.value,
        words=pack(kind, words),
        about=about,
        member=member,
        sequence=sequence,
        once=once,
        recipient=sealer.seal(number, address),
        state=WAITS,
        attempts=0,
        error="",
        queued_at=now,
        not_before=start,
        next_try_at=start,
        gives_up_at=give_up,
    )
    compose.text_of(session, kind, unpack(kind, row.words), "")  # a cell that is none stops here
    session.add(row)
    session.flush()
    return row


def settle(row: OutgoingMail, state: str, error: str = "") -> None:
    """No longer to be tried: the address is destroyed."""
    row.state, row.error, row.recipient = state, error, None


def drop(session: Session, *, about: str = "", member: str = "") -> None:
    """What waits about a séance, or for a member, is to leave no more."""
    waiting = update(OutgoingMail).where(OutgoingMail.state == WAITS)
    waiting = waiting.where(OutgoingMail.about == about) if about else waiting
    waiting = waiting.where(OutgoingMail.member == member) if member else waiting
    session.execute(waiting.values(state=VOID, recipient=None))


def redirect(session: Session, sealer: Sealer, member: str, address: str) -> None:
    """What waits for a member goes to their new address."""
    for row in session.scalars(select(OutgoingMail).filter_by(member=member, state=WAITS)):
        row.recipient = sealer.seal(row.id, address)


def deliver(database: Database, instance: Instance) -> tuple[int, int]:
    """Send what is due; how many were taken, how many were not. SettingsError."""
    mailing = settings.load(instance.data)
    _give_up(database)
    sent = failed = 0
    if mailing is None or not _anything_due(database):
        return 0, 0
    try:
        with transport.connected(mailing, instance.data) as server:
            while (row := _claim(database)) is not None:
                try:
                    with database.read() as session:
                        made = _made(session, instance, row, mailing.sender)
                    transport.hand_over(server, made)
                except Undelivered as error:
                    failed += 1
                    _mark(database, row.id, error)
                    if error.server:
                        break
                else:
                    sent += 1
                    _mark(database, row.id, None)
    except Undelivered as error:
        failed += 1
        _mark_next(database, error)
    return sent, failed


def _made(session: Session, instance: Instance, row: OutgoingMail, sender: str) -> EmailMessage:
    try:
        address = open_text(
            settings.delivery_key(instance.data), row.recipient or b"", place(row.id)
        )
        return compose.message(session, row, instance.address, sender, address)
    except IntegrityError:
        raise Undelivered("cle", final=True) from None
    except NotNameless:
        raise Undelivered("mots", final=True) from None


def _due(now: datetime) -> Select[tuple[OutgoingMail]]:
    return (
        select(OutgoingMail)
        .where(OutgoingMail.state == WAITS, OutgoingMail.next_try_at <= now)
        .order_by(OutgoingMail.next_try_at, OutgoingMail.id)
        .limit(1)
    )


def _anything_due(database: Database) -> bool:
    with database.read() as session:
        return session.scalar(_due(datetime.now(UTC))) is not None


def _claim(database: Database) -> OutgoingMail | None:
    """The next mail, kept from other senders: if this one dies, it is tried again later."""
    while True:
        with database.write() as session:
            now = datetime.now(UTC)
            row = session.scalar(_due(now).with_for_update(skip_locked=True))
            if row is None:
                return None
            if still_true(session, row):
                _postpone(row, now)
                session.commit()
                return row
            settle(row, VOID)
            session.commit()


def _postpone(row: OutgoingMail, now: datetime) -> None:
    row.attempts += 1
    row.next_try_at = now + min(FIRST_WAIT * 3 ** min(row.attempts - 1, 9), LONGEST_WAIT)


def still_true(session: Session, row: OutgoingMail) -> bool:
    """What a séance that moved, or a member who no longer sits, would be told is not true."""
    if Kind(row.kind) not in {Kind.CONVOCATION, Kind.RAPPEL}:
        return True
    seance = session.scalar(select(Seance).where(Seance.reference == row.about))
    if seance is None or session.get(Convocation, (seance.id, row.member)) is None:
        return False
    if row.member not in mandated.in_cell(session, seance.cell):
        return False
    try:
        return unpack(Kind(row.kind), row.words)["date"].value == seance.held_at
    except NotNameless:
        return True  # composing it will say so


def _mark(database: Database, number: int, error: Undelivered | None) -> None:
    with database.write() as session:
        row = session.get_one(OutgoingMail, number)
        if error is None:
            settle(row, SENT)
            row.sent_at = datetime.now(UTC)
        elif error.final:
            settle(row, GIVEN_UP, error.word)
        else:
            row.error = error.word
        session.commit()


def _mark_next(database: Database, error: Undelivered) -> None:
    """The server could not be reached: the first mail in line says why, and all wait."""
    row = _claim(database)
    if row is not None:
        _mark(database, row.id, error)


def _give_up(database: Database) -> None:
    with database.write() as session:
        late = OutgoingMail.gives_up_at < datetime.now(UTC)
        for row in session.scalars(select(OutgoingMail).where(OutgoingMail.state == WAITS, late)):
            settle(row, GIVEN_UP, row.error or "delai")
        session.commit()


def purge(session: Session) -> None:
    """Forget what left, or did not, more than a year ago."""
    old = OutgoingMail.queued_at < datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    for row in session.scalars(select(OutgoingMail).where(OutgoingMail.state != WAITS, old)):
        session.delete(row)


@dataclass(frozen=True)
class Health:
    """What the administrator sees of the outbox: counts, never to whom."""

    waiting: int
    in_trouble: int
    given_up: list[OutgoingMail]
    last_sent: datetime | None
    last_error: str


def health(session: Session) -> Health:
    waits = OutgoingMail.state == WAITS
    count = select(func.count()).select_from(OutgoingMail).where(waits)
    troubled = or_(OutgoingMail.attempts > 1, OutgoingMail.error != "")
    given_up = select(OutgoingMail).where(OutgoingMail.state == GIVEN_UP)
    latest = select(OutgoingMail.error).where(waits, OutgoingMail.error != "")
    return Health(
        session.scalar(count) or 0,
        session.scalar(count.where(troubled)) or 0,
        list(session.scalars(given_up.order_by(OutgoingMail.queued_at.desc()).limit(20))),
        session.scalar(select(func.max(OutgoingMail.sent_at))),
        session.scalar(latest.order_by(OutgoingMail.next_try_at.desc()).limit(1)) or "",
    )
