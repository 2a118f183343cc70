"""Answering a deposit: four retours, and words destroyed with their key."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from audit.schema import journal_event
from casework.deposits import triage
from casework.deposits.models import Deposit
from casework.deposits.service import REASON_DAYS
from casework.situations.models import Situation
from charter.models import MandateRow
from tests.casework.deposits.desk import SAISINE, WORDS, Desk
from tests.casework.people import reference_of


def _retour(desk: Desk, reference: str, who: str = "bailleur") -> str:
    """All the depositor is told, on every page of theirs."""
    told = desk.reads(desk.world.visitor(who), "/", "/depots", f"/depots/{reference}")
    assert not [word for word in WORDS if word in told]
    return told


def test_a_deposit_admitted_fills_the_saisine_and_is_destroyed(desk: Desk) -> None:
    reference = desk.deposit()
    coordinator = desk.world.coordinator()
    form = desk.reads(coordinator, f"/depots/{reference}/admettre")
    for filled in ('value="Quillichini"', 'value="03/05/2012"', "Déjà tenté : Appel à la famille"):
        assert filled in form
    assert re.search(r'<option selected value="6">Bailleur', form)
    situation = desk.admit(reference).location.rpartition("/")[2]
    assert "Repris du dépôt." in desk.reads(coordinator, f"/situations/{situation}")
    assert desk.is_destroyed(reference)
    assert situation in desk.reads(coordinator, "/cellules/CCTP/depots")
    assert desk.journal(reference)[-1] == "deposit:answer"
    assert desk.journal(situation)[0] == "situation:create"
    told = _retour(desk, reference)
    assert "Pris en compte" in told
    assert situation not in told


def test_a_member_has_brought_the_situation_a_signaleur_has_not(desk: Desk) -> None:
    by_member = desk.admit(desk.deposit("education")).location
    by_signaleur = desk.admit(desk.deposit()).location
    assert desk.world.visitor("education").get(by_member).status_code == 200
    assert desk.world.visitor("education").get(by_signaleur).status_code == 403
    assert desk.world.visitor("bailleur").get(by_signaleur).status_code == 403
    with desk.world.database.read() as session:
        authors = dict(session.execute(select(Situation.reference, Situation.created_by)).all())
    coordinator = desk.unlocked("coordination").member
    assert authors[by_member.rpartition("/")[2]] == desk.unlocked("education").member
    assert authors[by_signaleur.rpartition("/")[2]] == coordinator


def test_a_look_alike_is_shown_before_the_admission(desk: Desk) -> None:
    known = desk.admit(desk.deposit()).location.rpartition("/")[2]
    reference = desk.deposit(nom="Quilichini")
    warned = desk.admit(reference, 409, nom="Quilichini", autre_personne="")
    assert known in warned.text
    assert desk.row(reference).retour is None
    desk.answer(reference, "rattacher", situation=known.lower())
    assert desk.row(reference).situation == known
    assert desk.is_destroyed(reference)
    assert "Pris en compte" in _retour(desk, reference)
    told = unescape(desk.world.coordinator().get(f"/situations/{known}").text)
    assert "hall après 23 h" in told, "its facts joined the situation before they were destroyed"
    assert f"situation={known}#repondre" in warned.text


def test_a_deposit_joins_a_situation_of_its_own_cell_only(desk: Desk) -> None:
    reference = desk.deposit()
    with desk.world.database.read() as session:
        elsewhere = session.scalar(select(Situation.reference).where(Situation.cell == "GSP"))
    sentence = "Aucune situation de cette cellule ne porte cette référence."
    for wrong in (elsewhere, "CCTP-1999-001"):
        page = desk.answer(reference, "rattacher", 422, situation=wrong)
        assert sentence in page
        assert "Quillichini" in page
    assert desk.row(reference).retour is None


def test_a_deposit_redirected_is_a_new_one_that_nothing_links(desk: Desk) -> None:
    reference = desk.deposit()
    desk.answer(reference, "reorienter", cellule="GSP")
    assert desk.is_destroyed(reference)
    with desk.world.database.read() as session:
        (made,) = session.scalars(select(Deposit).where(Deposit.cell == "GSP"))
    opened = desk.open(made.reference)
    assert [word for word in WORDS if word not in opened] == ["04 65 71 33 12"]
    assert "Autre cellule" in opened
    assert "Hélène Vidal-Le Guen" in opened
    for row, other in ((made, reference), (desk.row(reference), made.reference)):
        assert other not in {str(getattr(row, column.key)) for column in Deposit.__table__.columns}
    assert desk.journal(made.reference)[0] == "deposit:create"
    told = _retour(desk, reference)
    assert "Réorienté" in told
    assert "GSP" not in told
    assert "Groupe de suivi" not in told


def _leaves_the_gsp(desk: Desk) -> None:
    """The coordinator's mandate there has ended."""
    desk.world.coordinator()
    who = reference_of("coordination")
    with desk.world.database.write() as session:
        ended = update(MandateRow).where(MandateRow.member == who, MandateRow.cell == "GSP")
        session.execute(ended.values(ends=datetime.now(UTC).date() - timedelta(days=2)))
        session.commit()


