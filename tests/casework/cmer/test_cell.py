"""A CMER from closed to closed again, and what whoever does not sit there may find: nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.query import search
from casework.cells import service as cells
from casework.cells.settings import SettingsError, change
from casework.cmer.models import CmerEvent
from casework.situations.models import Situation
from charter import register
from charter.roles import Role
from tests.casework.deposits.desk import TYPED
from tests.casework.people import TODAY, reference_of, typed
from tests.conftest import Visitor, World

NAME = "Quatrevaux"
SEATED = {
    "coordination": Role.COORDONNATEUR,
    "police_municipale": Role.CHEF_PM,
    "bailleur": Role.SIGNALEUR,
}
BOTH = {"convocations", "consultations"}
SAISINE = {
    "saisine": typed(-3),
    "origine": 6,
    "typologie": 1,
    "statut": 1,
    "nom": NAME,
    "prenoms": "Malo",
    "naissance": "14/02/2008",
    "recit": "Rupture soudaine avec ses amis et son club.",
}


class Cell:
    """The CMER of the demonstration: its cell exists, closed, and nobody sits in it yet."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.database.write() as session:
            for key, role in SEATED.items():
                start = TODAY - timedelta(days=30)
                register.grant_mandate(session, reference_of(key), role, "CMER", start)
            session.commit()
        self.who: Visitor = world.coordinator()

    def assess(self, avis: str = "favorable") -> None:
        told = {"cellule": "CMER", "reference": "AIPD 2026-07", "datee": typed(-9), "avis": avis}
        answer = self.world.visitor("dpo").post("/analyse-impact", told | {"avis_le": typed(-2)})
        assert answer.status_code == 302, answer.text

    def open(self, status: int = 302):
        answer = self.who.post("/cellules/CMER/ouverture")
        assert answer.status_code == status, answer.text
        return answer

    def opened(self) -> "Cell":
        self.assess()
        self.open()
        assert self.who.sign_charter("CMER").status_code == 302
        member = self.world.visitor("police_municipale")
        member.sign_charter("CMER")
        ref = reference_of("police_municipale")
        admitted = self.who.post(f"/cellules/CMER/membres/{ref}/admettre")
        assert admitted.status_code == 302, admitted.text
        return self

    def receive(self, **given: str) -> str:
        answer = self.who.post("/cellules/CMER/saisine", SAISINE | given)
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def treat(self, situation: str, acte: str, status: int = 302, **given: str):
        answer = self.who.post(f"{situation}/signal/{acte}", {"le": typed(0)} | given)
        assert answer.status_code == status, answer.text
        return answer

    def prepare(self, situation: str) -> str:
        with self.world.database.read() as session:
            reference = situation.rsplit("/", 1)[1]
            found = session.scalars(select(Situation).filter_by(reference=reference)).one()
        plan = {
            "jour": typed(3),
            "heure": "14:30",
            "lieu": "Mairie",
            "demande": "",
            "ordre_du_jour": [found.id],
            "membres": [reference_of("police_municipale")],
        }
        answer = self.who.post("/cellules/CMER/seances/nouvelle", plan)
        assert answer.status_code == 302, answer.text
        url = str(answer.location)
        assert self.who.post(f"{url}/ouvrir", {"lue": "y", "version": 1}).status_code == 302
        return url


def test_it_stays_closed_until_all_three_are_recorded(world: World) -> None:
    cell = Cell(world)
    assert "Voir ce qu’il manque" in cell.who.get("/cellules/CMER/charte").text
    assert "reste fermée" in cell.open(409).text
    cell.assess("defavorable")
    cell.open(409)
    cell.assess("reserves")
    assert cell.open().location.endswith("/charte")
    unsigned = cell.who.get("/cellules/CMER/situations")
    assert unsigned.status_code == 403
    cell.who.sign_charter("CMER")
    assert cell.who.get("/cellules/CMER/situations").status_code == 200
    situation = cell.receive()
    signaleur = world.visitor("bailleur")
    assert "préfet" in signaleur.get("/cellules/CMER/deposer").text
    assert "préfet" in cell.who.get("/cellules/CMER/saisine").text
    cell.assess("defavorable")  # the newest counts: it closes at once, for everyone
    for url in (situation, "/cellules/CMER/situations", "/cellules/CMER/saisine"):
        refused = cell.who.get(url)
        assert refused.status_code == 403
        assert NAME not in refused.text
        assert "analyse d’impact" in refused.text
    assert signaleur.post("/cellules/CMER/deposer", TYPED).status_code == 403
    cell.assess("favorable")
    assert NAME in cell.who.get(situation).text


