"""The paper path: carried by the correspondant Justice-Ville, seen alike by both sides."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from casework.attachments.models import Scan
from casework.attachments.service import LARGEST_BYTES, SIGNATURES
from casework.rappels.models import Rappel
from casework.web.access import today
from charter.models import MandateRow
from charter.roles import Role
from tests.conftest import Visitor, World

PDF = b"%PDF-1.7 r\xc3\xa9ponse du parquet " + bytes(range(256)) * 100 + b"\n%%EOF\n"


def _waiting(world: World) -> str:
    with world.database.read() as session:
        return session.scalars(
            select(Rappel.reference).where(Rappel.attend == "parquet").order_by(Rappel.id)
        ).first()


def _carry(carrier: Visitor, fiche: str, content: bytes = PDF, **changed: Any):
    data = {
        "reponse": "reponse_possible",
        "repondu_le": f"{today():%d/%m/%Y}",
        "magistrat": "Étienne De Rochebrune, substitut",
        "relu": "y",
        "version": "1",
        "csrf_token": carrier.token,
        "scan": FileStorage(BytesIO(content), "réponse.pdf"),
    }
    # Encoded here: the test client would spool a large body to a file it forgets to close.
    boundary, body = encode_multipart(data | changed)
    media = f'multipart/form-data; boundary="{boundary}"'
    return carrier.client.post(f"/fiches/{fiche}/porter", data=body, content_type=media)


def test_both_paths_end_alike(world: World) -> None:
    carrier, parquet = world.visitor("justice_ville"), world.visitor("parquet")
    coordinator = world.coordinator()
    fiche = _waiting(world)
    assert fiche in carrier.get("/fiches").text
    page = carrier.get(f"/fiches/{fiche}").text
    assert "Consigner la réponse" in page
    assert "Traitement judiciaire en cours" in page
    assert "/confirmer" not in page

    answer = _carry(carrier, fiche)
    assert answer.status_code == 302, answer.text
    for who, page in ((parquet, f"/fiches/{fiche}"), (coordinator, f"/rappels/{fiche}")):
        text = who.get(page).text
        assert "Le rappel à l’ordre peut avoir lieu" in text
        assert "De Rochebrune" in text
        assert "portée par Lætitia Orsini" in text
        scan = who.get(f"{page}/reponse")
        assert (scan.status_code, scan.mimetype, scan.data) == (200, "application/pdf", PDF)
        assert scan.headers["Cache-Control"] == "no-store"
        assert "attachment" not in scan.headers["Content-Disposition"]
    assert "Consulter les partenaires" in coordinator.get(f"/rappels/{fiche}").text
    # The same fiche is not answered twice, by either path.
    assert _carry(carrier, fiche, version="2").status_code == 403
    again = {"reponse": "reponse_judiciaire", "version": "2"}
    assert parquet.post(f"/fiches/{fiche}/repondre", again).status_code == 403


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ni un PDF, ni un JPEG"),
        (b"MZ\x90\x00 programme", "ni un PDF, ni un JPEG"),
        (b"%PDF-1.7 cut short", "ni un PDF, ni un JPEG"),
        (b"%PDF-" + bytes(LARGEST_BYTES), "dépasse 5 Mo"),
    ],
    ids=["nothing", "a program", "cut short", "too large"],
)
def test_a_file_that_is_no_scan_is_refused_and_nothing_is_lost(
    small_world: World, content: bytes, said: str
) -> None:
    carrier, fiche = small_world.visitor("justice_ville"), _waiting(small_world)
    answer = _carry(carrier, fiche, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Étienne De Rochebrune, substitut" in answer.text
    with small_world.database.read() as session:
        assert session.scalars(select(Scan)).all() == []
        row = session.scalars(select(Rappel).where(Rappel.reference == fiche)).one()
        assert (row.attend, row.t2_at) == ("parquet", None)


@pytest.mark.parametrize("first", SIGNATURES)
def test_the_content_says_its_type_and_not_the_name(small_world: World, first: bytes) -> None:
    carrier, fiche = small_world.visitor("justice_ville"), _waiting(small_world)
    last, media = SIGNATURES[first]
    content = first + b"suite" + last
    assert _carry(carrier, fiche, content).status_code == 302
    scan = carrier.get(f"/fiches/{fiche}/reponse")
    assert (scan.mimetype, scan.data) == (media, content)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reponse": ""}, "Choisissez la réponse"),
        ({"reponse": "tenir"}, "réponses proposées"),
        ({"relu": ""}, "cochez cette phrase"),
        ({"magistrat": " "}, "le nom et la qualité"),
        ({"repondu_le": "21/11/2090"}, "dans l’avenir"),
        ({"repondu_le": "01/01/2020"}, "précéder la fiche"),
    ],
)
def test_what_is_missing_is_said(small_world: World, changed: dict[str, str], said: str) -> None:
    carrier, fiche = small_world.visitor("justice_ville"), _waiting(small_world)
    answer = _carry(carrier, fiche, **changed)
    assert answer.status_code == 422
    assert said in answer.text


def test_without_agrement_he_carries_and_reads_nothing(small_world: World) -> None:
    carrier, fiche = small_world.visitor("justice_ville"), _waiting(small_world)
    with small_world.database.write() as session:
        session.execute(
            update(MandateRow)
            .where(MandateRow.role == Role.CORRESPONDANT_JUSTICE_VILLE)
            .values(designated=False)
        )
        session.commit()
    for answer in (carrier.get(f"/fiches/{fiche}"), _carry(carrier, fiche)):
        assert answer.status_code == 403
        assert "agrément" in answer.text


def test_a_scan_never_touches_the_disk_in_clear(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spool(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", spool)
    carrier, fiche = small_world.visitor("justice_ville"), _waiting(small_world)
    assert _carry(carrier, fiche, PDF * 40).status_code == 302  # werkzeug spools over 500 kB
    small_world.close()
    for file in small_world.instance.data.rglob("*"):
        assert not file.is_file() or b"ponse du parquet" not in file.read_bytes()


def test_he_sees_nothing_else_of_the_commune(small_world: World) -> None:
    carrier = small_world.visitor("justice_ville")
    with small_world.database.read() as session:
        rappel = session.scalars(select(Rappel)).first()
    for page in (
        "/cellules/CCTP/situations",
        f"/rappels/{rappel.reference}",
        "/cellules/CCTP/rapport",
        "/journal",
    ):
        assert carrier.get(page).status_code in (403, 404), page
    assert carrier.get("/").location == "/fiches"
