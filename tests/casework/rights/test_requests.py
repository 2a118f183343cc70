"""A request from its letter to its answer, through the pages."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from audit.event import Outcome
from audit.query import search
from casework.cells.service import put_setting
from casework.cli import main
from casework.journal import motives
from casework.rappels.models import Rappel
from casework.retention.destruction import destroy_situation
from casework.retention.service import AGREEMENT
from casework.rights import freezing, service
from casework.rights.models import Freeze, PersonRequest, Transmission
from casework.seances.models import AgendaItem
from casework.situations.models import Situation
from casework.vault.models import RecordWrap
from casework.web.access import declaration_of, today
from charter.actions import Action
from tests.casework.about import ABOUT, ASIDE, RAPPEL, REVEALED, SITUATION
from tests.casework.people import typed

LETTER = {
    "droit": "acces",
    "qualite": "interesse",
    "nom": "Zqxrequerante Maud",
    "coordonnees": "3 quai du Port",
    "verification": "guichet",
    "paroles": "Ce que vous savez de moi.",
}


def received(days: int) -> str:
    return f"{today() - timedelta(days=days):%d/%m/%Y}"


@pytest.fixture
def handed(world):
    """A request for access handed to the CCTP, and the two sides' addresses."""
    dpo = world.visitor("dpo")
    made = dpo.post("/demandes/nouvelle", LETTER | {"recu_le": received(2)})
    assert made.status_code == 302, made.text
    dpo.post(f"{made.location}/transmettre", {"cellule": "CCTP", "version": "1"})
    return dpo, world.coordinator(), made.location, f"/cellules/CCTP{made.location}"


def situation_of(world, cell: str = "CCTP") -> str:
    with world.database.read() as session:
        return session.scalars(select(Situation.reference).filter_by(cell=cell)).first()


def test_a_request_goes_round(world, handed):
    dpo, coordinator, url, theirs = handed
    assert LETTER["nom"] in coordinator.get(theirs).text
    early = dpo.post(f"{url}/decider", {"issue": "satisfaite", "version": "2"})
    assert early.status_code == 422
    assert "n’a pas rendu compte" in early.text
    done = {"resultat": "fait", "compte_rendu": "Remis."}
    nothing_found = coordinator.post(f"{theirs}/executer", done)
    assert nothing_found.status_code == 422
    coordinator.post(f"{theirs}/situation", {"situation": situation_of(world)})
    export = coordinator.get(f"{theirs}/donnees.json")
    assert export.status_code == 200
    assert "La personne" in export.text
    assert coordinator.post(f"{theirs}/executer", done).status_code == 302
    answer = dpo.post(f"{url}/decider", {"issue": "satisfaite", "version": "2"})
    assert answer.status_code == 302
    assert dpo.get(f"{url}/reponse.docx").status_code == 200
    page = dpo.get(url).text
    assert "Il y est fait droit" in page
    assert "Clore la demande" not in page
    again = dpo.post(f"{url}/decider", {"issue": "refusee", "motifs": "Non.", "version": "3"})
    assert again.status_code == 302
    with world.database.read() as session:
        assert service.by_reference(session, url.rpartition("/")[2]).outcome == "satisfaite"


def test_no_other_cell_and_no_member_reads_who_asks(world, handed):
    _, coordinator, url, theirs = handed
    assert coordinator.get(theirs.replace("CCTP", "GSP")).status_code == 404
    for key in ("maire", "police_municipale", "parquet", "administration", "bailleur"):
        assert world.visitor(key).get(url).status_code == 403
        assert world.visitor(key).get(theirs).status_code == 403
    with world.database.read() as session:
        row = service.by_reference(session, url.rpartition("/")[2])
        codes = session.scalars(select(RecordWrap.compartment).where(RecordWrap.record == row.id))
        assert set(codes) == {"DPO", "CCTP"}


def test_a_coordinator_who_receives_the_letter_hands_it_to_the_dpo(world):
    coordinator = world.coordinator()
    page = "/cellules/GSP/demandes/nouvelle"
    made = coordinator.post(page, LETTER | {"recu_le": received(0)})
    assert made.status_code == 302, made.text
    number = made.location.rpartition("/")[2]
    assert LETTER["nom"] in coordinator.get(made.location).text
    assert LETTER["nom"] in world.visitor("dpo").get(f"/demandes/{number}").text
    assert coordinator.get(f"/cellules/CCTP/demandes/{number}").status_code == 404


