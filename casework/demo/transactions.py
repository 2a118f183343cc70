"""Three transactions of the demonstration: one proposed, one at the parquet, one being executed."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.clock import PARIS
from casework.demo.filling import Holder, Town
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.transactions import contraventions, service
from casework.transactions.eligibility import Checks, prepare
from casework.transactions.models import TransactionEvent
from casework.transactions.procedure import Event, Kind, Step, Terms
from charter.categories import EVERYTHING

MAIRE = "Mireille Castellan, maire"
COORDINATOR = "Hélène Vidal-Le Guen, coordonnatrice, pour le maire"
MAGISTRATE = "Substitut de permanence"
NOON = time(12)


def seed(town: Town, coordinator: Holder, parquet: Holder, chosen: list[int], today: date) -> None:
    """Through the same service as the pages, each step on its day."""
    proposed, asked, executed = chosen[:3]
    _transaction(
        town,
        coordinator,
        parquet,
        proposed,
        "R635-1",
        today,
        12,
        Kind.REPARATION,
        18000,
        18,
        ((Step.REMETTRE, 9),),
    )
    _transaction(
        town,
        coordinator,
        parquet,
        asked,
        "R634-2",
        today,
        30,
        Kind.REPARATION,
        12000,
        20,
        ((Step.REMETTRE, 28), (Step.ACCEPTER, 16), (Step.DEMANDER, 8)),
    )
    _transaction(
        town,
        coordinator,
        parquet,
        executed,
        "R635-1",
        today,
        52,
        Kind.TRAVAIL,
        2100,
        20,
        (
            (Step.REMETTRE, 50),
            (Step.ACCEPTER, 40),
            (Step.DEMANDER, 38),
            (Step.HOMOLOGUER, 15),
            (Step.VERSER, 3),
        ),
    )


FACTS = {
    "R635-1": "Deux lattes d’un banc public cassées à coups de pied, constat sur place.",
    "R634-2": "Sacs de gravats déposés au pied des conteneurs, constat sur place.",
}
CONTENT = {
    Step.REMETTRE: {"mode": "recepisse", "preuve": "PM-118"},
    Step.HOMOLOGUER: {"magistrat": "Juge du tribunal de police"},
    Step.VERSER: {"quantite": "700"},
}


def _transaction(
    town: Town,
    coordinator: Holder,
    parquet: Holder,
    identifier: int,
    code: str,
    today: date,
    ago: int,
    kind: Kind,
    quantity: int,
    to_answer: int,
    steps: tuple[tuple[Step, int], ...],
) -> None:
    prepared = today - timedelta(days=ago)
    made = _prepare(town, coordinator, identifier, code, prepared, kind, quantity, to_answer)
    for step, days in steps:
        day = today - timedelta(days=days)
        who, by = (parquet, MAGISTRATE) if step is Step.HOMOLOGUER else (coordinator, COORDINATOR)
        with town.database.read() as session:
            reader = town.reader(session, who, made)
            row = service.by_reference(session, made)
            opened = service.open_transactions(session, reader, [row], EVERYTHING, day)[0]
        with town.database.write() as session:
            event = Event(step, day, CONTENT.get(step, {}))
            signed = service.Signed(by, 0)
            service.act(session, town.writer(session, who), opened, event, signed, day)
            _on(session, made, len(opened.events) + 1, day)
            session.commit()


def _prepare(
    town: Town,
    coordinator: Holder,
    identifier: int,
    code: str,
    day: date,
    kind: Kind,
    quantity: int,
    to_answer: int,
) -> str:
    with town.database.read() as session:
        situation = session.get_one(Situation, identifier)
        reader = town.reader(session, coordinator, situation.reference)
        opened = situations.open_situation(session, reader, situation, EVERYTHING)
    texts = opened.texts | opened.interesse | {"recit": FACTS[code]}
    terms = Terms(kind, quantity, day + timedelta(days=to_answer), 3)
    pv_on = day - timedelta(days=6)
    checks = Checks(True, True, False, f"PM-{pv_on:%Y-%m%d}", pv_on)
    with town.database.write() as session:
        line = next(row for row in contraventions.in_force(session, pv_on) if row.code == code)
        protocol = contraventions.protocol(session, situation.cell)
        born = date.fromisoformat(texts["naissance"])
        dossier = prepare(checks, terms, born, "", protocol, day)
        work = kind is Kind.TRAVAIL
        words = {
            "pv_numero": checks.pv_number,
            "bien": "mobilier urbain",
            "peines": "",
            "nature": "entretien des espaces verts" if work else "remise en état du bien",
            "lieu": "service des espaces verts" if work else "régie de la mairie",
            "signataire": MAIRE,
            "delegation": "",
            "accord_mineurs": "",
            "par": COORDINATOR,
        }
        writer = town.writer(session, coordinator)
        made = service.create(session, writer, situation, dossier, texts, service.kept(line), words)
        made.created_at = _at(day)
        session.commit()
        return made.reference


def _on(session: Session, reference: str, rank: int, day: date) -> None:
    """Put a step back on its day."""
    row = service.by_reference(session, reference)
    query = select(TransactionEvent).where(
        TransactionEvent.transaction == row.id, TransactionEvent.rank == rank
    )
    event = session.scalars(query).one()
    event.at = _at(day)
    if row.asked_at is not None and row.attend == service.AT_PARQUET:
        row.asked_at = event.at


def _at(day: date) -> datetime:
    return datetime.combine(day, NOON, PARIS).astimezone(UTC)
