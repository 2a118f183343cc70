"""The whole procedure through the pages: what each step opens, refuses and leaves behind."""

import re

import pytest
from sqlalchemy import func, select, update

from casework.cells.models import Cell
from casework.rappels.models import Consultation, Rappel, RappelEvent
from casework.rappels.procedure import BY_PARQUET
from casework.situations.models import Situation
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.rappels.walk import Walk, typed
from tests.conftest import World

STEPS = ("convoquer", "remettre", "consigner", "informer", "clore")


def _events(world: World) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(RappelEvent)) or 0


def test_from_the_answer_to_the_closing(world: World) -> None:
    walk = Walk(world)
    assert "Il manque la consultation des partenaires" in walk.page
    assert walk.convene().status_code == 409  # not before the consultation, or its reason
    assert walk.waive("  ").status_code == 422
    assert walk.waive().status_code == 302
    assert walk.hold().status_code == 409  # nobody is convened yet
    assert walk.convene(jour=typed(8)).status_code == 302
    before = walk.deliver(remis_le=typed(-1))
    assert before.status_code == 422
    assert "n’existait pas encore" in before.text
    long_ago = walk.hold(tenu_le="01/01/1950")  # before the person was born
    assert long_ago.status_code == 422
    assert "ne peut pas précéder la réponse" in long_ago.text
    for early in (walk.hold(), walk.hold(issue="carence", presents="")):
        assert early.status_code == 422  # neither held nor missed before its day
        assert "précèdent le jour de la convocation" in early.text
    assert walk.deliver().status_code == 302
    assert walk.convene().status_code == 302
    assert walk.hold(presents="").status_code == 422
    for proved in (None, "absent"):  # an earlier delivery proves nothing for a new convocation
        assert proved is None or walk.deliver(proved).status_code == 302
        unproved = walk.hold(issue="carence", presents="")
        assert unproved.status_code == 422
        assert "consignez d’abord cette remise" in unproved.text
    assert walk.deliver("refus").status_code == 302
    assert walk.hold(issue="carence", presents="").status_code == 302
    assert "Convoquer une seconde fois" in walk.page
    assert walk.convene().status_code == 302
    assert walk.hold(presents="", impossibilite="Parents hospitalisés").status_code == 302
    assert walk.post("rectifier", motif="Erreur de date").status_code == 302
    assert walk.hold().status_code == 302
    assert walk.post("informer").status_code == 302
    assert walk.post("clore", suite="rien").status_code == 302
    page = walk.page
    for told in ("Procédure close", "Brigadier Orsini", "Erreur de date", "seconde convocation"):
        assert told in page, told
    for step in STEPS:  # an end is an end
        assert walk.post(step).status_code == 403


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "Cette date est passée"), (400, "à plus d’un an"), (2_900_000, "un an")]
)
def test_nobody_is_convened_in_the_past_nor_in_another_century(
    small_world: World, days: int, said: str
) -> None:
    walk = Walk(small_world)
    assert walk.waive().status_code == 302
    answer = walk.convene(jour=typed(days))
    assert answer.status_code == 422
    assert said in answer.text


def test_a_minor_is_not_convened_as_an_adult(small_world: World) -> None:
    walk = Walk(small_world)
    assert walk.waive().status_code == 302
    assert "sera majeure le" in walk.page
    alone = walk.convene(public="adulte")
    assert alone.status_code == 422
    assert "encore mineure ce jour-là" in alone.text
    assert walk.convene(public="parents").status_code == 302


@pytest.mark.parametrize("state", ["annonce", "judiciaire"])
def test_nobody_is_convened_without_a_favourable_answer(small_world: World, state: str) -> None:
    small_world.coordinator()
    with small_world.database.read() as session:
        waits = "parquet" if state == "annonce" else ""
        known = select(Rappel.reference).where(Rappel.attend == waits).order_by(Rappel.id)
        reference = session.scalars(known).first()
    walk, before = Walk(small_world, reference), _events(small_world)
    for step in STEPS:
        answer = walk.post(step)
        assert answer.status_code == 403, step
    assert walk.convene().status_code == 403
    assert walk.coordinator.get(f"{walk.url}/courriers/convocation.docx").status_code == 404
    assert _events(small_world) == before


def test_the_parquet_reads_the_fiche_and_nothing_of_the_preparation(world: World) -> None:
    walk, parquet = Walk(world), world.visitor("parquet")
    fiche = f"/fiches/{walk.reference}"
    before = parquet.get(fiche).text
    walk.convened()
    walk.post("remettre", resultat="refus", remis_le=typed(), agent="Brigadier Orsini")
    page = parquet.get(fiche).text
    for hidden in ("Orsini", "convoqu", "Convocation", "d’Almeida", "onsultation des partenaires"):
        assert hidden not in page.replace("Consultation enregistrée", ""), hidden
    assert page.count("Peut avoir lieu") == before.count("Peut avoir lieu")
    walk.hold()
    walk.post("informer")
    for text in (parquet.get(fiche).text, walk.page):
        assert "Mireille Castellan, maire" in text
        assert "Temps 3" in text


def test_a_step_under_an_ended_mandate_is_refused(small_world: World) -> None:
    walk, before = Walk(small_world), _events(small_world)
    with small_world.database.write() as session:
        ended = update(MandateRow).where(MandateRow.role == Role.COORDONNATEUR)
        session.execute(ended.values(ends=MandateRow.starts))
        session.commit()
    assert walk.waive().status_code == 403
    assert _events(small_world) == before


