"""The coming séance of the demonstration, as the coordinator and the members find it."""

from dataclasses import dataclass

from sqlalchemy import select

from casework.seances.models import AgendaItem, Seance
from casework.situations.models import Situation
from charter import register
from charter.roles import Role
from tests.conftest import Visitor, World


@dataclass
class Sitting:
    """A séance of the CCTP and its agenda, by reference."""

    world: World
    reference: str
    agenda: list[str]
    coordinator: Visitor

    @property
    def url(self) -> str:
        return f"/seances/{self.reference}"

    def situation(self, place: int = 0) -> str:
        return f"{self.url}/en-cours/{self.agenda[place]}"

    def row(self) -> Seance:
        with self.world.database.read() as session:
            return session.scalars(select(Seance).filter_by(reference=self.reference)).one()

    def member(self, role: Role) -> str:
        with self.world.database.read() as session:
            held = register.members_of(session, "CCTP")
        return next(who for who, seat in held.items() if seat is role)

    def open(self) -> None:
        answer = self.coordinator.post(
            f"{self.url}/ouvrir", {"lue": "y", "version": self.row().version}
        )
        assert answer.status_code == 302, answer.text

    def record(self, place: int = 0, *, rang: int = 0, live: bool = False, **typed: object):
        headers = {"Accept": "application/json"} if live else {}
        return self.coordinator.client.post(
            self.situation(place),
            data={"csrf_token": self.coordinator.token, "rang": rang, "statut": 0, **typed},
            headers=headers,
        )

    def close(self) -> None:
        self.coordinator.post(f"{self.url}/clore", {"version": self.row().version})


def coming(world: World) -> Sitting:
    with world.database.read() as session:
        seance = session.scalars(
            select(Seance)
            .where(Seance.cell == "CCTP", Seance.etat == "preparee")
            .order_by(Seance.held_at)
        ).first()
        assert seance is not None
        agenda = session.scalars(
            select(Situation.reference)
            .join(AgendaItem, AgendaItem.situation == Situation.id)
            .where(AgendaItem.seance == seance.id)
            .order_by(AgendaItem.rank)
        )
        return Sitting(world, seance.reference, list(agenda), world.coordinator())
