"""What was revealed to the maire: read by the maire alone, held by a key of its own."""

import re
from html import unescape

import pytest
from sqlalchemy import delete, func, select, tuple_, update

from audit.event import Event, Outcome
from audit.query import search
from casework.cells import service as cells
from casework.confidences.models import Confidence
from casework.confidences.service import MAIRE
from casework.demo.accounts import PASSPHRASE
from casework.situations.models import Situation
from casework.vault import binding, browser, recovery, store
from casework.vault.errors import NoKey
from casework.vault.models import Compartment, CompartmentVersion, Grant, RecordWrap
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.people import unlocked

WORD = "Zqxrevelation"
REVEALED = {"revele_le": "02/11/2026", "service": f"MDS {WORD}", "texte": f"Dettes {WORD}."}
BLOCK = "Information qui m’a été révélée"


def _reader(world, who: browser.Unlocked):
    """A reader on everything this member holds, whatever the charter would say."""
    event = Event.now(actor=who.member, action="test:read", outcome=Outcome.AUTORISE)
    receipt = world.instance.journal.record(world.database.engine, event)
    with world.database.read() as session:
        return store.keyring_of(session, who.key, who.member).reader(receipt)


def _open(world, who: browser.Unlocked) -> str:
    with world.database.read() as session:
        row = session.scalars(select(Confidence)).one()
        wraps = store.wraps_of(session, row.id)
        reference = session.get_one(Situation, row.situation).reference
    return _reader(world, who).record(row.id, wraps, reference).open(row, "texte")


@pytest.fixture
def address(request) -> str:
    """The maire's page about a situation, where one thing is recorded."""
    world = request.getfixturevalue("world")
    return _recorded(world)


def _recorded(world) -> str:
    with world.database.read() as session:
        found = select(Situation.reference).where(Situation.cell == "CCTP").limit(1)
        address = f"/situations/{session.scalars(found).one()}/information-revelee"
    answer = world.visitor("maire").post(f"{address}/consigner", REVEALED)
    assert (answer.status_code, answer.location) == (302, address), answer.text
    return address


def test_the_maire_alone_reads_it(world, address: str) -> None:
    maire = world.visitor("maire")
    page = unescape(maire.get(address).text)
    assert REVEALED["texte"] in page
    assert REVEALED["service"] in page
    assert "2 novembre 2026" in page
    situation = address.removesuffix("/information-revelee")
    assert BLOCK in unescape(maire.get(situation).text)
    assert WORD not in maire.get(situation).text
    world.coordinator()
    for key in ("coordination", "elu", "commissaire", "dpo", "administration", "parquet"):
        visitor = world.visitor(key)
        for answer in (visitor.get(address), visitor.get(f"{address}/consigner")):
            assert answer.status_code == 403
            assert WORD not in answer.text
        assert visitor.post(f"{address}/consigner", REVEALED).status_code == 403


def test_nobody_else_is_shown_that_it_exists(world) -> None:
    coordinator, elu = world.coordinator(), world.visitor("elu")
    with world.database.read() as session:
        found = select(Situation.reference).where(Situation.cell == "CCTP").limit(1)
        reference = session.scalars(found).one()
    places = (f"/situations/{reference}", "/cellules/CCTP/situations", "/cellules/CCTP/rapport")
    coordinator.get("/")  # what was said of the charter she signed is read
    before = [_timeless(who.get(place).text) for who in (coordinator, elu) for place in places]
    _recorded(world)
    after = [_timeless(who.get(place).text) for who in (coordinator, elu) for place in places]
    assert before == after
    assert not any("révélée" in unescape(page) for page in after)


def _timeless(page: str) -> str:
    """A page without its minute nor its forgery token."""
    page = re.sub(r"(?s)Consultation enregistrée.*?</p>", "", page)
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_the_journal_says_the_act_on_the_situation(world, address: str) -> None:
    world.visitor("maire").get(address)
    with world.database.read() as session:
        for act in ("confidence:write", "confidence:read"):
            (entry,) = search(session.connection(), action=act, limit=5)
            assert entry.object == address.split("/")[2]
            assert not entry.detail.keys() - {"mandat"}
    page = world.visitor("dpo").get("/journal").text
    assert "information révélée au maire" in page
    assert WORD not in page