def test_the_delay_is_prolonged_in_the_first_month_and_once(world):
    dpo = world.visitor("dpo")
    late = dpo.post("/demandes/nouvelle", LETTER | {"recu_le": received(40)}).location
    dpo.post(f"{late}/prolonger", {"motif": "Complexe.", "version": "1"})
    assert "en retard de" in dpo.get(late).text
    soon = dpo.post("/demandes/nouvelle", LETTER | {"recu_le": received(5)}).location
    assert dpo.post(f"{soon}/prolonger", {"motif": "", "version": "1"}).status_code == 422
    for version in ("1", "2"):
        dpo.post(f"{soon}/prolonger", {"motif": "Complexe.", "version": version})
    with world.database.read() as session:
        row = service.by_reference(session, soon.rpartition("/")[2])
        assert row.version == 2
        assert row.prolonged_on == today()
        assert service.by_reference(session, late.rpartition("/")[2]).prolonged_on is None
    assert dpo.get(f"{soon}/reponse.docx").status_code == 200
    register = dpo.get("/demandes").text
    assert register.index(late.rpartition("/")[2]) < register.index(soon.rpartition("/")[2])


def test_a_refusal_says_why_and_two_acts_at_once_are_told(world, handed):
    dpo, _, url, _ = handed
    assert dpo.post(f"{url}/decider", {"issue": "refusee", "version": "2"}).status_code == 422
    stale = dpo.post(f"{url}/decider", {"issue": "refusee", "motifs": "Non.", "version": "1"})
    assert stale.status_code == 302
    assert "Quelqu’un a agi" in dpo.get(url).text


def found(world, handed) -> str:
    _, coordinator, _, theirs = handed
    reference = rappel_situation(world)
    coordinator.post(f"{theirs}/situation", {"situation": reference})
    return reference


def limited(world, handed) -> str:
    reference = found(world, handed)
    _, coordinator, _, theirs = handed
    assert coordinator.post(f"{theirs}/limiter").status_code == 302
    return reference


def rappel_situation(world) -> str:
    """A situation of the CCTP whose rappel à l'ordre waits for the commune."""
    with world.database.read() as session:
        waiting = select(Situation.reference).join(Rappel, Rappel.situation == Situation.id)
        return session.scalars(waiting.where(Rappel.attend == "commune")).first()


# What may still be done: stepping aside, bringing someone back, protecting a child in danger.
STILL = {
    "archives.form",
    "archives.ask",
    "recusals.form",
    "recusals.declare",
    "recusals.lift",
    "danger.form",
    "danger.record",
}


def test_a_limitation_is_honoured_by_every_route_that_writes(world, handed):
    reference = limited(world, handed)
    with world.database.read() as session:
        found = session.scalars(select(Situation).filter_by(reference=reference)).one()
        fiche = session.scalars(select(Rappel.reference).filter_by(situation=found.id)).first()
    about = {SITUATION: reference, ASIDE: reference, REVEALED: reference, RAPPEL: fiche}
    values = {"member": "M-0001", "number": "1"}
    walked = set()
    for rule in world.app.url_map.iter_rules():
        kind = ABOUT.get(rule.endpoint)
        if kind not in about or rule.endpoint in STILL:
            continue
        what = declaration_of(world.app, rule.endpoint).action
        if not what.writes:
            continue
        wanted = {name: values.get(name, about[kind]) for name in rule.arguments}
        with world.app.test_request_context():
            url = world.app.url_map.bind("localhost").build(rule.endpoint, wanted)
        key = "maire" if what.scope == "confidence" else "coordination"
        visitor = world.visitor(key)
        answer = visitor.get(url) if "GET" in rule.methods else visitor.post(url)
        assert answer.status_code == 403, rule.endpoint
        assert "est limité" in answer.text, rule.endpoint
        walked.add(rule.endpoint)
    assert {"situations.edit", "rappels.announce", "etapes.hold", "followers.name"} <= walked
    assert {"closure.close", "information.record", "attachments.add", "people.add"} <= walked


