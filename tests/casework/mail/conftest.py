"""The seeded commune, whose mails go to a postman of ours."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from casework.cli import main
from casework.mail import settings
from casework.mail.models import OutgoingMail
from casework.seances.models import Seance
from tests.casework.mail.server import Postman, post_office
from tests.casework.people import reference_of, typed
from tests.conftest import World


@dataclass
class Post:
    """The commune, its postman, and the ways mail is caused."""

    world: World
    postman: Postman

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(self.world.instance.data)])

    def send(self) -> Result:
        return self.run("mail", "send")

    def settings(self, **changed: object) -> None:
        known = settings.load(self.world.instance.data)
        assert known
        settings.save(self.world.instance.data, replace(known, **changed))

    def seance(self, *convened: str, days: int = 20) -> str:
        """The address of a new séance of the CCTP."""
        who = self.world.coordinator()
        answer = who.post(
            "/cellules/CCTP/seances/nouvelle",
            {
                "jour": typed(days),
                "heure": "14:30",
                "lieu": "Zqxcanari77",
                "membres": [reference_of(key) for key in convened],
            },
        )
        assert answer.status_code == 302, answer.text
        return answer.location

    def convoke(self, url: str, **data: str) -> str:
        """Press the button; what the page then says."""
        who = self.world.visitor("coordination")
        answer = who.post(f"{url}/convocations", data)
        assert answer.status_code == 303, answer.text
        return who.get(url).text

    def rows(self) -> list[OutgoingMail]:
        with self.world.database.read() as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))

    def elapse(self, **time: float) -> None:
        """Let time pass for what waits."""
        with self.world.database.write() as session:
            for row in session.scalars(select(OutgoingMail)):
                for name in ("queued_at", "not_before", "next_try_at", "gives_up_at"):
                    setattr(row, name, getattr(row, name) - timedelta(**time))
            session.commit()

    def move(self, url: str, moment: datetime) -> None:
        """Another date for a séance."""
        self.change(update(Seance).where(Seance.reference == url[9:]).values(held_at=moment))

    def change(self, statement: object) -> None:
        with self.world.database.write() as session:
            session.execute(statement)  # type: ignore[call-overload]
            session.commit()


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    yield from _post(world)


@pytest.fixture
def small_post(small_world: World) -> Iterator[Post]:
    """The same on SQLite only, for what does not depend on the database."""
    yield from _post(small_world)


def _post(world: World) -> Iterator[Post]:
    postman = Postman()
    with post_office(postman) as port:
        made = Post(world, postman)
        made.settings(port=port)
        yield made
