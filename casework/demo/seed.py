"""Filling a demonstration instance through the same services as the pages."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.cells.lists import ENDED, TYPOLOGIE, term
from casework.cells.models import LocalTerm
from casework.clock import PARIS, today
from casework.db import Database
from casework.demo import answers, parenting, sittings, transactions
from casework.demo import rappels as demo_rappels
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.deposits import DEPOSITS
from casework.demo.filling import Town
from casework.demo.following import follow, opened_entry
from casework.demo.members import CCTP, DOMAIN, MEMBERS, DemoMember
from casework.demo.people import LAST_DAY, SEANCES, DemoSituation, demo_situations
from casework.demo.registers import breach, requests
from casework.demo.town import COMMUNE, QUARTIERS, SCHOOLS, TRIBUNAL
from casework.deposits import service as deposits
from casework.instance import Instance
from casework.mail import addresses, settings
from casework.members import admission
from casework.members import service as members
from casework.members.founding import found_cell_if_first, found_for_roles
from casework.members.models import Member
from casework.rappels import service as rappels
from casework.seances import service as seances
from casework.setup import install
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keypair import KeyPair
from casework.vault.keyring import Keyring, Writer
from casework.vault.passphrase import unlock
from casework.web.journal import coming_entry
from charter import register
from charter.actions import Action
from charter.references import Article
from charter.roles import WITHOUT_KEY, Role

PROFILE = "istres"
MANDATES_START = date(2025, 9, 1)
HOUR = time(14, 30)
PLACE = "Maison du citoyen, salle du conseil"
RAPPELS_FROM_SAISINES_BEFORE = date(2026, 10, 25)
ABSENTEEISM = term(TYPOLOGIE, "absenteisme").code
INSTITUTIONS = {Role(who.role): who.institution for who in MEMBERS}
WITHOUT_MAIL = {"departement"}  # convened by other means, as some always are


def seed(instance: Instance) -> None:
    """Install the instance and record members, situations, séances and a few rappels."""
    administrator = next(who for who in MEMBERS if who.role == Role.ADMINISTRATEUR)
    identity = _identity(administrator)
    install(
        *(instance, PROFILE, identity, administrator.login, PASSPHRASE, TOTP_SECRET),
        commune=COMMUNE,
        tribunal=TRIBUNAL,
    )
    database = Database(instance.database, instance.binding)
    with database.write() as session:
        _town(session)
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
        chosen, adults, pupil = _situations(session, instance, keys)
        _deposits(session, keys["bailleur"][0])
        dpo, key = keys["dpo"]
        requests(session, store.keyring_of(session, key, dpo).writer(), dpo)
        breach(session, store.keyring_of(session, key, dpo).writer(), dpo)
        session.commit()
    demo_rappels.seed(database, instance, keys, chosen)
    town = Town(database, instance)
    transactions.seed(town, keys[coordinator.key], keys["parquet"], adults, today())
    parenting.seed(town, keys[coordinator.key], pupil, today())
    _mail(database, instance, keys)
    database.engine.dispose()


def _town(session: Session) -> None:
    """The commune's own lists."""
    for name, terms in (("quartier", QUARTIERS), ("etablissement", SCHOOLS)):
        session.add_all(LocalTerm(list=name, code=term.code, label=term.label) for term in terms)


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


def _situations(
    session: Session, instance: Instance, keys: dict[str, tuple[str, KeyPair]]
) -> tuple[list[int], list[int], int]:
    """The situations and the séances that examine them; ids of those fit for a rappel, of those
    of age, latest first, fit for a transaction, and of a pupil whose parents are advised."""
    reference = keys["coordination"][0]
    writer = _writer(session, keys["coordination"])
    agenda: dict[tuple[str, date], list[tuple[Situation, DemoSituation]]] = {}
    fit, adults, pupils = [], [], []
    for number, situation in enumerate(demo_situations()):
        entry = opened_entry(number, situation)
        made = situations.create(session, writer, reference, situation.cell, entry)
        made.created_at = made.updated_at = _at(entry.saisine)
        follow(session, writer, reference, made, entry, number, situation.entry.statut)
        for day in situation.seances:
            agenda.setdefault((situation.cell, day), []).append((made, situation))
        texts = situation.entry.texts() | situation.entry.interesse.texts()
        old_enough = situation.entry.saisine < RAPPELS_FROM_SAISINES_BEFORE
        followed = situation.entry.statut not in ENDED
        if situation.cell == "CCTP" and followed and old_enough and not rappels.missing(texts):
            fit.append(made.id)
            if not rappels.is_minor(situation.entry.interesse.naissance, situation.entry.saisine):
                adults.insert(0, made.id)
            elif situation.entry.typologie == ABSENTEEISM:
                pupils.append(made.id)
    for cell, days in SEANCES.items():
        seated = register.members_of(session, cell)
        convened = [member for member, role in seated.items() if role not in WITHOUT_KEY]
        for day in days:
            items = agenda.get((cell, day), [])
            planned = [made.id for made, _ in items]
            seance = seances.create(session, writer, cell, _at(day), PLACE, planned, convened)
            if day <= LAST_DAY:
                sittings.hold(session, instance, writer, reference, seance, items, INSTITUTIONS)
            elif cell == CCTP:
                speaker = keys["education"]
                sittings.prepare_next(session, seance, speaker[0], _writer(session, speaker))
    answers.answer(session, writer, LAST_DAY)
    chosen = fit[-len(demo_rappels.SCENES) :]
    pupil = next(number for number in pupils if number not in chosen)
    return chosen, [number for number in adults if number not in chosen], pupil


def _writer(session: Session, who: tuple[str, KeyPair]) -> Writer:
    reference, pair = who
    return store.keyring_of(session, pair, reference).writer()


def _deposits(session: Session, signaleur: str) -> None:
    for days, words in DEPOSITS:
        made = deposits.create(session, signaleur, CCTP, words)
        made.deposited_at -= timedelta(days=days)
    session.flush()


def _mail(database: Database, instance: Instance, keys: dict[str, tuple[str, KeyPair]]) -> None:
    """Addresses that lead nowhere, and a mail server on this machine that is not there: start one
    with « python -m aiosmtpd -n -l 127.0.0.1:1025 » to see the mails."""
    settings.save(
        instance.data,
        settings.Mailing("127.0.0.1", 1025, settings.Security.NONE, f"ne-pas-repondre@{DOMAIN}"),
    )
    outside = (Role.PARQUET, Role.DPO)
    with database.write() as session:
        for who in MEMBERS:
            if who.key in keys and who.role not in WITHOUT_KEY and who.key not in WITHOUT_MAIL:
                addresses.put(
                    session,
                    instance,
                    *keys[who.key],
                    who.login,
                    wanted=True,
                    unattended=who.role in outside,
                )
        session.commit()


def _at(day: date) -> datetime:
    return datetime.combine(day, HOUR, PARIS).astimezone(UTC)
