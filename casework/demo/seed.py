"""Filling a demonstration instance through the same services as the pages."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from audit.journal import Receipt
from casework.db import Database
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.deposits import DEPOSITS
from casework.demo.members import CCTP, MEMBERS, DemoMember
from casework.demo.people import SEANCES, demo_situations
from casework.deposits import service as deposits
from casework.instance import Instance
from casework.members import admission
from casework.members import service as members
from casework.members.founding import found_cell_if_first, found_for_roles
from casework.members.models import Member
from casework.rappels import service as rappels
from casework.rappels.procedure import EXCLUSIONS, Step
from casework.seances import service as seances
from casework.setup import install
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keypair import KeyPair
from casework.vault.keyring import Keyring, Writer
from casework.vault.passphrase import unlock
from casework.web.french import PARIS
from casework.web.journal import coming_entry
from charter import register
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.references import Article
from charter.roles import WITHOUT_KEY, Role

PROFILE = "istres"
MANDATES_START = date(2025, 9, 1)
HOUR = time(14, 30)
PLACE = "Maison du citoyen, salle du conseil"
RAPPELS = 4  # one waits for the procureur, one is possible, one judicial, one closed
RAPPELS_FROM_SAISINES_BEFORE = date(2026, 10, 25)
ARTICLE = "Démonstration"


def seed(instance: Instance) -> None:
    """Install the instance and record members, situations, séances and a few rappels."""
    administrator = next(who for who in MEMBERS if who.role == Role.ADMINISTRATEUR)
    identity = _identity(administrator)
    install(instance, PROFILE, identity, administrator.login, PASSPHRASE, TOTP_SECRET)
    database = Database(instance.database)
    with database.write() as session:
        keys = {
            who.key: _member(session, instance, who)
            for who in MEMBERS
            if who.key != administrator.key
        }
        coordinator = next(who for who in MEMBERS if who.role == Role.COORDONNATEUR)
        for who in MEMBERS:
            if who.cells:
                _charters(session, instance, who, *keys[who.key])
        with_directory = _administrator(session, administrator)
        _admissions(session, keys, keys[coordinator.key], with_directory)
        session.commit()
    with database.write() as session:
        chosen = _situations(session, *keys[coordinator.key])
        _deposits(session, keys["bailleur"][0])
        session.commit()
    _rappels(database, instance, keys, chosen)
    database.engine.dispose()


def _identity(who: DemoMember) -> members.Identity:
    return members.Identity(who.nom, who.prenom, who.fonction)


def _member(session: Session, instance: Instance, who: DemoMember) -> tuple[str, KeyPair]:
    role = Role(who.role)
    mandates = [
        members.Mandate(role, cell, MANDATES_START, institution=who.institution, acte=who.acte)
        for cell in who.cells or (None,)
    ]
    made, _ = members.invite(session, instance, who.login, _identity(who), mandates)
    pair = members.take_up(made, instance, PASSPHRASE, TOTP_SECRET)
    session.flush()
    found_for_roles(session, made.reference, pair, frozenset({role}))
    return made.reference, pair


def _charters(
    session: Session, instance: Instance, who: DemoMember, reference: str, pair: KeyPair
) -> None:
    """Everyone signs but the coordinator: hers is the newcomer's first act."""
    for cell in who.cells:
        text = register.current_text(session, cell)
        if text is not None and who.role != Role.COORDONNATEUR:
            signed = register.sign(session, reference, cell, text.digest, coming_entry(session))
            event = Event.now(
                actor=reference,
                role=who.role,
                action=Action.CHARTER_SIGN,
                outcome=Outcome.AUTORISE,
                cell=cell,
                article=Article.CHARTE,
                detail={"version": signed.version, "empreinte": signed.digest},
            )
            instance.journal.append(session.connection(), event)
        actor = register.actor_for(session, reference, frozenset())
        found_cell_if_first(session, actor, pair, cell)


def _administrator(session: Session, who: DemoMember) -> Keyring:
    row = session.scalars(select(Member).order_by(Member.reference)).first()
    if row is None or row.locked_key is None:
        raise LookupError(who.key)
    return store.keyring_of(
        session, unlock(row.locked_key, PASSPHRASE, row.reference), row.reference
    )


def _admissions(
    session: Session,
    keys: dict[str, tuple[str, KeyPair]],
    coordinator: tuple[str, KeyPair],
    directory: Keyring,
) -> None:
    """The administrator hands out the directory; the coordinator admits to her cells, and the
    magistrate hands the correspondant Justice-Ville the key of the fiches."""
    readers = [who for who in MEMBERS if who.key in keys and who.role not in WITHOUT_KEY]
    for who in readers:
        reading, pair = keys[who.key]
        store.grant(session, directory.writer(), members.DIRECTORY, reading, pair.public)
    magistrate, key = keys["parquet"]
    carrier, theirs = keys["justice_ville"]
    fiches = store.keyring_of(session, key, magistrate).writer()
    store.grant(session, fiches, rappels.PARQUET, carrier, theirs.public)
    reference, pair = coordinator
    writer = store.keyring_of(session, pair, reference).writer()
    for who in readers:
        for cell in who.cells:
            if keys[who.key][0] != reference:
                admission.admit(session, writer, cell, keys[who.key][0], MANDATES_START)


