"""A séance from its opening to its compte rendu, through the pages."""

import re
from io import BytesIO

from docx import Document
from sqlalchemy import func, select

from audit.schema import journal_checkpoint
from casework.seances.models import Contribution, Examination, Orientation
from casework.situations.models import Situation
from casework.web.access import today
from charter.roles import Role

WORDS = "Le collège prévient la famille"


def _suites(page: str) -> str:
    return page.partition("Suites données")[2]


def test_a_situation_is_examined_closed_corrected_and_its_codes_follow(sitting_on_both) -> None:
    sitting = sitting_on_both
    world, coordinator = sitting.world, sitting.coordinator
    education = sitting.member(Role.EDUCATION_NATIONALE)
    assert sitting.record(notes=WORDS).status_code == 409  # not open yet: nothing is lost
    assert WORDS in sitting.record(notes=WORDS).text
    sitting.open()
    typed = {
        "services-0-membre": education,
        "services-0-service": "Éducation nationale",
        "services-0-reponse": "intervient",
        "services-0-dispositif": "Dispositif relais",
        "orientations-0-suite": 2,
        "orientations-0-membre": education,
        "orientations-0-echeance": "15/01/2027",
        "chainage": WORDS,
        "revoir": "20/01/2027",
        "statut": 2,
    }
    assert sitting.record(**typed).status_code == 302
    again = coordinator.get(sitting.situation()).text
    assert WORDS in again
    assert "Dispositif relais" in again
    with world.database.read() as session:
        row = session.scalars(select(Orientation).order_by(Orientation.id.desc())).first()
        assert (row.member, row.cell, row.etat) == (education, "CCTP", "proposee")
        before = session.scalar(select(func.count()).select_from(journal_checkpoint))
    sitting.close()
    assert sitting.row().etat == "close"
    with world.database.read() as session:
        kept = session.execute(select(journal_checkpoint.c.reason)).scalars().all()
        assert len(kept) > before
        assert "seance" in kept
    page = coordinator.get(f"/situations/{sitting.agenda[0]}").text
    assert "Médiation scolaire" in _suites(page)
    assert "20 janvier 2027" in page

    assert sitting.record(rang=1, **typed).status_code == 422  # a correction says its reason
    fixed = typed | {"orientations-0-suite": 1, "correction": "Erreur de ligne"}
    assert sitting.record(rang=1, **fixed).status_code == 302
    page = coordinator.get(f"/situations/{sitting.agenda[0]}").text
    assert "(AEMO)" in _suites(page)
    assert "Médiation scolaire" not in _suites(page)
    with world.database.read() as session:
        ranks = select(Examination.rank).join(Situation, Situation.id == Examination.situation)
        about = ranks.where(Situation.reference == sitting.agenda[0]).order_by(Examination.id)
        assert session.scalars(about).all()[-2:] == [1, 2]  # the first one is still there
    minutes = coordinator.get(f"{sitting.url}/compte-rendu").text
    assert "Erreur de ligne" in minutes
    assert sitting.agenda[1] in minutes


def test_a_save_sent_twice_is_kept_once_and_the_second_coordinator_is_told(sitting) -> None:
    sitting.open()
    mark = "0123456789abcdef" * 2
    first = sitting.record(live=True, notes=WORDS, envoi=mark)
    assert first.json["rang"] == 1
    assert sitting.record(live=True, notes=WORDS, envoi=mark).json["rang"] == 1
    other = sitting.record(live=True, notes="autre", envoi=mark[::-1])
    assert other.status_code == 409
    assert other.json["conflit"]
    page = sitting.record(notes="une autre version")
    assert page.status_code == 409
    assert WORDS in page.text
    assert "une autre version" in page.text
    rank = re.search(r'name="rang"[^>]*value="(\d+)"', page.text)
    assert sitting.record(rang=int(rank[1]), notes="une autre version").status_code == 302


def test_projection_shows_no_name_and_no_note(sitting) -> None:
    sitting.open()
    sitting.record(notes=WORDS, chainage="RelaisDicible")
    live = sitting.coordinator.get(sitting.situation()).text
    name = re.search(r"<dt>Personne</dt><dd>([^<]+)</dd>", live)[1]
    shown = sitting.coordinator.get(f"{sitting.situation()}/projection").text
    assert all(part not in shown for part in name.replace("&#39;", "'").split())
    assert WORDS not in shown
    assert "RelaisDicible" not in shown
    assert "Da Costa" not in shown
    assert sitting.agenda[0] in shown


