"""Rappels à l'ordre at each step of the procedure, through the same services as the pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from audit.journal import Receipt
from casework.clock import today
from casework.db import Database
from casework.instance import Instance
from casework.rappels import acts, consultations, dossier, service
from casework.rappels.models import Rappel, RappelEvent
from casework.rappels.procedure import EXCLUSIONS, Step
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keypair import KeyPair
from casework.vault.keyring import Reader, Writer
from charter.categories import EVERYTHING
from charter.models import MandateRow
from charter.roles import Role

ARTICLE = "Démonstration"
Keys = tuple[str, KeyPair]
PLACE = "Maison du citoyen, salle du conseil"
BY_COMMUNE = "Hélène Vidal-Le Guen, coordonnatrice, pour le maire"
BY_PARQUET = "Substitut de permanence"


@dataclass(frozen=True)
class Scene:
    """How far one procedure went, and how many days ago the procureur was informed."""

    days: int
    reached: str


# Oldest situations first; each stops at another step.
SCENES = (
    Scene(21, "annonce"),
    Scene(17, "possible"),
    Scene(13, "judiciaire"),
    Scene(9, "possible"),
    Scene(20, "consultation"),
    Scene(19, "convoque"),
    Scene(24, "carence"),
    Scene(28, "informe"),
)
FAR = {
    "annonce": 0,
    "judiciaire": 1,
    "possible": 1,
    "consultation": 2,
    "convoque": 4,
    "carence": 6,
    "informe": 7,
}


def seed(database: Database, instance: Instance, keys: dict[str, Keys], chosen: list[int]) -> None:
    for scene, situation in zip(SCENES, chosen, strict=False):
        _Play(database, instance, keys, scene).run(situation)


class _Play:
    """One procedure, its steps done by whoever does them in life."""

    def __init__(
        self, database: Database, instance: Instance, keys: dict[str, Keys], scene: Scene
    ) -> None:
        self.database, self.instance, self.keys, self.scene = database, instance, keys, scene
        self.reference = ""

    def run(self, situation: int) -> None:
        far = FAR[self.scene.reached]
        self._announce(situation)
        judicial = self.scene.reached == "judiciaire"
        answer = Step.REPONSE_JUDICIAIRE if judicial else Step.REPONSE_POSSIBLE
        acted: list[Callable[[Session, Writer, dossier.Dossier], None]] = [
            self._consult,
            self._conclude,
            self._convene,
            self._deliver,
            self._hold,
            self._report,
        ]
        if far:
            self._answer(answer)
        for act in acted[: max(far - 1, 0)]:
            self._commune(act)
        self._date()

    def _announce(self, number: int) -> None:
        reference, pair = self.keys["coordination"]
        with self.database.read() as session:
            situation = session.get_one(Situation, number)
            reader = self._reader(session, "coordination", situation.reference)
            opened = situations.open_situation(session, reader, situation, EVERYTHING)
        with self.database.write() as session:
            made = service.announce(
                session,
                store.keyring_of(session, pair, reference).writer(),
                situation,
                opened.texts | opened.interesse,
                dict.fromkeys(EXCLUSIONS, False),
                self._author(session, "coordination", BY_COMMUNE),
            )
            session.commit()
        self.reference = made.reference

    def _answer(self, step: Step) -> None:
        with self.database.read() as session:
            reader = self._reader(session, "parquet", self.reference)
            opened = service.open_rappels(session, reader, [self._row(session)], EVERYTHING)[0]
        with self.database.write() as session:
            writer = self._writer(session, "parquet")
            acts.answer(
                session, writer, opened, step, "", self._author(session, "parquet", BY_PARQUET)
            )
            session.commit()

    def _commune(self, act: Callable[[Session, Writer, dossier.Dossier], None]) -> None:
        with self.database.read() as session:
            reader = self._reader(session, "coordination", self.reference)
            file = dossier.read(session, reader, self._row(session))
        with self.database.write() as session:
            act(session, self._writer(session, "coordination"), file)
            session.commit()

    def _consult(self, session: Session, writer: Writer, file: dossier.Dossier) -> None:
        author = self._author(session, "coordination", BY_COMMUNE)
        until = today() + timedelta(days=7)
        row = consultations.ask(session, writer, file.procedure, "GSP", until, author)
        member, _ = self.keys["education"]
        consultations.answer(
            session,
            self._writer(session, "education"),
            row,
            member,
            "Éducation nationale",
            consultations.FOLLOWED,
        )

    def _conclude(self, session: Session, writer: Writer, file: dossier.Dossier) -> None:
        author = self._author(session, "coordination", BY_COMMUNE)
        note = (
            "Le service qui suit la situation est prévenu de la date ; il n’y voit pas d’obstacle."
        )
        consultations.conclude(session, writer, file.procedure, file.asked, note, author)

    def _convene(self, session: Session, writer: Writer, file: dossier.Dossier) -> None:
        ahead = 0 if FAR[self.scene.reached] > FAR["convoque"] else 10  # else it is held today
        on = today() + timedelta(days=ahead)
        details = {
            "public": file.audience,
            "destinataires": file.addressees,
            "jour": on.isoformat(),
            "heure": "17:30",
            "lieu": PLACE,
            "mode": "main_propre",
        }
        author = self._author(session, "coordination", BY_COMMUNE)
        acts.convene(session, writer, file.procedure, author, details)

    def _deliver(self, session: Session, writer: Writer, file: dossier.Dossier) -> None:
        details = {
            "resultat": "remise",
            "remis_le": today().isoformat(),
            "remis_a": "La personne convoquée",
            "agent": "Brigadier-chef Ottavi",
            "preuve": "Rapport de remise",
        }
        author = self._author(session, "coordination", BY_COMMUNE)
        acts.deliver(session, writer, file.procedure, author, details)

    def _hold(self, session: Session, writer: Writer, file: dossier.Dossier) -> None:
        missed = self.scene.reached == "carence"
        details = {
            "tenu_le": today().isoformat(),
            "forme": "cellule",
            "tenu_par": "Le maire",
            "presents": "" if missed else "Les représentants légaux",
        }
        author = self._author(session, "coordination", BY_COMMUNE)
        step = Step.CARENCE if missed else Step.TENIR
        acts.hold(session, writer, file.procedure, step, author, details)

    def _report(self, session: Session, writer: Writer, file: dossier.Dossier) -> None:
        author = self._author(session, "coordination", BY_COMMUNE)
        acts.report_back(session, writer, file.procedure, author)

    def _date(self) -> None:
        """The beginning took place some days ago: a demonstration has a past."""
        with self.database.write() as session:
            row = self._row(session)
            sent = datetime.now(UTC) - timedelta(days=self.scene.days)
            row.t1_at = sent
            row.t2_at = sent + timedelta(days=3) if row.t2_at else None
            first = session.query(RappelEvent).filter_by(rappel=row.id).order_by(RappelEvent.id)
            for rank, event in enumerate(first.limit(2)):
                event.at = sent + timedelta(days=3 * rank)
            session.commit()

    def _row(self, session: Session) -> Rappel:
        row = service.by_reference(session, self.reference)
        if row is None:
            raise LookupError(self.reference)
        return row

    def _writer(self, session: Session, key: str) -> Writer:
        reference, pair = self.keys[key]
        return store.keyring_of(session, pair, reference).writer()

    def _author(self, session: Session, key: str, signed: str) -> service.Author:
        reference, _ = self.keys[key]
        mandate = session.query(MandateRow.id).filter_by(member=reference).first()
        return service.Author(reference, mandate[0] if mandate else 0, signed)

    def _reader(self, session: Session, key: str, subject: str) -> Reader:
        reference, pair = self.keys[key]
        event = Event.now(
            actor=reference,
            role=Role.COORDONNATEUR if key == "coordination" else "",
            action="demo:seed",
            outcome=Outcome.AUTORISE,
            object=subject,
            article=ARTICLE,
        )
        receipt: Receipt = self.instance.journal.record(self.database.engine, event)
        return store.keyring_of(session, pair, reference).reader(receipt)
