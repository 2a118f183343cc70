"""A mail from its closed template: subject, text, and what is attached."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from string import Template
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.journal import service as journal
from casework.mail import agenda
from casework.mail.models import OutgoingMail
from casework.mail.words import Kind, NotNameless, Word, unpack
from casework.resources import folder

PATHS = {
    Kind.CONVOCATION: "/seances/{seance}",
    Kind.ANNULATION: "/seances/{seance}",
    Kind.RAPPEL: "/seances/{seance}",
    Kind.FICHES: "/fiches",
    Kind.HOMOLOGATIONS: "/homologations",
    Kind.ECHEANCES: "/echeances",
    Kind.CONTROLE: "/journal/verification",
    Kind.ALERTES: "/journal/alertes",
    Kind.SAUVEGARDE: "/courriels",
    Kind.ESSAI: "/",
}
# What every template may say besides its own words: configuration, and an address of a page.
COMMON = frozenset({"commune", "lien"})
SUBJECT = "Objet\N{NO-BREAK SPACE}: "
CALENDAR = {Kind.CONVOCATION: agenda.PUBLISH, Kind.ANNULATION: agenda.CANCEL}


@cache
def template(kind: Kind) -> tuple[Template, Template]:
    """Subject and text."""
    text = (folder("templates") / "mail" / f"{kind.value}.txt").read_text(encoding="utf-8")
    subject, _, body = text.removeprefix(SUBJECT).partition("\n")
    return Template(subject), Template(body)


def message(
    session: Session, row: OutgoingMail, address: str, sender: str, recipient: str
) -> EmailMessage:
    """The mail of a row of the outbox, the same at each attempt. NotNameless.

    ``address`` is the instance's own.
    """
    kind = Kind(row.kind)
    words = unpack(kind, row.words)
    made = text_of(session, kind, words, address)
    made["From"], made["To"] = sender, recipient
    made["Date"] = max(row.queued_at, row.not_before)
    made["Message-ID"] = f"<{row.id:x}.casework@{urlsplit(address).hostname}>"
    if kind in CALENDAR:
        calendar = agenda.entry(
            CALENDAR[kind],
            reference=row.about,
            cell=words["cellule"].shown(),
            held_at=_moment(words["date"].value),
            sequence=row.sequence,
            stamp=row.queued_at,
            organiser=sender,
            address=address,
        )
        made.add_attachment(
            calendar,
            subtype="calendar",
            filename="seance.ics",
            params={"method": CALENDAR[kind]},
            cte="base64",  # whatever relay it goes through
        )
    if kind is Kind.CONTROLE:
        size = words["entrees"].value
        note = journal.checkpoint_note(session, int(str(size)))
        made.add_attachment(  # to the byte: it is signed
            (note or "").encode(),
            maintype="text",
            subtype="plain",
            filename=f"point-de-controle-{size}.txt",
        )
    return made


def text_of(session: Session, kind: Kind, words: dict[str, Word], address: str) -> EmailMessage:
    """Subject and text, without a recipient."""
    shown = {name: word.shown() for name, word in words.items()}
    path = PATHS[kind].format(**shown)
    if "cellule" in shown:
        shown["cellule"] = _cell_name(session, shown["cellule"])
    shown |= {"commune": cells.setting(session, cells.COMMUNE), "lien": address.rstrip("/") + path}
    subject, body = template(kind)
    made = EmailMessage(policy=SMTP)
    made["Subject"] = subject.substitute(shown)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no robot answers a robot
    made.set_content(body.substitute(shown))
    return made


def _cell_name(session: Session, code: str) -> str:
    found = cells.cell(session, code)
    if found is None:  # a word in capitals that is not a cell
        raise NotNameless(code)
    return found.name


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise NotNameless
    return value