def test_whoever_stepped_aside_leaves_the_room_and_cannot_record(sitting) -> None:
    sitting.open()
    member = sitting.world.visitor("education")
    member.post(f"/situations/{sitting.agenda[0]}/deport", {"confirme": "y"})
    page = sitting.coordinator.get(sitting.situation()).text
    assert "Isabelle Da Costa quitte la pièce" in page
    assert (
        'value="' + sitting.member(Role.EDUCATION_NATIONALE) not in page.partition("proposons")[0]
    )
    sitting.record(0)
    sitting.coordinator.post(f"/situations/{sitting.agenda[1]}/deport", {"confirme": "y"})
    assert sitting.coordinator.get(sitting.situation(1)).status_code == 403
    assert sitting.record(1).status_code == 403
    sitting.close()
    minutes = member.get(f"{sitting.url}/compte-rendu").text
    assert f'<span class="ref">{sitting.agenda[0]}</span>' not in minutes
    assert "déporté" in minutes


def test_a_member_contributes_and_the_table_sees_it(sitting) -> None:
    member, other = sitting.world.visitor("departement"), sitting.world.visitor("commissaire")
    url = f"{sitting.url}/contributions/{sitting.agenda[1]}"
    page = member.get(url).text
    assert "Vous appréciez, en conscience" in page
    words = {"reponse": "intervient", "dispositif": "Suivi éducatif", "texte": WORDS}
    assert member.post(url, words).status_code == 302
    assert member.post(url, words | {"texte": "Mieux dit"}).status_code == 302
    assert "Mieux dit" in other.get(url).text
    sitting.open()
    page = sitting.coordinator.get(sitting.situation(1)).text
    assert "Mieux dit" in page
    assert 'value="Suivi éducatif"' in page
    sitting.close()
    assert member.post(url, words).status_code == 409
    with sitting.world.database.read() as session:
        query = select(func.count()).select_from(Contribution).where(Contribution.rank <= 2)
        assert session.scalar(query) >= 2  # the first words were not rewritten
    parents = sitting.world.visitor("pjj").get(url)
    assert parents.status_code == 403


def test_a_substitute_holds_a_mandate_here_and_then_reads(sitting) -> None:
    sitting.open()
    absent = sitting.member(Role.EDUCATION_NATIONALE)
    line = {"lignes-0-membre": absent, "lignes-0-presence": "remplace"}
    refused = sitting.coordinator.post(
        f"{sitting.url}/presence", line | {"lignes-0-remplacant": "M-9999"}
    )
    assert refused.status_code == 422
    assert "tient un mandat" in refused.text
    police = sitting.member(Role.CHEF_PM)
    kept = sitting.coordinator.post(
        f"{sitting.url}/presence", line | {"lignes-0-remplacant": police, "invites": "Mme Un"}
    )
    assert kept.status_code == 302
    sitting.close()
    assert "remplacé par" in sitting.coordinator.get(f"{sitting.url}/compte-rendu").text


def test_papers_hold_what_their_reader_may_have(sitting) -> None:
    sitting.open()
    sitting.record(notes=WORDS)
    sitting.close()
    live = sitting.coordinator.get(sitting.situation()).text
    name = re.search(r"<dt>Personne</dt><dd>([^<]+)</dd>", live)[1].split()[0]

    def text(visitor, paper: str) -> str:
        made = Document(BytesIO(visitor.get(f"{sitting.url}/{paper}.docx").data))
        cells = [c.text for t in made.tables for row in t.rows for c in row.cells]
        footer = made.sections[0].footer.paragraphs[0].text
        return "\n".join([p.text for p in made.paragraphs] + cells + [footer])

    member = sitting.world.visitor("education")
    for visitor in (sitting.coordinator, member):
        minutes = text(visitor, "compte-rendu")
        assert "conseil plénier" in minutes
        assert WORDS in minutes
        assert "Point de contrôle du journal" in minutes
    assert name in text(sitting.coordinator, "compte-rendu")
    for visitor, paper in ((member, "compte-rendu"), (member, "ordre-du-jour")):
        assert name not in text(visitor, paper)
    sheet = text(sitting.coordinator, "presence")
    assert "Da Costa" in sheet
    assert name not in sheet


def test_a_line_without_its_orientation_or_a_day_gone_by_is_said_and_not_dropped(sitting) -> None:
    sitting.open()
    for typed, told in (
        ({"orientations-0-precision": WORDS}, "Choisissez l’orientation"),
        ({"orientations-0-echeance": "15/01/2027"}, "Choisissez l’orientation"),
        ({"revoir": "20/01/2006"}, "précède la séance"),
        ({"orientations-0-suite": 2, "orientations-0-echeance": "15/01/2006"}, "précède la séance"),
    ):
        answer = sitting.record(**typed)
        assert answer.status_code == 422, typed
        assert told in answer.text.partition("error-summary")[2].partition("</ul>")[0]
        (sentence,) = sitting.record(live=True, **typed).json["erreurs"]
        assert told in sentence
    assert sitting.record(revoir=f"{today():%d/%m/%Y}").status_code == 302