def test_a_limited_situation_is_read_by_the_direction_and_put_on_no_agenda(world, handed):
    reference = limited(world, handed)
    coordinator = world.coordinator()
    page = coordinator.get(f"/situations/{reference}")
    assert page.status_code == 200
    assert "Traitement limité" in page.text
    assert "Modifier</a>" not in page.text
    assert reference not in coordinator.get("/cellules/CCTP/seances/nouvelle").text
    with world.database.read() as session:
        number = session.scalars(select(Situation.id).filter_by(reference=reference)).one()
    forced = {"jour": received(0), "heure": "14:30", "lieu": "Mairie", "ordre_du_jour": str(number)}
    refused = coordinator.post("/cellules/CCTP/seances/nouvelle", forced)
    assert refused.status_code == 422
    with world.database.write() as session, pytest.raises(service.FrozenSituation):
        service.refuse_frozen(session, [number])


def before_the_next_write(world, monkeypatch, act) -> None:
    """Something happens once the charter has let a request in, and before its change is kept."""
    database = world.app.extensions["casework.database"]
    write, due = database.write, [act]

    def interrupted():
        if due:
            other = Thread(target=due.pop())  # a request of its own
            other.start()
            other.join()
        return write()

    monkeypatch.setattr(database, "write", interrupted)


def test_a_limitation_that_comes_during_an_act_stops_it(world, handed, monkeypatch):
    """Asked when the request comes in is not enough: the act is kept later."""
    reference = found(world, handed)
    dpo, coordinator, url, _ = handed
    with world.database.read() as session:
        number = session.scalars(select(Situation.id).filter_by(reference=reference)).one()
        before = session.scalars(select(AgendaItem).filter_by(situation=number)).all()
    acts = {
        f"/situations/{reference}/suivi": ({}, 403),
        "/cellules/CCTP/seances/nouvelle": (
            {"jour": typed(9), "heure": "14:30", "lieu": "Mairie", "ordre_du_jour": str(number)},
            409,
        ),
    }
    for where, (what, status) in acts.items():
        before_the_next_write(world, monkeypatch, lambda: dpo.post(f"{url}/CCTP/limiter"))
        answer = coordinator.post(where, what)
        monkeypatch.undo()
        assert answer.status_code == status, (where, answer.text)
        assert "limité" in answer.text
        with world.database.read() as session:
            assert freezing.frozen(session, number)
            kept = session.scalars(select(AgendaItem).filter_by(situation=number)).all()
            entries = search(session.connection(), object=reference, action="situation:follow")
        assert {entry.outcome for entry in entries} <= {Outcome.REFUSE}
        assert len(kept) == len(before), where
        told = {"informe_le": received(0), "motif_levee": "Vérifié."}
        assert dpo.post(f"{url}/CCTP/lever", told).status_code == 302
    assert coordinator.post(where, what).status_code == 302, "and is kept once it is lifted"


def test_the_person_is_told_before_the_limitation_is_lifted(world, handed):
    dpo, coordinator, url, theirs = handed
    reference = limited(world, handed)
    lift = f"{url}/CCTP/lever"
    tomorrow = f"{today() + timedelta(days=1):%d/%m/%Y}"
    assert dpo.post(lift, {"informe_le": tomorrow, "motif_levee": "Vérifié."}).status_code == 422
    assert dpo.post(lift, {"informe_le": "", "motif_levee": "Vérifié."}).status_code == 422
    assert dpo.post(lift, {"informe_le": received(0), "motif_levee": "Vérifié."}).status_code == 302
    assert coordinator.get(f"/situations/{reference}/modifier").status_code == 200
    assert "personne informée le" in re.sub(r"\s+", " ", coordinator.get(theirs).text)
    with world.database.read() as session:
        assert len(session.scalars(select(Freeze)).all()) == 1
        number = session.scalars(select(Situation.id).filter_by(reference=reference)).one()
    console = f"/journal?action={Action.RIGHT_FREEZE}"
    assert "Motif&nbsp;: Vérifié." in dpo.get(console).text
    with world.database.write() as session:
        destroy_situation(session, number)
        session.commit()
    assert motives.UNREADABLE in dpo.get(console).text, "its words were about that situation"


