"""A transaction, taken from its situation to its end through the pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework.transactions.models import Contravention, Transaction
from casework.web.access import today
from tests.conftest import Visitor, World


@dataclass
class Way:
    """What one commune does, step by step."""

    world: World
    coordinator: Visitor = field(init=False)
    parquet: Visitor = field(init=False)
    situation: str = ""

    def __post_init__(self) -> None:
        self.coordinator, self.parquet = self.world.coordinator(), self.world.visitor("parquet")

    def saisine(self, born: date | None = None) -> str:
        saisine = {
            "saisine": french(today() - timedelta(days=6)),
            "origine": 1,
            "typologie": 1,
            "statut": 1,
            "nom": "Duval-L’Hermitte",
            "prenoms": "Maxence",
            "naissance": french(born or date(today().year - 22, 3, 9)),
            "lieu_naissance": "Aix-en-Provence",
            "adresse": "12, rue des Salins, Port-Miran",
            "faits_date": french(today() - timedelta(days=6)),
            "faits_lieu": "Place du Moulin-Blanc",
            "recit": "Banc public cassé.",
            "implication": "Vu par la patrouille.",
            "autre_personne": "1",
        }
        answer = self.coordinator.post("/cellules/CCTP/saisine", saisine)
        assert answer.status_code == 302, answer.text
        self.situation = answer.location
        return self.situation

    def proposal(self, **changed: Any) -> dict[str, Any]:
        with self.world.database.read() as session:
            code = select(Contravention.id).where(Contravention.code == "R635-1")
            number = session.scalars(code).one()
        data = {
            "contravention": number,
            "bien_communal": "oui",
            "bien": "banc de la place",
            "action_publique": "non",
            "pv_numero": "PM-2026-118",
            "pv_date": french(today() - timedelta(days=5)),
            "genre": "reparation",
            "quantite": "180",
            "mois": "3",
            "nature": "remplacement du banc",
            "lieu": "régie de la mairie",
            "reponse_avant": french(today() + timedelta(days=20)),
            "representants": "",
            "signataire": "Gabriel Santini, maire",
        }
        return data | changed

    def prepare(self, **changed: Any):
        situation = self.situation or self.saisine()
        return self.coordinator.post(f"{situation}/transaction", self.proposal(**changed))

    def step(self, url: str, etape: str, status: int = 302, **data: Any):
        row = self.row(url)
        values = {"le": french(today()), "version": row.version} | data
        answer = self.coordinator.post(f"{url}/{etape}", values)
        assert answer.status_code == status, answer.text
        return answer

    def decide(self, url: str, reponse: str = "homologuer", status: int = 302):
        data = {
            "reponse": reponse,
            "le": french(today()),
            "magistrat": "Étienne De Rochebrune",
            "relu": "y",
            "version": self.row(url).version,
        }
        page = url.replace("/transactions/", "/homologations/")
        answer = self.parquet.post(page, data)
        assert answer.status_code == status, answer.text
        return answer

    def row(self, url: str) -> Transaction:
        with self.world.database.read() as session:
            reference = url.rsplit("/", 1)[1]
            return session.scalars(select(Transaction).filter_by(reference=reference)).one()

    def accepted(self, **changed: Any) -> str:
        url = self.prepare(**changed).location
        self.step(url, "remise", mode="recepisse", preuve="PM-118")
        self.step(url, "reponse", reponse="accepter")
        return url


def french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@pytest.fixture
def way(small_world: World) -> Way:
    return Way(small_world)
