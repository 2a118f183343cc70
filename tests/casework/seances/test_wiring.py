"""What the domains around a séance ask of it: information first, the cell's lists, its own end."""

from sqlalchemy import delete, select, update

from casework.cells.models import Cell, CellTerm
from casework.cells.options import Information as Means
from casework.information.models import Information
from casework.rappels.models import Rappel
from casework.situations.models import Situation
from tests.casework.people import TODAY, typed

WORDS = "Rien ne se perd de ce mot"


def _settle(world, **values: object) -> None:
    with world.database.write() as session:
        session.execute(update(Cell).where(Cell.code == "CCTP").values(**values))
        session.commit()


def test_an_examination_waits_for_the_information(sitting) -> None:
    _settle(sitting.world, information=Means.LETTER.value, information_blocks=True)
    with sitting.world.database.write() as session:
        session.execute(delete(Information))  # the demonstration has told some of them
        session.commit()
    sitting.open()
    url = f"/situations/{sitting.agenda[0]}/information"
    page = sitting.coordinator.get(sitting.situation()).text
    assert "L’examen attend l’information des personnes" in page
    assert f'href="{url}?seance={sitting.reference}"' in page
    assert f'href="{url}/exception?seance={sitting.reference}"' in page
    refused = sitting.record(notes=WORDS)
    assert refused.status_code == 409
    assert "art. 13 et 14" in refused.text
    assert WORDS in refused.text
    assert sitting.record(live=True, notes=WORDS).status_code == 409
    excused = sitting.coordinator.post(
        f"{url}/exception?seance={sitting.reference}", {"motif": "Adresse inconnue"}
    )
    assert excused.location == sitting.situation()  # back where it was missing
    assert sitting.record(notes=WORDS).status_code == 302
    sitting.close()  # what was examined is corrected, whatever the settings say since
    assert sitting.record(rang=1, notes=WORDS, correction="Mot corrigé").status_code == 302


def test_forms_offer_what_the_cell_offers(sitting) -> None:
    with sitting.world.database.write() as session:
        for name, code in (("suite", 2), ("origine", 2), ("typologie", 1)):
            session.query(CellTerm).filter_by(cell="CCTP", list=name).delete()
            session.add(CellTerm(cell="CCTP", list=name, code=code, rank=0))
        session.commit()
    sitting.open()
    page = sitting.coordinator.get(sitting.situation()).text
    offered = page.partition("orientations-0-suite")[2].partition("</select>")[0]
    assert "Médiation scolaire" in offered
    assert "Chantier éducatif" not in offered
    for url in ("/cellules/CCTP/saisine", "/cellules/CCTP/deposer"):
        page = sitting.coordinator.get(url).text
        origins = page.partition('name="origine"')[2].partition("</select>")[0]
        assert "Collège" in origins
        assert "Transporteur" not in origins
    edited = sitting.coordinator.get(f"/situations/{sitting.agenda[0]}/modifier")
    assert edited.status_code == 200


def test_a_seance_proposes_to_close_and_does_not(sitting) -> None:
    sitting.open()
    page = sitting.coordinator.get(sitting.situation()).text
    offered = page.partition('name="statut"')[2].partition("</select>")[0]
    assert "En cours" in offered
    assert "Solutionnée" not in offered
    assert f"/situations/{sitting.agenda[0]}/cloture" in page
    assert sitting.record(statut=3).status_code == 422


def test_a_follow_up_does_not_end_while_a_rappel_waits(sitting) -> None:
    with sitting.world.database.read() as session:
        waiting = select(Rappel.reference, Situation.reference.label("situation"))
        waiting = waiting.join(Situation, Situation.id == Rappel.situation)
        rappel, situation = session.execute(waiting.where(Rappel.attend != "")).first()
    url = f"/situations/{situation}/cloture"
    assert f"/rappels/{rappel}" in sitting.coordinator.get(url).text
    with sitting.world.database.read() as session:
        version = session.scalars(select(Situation.version).filter_by(reference=situation)).one()
    typed_ = {"resultat": 3, "le": typed(0), "version": version}
    refused = sitting.coordinator.post(url, typed_)
    assert refused.status_code == 409
    assert f"/rappels/{rappel}" in refused.text
    with sitting.world.database.read() as session:
        row = session.scalars(select(Situation).filter_by(reference=situation)).one()
    assert row.closed_on is None


def test_what_a_cell_does_not_practise_is_refused_at_the_door(sitting) -> None:
    _settle(sitting.world, rappel=False, rappel_light=False, transaction=False)
    for path, word in (("rappel", "le rappel à l’ordre"), ("transaction", "la transaction")):
        url = f"/situations/{sitting.agenda[0]}/{path}"
        for answer in (sitting.coordinator.get(url), sitting.coordinator.post(url, {})):
            assert answer.status_code == 302
        page = sitting.coordinator.get(answer.location).text
        assert f"ne pratique pas {word}" in page


def test_the_twenty_fifth_birthday_is_exact(sitting) -> None:
    def saisine(born: str):
        data = {"saisine": typed(0), "origine": 2, "typologie": 1, "statut": 1, "nom": "Abcd"}
        data |= {"prenoms": "Efgh", "naissance": born, "autre_personne": "1"}
        return sitting.coordinator.post("/cellules/CCTP/saisine", data).status_code

    today = TODAY
    assert saisine(f"{today:%d/%m}/{today.year - 25}") == 422
    tomorrow = typed(1).rpartition("/")[0]
    assert saisine(f"{tomorrow}/{int(typed(1)[-4:]) - 25}") == 302