def test_no_other_key_opens_it(world, address: str) -> None:
    assert _open(world, unlocked(world, "maire")) == REVEALED["texte"]
    world.coordinator()
    for key in ("coordination", "elu", "administration", "dpo", "parquet"):
        with pytest.raises(NoKey):
            _open(world, unlocked(world, key))
    with world.database.read() as session:
        row = session.scalars(select(Confidence)).one()
        query = select(RecordWrap.compartment).where(RecordWrap.record == row.id)
        assert session.scalars(query).all() == [MAIRE]
        query = select(Grant.member).where(Grant.compartment == MAIRE)
        assert session.scalars(query).all() == [unlocked(world, "maire").member]


def _new_recovery_key(world):
    """Give every compartment a recovery key whose words we know."""
    pair, shares = recovery.create()
    with world.database.write() as session:
        for key in ("maire", "coordination"):
            who = unlocked(world, key)
            for grant in store.grants_of(session, who.member):
                context = f"grant|{who.member}|{grant.compartment}|{grant.version}"
                secret = who.key.open(grant.sealed, context)
                version = session.get_one(CompartmentVersion, (grant.compartment, grant.version))
                context = store.recovery_context(grant.compartment, grant.version)
                version.recovery = kit = pair.public.seal(secret, context)
                said = binding.version(
                    grant.compartment, grant.version, version.deposit_public, kit
                )
                version.bound = world.instance.binding.mac(*said)
        held = select(CompartmentVersion).where(
            CompartmentVersion.compartment.not_in(("CCTP", "GSP", "ANNUAIRE", MAIRE))
        )
        for version in session.scalars(held):
            session.execute(delete(Grant).where(Grant.compartment == version.compartment))
            session.execute(delete(RecordWrap).where(RecordWrap.compartment == version.compartment))
            session.delete(version)
            session.flush()
            session.execute(delete(Compartment).where(Compartment.code == version.compartment))
        cells.put_setting(session, cells.RECOVERY_PUBLIC, pair.public.raw.hex())
        session.commit()
    return pair, shares


def test_the_kit_gives_it_to_a_maire_and_to_nobody_else(small_world, cli) -> None:
    address = _recorded(small_world)
    maire, coordinator = unlocked(small_world, "maire"), unlocked(small_world, "coordination")
    _, shares = _new_recovery_key(small_world)
    with small_world.database.write() as session:
        lost = (maire.member, MAIRE), (coordinator.member, "CCTP")
        session.execute(delete(Grant).where(tuple_(Grant.member, Grant.compartment).in_(lost)))
        session.commit()
    recovered = cli(
        "member", "recover", coordinator.member, "--part", shares[0], "--part", shares[1]
    )
    assert recovered.exit_code == 0, recovered.output
    assert "CCTP" in recovered.output
    assert MAIRE not in recovered.output
    with pytest.raises(NoKey):
        _open(small_world, coordinator)
    without = small_world.visitor("maire").get(address).text
    assert "La clé du maire ne vous a pas été remise" in without
    recovered = cli("member", "recover", maire.member, "--part", shares[0], "--part", shares[2])
    assert MAIRE in recovered.output
    assert _open(small_world, maire) == REVEALED["texte"]
    assert REVEALED["texte"] in unescape(small_world.visitor("maire").get(address).text)


@pytest.fixture
def cli(small_world):
    from click.testing import CliRunner

    from casework.cli import main

    def run(*arguments: str, typed: str = ""):
        folder = str(small_world.instance.data)
        return CliRunner().invoke(main, [*arguments, "--data", folder], input=typed)

    return run


