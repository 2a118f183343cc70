"""What the justice decides on paper, carried with its scan: one state, one sealed file."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update

from casework.attachments.models import Scan
from casework.web.access import today
from charter.actions import Action
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.transactions.conftest import Way, french

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"


def _asked(way: Way) -> str:
    url = way.accepted()
    way.step(url, "homologation", pieces="y")
    return url


def _carry(way: Way, url: str, content: bytes = PDF, **changed: str):
    data = {
        "reponse": "homologuer",
        "repondu_le": french(today()),
        "magistrat": "Étienne De Rochebrune, substitut",
        "relu": "y",
        "version": way.row(url).version,
        "scan": (BytesIO(content), "decision.pdf"),
    }
    page = url.replace("/transactions/", "/homologations/")
    return way.world.visitor("justice_ville").post(f"{page}/porter", data | changed)


def test_the_paper_says_what_the_screen_would(way: Way) -> None:
    url = _asked(way)
    page = url.replace("/transactions/", "/homologations/")
    carrier = way.world.visitor("justice_ville")
    assert url.rsplit("/", 1)[1] in carrier.get("/homologations").text
    assert "Consigner la décision reçue sur papier" in carrier.get(page).text
    assert way.parquet.post(f"{page}/porter", {}).status_code == 403
    assert carrier.post(page, {"reponse": "homologuer"}).status_code == 403
    for wrong, said in (
        ({"repondu_le": french(today() - timedelta(days=1))}, "précéder la demande"),
        ({"repondu_le": french(today() + timedelta(days=1))}, "dans l’avenir"),
        ({"relu": ""}, "Relisez le papier"),
    ):
        assert said in _carry(way, url, **wrong).text
    assert "ni un PDF" in _carry(way, url, b"MZ programme").text
    with way.world.database.read() as session:
        assert session.scalars(select(Scan)).all() == []
    answer = _carry(way, url)
    assert answer.status_code == 302, answer.text
    assert _carry(way, url).status_code == 403  # decided once, by one path
    way.decide(url, status=403)
    told = way.coordinator.get(url).text
    assert "Homologuée, à exécuter" in told
    assert "portée par" in told
    for who, address in (
        (way.coordinator, f"{url}/decision"),
        (way.parquet, f"{page}/decision"),
        (carrier, f"{page}/decision"),
    ):
        scan = who.get(address)
        assert (scan.status_code, scan.mimetype, scan.data) == (200, "application/pdf", PDF)
        assert scan.headers["Cache-Control"] == "no-store"
    assert way.world.visitor("education").get(f"{url}/decision").status_code == 403
    way.step(url, "execution", quantite="180")


def test_without_agrement_nothing_is_read_nor_carried(way: Way) -> None:
    url = _asked(way)
    with way.world.database.write() as session:
        mine = MandateRow.role == Role.CORRESPONDANT_JUSTICE_VILLE
        session.execute(update(MandateRow).where(mine).values(designated=False))
        session.commit()
    carrier = way.world.visitor("justice_ville")
    page = url.replace("/transactions/", "/homologations/")
    for answer in (carrier.get("/homologations"), carrier.get(page), _carry(way, url)):
        assert answer.status_code == 403
        assert "agrément" in answer.text


def test_a_correction_is_a_new_event_and_papers_follow(way: Way) -> None:
    url = way.accepted()
    refused = way.step(url, "rectification", 422, motif="")
    assert "Dites ce que vous rectifiez" in refused.text
    way.step(url, "rectification", motif="La lettre portait un refus.")
    console = way.world.visitor("dpo").get(f"/journal?action={Action.TRANSACTION_ACT}")
    assert "Motif&nbsp;: La lettre portait un refus." in console.text
    page = way.coordinator.get(url).text
    assert "Rectifiée ensuite" in page
    assert "en attente de la réponse" in page
    assert way.coordinator.get(f"{url}/homologation.docx").status_code == 404
    way.step(url, "reponse", reponse="refuser")
    assert way.coordinator.get(f"{url}/cloture-personne.docx").status_code == 200
    way.step(url, "information", pieces="y")
    way.step(url, "rectification", 403, motif="Trop tard : les lettres sont parties.")


def test_the_arrete_comes_from_the_mandate(way: Way) -> None:
    page = way.coordinator.get(f"{way.saisine()}/transaction").text
    act = "Arrêté n° 2025-114 du 2 septembre 2025 portant délégation"
    assert f"Samir Haddouche, élu délégué ({act})" in page.replace("\N{NO-BREAK SPACE}", " ")
    with way.world.database.write() as session:
        delegate = MandateRow.role == Role.ELU_DELEGUE
        number = session.scalars(select(MandateRow.id).where(delegate)).one()
    assert "nommez ci-dessous qui signe" in way.prepare(signataire="").text
    made = way.prepare(signataire="", mandat=number)
    assert made.status_code == 302, made.text
    told = way.coordinator.get(made.location).text
    assert f"Samir Haddouche, élu délégué, délégation {act}" in told
    with way.world.database.write() as session:
        session.execute(update(MandateRow).where(delegate).values(ends=today() - timedelta(1)))
        session.commit()
    way.situation = ""
    gone = way.coordinator.get(f"{way.saisine()}/transaction").text
    assert "Samir Haddouche" not in gone
    assert way.prepare(signataire="", mandat=number).status_code == 422


@pytest.mark.parametrize("frozen", [False, True])
def test_a_limitation_does_not_hide_the_term_of_the_law(
    way: Way, frozen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = way.prepare().location
    if frozen:
        from casework.deadlines import views

        reference = way.situation.rsplit("/", 1)[1]
        monkeypatch.setattr(views.rights, "frozen_in", lambda *_: {reference})
    line = way.coordinator.get("/echeances").text
    assert url in line
    assert ("le délai de la loi court tout de même" in line) is frozen