def test_the_export_is_for_access_alone(world, handed):
    dpo, coordinator, _, _ = handed
    asked = LETTER | {"droit": "opposition", "recu_le": received(1)}
    url = dpo.post("/demandes/nouvelle", asked).location
    dpo.post(f"{url}/transmettre", {"cellule": "CCTP", "version": "1"})
    theirs = f"/cellules/CCTP{url}"
    coordinator.post(f"{theirs}/situation", {"situation": situation_of(world)})
    assert coordinator.get(f"{theirs}/donnees.json").status_code == 404


@pytest.mark.parametrize("doubt", [{"qualite": "tiers"}, {"verification": "attendue"}])
def test_nothing_is_handed_to_someone_else_or_in_doubt(small_world, doubt):
    dpo, coordinator = small_world.visitor("dpo"), small_world.coordinator()
    url = dpo.post("/demandes/nouvelle", LETTER | doubt | {"recu_le": received(1)}).location
    dpo.post(f"{url}/transmettre", {"cellule": "CCTP", "version": "1"})
    theirs = f"/cellules/CCTP{url}"
    coordinator.post(f"{theirs}/situation", {"situation": situation_of(small_world)})
    for ending in ("docx", "json"):
        assert coordinator.get(f"{theirs}/donnees.{ending}").status_code == 302
    dpo.post(f"{url}/verifier", {"verification": "guichet", "version": "2"})
    after = coordinator.get(f"{theirs}/donnees.json").status_code
    assert after == (302 if "qualite" in doubt else 200)


def test_keys_keep_two_cells_apart(world, handed):
    dpo, _, url, _ = handed
    dpo.post(f"{url}/transmettre", {"cellule": "GSP", "version": "2"})
    with world.database.read() as session:
        row = service.by_reference(session, url.rpartition("/")[2])
        handed_to = session.scalars(select(Transmission).filter_by(request=row.id)).all()
        assert {sent.cell for sent in handed_to} == {"CCTP", "GSP"}
        for sent in handed_to:
            wraps = select(RecordWrap.compartment).where(RecordWrap.record == sent.id)
            assert set(session.scalars(wraps)) == {"DPO", sent.cell}


def test_a_request_is_destroyed_six_years_after_its_answer(world, handed):
    """What waits, or is still limited, stays; the journal says what was destroyed."""
    reference = found(world, handed)
    dpo, coordinator, url, theirs = handed
    with world.database.read() as session:
        number = session.scalars(select(PersonRequest.id).filter_by(reference=url[10:])).one()
        sent = session.scalars(select(Transmission.id).filter_by(request=number)).one()
    assert coordinator.post(f"{theirs}/limiter").status_code == 302
    waiting = dpo.post("/demandes/nouvelle", LETTER | {"recu_le": received(2)}).location
    executed = {"resultat": "fait", "compte_rendu": "Limité."}
    assert coordinator.post(f"{theirs}/executer", executed).status_code == 302
    dpo.post(f"{url}/decider", {"issue": "satisfaite", "version": "2"})

    def daily(years: int) -> None:
        answered = today() - timedelta(days=365 * years + 3)
        with world.database.write() as session:
            row = session.scalars(select(PersonRequest).filter_by(reference=url[10:])).one()
            row.decided_on = answered
            put_setting(session, AGREEMENT, "AD 13, 2026-4")  # without it nothing is destroyed
            session.commit()
        done = CliRunner().invoke(main, ["daily", "--data", str(world.instance.data)])
        assert "entrées effacées" in done.output, done.output  # the mails have no server here

    daily(5)
    assert dpo.get(url).status_code == 200
    daily(6)
    assert dpo.get(url).status_code == 200, "its limitation still runs"
    told = {"informe_le": received(0), "motif_levee": "Vérifié."}
    assert dpo.post(f"{url}/CCTP/lever", told).status_code == 302
    daily(6)
    assert dpo.get(url).status_code == 404
    assert dpo.get(waiting).status_code == 200
    assert coordinator.get(f"/situations/{reference}").status_code == 200
    with world.database.read() as session:
        (entry,) = search(session.connection(), action="retention:erase")
        assert entry.object == url[10:]
        assert session.get(Transmission, sent) is None
        assert session.scalars(select(Freeze).filter_by(transmission=sent)).all() == []
        kept = select(RecordWrap).where(RecordWrap.record.in_([number, sent]))
        assert session.scalars(kept).all() == [], "its keys went first"