def test_it_survives_the_exclusion_of_a_member_and_the_new_key_of_the_cell(world, address) -> None:
    coordinator, excluded = world.coordinator(), unlocked(world, "commissaire").member
    done = coordinator.post(f"/cellules/CCTP/membres/{excluded}/exclure")
    assert done.status_code == 302
    with world.database.read() as session:
        assert store.current(session, "CCTP").version > 1
        assert store.current(session, MAIRE).version == 1
    assert REVEALED["texte"] in unescape(world.visitor("maire").get(address).text)


def test_the_maire_renews_the_key_without_a_predecessor(small_world, cli) -> None:
    address = _recorded(small_world)
    maire, elu = unlocked(small_world, "maire"), unlocked(small_world, "elu")
    with small_world.database.write() as session:  # the élu was maire before, and held the key
        writer = store.keyring_of(session, maire.key, maire.member).writer()
        store.grant(session, writer, MAIRE, elu.member, elu.key.public)
        session.commit()
    assert _open(small_world, elu) == REVEALED["texte"]
    command = ("key", "compartment", MAIRE, "--member", maire.member)
    renewed = cli(*command, typed=PASSPHRASE)
    assert renewed.exit_code == 0, renewed.output
    with pytest.raises(NoKey):
        _open(small_world, elu)
    assert REVEALED["texte"] in unescape(small_world.visitor("maire").get(address).text)


def test_a_later_maire_waits_for_the_key(small_world) -> None:
    address = _recorded(small_world)
    elu = unlocked(small_world, "elu").member
    with small_world.database.write() as session:
        seat = update(MandateRow).where(MandateRow.member == elu)
        session.execute(seat.values(role=Role.MAIRE))
        session.commit()
    later = small_world.visitor("elu")
    page = unescape(later.get(address).text)
    assert "La clé du maire ne vous a pas été remise" in page
    assert "parts de secours" in page
    assert WORD not in page
    typed = later.post(f"{address}/consigner", REVEALED)
    assert typed.status_code == 409
    assert WORD in typed.text  # nothing typed is lost
    with small_world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Confidence)) == 1


def test_a_commune_from_before_founds_the_compartment_by_using_it(small_world) -> None:
    with small_world.database.write() as session:
        for model in (Grant, CompartmentVersion, Compartment):
            code = model.code if model is Compartment else model.compartment
            session.execute(delete(model).where(code == MAIRE))
        session.commit()
    address = _recorded(small_world)
    assert REVEALED["texte"] in unescape(small_world.visitor("maire").get(address).text)


def test_what_was_typed_by_mistake_is_destroyed(world, address: str) -> None:
    maire = world.visitor("maire")
    erase = re.search(r'action="([^"]+/effacer)"', maire.get(address).text)[1]
    elsewhere = re.sub(r"CCTP-\d+-\d+", _another(world, address), erase)
    maire.post(elsewhere)
    assert WORD in maire.get(address).text
    assert world.coordinator().post(erase).status_code == 403
    assert maire.post(erase).status_code == 302
    assert "Rien n’est consigné" in unescape(maire.get(address).text)
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Confidence)) == 0
        query = select(func.count()).where(RecordWrap.compartment == MAIRE)
        assert session.scalar(query) == 0


def _another(world, address: str) -> str:
    with world.database.read() as session:
        query = select(Situation.reference).where(Situation.cell == "CCTP")
        return next(ref for ref in session.scalars(query) if ref not in address)


def test_a_maire_who_steps_aside_reads_it_no_more(world, address: str) -> None:
    maire = world.visitor("maire")
    situation = address.removesuffix("/information-revelee")
    assert maire.post(f"{situation}/deport", {"confirme": "y"}).status_code == 302
    refused = maire.get(address)
    assert refused.status_code == 403
    assert WORD not in refused.text


def test_a_revelation_of_tomorrow_is_refused(small_world) -> None:
    address = _recorded(small_world)
    answer = small_world.visitor("maire").post(
        f"{address}/consigner", REVEALED | {"revele_le": "01/01/2149"}
    )
    assert answer.status_code == 422
    assert "ne peut pas être dans l’avenir" in answer.text