def test_a_signal_from_the_deposit_to_the_retour(world: World) -> None:
    cell = Cell(world).opened()
    sealed = world.visitor("bailleur").post("/cellules/CMER/deposer", TYPED | {"nom": NAME})
    deposit = sealed.location.rsplit("/", 1)[1]
    page = cell.who.get(f"/depots/{deposit}/ouvrir").text
    assert NAME in page
    assert "réorientez" not in page  # no cell beside this one is offered
    admitted = cell.who.post(f"/depots/{deposit}/admettre", SAISINE | {"naissance": "03/05/2008"})
    situation = str(admitted.location)
    seance = cell.prepare(situation)
    reference = situation.rsplit("/", 1)[1]
    examen = f"{seance}/en-cours/{reference}"
    assert "attend la concertation" in cell.who.get(examen).text
    typed_in = {"rang": 0, "statut": 0, "orientations-0-suite": 25}
    assert "concertation" in cell.who.post(examen, typed_in).text
    future = cell.treat(situation, "concertation", 422, avis="examiner", le=typed(2))
    assert "avenir" in future.text
    cell.treat(situation, "concertation", avis="conseil", services=["1"])
    assert cell.who.post(examen, typed_in).status_code == 409
    cell.treat(situation, "concertation", avis="examiner", services=["1", "2"])
    kept = cell.who.post(examen, typed_in)
    assert kept.status_code == 302, kept.text
    offered = cell.who.get(examen).text
    assert "Transmission à la préfecture (CPRAF)" in offered
    assert "Rappel à l’ordre" not in offered
    cell.treat(situation, "transmission", 422, destinataire="quelqu’un")
    cell.treat(situation, "transmission", destinataire="cpraf")
    cell.treat(situation, "retour")
    page = cell.who.get(situation).text
    for told in ("Concertation en amont", "CPRAF (préfecture)", "Retour fait au signaleur"):
        assert told in page
    assert world.visitor("bailleur").get(situation).status_code == 403
    with world.database.read() as session:
        rows = session.scalars(select(CmerEvent).order_by(CmerEvent.id)).all()
        acts = [e for e in search(session.connection(), limit=99) if e.action == "cmer:record"]
    assert [row.nature for row in rows] == ["sans_examen", "a_examiner", "transmission", "retour"]
    assert {row.created_as for row in rows} == {"coordonnateur"}
    assert len([entry for entry in acts if entry.outcome == "autorise"]) == 4


@pytest.mark.parametrize("key", ["maire", "commissaire", "parquet"])
def test_whoever_does_not_sit_there_finds_no_trace(small_world: World, key: str) -> None:
    cell, outsider = Cell(small_world).opened(), small_world.visitor(key)
    before = {url: shape(outsider.get(url)) for url in visible(key)}
    situation = cell.receive()
    cell.treat(situation, "concertation", avis="examiner")
    sealed = small_world.visitor("bailleur").post("/cellules/CMER/deposer", TYPED)
    assert sealed.status_code == 302
    seance = cell.prepare(situation)
    assert {url: shape(outsider.get(url)) for url in visible(key)} == before
    for real, unreal in (
        (situation, "/situations/CMER-2026-900"),
        (f"{situation}/signal", "/situations/CMER-2026-900/signal"),
        (f"{situation}/modifier", "/situations/CMER-2026-900/modifier"),
        (seance, "/seances/S-CMER-2026-900"),
        (f"{sealed.location}/ouvrir", "/depots/D-CMER-2026-900/ouvrir"),
        ("/cellules/CMER/situations", "/cellules/RIEN/situations"),
        ("/cellules/CMER/depots", "/cellules/RIEN/depots"),
        ("/cellules/CMER/rapport", "/cellules/RIEN/rapport"),
        ("/cellules/CMER", "/cellules/RIEN"),
        ("/cellules/CMER/charte", "/cellules/RIEN/charte"),
    ):
        assert shape(outsider.get(real)) == shape(outsider.get(unreal)), real
        assert outsider.get(real).status_code == 404
    assert outsider.post(f"{situation}/signal/retour", {"le": typed(0)}).status_code == 404
    with small_world.database.read() as session:
        entries = search(session.connection(), limit=200)
    refused = [e for e in entries if e.cell == "CMER" and e.outcome == "refuse"]
    assert refused, "the DPO still reads that it was tried"
    found = cell.who.post("/cellules/CCTP/situations/recherche", {"nom": NAME})
    assert NAME not in found.text.replace(f'value="{NAME}"', "")


def visible(key: str) -> list[str]:
    """The pages an outsider reads."""
    common = ["/", "/mon-compte", "/qui-voit-quoi"]
    inside = ["/cellules/CCTP/seances", "/cellules/CCTP/situations", "/cellules"]
    return common if key == "parquet" else [*common, *inside]


def shape(answer) -> tuple[int, str]:
    """A page without what changes at each request."""
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", answer.text)
    text = re.sub(r"\d{1,2}\W*h\W*\d{2}|à \d.*?<", "", text)
    return answer.status_code, re.sub(r"/(cellules|situations|seances|depots)/[\w/-]+", "", text)


def test_nobody_is_brought_to_it_nor_from_it(small_world: World) -> None:
    cell = Cell(small_world).opened()
    situation = cell.receive()
    assert "pour la même personne" not in cell.who.get(situation).text
    menu = cell.who.get("/situations/CCTP-2026-001").text
    assert "Saisir GSP pour la même personne" in menu
    assert "Saisir CMER" not in menu
    reference = situation.rsplit("/", 1)[1]
    assert NAME not in cell.who.get(f"/cellules/CCTP/saisine?personne={reference}").text
    brought = cell.who.get("/cellules/CMER/saisine?personne=CCTP-2026-001")
    nobody = cell.who.get("/cellules/CMER/saisine?personne=CCTP-2026-900")
    assert shape(brought) == shape(nobody)


def test_its_menu_leaves_out_what_it_never_does(small_world: World) -> None:
    cell = Cell(small_world).opened()
    for code, shown in (("CMER", set()), ("GSP", {"consultations"}), ("CCTP", BOTH)):
        page = cell.who.get(f"/cellules/{code}/seances").text
        listed = {part for part in BOTH if f'href="/cellules/{code}/{part}"' in page}
        assert listed == shown, code


def test_it_does_nothing_that_is_numbered_with_the_others(small_world: World) -> None:
    with small_world.database.write() as session:
        options = cells.options(session, "CMER")
        version = cells.cell(session, "CMER").version
        for field in ("rappel", "transaction", "parenting"):
            asked = type(options)(**{**vars(options), field: True})
            with pytest.raises(SettingsError):
                change(session, "CMER", version, "CMER", asked)
    assert small_world.coordinator().get("/situations/CCTP-2026-001/signal").status_code == 404
