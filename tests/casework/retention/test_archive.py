"""An archive is out of everything, is read when a second person says so, and closes by itself."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from sqlalchemy import select, update

from audit.schema import journal_event
from casework.cells.models import Cell
from casework.rappels.models import Rappel
from casework.rappels.procedure import BY_PARQUET
from casework.retention.clock import limit_of
from casework.retention.models import ArchiveOpening, Erasure
from casework.situations.models import Situation
from casework.transactions.models import Transaction
from casework.web.access import today
from tests.casework.backup.conftest import run
from tests.casework.cells.test_pages import form_of
from tests.casework.parenting.test_pages import Way
from tests.casework.retention.commune import agree, dated, new, row_of
from tests.casework.situations.around import text, version
from tests.conftest import Visitor, World


def _archived(world: World) -> str:
    """A situation that the clock itself has put in the archive of its cell."""
    with world.database.write() as session:
        session.execute(update(Cell).where(Cell.code == "CCTP").values(archive_months=12))
        session.commit()
    reference = new(world)
    dated(world, reference, closed_on=today() - timedelta(days=100))
    assert run("retention", "run", "--data", world.instance.data).exit_code == 0
    assert row_of(world, reference).archived_on == today()
    return reference


def _number(world: World) -> int:
    with world.database.read() as session:
        return session.scalars(select(ArchiveOpening.id).order_by(ArchiveOpening.id.desc())).first()


def test_an_archive_is_lent_for_a_few_days_by_someone_else(world: World) -> None:
    coordinator, maire = world.coordinator(), world.visitor("maire")
    maire.sign_charter("CCTP")
    reference = _archived(world)
    page = f"/situations/{reference}"
    assert reference not in coordinator.get("/cellules/CCTP/situations?statut=3").text
    assert reference not in coordinator.post("/cellules/CCTP/recherche", {"q": "Benkacem"}).text
    assert page not in coordinator.post("/cellules/CCTP/recherche", {"q": reference}).text
    refused = coordinator.get(page)
    assert refused.status_code == 403
    assert "en archive" in refused.text
    assert coordinator.get(f"{page}/modifier").status_code == 403

    ask = {"motif": "Contentieux devant le tribunal administratif.", "jours": "5"}
    assert coordinator.post(f"{page}/archive", ask | {"motif": ""}).status_code == 422
    assert coordinator.post(f"{page}/archive", ask | {"jours": "60"}).status_code == 422
    assert coordinator.post(f"{page}/archive", ask).status_code == 302
    coordinator.post(f"{page}/archive", ask)
    assert "attend déjà" in coordinator.get("/cellules/CCTP/archives").text
    grant = f"{page}/archive/{_number(world)}/accorder"
    assert coordinator.post(grant).status_code == 403, "nobody grants their own request"
    assert coordinator.get(page).status_code == 403
    assert "Contentieux devant" in text(maire, "/cellules/CCTP/archives")
    assert maire.post(grant).status_code == 302
    assert maire.post(grant).status_code == 403, "it is answered"

    assert "Cette lecture vous a été accordée" in text(coordinator, page)
    assert maire.get(page).status_code == 403, "it was lent to one person"
    assert coordinator.get(f"{page}/modifier").status_code == 403
    dated(world, reference, closed_on=today() - timedelta(days=600))
    assert coordinator.get(page).status_code == 403, "its time is over: it opens to nobody"
    dated(world, reference, closed_on=today() - timedelta(days=100))
    assert coordinator.get(page).status_code == 200
    with world.database.write() as session:
        over = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(ArchiveOpening).values(until=over))
        session.commit()
    assert coordinator.get(page).status_code == 403, "it closed by itself"
    with world.database.read() as session:
        acts = session.scalars(
            select(journal_event.c.action).where(journal_event.c.object == reference)
        ).all()
    assert {"retention:archive", "archive:request", "archive:decide"} <= set(acts)


def test_what_it_still_awaited_is_out_of_the_lists_too(small_world: World) -> None:
    way = Way(small_world)
    way.open()
    way.act("avis", mode="courrier")
    assert way.url in way.who.get("/echeances").text
    dated(small_world, way.situation.rpartition("/")[2], archived_on=today(), closed_on=today())
    assert way.url not in way.who.get("/echeances").text
    assert way.who.get(way.url).status_code == 403
    assert way.who.get(f"{way.url}/avis.docx").status_code == 403


def test_an_archive_is_in_no_number_of_the_maire_and_closed_to_the_parquet(
    small_world: World,
) -> None:
    maire, parquet = small_world.visitor("maire"), small_world.visitor("parquet")
    with small_world.database.read() as session:
        waits, answered = (
            session.scalars(select(Rappel).where(mine)).first()
            for mine in (Rappel.attend == BY_PARQUET, Rappel.t2_at.is_not(None))
        )
        asked = session.scalars(
            select(Transaction).where(Transaction.asked_at.is_not(None))
        ).first()
    files = [(waits, "fiches"), (answered, "fiches"), (asked, "homologations")]
    gone = {row.situation for row, _ in files}
    pages = [f"/{where}/{row.reference}" for row, where in files]
    before = _numbers(maire)
    for page in pages:
        assert page in parquet.get(page.rpartition("/")[0]).text
        assert parquet.get(page).status_code == 200
    activity = parquet.get("/fiches/activite").text

    with small_world.database.write() as session:
        kept = {"archived_on": today(), "closed_on": today()}
        session.execute(update(Situation).where(Situation.id.in_(gone)).values(**kept))
        session.commit()
    after = _numbers(maire)
    for label in ("Nouvelles situations", "Situations suivies", "Rappels à l’ordre annoncés"):
        assert after[label] < before[label], label
    assert after["Suivis clos"] <= before["Suivis clos"], "these were closed today, and archived"
    assert after["Séances tenues"] == before["Séances tenues"]
    for page in pages:
        assert page not in parquet.get(page.rpartition("/")[0]).text
        assert "en archive" in parquet.get(page).text
    assert parquet.get("/fiches/activite").text != activity


def _numbers(maire: Visitor) -> dict[str, int]:
    found = html.fromstring(maire.get("/").text).xpath("//dl[contains(@class, 'wide')]/div")
    assert found
    return {one[0].text_content(): int(one[1].text_content()) for one in found}


def test_what_is_withdrawn_opens_to_nobody(small_world: World) -> None:
    reference = _archived(small_world)
    dated(small_world, reference, closed_on=today() - timedelta(days=600))
    ask = {"motif": "Un motif.", "jours": "5"}
    answer = small_world.coordinator().post(f"/situations/{reference}/archive", ask)
    assert answer.status_code == 403


def test_the_clock_is_read_on_the_page_and_renewed(small_world: World) -> None:
    coordinator = small_world.coordinator()
    reference = new(small_world)
    page = f"/situations/{reference}"
    assert "Conservation" in text(coordinator, page)
    row = row_of(small_world, reference)
    assert (row.active_on, row.limit_on) == (today(), None)
    dated(small_world, reference, active_on=today() - timedelta(days=380))
    assert "Suivi à renouveler" in text(coordinator, page)
    assert "Suivi à renouveler" in text(coordinator, "/")
    assert f"{reference} Fin d’office du suivi" in text(coordinator, "/cellules/CCTP/conservation")
    dated(small_world, reference, closed_on=today() - timedelta(days=60))
    for given, what in (("", "Retrait, faute d’accord des archives"), ("AD-1", "Effacement")):
        agree(small_world, given)
        assert f"{reference} {what}" in text(coordinator, "/cellules/CCTP/conservation")
    dated(small_world, reference, closed_on=None)
    known = version(coordinator, page)
    assert coordinator.post(f"{page}/renouveler", {"version": known}).status_code == 302
    assert row_of(small_world, reference).active_on == today()
    assert "Suivi à renouveler" not in text(coordinator, page)


def test_a_young_adult_has_a_last_day_written_when_recorded(small_world: World) -> None:
    born = today().replace(day=1) - timedelta(days=24 * 365)
    reference = new(small_world, naissance=f"{born:%d/%m/%Y}", nom="Aldebert")
    assert row_of(small_world, reference).limit_on == limit_of([born], today(), today())


def test_new_durations_are_shown_before_they_are_saved(small_world: World) -> None:
    coordinator = small_world.coordinator()
    reference, young = new(small_world), new(small_world)
    dated(small_world, reference, closed_on=today() - timedelta(days=70))
    dated(small_world, young, closed_on=today() - timedelta(days=2))
    url = "/cellules/CCTP/reglages/modifier"
    form = form_of(coordinator.get(url).text) | {"retention_months": "1"}
    shown = coordinator.post(url, form)
    assert shown.status_code == 409
    assert reference in shown.text
    later = shown.text.partition("plus tôt que prévu")[2]
    assert young in later, "not tonight, and sooner all the same"
    assert reference not in later.partition("</ul>")[0]
    with small_world.database.read() as session:
        assert session.get_one(Cell, "CCTP").retention_months == 3
    mark = re.search(r'name="effet"[^>]*value="([^"]+)"', shown.text)[1]
    assert coordinator.post(url, form | {"effet": "0-0-0-0"}).status_code == 409
    assert coordinator.post(url, form | {"effet": mark}).status_code == 302
    with small_world.database.read() as session:
        assert session.get_one(Cell, "CCTP").retention_months == 1


@pytest.mark.parametrize("given", ["AD-2026-117", ""])
def test_the_dpo_records_the_agreement_and_reads_the_papers(small_world: World, given: str) -> None:
    agree(small_world)
    reference = new(small_world)
    dated(small_world, reference, closed_on=today() - timedelta(days=100))
    dpo = small_world.visitor("dpo")
    assert reference in text(dpo, "/conservation")
    assert run("retention", "run", "--data", small_world.instance.data).exit_code == 0
    number = re.search(r"ELIM-[\dA-Z-]+", text(dpo, "/conservation"))[0]
    paper = dpo.get(f"/conservation/{number}/bordereau.docx")
    assert paper.status_code == 200
    with small_world.database.write() as session:
        session.execute(update(Erasure).values(scrubbed=False))
        session.commit()
    early = dpo.get(f"/conservation/{number}/bordereau.docx")
    assert "pas encore" in text(dpo, early.location), "it would say what is not true yet"
    line = dpo.get(f"/conservation/{number}/certificat.jsonl").text
    assert "c2sp.org/tlog-proof" in line
    assert dpo.post("/conservation/accord", {"accord": "AD", "le": ""}).status_code == 422
    answer = dpo.post("/conservation/accord", {"accord": given, "le": "01/10/2026"})
    assert answer.status_code == 302
    assert ("AD-2026-117 du 1er octobre 2026" in text(dpo, "/conservation")) == bool(given)
    assert ("Aucun accord" in text(dpo, "/conservation")) == (not given)
