"""What the members of the demonstration answered of what past séances proposed to them."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.clock import local
from casework.orientations import service
from casework.orientations.service import Reply
from casework.seances.models import Orientation, Seance
from casework.seances.procedure import State
from casework.situations.events import Author
from casework.situations.models import Situation
from casework.vault.keyring import Writer
from charter import register
from charter.roles import Role

WORDS = {
    Reply.FAIT: ("Rendez-vous tenu avec la famille.", "", ""),
    Reply.EN_COURS: ("Un second rendez-vous est pris.", ""),
    Reply.SANS_SUITE: ("Une mesure équivalente existe déjà.", ""),
}
RECENT = timedelta(days=100)  # what is older has come to its end, one way or the other


def answer(session: Session, writer: Writer, today: date) -> None:
    """Each institution answered what it was proposed but for the latest, and the coordination what
    is nobody's."""
    rng = Random("réponses")  # noqa: S311 fictional people, nothing secret
    query = select(Orientation, Seance).join(Seance, Seance.id == Orientation.seance)
    query = query.where(Seance.etat == State.CLOSE.value)
    waiting: set[tuple[str, str]] = set()
    for row, seance in session.execute(query.order_by(Seance.held_at.desc(), Orientation.rank)):
        roles = register.members_of(session, seance.cell)
        coordinator = next(who for who, role in roles.items() if role is Role.COORDONNATEUR)
        who = row.member or coordinator
        recent = local(seance.held_at).date() > today - RECENT
        if (seance.cell, who) not in waiting:
            waiting.add((seance.cell, who))
            continue
        others = (Reply.EN_COURS,) * 2 if recent else ()
        reply = rng.choice((Reply.FAIT,) * 6 + (Reply.SANS_SUITE, *others))
        said = service.answer(
            *(session, writer, session.get_one(Situation, row.situation), row.id),
            Author(who, roles[who].value),
            reply,
            rng.choice(WORDS[reply]),
        )
        said.created_at = seance.held_at + timedelta(days=rng.randint(5, 14))
    session.flush()