def test_a_deposit_goes_to_no_cell_closed_to_the_coordinator(desk: Desk) -> None:
    reference = desk.deposit()
    _leaves_the_gsp(desk)
    assert "Réorienter" not in desk.open(reference)
    desk.answer(reference, "reorienter", 422, cellule="GSP")
    assert desk.row(reference).retour is None


def test_a_redirection_the_charter_refuses_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form offers the cells open to the coordinator; the charter decides again on writing."""
    reference = desk.deposit()
    _leaves_the_gsp(desk)
    monkeypatch.setattr(triage, "allowed", lambda *_: True)
    assert "a pris fin" in desk.answer(reference, "reorienter", 403, cellule="GSP")
    assert desk.row(reference).retour is None
    assert "deposit:answer" not in desk.journal(reference)
    with desk.world.database.read() as session:
        assert not session.scalars(select(Deposit).where(Deposit.cell == "GSP")).all()
        newest = select(journal_event).order_by(journal_event.c.seq.desc()).limit(1)
        last = session.execute(newest).mappings().one()
    assert (last["action"], last["outcome"]) == ("deposit:create", "refuse")


def test_a_refusal_says_why_to_the_coordination_alone_and_for_three_months(desk: Desk) -> None:
    reference = desk.deposit()
    assert "Indiquez le motif" in desk.answer(reference, "refuser", 422)
    desk.answer(reference, "refuser", motif="Hors du champ de la cellule.")
    assert desk.is_destroyed(reference, frozenset({"motif"}))
    assert "Hors du champ" in desk.open(reference)
    told = _retour(desk, reference)
    assert "Sans suite" in told
    assert "Hors du champ" not in told
    with desk.world.database.write() as session:
        late = datetime.now(UTC) - timedelta(days=REASON_DAYS)
        row = update(Deposit).where(Deposit.reference == reference)
        session.execute(row.values(answered_at=late))
        session.commit()
    assert "Hors du champ" not in desk.open(reference)
    desk.deposit()  # whoever writes next erases it
    assert desk.is_destroyed(reference)


def test_a_reason_follows_the_renewal_of_the_key(desk: Desk) -> None:
    reference = desk.deposit()
    desk.answer(reference, "refuser", motif="Hors du champ de la cellule.")
    excluded = desk.unlocked("commissaire").member
    desk.world.coordinator().post(f"/cellules/CCTP/membres/{excluded}/exclure")
    assert "Hors du champ" in desk.open(reference)


def test_advice_leaves_a_word_and_a_date(desk: Desk) -> None:
    reference = desk.deposit()
    desk.answer(reference, "conseiller", motif="tapé par erreur")
    assert desk.is_destroyed(reference)
    assert "Conseil donné" in _retour(desk, reference)
    assert "Quillichini" not in desk.open(reference)


@pytest.mark.parametrize("again", ["conseiller", "refuser", "reorienter", "admettre"])
def test_an_answer_is_given_once(small_desk: Desk, again: str) -> None:
    desk = small_desk
    reference = desk.deposit()
    desk.answer(reference, "conseiller")
    before = desk.journal(reference)
    coordinator = desk.world.coordinator()
    if again == "admettre":
        assert coordinator.get(f"/depots/{reference}/admettre").status_code == 302
        desk.admit(reference)
    else:
        desk.answer(reference, again, motif="Trop tard.", cellule="GSP")
    assert "déjà reçu sa réponse" in unescape(coordinator.get(f"/depots/{reference}/ouvrir").text)
    assert desk.row(reference).retour == "conseil"
    assert "deposit:answer" not in desk.journal(reference)[len(before) :]
    with desk.world.database.read() as session:
        assert not session.scalars(select(Deposit).where(Deposit.cell == "GSP")).all()


def test_an_admission_that_fails_keeps_the_deposit(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = small_desk.deposit()
    coordinator = small_desk.world.coordinator()

    def failing(*_arguments: object) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr("audit.journal.Journal.append", failing)
        answer = coordinator.post(
            f"/depots/{reference}/admettre", SAISINE | {"autre_personne": "oui"}
        )
    assert answer.status_code == 500
    assert "Quillichini" in small_desk.open(reference)


def test_a_deposit_without_its_answer_says_what_to_choose(small_desk: Desk) -> None:
    reference = small_desk.deposit()
    assert "Choisissez une réponse." in small_desk.answer(reference, "", 422)
    assert "Indiquez la référence" in small_desk.answer(reference, "rattacher", 422)
    assert "Choisissez la cellule." in small_desk.answer(reference, "reorienter", 422)
