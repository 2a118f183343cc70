"""Canaries in the DPO's registers: requests of persons, breaches, impact assessments."""

import re
from datetime import timedelta

from sqlalchemy import select

from casework.aipd.views import AipdForm
from casework.breaches.forms import DeclareForm, StepForm
from casework.rappels.models import Rappel
from casework.retention.forms import AgreementForm, OpeningForm
from casework.rights.forms import (
    DecideForm,
    ExecuteForm,
    FindForm,
    LiftForm,
    ProlongForm,
    RequestForm,
    TransmitForm,
    VerifyForm,
)
from casework.situations.models import Situation
from casework.watch.forms import AnswerForm, ThresholdsForm
from casework.watch.patterns import Finding, Pattern
from casework.watch.service import raise_alert
from casework.web.access import today
from tests.casework.canary import Typist
from tests.conftest import World

Pages = list[tuple[str, str, list[str]]]
CELL = "/cellules/CCTP"


def walk_registers(world: World, typist: Typist, situation: str) -> Pages:
    """Every form of the registers; who may read which words again, and where."""
    return [
        *_request(world, typist, situation),
        *_breach(world, typist),
        *_assessment(world, typist),
        *_watch(world, typist),
        *_archive(world, typist),
    ]


def _archive(world: World, typist: Typist) -> Pages:
    """Someone asks to read an archived situation; who directs the cell reads why."""
    typist.forge(world.visitor("dpo"), "/conservation/accord", AgreementForm)
    with world.database.write() as session:
        untouched = Situation.id.not_in(select(Rappel.situation))
        query = select(Situation).where(Situation.cell == "CCTP", untouched)
        row = session.scalars(query.order_by(Situation.id)).first()
        row.closed_on, row.archived_on = today(), today()
        session.commit()
    url = f"/situations/{row.reference}/archive"
    _, why = typist.submit(world.visitor("coordination"), url, OpeningForm, jours=5)
    return [("coordination", f"{CELL}/archives", list(why.values()))]


def _watch(world: World, typist: Typist) -> Pages:
    dpo = world.visitor("dpo")
    with world.database.write() as session:
        alert = raise_alert(Finding(Pattern.REFUS, "M-0003", today(), 7))
        session.add(alert)
        session.commit()
    typist.forge(dpo, "/journal/alertes/reglages", ThresholdsForm)
    url = f"/journal/alertes/{alert.id}"
    _, noted = typist.submit(dpo, url, AnswerForm, reponse="expliquee")
    return [("dpo", "/journal/alertes", list(noted.values()))]


def _request(world: World, typist: Typist, situation: str) -> Pages:
    dpo, coordinator = world.visitor("dpo"), world.visitor("coordination")
    made, typed = typist.submit(
        dpo,
        "/demandes/nouvelle",
        RequestForm,
        recu_le=f"{today() - timedelta(days=3):%d/%m/%Y}",
        droit="acces",
        qualite="interesse",
        verification="guichet",
    )
    page = made.location
    typist.forge(dpo, f"{page}/transmettre", TransmitForm)
    typist.post(dpo, f"{page}/transmettre", {"cellule": "CCTP", "version": 1})
    typist.forge(dpo, f"{page}/verifier", VerifyForm)
    _, why = typist.submit(dpo, f"{page}/prolonger", ProlongForm, version=2)
    theirs = f"{CELL}{page}"
    typist.forge(coordinator, f"{theirs}/situation", FindForm)
    number = situation.rpartition("/")[2]
    typist.post(coordinator, f"{theirs}/situation", {"situation": number})
    typist.post(coordinator, f"{theirs}/limiter", {})
    day = f"{today():%d/%m/%Y}"
    typist.submit(coordinator, f"{theirs}/lever", LiftForm, informe_le=day)
    for ending in ("docx", "json"):
        assert coordinator.get(f"{theirs}/donnees.{ending}?relu=recit").status_code == 200
    _, report = typist.submit(coordinator, f"{theirs}/executer", ExecuteForm, resultat="fait")
    _, reasons = typist.submit(dpo, f"{page}/decider", DecideForm, issue="satisfaite", version=3)
    for reader, url in ((dpo, page), (coordinator, theirs)):
        assert reader.get(f"{url}/reponse.docx").status_code == 200
    words = [word for given in (typed, why, report, reasons) for word in given.values()]
    return [("dpo", page, words), ("coordination", theirs, words)]


def _breach(world: World, typist: Typist) -> Pages:
    dpo = world.visitor("dpo")
    yesterday = f"{today() - timedelta(days=1):%d/%m/%Y}"
    made, typed = typist.submit(
        world.visitor("administration"),
        "/violations/declarer",
        DeclareForm,
        connue_le=yesterday,
        connue_a="08:30",
        nature=["c", "i"],
    )
    assert made.location == "/violations/declarer"  # whoever declares reads nothing again
    found = re.search(r"/violations/V-\d{4}-\d{3}", dpo.get("/violations").text)  # unsettled first
    assert found
    page = found[0]
    told = {"etape": "notifiee", "fait_le": yesterday, "fait_a": "09:30", "version": 1}
    _, step = typist.submit(dpo, f"{page}/etape", StepForm, **told)
    assert dpo.get(f"{page}/fiche.docx").status_code == 200
    return [("dpo", page, [*typed.values(), *step.values()])]


def _assessment(world: World, typist: Typist) -> Pages:
    day = f"{today():%d/%m/%Y}"
    given = {"cellule": "CCTP", "datee": day, "avis": "favorable", "avis_le": day}
    page = "/analyse-impact"
    _, typed = typist.submit(world.visitor("dpo"), page, AipdForm, **given)
    return [("dpo", page, list(typed.values()))]