def test_after_a_judicial_answer_another_saisine_is_needed(small_world: World) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.read() as session:
        known = select(Rappel).where(Rappel.attend == "").order_by(Rappel.id)
        rappel = session.scalars(known).first()
        situation = session.get_one(Situation, rappel.situation).reference
    page = coordinator.get(f"/situations/{situation}").text
    assert "Annoncer un rappel à l’ordre" not in page
    assert "Nouvelle saisine" in page
    no = dict.fromkeys(("crime_delit", "plainte", "enquete"), "non")
    refused = coordinator.post(f"/situations/{situation}/rappel", no)
    assert refused.status_code == 422
    assert "quelle nouvelle saisine" in refused.text
    reason = "Faits du 3 novembre, place du marché"
    made = coordinator.post(f"/situations/{situation}/rappel", no | {"motif": reason})
    assert made.status_code == 302
    fiche = made.location.replace("/rappels/", "/fiches/")
    assert reason in small_world.visitor("parquet").get(fiche).text


def test_the_parquet_is_reminded_after_the_delay_of_the_protocole(small_world: World) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.read() as session:
        known = select(Rappel.reference).where(Rappel.attend == "parquet").order_by(Rappel.id)
        walk = Walk(small_world, session.scalars(known).first())
    letter = f"{walk.url}/courriers/relance.docx"
    assert coordinator.get(letter).status_code == 404
    assert walk.post("relancer").status_code == 302
    assert coordinator.get(letter).status_code == 200
    assert "Relance de la commune" in (
        small_world.visitor("parquet").get(f"/fiches/{walk.reference}").text
    )
    again = walk.post("relancer")
    assert again.status_code == 422
    assert "délai de relance" in again.text


def test_two_people_at_once(small_world: World) -> None:
    walk = Walk(small_world)
    stale = {"version": walk.version, "motif": "Urgence"}
    assert walk.waive().status_code == 302
    answer = walk.coordinator.post(f"{walk.url}/passer-outre", stale)
    assert answer.status_code == 409
    assert "a changé pendant votre saisie" in answer.text


def test_only_its_own_cell_and_those_of_a_consulted_kind_are_asked(small_world: World) -> None:
    walk = Walk(small_world)
    assert 'value="GSP"' in walk.page
    for kind in ("cmer", "cve"):  # whatever the commune calls its cell
        with small_world.database.write() as session:
            session.get_one(Cell, "GSP").kind = kind
            session.commit()
        assert 'value="GSP"' not in walk.page
        assert 'value="CCTP"' in walk.page
        assert walk.post("consulter", cellule="GSP", jusquau=typed(5)).status_code == 422


def test_a_consultation_across_cells(world: World) -> None:
    walk = Walk(world)
    member, other = world.visitor("education"), world.visitor("pjj")
    asked = walk.post("consulter", cellule="GSP", jusquau=typed(5))
    assert asked.status_code == 302, asked.text
    with world.database.read() as session:
        known = select(Consultation.reference).order_by(Consultation.id.desc())
        url = f"/consultations/{session.scalars(known).first()}"
    page = member.get(url)
    assert page.status_code == 200
    for hidden in ("Les faits", "adresse", walk.reference):
        assert hidden not in page.text
    assert url in member.get("/cellules/GSP/consultations").text
    assert member.post(url, {"avis": "peut-être"}).status_code == 422
    assert member.post(url, {"avis": "non_suivie"}).status_code == 302
    assert member.post(url, {"avis": "suivie"}).status_code == 302  # corrected, not rewritten
    assert other.post(url, {"avis": "ne_se_prononce_pas"}).status_code == 302
    assert walk.post("conclure").status_code == 422  # a service follows: say how it fits
    assert walk.post("conclure", note="Rendez-vous décalé d’un mois").status_code == 302
    text = walk.page
    assert "1 suivie, 1 ne se prononce pas" in text
    assert "Rendez-vous décalé" in text
    for who in (member, other):  # what was lent is closed again
        assert who.get(url).status_code == 403
        assert who.post(url, {"avis": "suivie"}).status_code == 403


def test_giving_up_ends_it_for_both_sides(small_world: World) -> None:
    walk = Walk(small_world)
    assert walk.post("renoncer", motif="").status_code == 422
    assert walk.post("renoncer", motif="Médiation familiale en cours").status_code == 302
    fiche = small_world.visitor("parquet").get(f"/fiches/{walk.reference}").text
    assert "a renoncé" in fiche
    assert "Médiation familiale" not in fiche


def test_a_fiche_announced_by_mistake_is_withdrawn_before_the_procureur_answers(
    small_world: World,
) -> None:
    with small_world.database.read() as session:
        waiting = select(Rappel.reference).where(Rappel.attend == BY_PARQUET)
        reference = session.scalars(waiting).first()
    coordinator, parquet = small_world.coordinator(), small_world.visitor("parquet")
    page = coordinator.get(f"/rappels/{reference}").text
    assert "Renoncer au rappel" in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    given_up = {"motif": "Erreur sur la personne", "version": version}
    assert coordinator.post(f"/rappels/{reference}/renoncer", given_up).status_code == 302
    assert "a renoncé" in parquet.get(f"/fiches/{reference}").text
    assert "Erreur sur la personne" not in parquet.get(f"/fiches/{reference}").text
    late = parquet.post(f"/fiches/{reference}/repondre", {"reponse": "reponse_possible"})
    assert late.status_code == 403
    assert coordinator.post(f"/rappels/{reference}/renoncer", given_up).status_code == 403
