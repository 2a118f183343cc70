"""The register of breaches: declared by who sees them first, read by the DPO alone."""

from datetime import timedelta

from sqlalchemy import select

from casework.breaches.models import Breach, BreachStep
from casework.vault.models import RecordWrap
from casework.web.access import today

FACTS = {
    "connue_a": "08:30",
    "nature": ["c", "d"],
    "faits": "Zqxfuite, une clé perdue.",
    "personnes": "Une dizaine",
}


def day(ago: int) -> str:
    return f"{today() - timedelta(days=ago):%d/%m/%Y}"


def step(kind: str, version: int, ago: int = 1) -> dict[str, str]:
    texts = {"fait_a": "10:00", "texte": f"Zqxacte {kind}", "version": str(version)}
    return texts | {"etape": kind, "fait_le": day(ago)}


def newest(world) -> Breach:
    with world.database.read() as session:
        return session.scalars(select(Breach).order_by(Breach.id.desc())).first()


def test_the_administrator_declares_and_reads_nothing(world):
    administrator = world.visitor("administration")
    made = administrator.post("/violations/declarer", FACTS | {"connue_le": day(1)})
    assert made.status_code == 302, made.text
    row = newest(world)
    assert administrator.get(f"/violations/{row.reference}").status_code == 403
    assert administrator.get("/violations").status_code == 403
    assert FACTS["faits"] in world.visitor("dpo").get(f"/violations/{row.reference}").text
    with world.database.read() as session:
        codes = session.scalars(select(RecordWrap.compartment).where(RecordWrap.record == row.id))
        assert list(codes) == ["DPO"]


def test_the_clock_stops_when_it_is_settled_and_not_before_closing(small_world):
    dpo = small_world.visitor("dpo")
    url = dpo.post("/violations/declarer", FACTS | {"connue_le": day(5)}).location
    assert "72 heures dépassées" in dpo.get("/violations").text
    early = dpo.post(f"{url}/etape", step("cloture", 1))
    assert early.status_code == 409
    assert "Elle ne se clôt pas encore" in early.text
    assert dpo.post(f"{url}/etape", step("notifiee", 1)).status_code == 302
    stale = dpo.post(f"{url}/etape", step("complement", 1))
    assert stale.status_code == 409
    assert "a changé entre-temps" in stale.text
    assert dpo.post(f"{url}/etape", step("cloture", 2)).status_code == 302
    dpo.post(f"{url}/etape", step("complement", 3))
    page = dpo.get(url).text
    assert "hors délai" in page
    assert "Inscrire un acte" not in page
    with small_world.database.read() as session:
        told = session.scalars(select(BreachStep.kind).filter_by(breach=newest(small_world).id))
        assert sorted(told) == ["cloture", "notifiee"]


def test_the_future_and_an_unreadable_hour_are_refused(small_world):
    dpo = small_world.visitor("dpo")
    for typed in ({"connue_le": day(-1)}, {"connue_le": day(1), "connue_a": "8 heures"}):
        answer = dpo.post("/violations/declarer", FACTS | typed)
        assert answer.status_code == 422
        assert FACTS["faits"] in answer.text
