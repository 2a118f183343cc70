"""The steps of a rappel à l'ordre one after the other: what each leaves on the fiche."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.rappels.events import Author
from casework.rappels.procedure import NO, YES, Step
from casework.rappels.service import Opened, is_minor, move
from casework.vault import store
from casework.vault.keyring import Writer
from casework.web.french import local

HELD = ("tenu_le", "forme", "tenu_par", "delegation", "presents", "impossibilite")


def answer(
    session: Session, writer: Writer, opened: Opened, step: Step, observation: str, author: Author
) -> None:
    """Temps 2. ForbiddenStep, Unmet when reasons come with a judicial answer, ActConflict."""
    details = {"observation": observation}
    record, rappel = move(session, writer, opened, step, author, details)
    rappel.t2_at = datetime.now(UTC)
    record.seal(rappel, "observation", observation.strip())
    record.seal(rappel, "repondu_par", author.signed)
    session.flush()


def carry(
    session: Session, writer: Writer, opened: Opened, step: Step, author: Author, content: bytes
) -> None:
    """The same answer, received on paper and carried with its scan by the correspondant
    Justice-Ville. Raises as :func:`answer`, and NotAScan or TooLarge."""
    answer(session, writer, opened, step, "", author)
    wraps = store.wraps_of(session, opened.row.id)
    sealing = writer.record(opened.row.id, wraps, opened.row.reference)
    attachments.attach(session, sealing, opened.row.id, content, author.reference)


def reminder_due(session: Session, opened: Opened) -> date:
    """The first day on which the protocol lets the commune remind the parquet."""
    last = opened.last(Step.RELANCER)
    since = local(last.at if last else opened.row.t1_at).date()
    return since + timedelta(days=cells.options(session, opened.row.cell).reminder_days + 1)


def remind(session: Session, writer: Writer, opened: Opened, author: Author, on: date) -> None:
    """« Relancer le parquet »: a letter, and never an agreement."""
    passed = YES if on >= reminder_due(session, opened) else NO
    move(session, writer, opened, Step.RELANCER, author, {"delai_ecoule": passed})


def convene(
    session: Session, writer: Writer, opened: Opened, author: Author, details: Mapping[str, str]
) -> None:
    """Establish the convocation, or another. ForbiddenStep, Unmet, ActConflict."""
    known = {"mineur": _minor(opened, date.fromisoformat(details["jour"]))}
    move(session, writer, opened, Step.CONVOQUER, author, {**details, **known})


def _minor(opened: Opened, day: date) -> str:
    """Yes or no on that day; nothing when the birth is not known."""
    born = opened.naissance
    return "" if born is None else YES if is_minor(born, day) else NO


def deliver(
    session: Session, writer: Writer, opened: Opened, author: Author, details: Mapping[str, str]
) -> None:
    """How the convocation reached the person. ForbiddenStep, Unmet, ActConflict."""
    convened = opened.last(Step.CONVOQUER)
    known = {"convoque_pour": convened.details["jour"]} if convened else {}
    known |= {"etablie_le": local(convened.at).date().isoformat()} if convened else {}
    move(session, writer, opened, Step.REMETTRE, author, {**details, **known})


def hold(
    session: Session,
    writer: Writer,
    opened: Opened,
    step: Step,
    author: Author,
    details: Mapping[str, str],
) -> None:
    """Record the rappel (TENIR) or the carence. ForbiddenStep, Unmet, ActConflict."""
    answered, convened = opened.row.t2_at, opened.last(Step.CONVOQUER)
    delivered = opened.delivery
    known = {
        "convoque_pour": convened.details["jour"] if convened else "",
        "remise": delivered.details["resultat"] if delivered else "",
        "mineur": _minor(opened, date.fromisoformat(details["tenu_le"])),
        "repondu_le": local(answered).date().isoformat() if answered else date.max.isoformat(),
    }
    record, rappel = move(session, writer, opened, step, author, {**details, **known})
    record.seal(rappel, "issue", step)
    for column in HELD:
        record.seal(rappel, column, details.get(column, "").strip())
    session.flush()


def rectify(session: Session, writer: Writer, opened: Opened, author: Author, reason: str) -> None:
    """What was recorded is wrong: said in a new event, and off the fiche before temps 3."""
    record, rappel = move(session, writer, opened, Step.RECTIFIER, author, {"motif": reason})
    for column in ("issue", *HELD):
        record.seal(rappel, column, "")
    session.flush()


def report_back(session: Session, writer: Writer, opened: Opened, author: Author) -> None:
    """Temps 3: the commune informs the procureur. ForbiddenStep, ActConflict."""
    record, rappel = move(session, writer, opened, Step.INFORMER, author)
    rappel.t3_at = datetime.now(UTC)
    record.seal(rappel, "rendu_par", author.signed)
    session.flush()
