"""An aide parentale of the demonstration: advised, engaged, followed."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from casework.clock import PARIS
from casework.demo.filling import Holder, Town
from casework.parenting import service
from casework.parenting.models import Aide, AideEvent
from casework.parenting.procedure import Event, Step, open_with
from casework.parenting.service import Opened
from casework.situations import events
from casework.situations.events import Author
from casework.situations.models import Situation
from charter.roles import Role

NOON = time(12)
OPENED = 28  # days ago
# Each act, how many days ago, and what was recorded; « avant » counts days from today.
ACTS: tuple[tuple[Step, int, dict[str, str]], ...] = (
    (Step.DEMANDER, 26, {"mode": "seance"}),
    (Step.RECEVOIR, 26, {"avis": "favorable"}),
    (
        Step.CONSEILLER,
        24,
        {
            "presents": "Les deux parents",
            "conseils": "Reprendre contact avec la vie scolaire ; un coucher à heure fixe.",
        },
    ),
    (
        Step.PREPARER,
        24,
        {
            "point_1": "Prévenir le collège de toute absence, le matin même.",
            "avant_1": "5",
            "point_2": "Venir au rendez-vous avec la conseillère d’éducation.",
            "avant_2": "-9",
        },
    ),
    (Step.SIGNER, 20, {"signataires": "Les deux parents"}),
    (Step.INFORMER, 19, {}),
    (Step.SUIVRE, 8, {"point": "2", "constat": "tenu", "note": ""}),
)


def seed(town: Town, coordinator: Holder, chosen: int, today: date) -> None:
    """Through the same service as the pages, each act on its day."""
    by = Author(coordinator[0], Role.COORDONNATEUR.value)
    with town.database.write() as session:
        writer = town.writer(session, coordinator)
        situation = session.get_one(Situation, chosen)
        day = today - timedelta(days=OPENED)
        first = Event(Step.OUVRIR, day, {"motif": "assiduite", "assistance": "non"})
        dossier = open_with(first, minor=True, today=day)
        row = service.begin(session, writer, situation, by, first, dossier)
        for step, ago, content in ACTS:
            day = today - timedelta(days=ago)
            event = Event(step, day, _dated(content, today))
            dossier = service.act(
                session, writer, situation, Opened(row, dossier, []), by, event, day
            )
        _on_their_days(session, row, today)
        session.commit()


def _dated(content: dict[str, str], today: date) -> dict[str, str]:
    return {
        name: (today + timedelta(days=int(value))).isoformat() if "avant" in name else value
        for name, value in content.items()
    }


def _on_their_days(session: Session, row: Aide, today: date) -> None:
    """Put each act back on its day."""
    days = (OPENED, *(ago for _, ago, _ in ACTS))
    for event, ago in zip(events.of(session, AideEvent, row.situation), days, strict=True):
        at = datetime.combine(today - timedelta(days=ago), NOON, PARIS)
        event.created_at = at.astimezone(UTC)
    row.created_at = datetime.combine(today - timedelta(days=OPENED), NOON, PARIS).astimezone(UTC)
