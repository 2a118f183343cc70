"""One procedure, walked through the commune's pages."""

import re
from datetime import date, timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.rappels.models import Rappel
from casework.rappels.service import is_minor
from casework.web.access import today
from tests.conftest import Visitor, World


def typed(days: int = 0) -> str:
    """The day so far from today, as it is typed."""
    return f"{today() + timedelta(days=days):%d/%m/%Y}"


def born_on(page: str) -> date:
    """The first day of the year of birth that the fiche prints: nobody is taken for younger."""
    year = re.search(r"Naissance</dt><dd>\D*\d+\D+(\d{4})", page)
    assert year, page
    return date(int(year[1]), 1, 1)


class Walk:
    """The first procedure that waits for the commune: the procureur said « possible »."""

    def __init__(self, world: World, reference: str = "") -> None:
        self.world = world
        self.coordinator: Visitor = world.coordinator()
        self.reference = reference or self._first()

    def _first(self) -> str:
        """A minor's, which the guards look at most closely."""
        with self.world.database.read() as session:
            waiting = select(Rappel.reference).where(Rappel.attend == "commune")
            found = session.scalars(waiting.order_by(Rappel.id)).all()
        for self.reference in found:
            page = self.page
            possible = "Le rappel à l’ordre peut avoir lieu</p>" in page
            if possible and is_minor(born_on(page), today()):
                return self.reference
        raise LookupError(found)

    @property
    def url(self) -> str:
        return f"/rappels/{self.reference}"

    @property
    def page(self) -> str:
        return self.coordinator.get(self.url).text

    @property
    def version(self) -> str:
        with self.world.database.read() as session:
            known = select(Rappel.version).where(Rappel.reference == self.reference)
            return str(session.scalars(known).one())

    def post(self, step: str, who: Visitor | None = None, **data: str) -> TestResponse:
        visitor = who or self.coordinator
        return visitor.post(f"{self.url}/{step}", {"version": self.version} | data)

    def waive(self, motif: str = "La séance du groupe est trop lointaine.") -> TestResponse:
        return self.post("passer-outre", motif=motif)

    def convene(self, **changed: str) -> TestResponse:
        data = {
            "public": "mineur",
            "destinataires": "Dominique d’Almeida, 3 rue de l’Hôpital, Port-Miran",
            "jour": typed(),
            "heure": "17:30",
            "lieu": "Mairie",
            "mode": "main_propre",
        }
        return self.post("convoquer", **data | changed)

    def deliver(self, result: str = "refus", **changed: str) -> TestResponse:
        data = {"resultat": result, "remis_le": typed(), "agent": "Brigadier Orsini"}
        return self.post("remettre", **data | changed)

    def hold(self, **changed: str) -> TestResponse:
        data = {
            "issue": "tenir",
            "tenu_le": typed(),
            "forme": "cellule",
            "tenu_par": "Mireille Castellan, maire",
            "presents": "Les deux parents",
        }
        return self.post("consigner", **data | changed)

    def convened(self) -> "Walk":
        assert self.waive().status_code == 302
        assert self.convene().status_code == 302
        return self
