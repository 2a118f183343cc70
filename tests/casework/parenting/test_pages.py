"""An aide parentale through the pages of the commune, on both databases."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from audit.query import search
from casework.cells.models import Cell
from casework.parenting.models import Aide, AideEvent
from casework.situations.models import Situation
from casework.web.access import today
from tests.conftest import Visitor, World

SAISINE = {
    "origine": 1,
    "typologie": 1,
    "statut": 1,
    "nom": "Duval-L’Hermitte",
    "prenoms": "Maxence",
    "lieu_naissance": "Aix-en-Provence",
    "adresse": "12, rue des Salins, Port-Miran",
    "recit": "Absences répétées.",
    "autre_personne": "1",
    "representants-0-nom": "Duval",
    "representants-0-prenoms": "Anaïs",
}


def french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


class Way:
    """What the coordination does, act by act."""

    def __init__(self, world: World, cell: str = "CCTP", born: int = 13) -> None:
        self.world, self.who = world, world.coordinator()
        saisine = SAISINE | {
            "saisine": french(today() - timedelta(days=40)),
            "naissance": french(date(today().year - born, 1, 9)),
        }
        answer = self.who.post(f"/cellules/{cell}/saisine", saisine)
        assert answer.status_code == 302, answer.text
        self.situation: str = answer.location
        self.url = f"{self.situation}/aide-parentale"

    def open(self, status: int = 302, **changed: str):
        typed = {"motif": "assiduite", "assistance": "non", "le": french(today())}
        answer = self.who.post(self.url, typed | changed)
        assert answer.status_code == status, answer.text
        return answer

    def act(self, slug: str, status: int = 302, who: Visitor | None = None, **typed: str):
        values = {"le": french(today()), "version": str(self.row().version)} | typed
        answer = (who or self.who).post(f"{self.url}/{slug}", values)
        assert answer.status_code == status, answer.text
        return answer

    def row(self) -> Aide:
        with self.world.database.read() as session:
            query = select(Aide).join(Situation, Situation.id == Aide.situation)
            of = Situation.reference == self.situation.rsplit("/", 1)[1]
            return session.scalars(query.where(of).order_by(Aide.id.desc())).first()

    def paper(self, slug: str) -> str:
        answer = self.who.get(f"{self.url}/{slug}.docx")
        assert answer.status_code == 200, answer.text
        document = Document(BytesIO(answer.data))
        cells = (cell.text for table in document.tables for cell in table._cells)
        return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_a_family_from_the_checks_to_what_it_kept(world: World) -> None:
    way = Way(world)
    assert "Ouvrir une aide parentale" in way.who.get(way.situation).text
    way.open()
    assert "Duval" in way.paper("avis")
    refused = way.act("conseil", 409, presents="La mère", conseils="Un coucher à heure fixe.")
    assert "pas encore sollicité" in refused.text
    assert "Un coucher à heure fixe." in refused.text  # nothing typed is lost
    way.act("avis", mode="seance")
    assert way.row().attend == "avis"
    way.act("conseil", presents="La mère", conseils="Un coucher à heure fixe.")
    way.act("avis-recu", avis="favorable")
    soon, later = today() + timedelta(days=7), today() + timedelta(days=30)
    alone = {"point_1": "Prévenir le collège", "avant_1": french(later), "point_2": "Venir"}
    assert "Au point 2" in way.act("engagement", 422, **alone).text
    way.act("engagement", **alone, avant_2=french(soon))
    text = way.paper("engagement")
    assert "1. Prévenir le collège" in text
    assert "Duval" in text
    assert "signé" in way.act("signature", 422, reponse_famille="signer").text
    way.act("signature", reponse_famille="signer", signataires="Mme Duval")
    assert (way.row().attend, way.row().echeance) == ("autorites", today())
    letters = way.paper("information")
    for authority in ("inspecteur d’académie", "établissement", "prestations", "préfet"):
        assert authority in letters
    assert "Prévenir le collège" not in letters, "who, and since when: nothing more"
    assert "autorité parentale à l’égard de Maxence" in way.paper("attestation")
    way.act("information")
    assert "déjà informées" in way.act("information", 409).text
    assert (way.row().attend, way.row().echeance) == ("famille", soon)
    listed = way.who.get("/echeances").text
    assert "engagement de la famille" in listed
    assert "Duval" not in listed
    way.act("point", point="2", constat="tenu")
    assert way.row().echeance == later
    page = way.who.get(way.situation).text
    assert "1&nbsp;point suivi sur&nbsp;2" in page
    assert "Point de l’engagement suivi" in page
    assert way.who.get(f"{way.url}/saisine.docx").status_code == 404
    budget = {"elements": "Un budget à remettre à flot."}
    assert "accord" in way.act("saisine", 409, accord="non", **budget).text
    way.act("saisine", accord="oui", accord_le=french(today()), **budget)
    assert "Un budget à remettre à flot." in way.paper("saisine")
    way.act("reponse", reponse="accordee")
    closing = {"resultat": "3", "le": french(today()), "version": "1"}
    stuck = way.who.post(f"{way.situation}/cloture", closing | {"resultat": 3})
    assert stuck.status_code == 409
    assert "Aide parentale" in stuck.text
    assert way.who.get(f"{way.url}/attestation-fin.docx").status_code == 404
    way.act("cloture", resultat="atteint")
    assert "jusqu’au" in way.paper("attestation-fin")
    assert (way.row().attend, way.row().echeance) == ("", None)
    assert way.act("point", 403, point="1", constat="tenu")
    with world.database.read() as session:
        events = session.scalars(
            select(AideEvent).where(AideEvent.aide == way.row().id).order_by(AideEvent.rank)
        ).all()
        entries = search(session.connection(), limit=200)
    assert [event.rank for event in events] == list(range(1, len(events) + 1))
    assert {event.created_as for event in events} == {"coordonnateur"}
    acts = [e for e in entries if e.action == "parenting:act" and e.outcome == "autorise"]
    assert len(acts) >= len(events) - 1
    way.open()  # the family asks again


def test_the_two_checks_come_before_anything_is_written(small_world: World) -> None:
    way, adult = Way(small_world), Way(small_world, born=20)
    assert "Rien n’est enregistré" in way.open(409, assistance="oui").text
    assert "concerne un mineur" in adult.open(409).text
    assert "avenir" in way.open(409, le=french(today() + timedelta(days=1))).text
    assert way.open(422, motif="").text.count("Choisissez ce qui motive") >= 1
    assert (way.row(), adult.row()) == (None, None)
    way.open()
    assert way.open().location == way.url  # told that one is open already
    assert way.row().version == 1


def test_a_measure_ordered_by_the_judge_stops_it(small_world: World) -> None:
    way = Way(small_world)
    way.open()
    way.act("avis", mode="courrier")
    way.act("avis-recu", avis="mesure")
    assert "ne peut pas se" in way.who.get(way.url).text
    way.act("engagement", 409, point_1="Venir", avant_1=french(today() + timedelta(days=9)))
    way.act("cloture", resultat="mesure")


def test_only_where_the_cell_practises_it(small_world: World) -> None:
    elsewhere = Way(small_world, cell="GSP")
    assert "Aide parentale" not in small_world.coordinator().get(elsewhere.situation).text
    for answer in (elsewhere.who.get(elsewhere.url), elsewhere.open()):
        assert answer.location == elsewhere.situation
    assert "ne pratique pas l’aide" in elsewhere.who.get(elsewhere.situation).text
    assert elsewhere.row() is None
    elsewhere_act = elsewhere.who.post(f"{elsewhere.url}/avis", {"mode": "courrier"})
    assert elsewhere_act.status_code == 403
    assert elsewhere.who.get(f"{elsewhere.url}/avis.docx").status_code == 404
    way = Way(small_world)
    way.open()
    with small_world.database.write() as session:
        session.get_one(Cell, "CCTP").parenting = False
        session.commit()
    way.act("avis", mode="courrier")  # what was begun is led to its end
    way.act("cloture", resultat="refus")
    assert way.open().location == way.situation


def test_two_people_at_once_and_a_family_that_declines(small_world: World) -> None:
    way, maire = Way(small_world), small_world.visitor("maire")
    way.open()
    way.act("avis", who=maire, mode="courrier")
    stale = way.act("conseil", 409, version="1", presents="Le père", conseils="Un cadre.")
    assert "a changé pendant votre saisie" in stale.text
    assert "Un cadre." in stale.text
    way.act("engagement", point_1="Venir", avant_1=french(today() + timedelta(days=9)))
    way.act("signature", reponse_famille="refuser")
    assert way.who.get(f"{way.url}/engagement.docx").status_code == 404
    assert "Engagement refusé" in maire.get(way.url).text


@pytest.mark.parametrize("who", ["education", "parquet", "dpo", "administration"])
def test_nobody_else_reads_it(small_world: World, who: str) -> None:
    way = Way(small_world)
    way.open()
    assert small_world.visitor(who).get(way.url).status_code == 403
    way.act("avis", 403, who=small_world.visitor(who), mode="courrier")
