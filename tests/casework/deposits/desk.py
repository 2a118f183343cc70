"""A signaleur, a member of the cell and the coordinator around one deposit."""

from html import unescape
from typing import Any

from sqlalchemy import select

from audit.schema import journal_event
from casework.deposits import service
from casework.deposits.models import Deposit
from casework.vault import browser
from casework.vault.fields import sealed_columns
from casework.vault.models import RecordWrap
from tests.casework.people import unlocked
from tests.conftest import Visitor, World

TYPED = {
    "origine": "6",
    "nom": "Quillichini",
    "prenoms": "Ghjulia",
    "naissance": "03/05/2012",
    "etablissement": "9",
    "quartier": "4",
    "faits": "Présence dans le hall après 23 h.",
    "demarches": "Appel à la famille le 2 novembre.",
    "joindre": "04 65 71 33 12, le matin",
}
SAISINE = {
    "saisine": "02/11/2026",
    "origine": "6",
    "nom": "Quillichini",
    "prenoms": "Ghjulia",
    "naissance": "03/05/2012",
    "typologie": "5",
    "statut": "1",
    "recit": "Repris du dépôt.",
}
WORDS = ("Quillichini", "Ghjulia", "hall après 23 h", "Appel à la famille", "04 65 71 33 12")


class Desk:
    """What the tests of deposits do, through the doors, and see in the database."""

    def __init__(self, world: World) -> None:
        self.world = world

    def deposit(self, key: str = "bailleur", cell: str = "CCTP", **changed: str) -> str:
        """A new deposit by a demonstration member; its reference."""
        answer = self.world.visitor(key).post(f"/cellules/{cell}/deposer", TYPED | changed)
        assert answer.status_code == 302, answer.text
        reference: str = answer.location.rpartition("/")[2]
        return reference

    def open(self, reference: str) -> str:
        """The deposit as the coordinator reads it."""
        answer = self.world.coordinator().get(f"/depots/{reference}/ouvrir")
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    def answer(self, reference: str, reponse: str, status: int = 302, **typed: str) -> str:
        found = self.world.coordinator().post(
            f"/depots/{reference}/repondre", {"reponse": reponse, **typed}
        )
        assert found.status_code == status, found.text
        return unescape(found.text)

    def admit(self, reference: str, status: int = 302, **changed: str) -> Any:
        answer = self.world.coordinator().post(
            f"/depots/{reference}/admettre", SAISINE | {"autre_personne": "oui"} | changed
        )
        assert answer.status_code == status, answer.text
        return answer

    def row(self, reference: str) -> Deposit:
        with self.world.database.read() as session:
            found = service.by_reference(session, reference)
            assert found
            return found

    def is_destroyed(self, reference: str, but: frozenset[str] = frozenset()) -> bool:
        """Neither words nor, unless something is kept, a key."""
        row = self.row(reference)
        with self.world.database.read() as session:
            wraps = session.scalars(select(RecordWrap).where(RecordWrap.record == row.id)).all()
        kept = {name for name in sealed_columns(Deposit) if getattr(row, name) is not None}
        return kept == but and bool(wraps) == bool(but)

    def journal(self, reference: str) -> list[str]:
        """What was done about an object, in order."""
        with self.world.database.read() as session:
            rows = session.execute(select(journal_event).order_by(journal_event.c.seq)).mappings()
            return [row["action"] for row in rows if row["object"] == reference]

    def unlocked(self, key: str) -> browser.Unlocked:
        return unlocked(self.world, key)

    def reads(self, who: Visitor, *addresses: str) -> str:
        """Everything these pages say."""
        return "\n".join(unescape(who.get(address).text) for address in addresses)