def _situations(session: Session, reference: str, pair: KeyPair) -> list[int]:
    """The situations and the séances that examine them; ids of those fit for a rappel."""
    writer = store.keyring_of(session, pair, reference).writer()
    agenda: dict[tuple[str, date], list[int]] = {}
    fit = []
    for situation in demo_situations():
        made = situations.create(session, writer, reference, situation.cell, situation.entry)
        made.created_at = made.updated_at = _at(situation.entry.saisine)
        for day in situation.seances:
            agenda.setdefault((situation.cell, day), []).append(made.id)
        texts = situation.entry.texts() | situation.entry.interesse.texts()
        old_enough = situation.entry.saisine < RAPPELS_FROM_SAISINES_BEFORE
        if situation.cell == "CCTP" and old_enough and not rappels.missing(texts):
            fit.append(made.id)
    for cell, days in SEANCES.items():
        seated = register.members_of(session, cell)
        convened = [member for member, role in seated.items() if role not in WITHOUT_KEY]
        for day in days:
            items = agenda.get((cell, day), [])
            seances.create(session, writer, cell, _at(day), PLACE, items, convened)
    return fit[-RAPPELS:]


def _deposits(session: Session, signaleur: str) -> None:
    for days, words in DEPOSITS:
        made = deposits.create(session, signaleur, CCTP, words)
        made.deposited_at -= timedelta(days=days)
    session.flush()


def _at(day: date) -> datetime:
    return datetime.combine(day, HOUR, PARIS).astimezone(UTC)


def _rappels(
    database: Database,
    instance: Instance,
    keys: dict[str, tuple[str, KeyPair]],
    chosen: list[int],
) -> None:
    """Fiches at each moment of the procedure, through the same steps as the pages."""
    commune, parquet = keys["coordination"], keys["parquet"]
    by_commune, by_parquet = (
        "Hélène Vidal-Le Guen, coordonnatrice, pour le maire",
        "Substitut de permanence",
    )
    answers = (None, Step.REPONSE_POSSIBLE, Step.REPONSE_JUDICIAIRE, Step.REPONSE_POSSIBLE)
    for number, (identifier, answer) in enumerate(zip(chosen, answers, strict=False)):
        sent = datetime.now(UTC) - timedelta(days=21 - 4 * number)
        made = _announce(database, instance, commune, identifier, by_commune)
        if answer is not None:
            opened = _opened(database, instance, parquet, made)
            with database.write() as session:
                rappels.answer(session, _writer(session, parquet), opened, answer, "", by_parquet)
                session.commit()
        with database.write() as session:
            row = rappels.by_reference(session, made)
            if row is not None:
                row.t1_at = sent
                row.t2_at = sent + timedelta(days=3) if answer else None
            session.commit()


def _announce(
    database: Database,
    instance: Instance,
    who: tuple[str, KeyPair],
    identifier: int,
    by: str,
) -> str:
    reference, pair = who
    with database.read() as session:
        situation = session.get_one(Situation, identifier)
        keyring = store.keyring_of(session, pair, reference)
        reader = keyring.reader(_receipt(database, instance, reference, situation.reference))
        opened = situations.open_situation(session, reader, situation, EVERYTHING)
    with database.write() as session:
        texts = opened.texts | opened.interesse
        exclusions = dict.fromkeys(EXCLUSIONS, False)
        made = rappels.announce(session, keyring.writer(), situation, texts, exclusions, by)
        session.commit()
        return made.reference


def _opened(
    database: Database, instance: Instance, who: tuple[str, KeyPair], fiche: str
) -> rappels.Opened:
    reference, pair = who
    with database.read() as session:
        row = rappels.by_reference(session, fiche)
        keyring = store.keyring_of(session, pair, reference)
        reader = keyring.reader(_receipt(database, instance, reference, fiche))
        return rappels.open_rappels(session, reader, [row] if row else [], EVERYTHING)[0]


def _writer(session: Session, who: tuple[str, KeyPair]) -> Writer:
    reference, pair = who
    return store.keyring_of(session, pair, reference).writer()


def _receipt(database: Database, instance: Instance, actor: str, subject: str) -> Receipt:
    event = Event.now(
        actor=actor,
        role="",
        action="demo:seed",
        outcome=Outcome.AUTORISE,
        object=subject,
        article=ARTICLE,
    )
    return instance.journal.record(database.engine, event)
