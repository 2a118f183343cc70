"""With the whole disk and one member's passphrase: what opens is what their charter opens, at most.

The administrator has both by trade: the database, the files of keys, and a passphrase of their own.
"""

import re

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from casework.demo.people import demo_situations
from casework.vault.aead import Place, open_sealed
from casework.vault.errors import IntegrityError
from casework.vault.keyring import wrap_place
from casework.vault.models import RecordWrap
from tests.casework.departed import Departed, everyone
from tests.conftest import World

HELD = {
    "administration": {"ANNUAIRE"},
    "dpo": {"ANNUAIRE", "DPO"},  # the registers: no word of a situation
    "parquet": {"ANNUAIRE", "PARQUET"},
    "justice_ville": {"ANNUAIRE", "PARQUET"},
    "bailleur": set(),
    "pjj": {"ANNUAIRE", "GSP"},
    "police_municipale": {"ANNUAIRE", "CCTP"},
    "coordination": {"ANNUAIRE", "CCTP", "GSP"},
}


@pytest.mark.parametrize("key", HELD)
def test_a_passphrase_opens_its_own_compartments_and_no_other(small_world: World, key: str) -> None:
    known = everyone(small_world)
    with small_world.database.read() as session:
        thief = Departed(*known[key])
        thief.remember(session)
        opened = list(thief.opens(session))
        present = set(session.scalars(select(RecordWrap.compartment)))
    records = {re.fullmatch(r"record \d+ in (\w+)", line)[1] for line in opened if "record" in line}
    assert records == HELD[key] & present
    assert {line for line in opened if line.startswith("recovery")} == set()
    grants = {line for line in opened if line.startswith("grant")}
    assert bool(grants) is bool(HELD[key])
    assert all(line.endswith(f"to {known[key][0]}") for line in grants)
    cells = {line.split()[2].split("-")[0] for line in opened if line.startswith("facets")}
    assert cells == HELD[key] & {"CCTP", "GSP"}


def test_the_files_of_keys_open_nothing_about_a_person(small_world: World) -> None:
    """`instance.key` and whatever else lies beside the database: signatures and cookies only."""
    files = [path for path in small_world.instance.data.iterdir() if path.suffix == ".key"]
    assert files
    raw = [path.read_bytes() for path in files]
    tried = {part[at : at + 32] for part in raw for at in range(max(1, len(part) - 31))}
    keys = [AESGCM(part) for part in tried if len(part) == 32]
    assert keys
    with small_world.database.read() as session:
        wraps = session.scalars(select(RecordWrap).limit(40)).all()
    for wrap in wraps:
        place: Place = wrap_place(wrap.record, wrap.compartment, wrap.version)
        for candidate in keys:
            with pytest.raises(IntegrityError):
                open_sealed(candidate, wrap.sealed, place)


def test_no_file_holds_the_name_of_a_person_followed(small_world: World) -> None:
    names = {
        word.encode()
        for situation in demo_situations()
        for word in (situation.entry.interesse.nom, situation.entry.recit)
        if len(word) > 6
    }
    assert len(names) > 20
    small_world.close()
    for path in small_world.instance.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [name for name in names if name in content], path
