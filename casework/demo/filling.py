"""What seeding needs of the instance: its database, and members who read and write in it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.db import Database
from casework.instance import Instance
from casework.vault import store
from casework.vault.keypair import KeyPair
from casework.vault.keyring import Reader, Writer

Holder = tuple[str, KeyPair]


@dataclass(frozen=True)
class Town:
    """The instance being filled."""

    database: Database
    instance: Instance

    def reader(self, session: Session, who: Holder, subject: str) -> Reader:
        """A reader behind an entry of the journal, as everywhere."""
        reference, pair = who
        event = Event.now(
            actor=reference,
            role="",
            action="demo:seed",
            outcome=Outcome.AUTORISE,
            object=subject,
            article="Démonstration",
        )
        receipt = self.instance.journal.record(self.database.engine, event)
        return store.keyring_of(session, pair, reference).reader(receipt)

    def writer(self, session: Session, who: Holder) -> Writer:
        reference, pair = who
        return store.keyring_of(session, pair, reference).writer()
