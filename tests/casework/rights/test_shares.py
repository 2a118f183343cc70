"""What an access export may hold is decided column by column, for the whole base."""

from datetime import date

import casework
from casework.db import Base
from casework.rights import access
from casework.rights.access import REREAD, Sources, as_json, gather
from casework.rights.shares import FACETS, REPRESENTATIVE, SHARES, Share
from casework.situations.facets import Facets
from casework.situations.models import Person
from casework.vault.fields import sealed_columns

DAY = date(2026, 11, 21)
assert casework.create_app  # every model is imported


def test_every_sealed_column_is_decided_and_no_other():
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "category" in column.info
    }
    assert sealed == SHARES.keys()


def test_every_code_and_every_word_on_a_representative_is_decided():
    assert set(Facets.__dataclass_fields__) == FACETS.keys()
    assert set(sealed_columns(Person)) == REPRESENTATIVE.keys()
    assert {name for name, share in REPRESENTATIVE.items() if share is not Share.TIERS} == {"lien"}


def sources() -> Sources:
    """Every text says where it comes from."""
    person = {name: f"moi-{name}" for name in sealed_columns(Person)}
    parent = {name: f"parent-{name}" for name in sealed_columns(Person)}

    def of(table: str) -> dict[str, str]:
        found = (key.partition(".") for key in SHARES)
        return {name: f"{table}-{name}" for of, _, name in found if of == table}

    facets = Facets(typologie=1, origine=6, statut=1, initiales="Z.Z.", sounds=("son-secret",))
    return Sources(
        "CCTP-2026-001", facets, of("situation"), person, [parent], [("RO-1", of("rappel"))],
        [DAY], [],
    )  # fmt: skip


LABELS = {"origine": {6: "Bailleur"}, "typologie": {1: "Absentéisme"}, "lien": {}}


def test_third_parties_and_the_reporter_are_left_out():
    told = as_json(gather(sources(), LABELS, REREAD), "DP-2026-001", DAY)
    assert "moi-nom" in told
    assert "Absentéisme" in told
    assert "situation-recit" in told
    for absent in ("parent-nom", "parent-adresse", "Bailleur", "son-secret", "rappel-presents"):
        assert absent not in told
    for absent in ("rappel-observation", "rappel-repondu_par", "rappel-tenu_par", "rappel-etat"):
        assert absent not in told
    assert "parent-lien" in told
    assert "qui a signalé" in told  # it is said that something is left out


def test_a_free_text_that_nobody_read_again_stays():
    told = as_json(gather(sources(), LABELS, ()), "DP-2026-001", DAY)
    assert "situation-recit" not in told
    assert "situation-implication" not in told
    assert "n’ont pas été relus" in told


def test_a_column_without_a_decision_is_left_out(monkeypatch):
    monkeypatch.setattr(access, "SHARES", {})
    told = as_json(gather(sources(), LABELS, REREAD), "DP-2026-001", DAY)
    assert "situation-classe" not in told
    assert "moi-nom" not in told
