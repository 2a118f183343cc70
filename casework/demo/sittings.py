"""The past séances of the demonstration, examined and closed; a request and words for the next."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy import update
from sqlalchemy.orm import Session

from audit.journal import Reason
from casework.cells.lists import STATUT, SUITE
from casework.clock import local
from casework.demo.people import DemoSituation
from casework.instance import Instance
from casework.seances import contributions, examination, requests, service, sitting
from casework.seances.content import Answer, Content, Proposal, Said
from casework.seances.models import Examination, Seance, SeanceEvent
from casework.seances.sitting import Presence, Sheet
from casework.situations.models import Situation
from casework.vault.keyring import Writer
from charter import register
from charter.roles import CELL_MEMBERS, Role

LENGTH = timedelta(hours=2)
BY_SUITE = {
    "education_nationale": ("mediation_scolaire", "amenagement_scolarite", "accueil_exclu"),
    "conseil_departemental": ("aemo", "information_preoccupante", "aesf", "service_social"),
    "prevention_specialisee": ("prevention_specialisee", "chantier_educatif", "activites"),
    "pjj": ("reparation_penale", "mesure_responsabilisation"),
}
DISPOSITIFS = {
    "education_nationale": "Dispositif relais",
    "conseil_departemental": "Suivi par la maison départementale de la solidarité",
    "prevention_specialisee": "Présence sociale de rue",
    "pjj": "Mesure de responsabilisation",
    "chef_pm": "Patrouille de proximité",
}
RELAYS = (
    "L’établissement prévient la prévention spécialisée, qui prend contact avec la famille.",
    "La maison départementale de la solidarité reçoit la famille, puis rend compte du rendez-vous.",
    "La police municipale signale toute nouvelle présence tardive à la coordination.",
    "",
)
NOTES = ("Contact pris avec la famille.", "Mieux depuis la rentrée, présence régulière.", "", "")
SLUG, CODE = {one.code: one.slug for one in SUITE}, {one.slug: one.code for one in STATUT}


def hold(
    session: Session,
    instance: Instance,
    writer: Writer,
    coordinator: str,
    seance: Seance,
    agenda: Sequence[tuple[Situation, DemoSituation]],
    names: dict[Role, str],
) -> None:
    """Open, examine and close a past séance, dated as it was held."""
    rng = Random(seance.reference)  # noqa: S311 fictional people, nothing secret
    seats = register.members_of(session, seance.cell)
    speaking = {who: role for who, role in seats.items() if role in CELL_MEMBERS}
    sitting.open_seance(session, writer, seance.id, seance.version, coordinator)
    excused = rng.choice(sorted(speaking))
    sheet = Sheet(dict.fromkeys(seats, Presence.PRESENT.value) | {excused: Presence.EXCUSE.value})
    sitting.note_presence(session, writer, seance.id, coordinator, sheet, ())
    for situation, told in agenda:
        content = _content(rng, seance, told, speaking, names, excused)
        examination.append(session, writer, seance.id, situation, coordinator, 0, content)
    sitting.close(session, writer, seance.id, seance.version, coordinator)
    _date(session, seance)
    instance.journal.checkpoint(session.connection(), Reason.SEANCE)


def _content(
    rng: Random,
    seance: Seance,
    told: DemoSituation,
    speaking: dict[str, Role],
    names: dict[Role, str],
    excused: str,
) -> Content:
    services = tuple(
        Said(who, names[role], *_answer(rng, role))
        for who, role in speaking.items()
        if who != excused
    )
    day = local(seance.held_at).date()
    by_role = {role: who for who, role in speaking.items()}
    proposals = tuple(
        _proposal(code, day + timedelta(days=rng.choice((30, 45, 60))), by_role, names)
        for code in sorted(told.entry.suites)
    )
    last = told.entry.examinee == day
    return Content(
        services=services,
        chainage=rng.choice(RELAYS),
        orientations=proposals[: 3 if last else 1],
        notes=rng.choice(NOTES),
        revoir=told.entry.echeance if last else None,
        statut=CODE["en_cours"],
    )


def _answer(rng: Random, role: Role) -> tuple[str, str]:
    answer = rng.choice(list(Answer))
    told = answer is Answer.INTERVIENT
    return answer.value, DISPOSITIFS.get(role.value, "") if told else ""


def _proposal(code: int, due: date, by_role: dict[Role, str], names: dict[Role, str]) -> Proposal:
    for role, slugs in BY_SUITE.items():
        if SLUG[code] in slugs and Role(role) in by_role:
            return Proposal(code, by_role[Role(role)], names[Role(role)], "", due)
    return Proposal(code, echeance=due)


def _date(session: Session, seance: Seance) -> None:
    """As if recorded on the day."""
    ended = seance.held_at + LENGTH
    seance.opened_at, seance.closed_at = seance.held_at, ended
    session.execute(
        update(Examination).where(Examination.seance == seance.id).values(at=ended - LENGTH / 4)
    )
    session.execute(
        update(SeanceEvent).where(SeanceEvent.seance == seance.id).values(at=seance.held_at)
    )
    session.flush()


def prepare_next(session: Session, seance: Seance, speaker: str, speaking: Writer) -> None:
    """A member contributes to the coming séance, and another meeting was asked for."""
    for first in service.on_agenda(session, seance.id)[:1]:
        words = {
            "reponse": Answer.INTERVIENT.value,
            "dispositif": "Dispositif relais",
            "texte": "L’élève est revenu en classe depuis deux semaines. La famille est joignable.",
        }
        contributions.contribute(session, speaking, seance.id, first, speaker, words)
    requests.ask(
        session,
        speaking,
        seance.cell,
        speaker,
        "Deux exclusions en une semaine dans le même établissement : attendre la prochaine séance "
        "laisserait l’élève sans scolarité.",
    )
