"""Why an exceptional act was done: in the journal, for the DPO alone."""

from sqlalchemy import func, select

from audit.query import search
from casework.journal import motives
from casework.retention.job import SITUATION, erase
from casework.situations.models import Situation
from casework.vault.models import RecordWrap
from casework.web.forms import READ_BY_DPO
from tests.casework.canary import forms
from tests.casework.rappels.walk import Walk
from tests.conftest import World

FILE = "CCTP-2026-001"
REASON = "Adresse inconnue, courrier revenu deux fois, Zyggomotif"
EXCEPT = "information:except"


def _except(world: World) -> None:
    page = f"/situations/{FILE}/information/exception"
    form = world.coordinator().get(page)
    assert "Le délégué à la protection des données le lit aussi" in form.text
    assert world.coordinator().post(page, {"motif": REASON}).status_code == 302


def _wraps(world: World) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(RecordWrap)) or 0


def test_the_dpo_reads_on_the_console_why_and_nobody_else_does(world: World) -> None:
    dpo = world.visitor("dpo")
    _except(world)
    with world.database.engine.connect() as connection:
        (entry,) = search(connection, action=EXCEPT)
    assert entry.motive
    assert b"Zyggomotif" not in entry.motive
    assert "Zyggomotif" not in repr(entry.detail)
    day = f"{entry.time[:10]}"
    for page in (
        f"/journal?action={EXCEPT}",
        f"/journal/dossier?object={FILE}",
        f"/journal/journee?actor={entry.actor}&jour={day}",
    ):
        assert f"Motif&nbsp;: {REASON}" in dpo.get(page).text, page
    # What leaves the console leaves without it, and so does the export of the whole journal.
    for kind in ("csv", "docx"):
        left = dpo.get(f"/journal/export?action={EXCEPT}&format={kind}")
        assert b"Zyggomotif" not in left.data
    assert "Le journal est intact" in dpo.get("/journal/verification").text


def test_whoever_steps_over_a_rule_is_told_who_reads_why() -> None:
    """The warning and the copy go together: no form has one without the other."""
    for form in forms():
        warned = [
            name
            for name, field in vars(form).items()
            if READ_BY_DPO in str(getattr(field, "kwargs", {}).get("description"))
        ]
        assert warned == ([form.exceptional] if form.exceptional else []), form


def test_a_rappel_s_steps_over_the_rule_are_read_by_the_dpo(world: World) -> None:
    dpo = world.visitor("dpo")
    walk = Walk(world)
    assert "Le délégué à la protection des données le lit aussi" in walk.page
    assert walk.waive("Zyggourgence").status_code == 302
    for answer in (walk.convene(), walk.hold()):
        assert answer.status_code == 302
    assert walk.post("rectifier", motif="Zyggorectifié").status_code == 302
    story = dpo.get(f"/journal/dossier?object={walk.reference}").text
    assert "Motif&nbsp;: Zyggourgence" in story
    assert "Motif&nbsp;: Zyggorectifié" in story
    assert story.count("Motif&nbsp;:") == 2, "an ordinary step says nothing"


def test_a_motive_that_does_not_open_hides_nothing_else(small_world: World) -> None:
    dpo = small_world.visitor("dpo")
    _except(small_world)
    before = _wraps(small_world)
    with small_world.database.write() as session:
        (entry,) = search(session.connection(), action=EXCEPT)
        motives.forget(session, entry.seq)
        session.commit()
    assert _wraps(small_world) == before, "the entry itself does not expire yet"
    with small_world.database.write() as session:
        motives.forget(session, entry.seq + 1)
        session.commit()
    assert _wraps(small_world) == before - 1
    page = dpo.get(f"/journal?action={EXCEPT}")
    assert page.status_code == 200
    assert motives.UNREADABLE in page.text


def test_the_motive_goes_with_the_file(world: World) -> None:
    """Erasing a situation destroys what was typed about it: its words may be in there too."""
    dpo = world.visitor("dpo")
    _except(world)
    with world.database.write() as session:
        number = session.scalars(select(Situation.id).filter_by(reference=FILE)).one()
        erase(session, SITUATION, number)
        session.commit()
    page = dpo.get(f"/journal?action={EXCEPT}")
    assert "Zyggomotif" not in page.text
    assert motives.UNREADABLE in page.text
    assert "Le journal est intact" in dpo.get("/journal/verification").text
