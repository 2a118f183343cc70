"""The DPO's questions: answered by reference, and never carrying a name into an address."""

from audit.journal import Reason


def test_a_name_typed_as_a_reference_goes_nowhere(small_world) -> None:
    answer = small_world.visitor("dpo").post("/journal", {"object": "Esposito"})
    assert answer.status_code == 302
    assert "Esposito" not in answer.location
    assert "ESPOSITO" not in answer.location


def test_a_reference_filters_the_journal(small_world) -> None:
    small_world.coordinator().get("/situations/CCTP-2026-001")
    dpo = small_world.visitor("dpo")
    answer = dpo.post("/journal", {"object": "cctp-2026-001", "action": "situation:read"})
    page = dpo.get(answer.location).text
    assert page.count('<td data-label="Dossier"') == 1
    assert "CCTP-2026-001" in page


def test_a_note_that_is_not_ours_is_refused_at_its_field(small_world) -> None:
    answer = small_world.visitor("dpo").post("/journal/verification", {"note": "bonjour"})
    assert answer.status_code == 422
    assert "n’est pas un point de contrôle signé par ce journal" in answer.text
    assert "Le journal est intact" in answer.text


def test_a_kept_note_proves_what_came_before_it(small_world) -> None:
    journal = small_world.instance.journal
    with small_world.database.write() as session:
        note = journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    answer = small_world.visitor("dpo").post("/journal/verification", {"note": note})
    assert "le point de contrôle conservé atteste" in answer.text
