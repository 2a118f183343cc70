"""Names of members on a page: nothing without the directory's key, references stand alone."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from casework.members import service
from casework.members.models import Member
from casework.vault.keyring import Reader
from casework.web.access import identity, reader


def holds_directory() -> bool:
    return service.DIRECTORY in identity().keyring.compartments


def directory_reader() -> Reader | None:
    """What opens the directory in a read request, or None for who was not handed its key."""
    return reader() if holds_directory() else None


def names_of(
    session: Session, opening: Reader | None, rows: Iterable[Member]
) -> dict[str, service.Identity]:
    return service.identities(session, opening, rows) if opening else {}
