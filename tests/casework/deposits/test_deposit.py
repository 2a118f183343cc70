"""Depositing: sealed on sending, readable by the coordination of the cell and nobody else."""

from datetime import date

import pytest
from sqlalchemy import delete

from audit.event import Event, Outcome
from casework.cells import settings
from casework.cells.kinds import KINDS
from casework.clock import today
from casework.vault import store
from casework.vault.errors import IntegrityError, NoKey
from casework.vault.keyring import deposit_context
from charter import register
from charter.models import Signature
from charter.roles import Role
from tests.casework.deposits.desk import TYPED, WORDS, Desk

YEAR = today().year


def test_the_coordination_reads_what_the_depositor_cannot_read_again(desk: Desk) -> None:
    reference = desk.deposit()
    bailleur = desk.world.visitor("bailleur")
    seen = desk.reads(bailleur, "/", "/depots", f"/depots/{reference}")
    assert reference in seen
    assert "En attente" in seen
    assert "Personne d’autre que la coordination de la cellule ne pourra le lire" in seen
    assert not [word for word in WORDS if word in seen]
    assert bailleur.get(f"/depots/{reference}/ouvrir").status_code == 403

    opened = desk.open(reference)
    assert [word for word in WORDS if word not in opened] == []
    assert "3 mai 2012" in opened
    assert "Yannick Caillol" in opened
    assert desk.journal(reference)[0] == "deposit:create"
    assert desk.journal(reference)[-1] == "deposit:read"


def test_the_list_and_the_home_page_open_no_deposit(desk: Desk) -> None:
    reference = desk.deposit()
    coordinator = desk.world.coordinator()
    listed = desk.reads(coordinator, "/cellules/CCTP/depots")
    found = [
        listed.index(number) for number in (f"D-CCTP-{YEAR}-001", f"D-CCTP-{YEAR}-002", reference)
    ]
    assert found == sorted(found)
    assert "6\u00a0jours" in listed
    home = desk.reads(coordinator, "/")
    assert f'<span class="ref">{reference}</span> Trier' in home
    assert "6\u00a0jours" in home
    assert "deposit:read" not in desk.journal(reference)


def test_the_whole_keyring_of_a_signaleur_opens_nothing(desk: Desk) -> None:
    reference = desk.deposit()
    row, who = desk.row(reference), desk.unlocked("bailleur")
    event = Event.now(actor=who.member, action="deposit:read", outcome=Outcome.AUTORISE)
    receipt = desk.world.instance.journal.record(desk.world.database.engine, event)
    with desk.world.database.read() as session:
        keyring = store.keyring_of(session, who.key, who.member)
        wraps = store.wraps_of(session, row.id)
    assert keyring.compartments == frozenset()
    with pytest.raises(NoKey):
        keyring.reader(receipt).record(row.id, wraps, reference)
    (wrap,) = wraps
    assert wrap.deposited == 1
    with pytest.raises(IntegrityError):
        who.key.open(wrap.sealed, deposit_context(row.id, "CCTP", wrap.version))


def test_a_signaleur_is_never_handed_the_key(desk: Desk) -> None:
    member = desk.unlocked("bailleur").member
    coordinator = desk.world.coordinator()
    refused = coordinator.post(f"/cellules/CCTP/membres/{member}/admettre")
    assert refused.status_code == 409
    assert "Dépose, ne lit pas" in desk.reads(coordinator, "/cellules/CCTP/membres")
    with desk.world.database.read() as session:
        assert store.grants_of(session, member) == []


def test_a_member_deposits_before_signing_and_reads_nothing(desk: Desk) -> None:
    member = desk.unlocked("education").member
    with desk.world.database.write() as session:
        session.execute(delete(Signature).where(Signature.member == member))
        session.commit()
    reference = desk.deposit("education")
    assert "Isabelle Da Costa" in desk.open(reference)
    assert desk.world.visitor("education").get(f"/depots/{reference}/ouvrir").status_code == 403


def test_a_deposit_of_someone_else_does_not_exist(small_desk: Desk) -> None:
    reference = small_desk.deposit()
    other = small_desk.world.visitor("education")
    assert other.get(f"/depots/{reference}").status_code == 404
    assert reference not in small_desk.reads(other, "/depots")


def test_a_deposit_survives_the_renewal_of_the_key(desk: Desk) -> None:
    before = desk.deposit()
    coordinator, excluded = desk.world.coordinator(), desk.unlocked("commissaire").member
    assert coordinator.post(f"/cellules/CCTP/membres/{excluded}/exclure").status_code == 302
    with desk.world.database.read() as session:
        assert store.current(session, "CCTP").version == 2
    after = desk.deposit(nom="Versini")
    assert "Quillichini" in desk.open(before)
    assert "Versini" in desk.open(after)
    desk.admit(before)


def test_a_cell_without_a_key_says_so_and_takes_nothing(small_desk: Desk) -> None:
    who = small_desk.unlocked("bailleur")
    with small_desk.world.database.write() as session:
        kind = KINDS["cve"]
        settings.create(session, "CVE", kind.label, kind.slug, kind.start, {})
        register.grant_mandate(session, who.member, Role.SIGNALEUR, "CVE", date(2026, 1, 1))
        session.commit()
    bailleur = small_desk.world.visitor("bailleur")
    assert "n’a pas encore de clé" in small_desk.reads(bailleur, "/cellules/CVE/deposer")
    assert bailleur.post("/cellules/CVE/deposer", TYPED).status_code == 409
    assert "D-CVE" not in small_desk.reads(bailleur, "/depots")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"origine": "0"}, "Choisissez au titre de quoi vous écrivez."),
        ({"nom": ""}, "Indiquez le nom de la personne."),
        ({"faits": ""}, "Décrivez les faits en quelques lignes."),
        ({"faits": "x" * 1201}, "Écrivez au plus 1200 caractères."),
        ({"naissance": "03/05/1980"}, "moins de 25 ans"),
        ({"naissance": "mai"}, "Écrivez la date sous la forme 21/11/2026."),
        ({"quartier": "99"}, "Choisissez un terme de la liste."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    small_desk: Desk, changed: dict[str, str], sentence: str
) -> None:
    bailleur = small_desk.world.visitor("bailleur")
    answer = bailleur.post("/cellules/CCTP/deposer", TYPED | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert TYPED["prenoms"] in answer.text
    assert f"D-CCTP-{YEAR}-003" not in small_desk.reads(bailleur, "/depots")
