"""Files of a situation: typed by their content, sealed, opened from memory, destroyed."""

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from casework.attachments import service
from casework.attachments.models import Attachment
from casework.vault.models import RecordWrap
from tests.casework.people import reference_of
from tests.casework.situations.around import recorded

PDF = b"%PDF-1.7 une convocation %%EOF"


def _send(visitor, page: str, content: bytes = PDF, titre: str = "Certificat de scolarité"):
    return visitor.post(
        f"{page}/pieces", {"titre": titre, "piece": (BytesIO(content), "nom de Younès.pdf")}
    )


def _rows(world) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(Attachment))


def test_a_file_is_sealed_listed_and_opened_without_a_trace(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    assert _send(coordinator, page).location == f"{page}/pieces"
    assert "Certificat de scolarité" in coordinator.get(f"{page}/pieces").text
    (number,) = _numbers(coordinator, page)
    answer = coordinator.get(f"{page}/pieces/{number}")
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline; filename=piece-CCTP-")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Younès" not in str(headers)
    with world.database.read() as session:
        row = session.scalars(select(Attachment)).one()
        assert PDF not in row.content
        assert b"Certificat" not in row.titre


def _numbers(visitor, page: str) -> list[str]:
    return re.findall(rf'href="{page}/pieces/(\d+)"', visitor.get(f"{page}/pieces").text)


def test_removing_it_destroys_its_key(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    _send(coordinator, page)
    (number,) = _numbers(coordinator, page)
    answer = coordinator.post(f"{page}/pieces/{number}/retirer")
    assert answer.location == f"{page}/pieces"
    assert _rows(world) == 0
    with world.database.read() as session:
        wraps = select(func.count()).where(RecordWrap.record == int(number))
        assert session.scalar(wraps) == 0
    assert coordinator.get(f"{page}/pieces/{number}").status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"MZ un programme", b"<svg onload=alert(1)>", b"%PDF-1.7 tronque"]
)
def test_what_is_not_a_whole_pdf_nor_an_image_is_refused(small_world, content: bytes) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    assert _send(coordinator, page, content).status_code == 422
    assert _rows(small_world) == 0


def test_a_file_of_another_situation_is_not_there(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    _send(coordinator, page)
    (number,) = _numbers(coordinator, page)
    other = recorded(coordinator, nom="Ollivier", prenoms="Maëlle", naissance="05/06/2011")
    assert coordinator.get(f"{other}/pieces/{number}").status_code == 404
    coordinator.post(f"{other}/pieces/{number}/retirer")
    assert _rows(small_world) == 1


def test_a_member_who_reads_the_situation_opens_no_file(small_world) -> None:
    coordinator, member = small_world.coordinator(), small_world.visitor("education")
    page = recorded(coordinator)
    _send(coordinator, page)
    (number,) = _numbers(coordinator, page)
    coordinator.post(f"{page}/suivi", {"membres": reference_of("education")})
    assert member.get(page).status_code == 200
    for answer in (member.get(f"{page}/pieces"), member.get(f"{page}/pieces/{number}")):
        assert answer.status_code == 403
    assert "Pièces jointes" not in member.get(page).text
    assert _send(member, page).status_code == 403


def test_so_many_and_no_more(small_world, monkeypatch) -> None:
    monkeypatch.setattr(service, "MOST_FILES", 1)
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    _send(coordinator, page)
    assert _send(coordinator, page).status_code == 409
    assert _rows(small_world) == 1
