"""Someone who has left, and everything they may try on the disk of the server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.members import service
from casework.members.models import Member
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.aead import Place, open_sealed
from casework.vault.compartment import CompartmentKeys
from casework.vault.errors import IntegrityError, NoKey
from casework.vault.keypair import KeyPair
from casework.vault.keyring import Wrap, deposit_context, grant_context, wrap_place
from casework.vault.models import CompartmentVersion, Grant, RecordWrap
from casework.vault.passphrase import unlock
from tests.conftest import World

Everyone = dict[str, tuple[str, KeyPair]]


def everyone(world: World) -> Everyone:
    """Reference and private key of each demonstration member, by demonstration key."""
    found = {}
    with world.database.read() as session:
        for who in MEMBERS:
            login = service.login_digest(world.instance, who.login)
            member = session.scalars(select(Member).where(Member.login == login)).one()
            key = unlock(member.locked_key, PASSPHRASE, member.reference)
            found[who.key] = (member.reference, key)
    return found


@dataclass
class Departed:
    """A passphrase, the private key it opens, and every compartment secret they could have taken
    out of the copies of the database they once saw."""

    reference: str
    key: KeyPair
    secrets: dict[tuple[str, int], CompartmentKeys] = field(default_factory=dict)

    def remember(self, session: Session) -> None:
        """Take every secret granted today."""
        for code, version, sealed, _ in store.grants_of(session, self.reference):
            if (code, version) not in self.secrets:
                secret = self.key.open(sealed, grant_context(self.reference, code, version))
                self.secrets[code, version] = CompartmentKeys(secret)

    def opens(self, session: Session) -> Iterator[str]:
        """What opens on this disk, tried in every way we know."""
        pairs = [self.key, *(secret.deposit for secret in self.secrets.values())]
        for grant in session.scalars(select(Grant)):
            context = grant_context(grant.member, grant.compartment, grant.version)
            if any(_tries(pair.open, grant.sealed, context) for pair in pairs):
                yield f"grant of {grant.compartment}.{grant.version} to {grant.member}"
        for known in session.scalars(select(CompartmentVersion)):
            context = store.recovery_context(known.compartment, known.version)
            if any(_tries(pair.open, known.recovery, context) for pair in pairs):
                yield f"recovery of {known.compartment}.{known.version}"
        for (code, version), secret in self.secrets.items():
            yield from _under(session, secret, code, version)


def _under(session: Session, secret: CompartmentKeys, code: str, version: int) -> Iterator[str]:
    for wrap in session.scalars(select(RecordWrap)):
        for at in {(code, version), (wrap.compartment, wrap.version)}:
            place = wrap_place(wrap.record, *at)
            context = deposit_context(wrap.record, *at)
            if wrap.deposited:
                opened = _tries(secret.deposit.open, wrap.sealed, context)
            else:
                opened = _tries(open_sealed, secret.wrap, wrap.sealed, place)
            if opened:
                yield f"record {wrap.record} in {wrap.compartment}"
    for row in session.scalars(select(Situation)):
        if _tries(open_sealed, secret.facet, row.facets, Place("situation", "facets", row.id)):
            yield f"facets of {row.reference}"


def _tries(attempt: Callable[..., object], *arguments: object) -> bool:
    try:
        attempt(*arguments)
    except IntegrityError:
        return False
    return True


def unreadable(session: Session, world: World, who: tuple[str, KeyPair], code: str) -> list[str]:
    """What a holder of a compartment's key should open in it, and does not."""
    reference, key = who
    event = Event.now(actor=reference, action="key:read", outcome=Outcome.AUTORISE)
    receipt = world.instance.journal.record(world.database.engine, event)
    reader = store.keyring_of(session, key, reference).reader(receipt)
    wrong = []
    for row in session.scalars(select(RecordWrap).where(RecordWrap.compartment == code)):
        wrap = Wrap(row.compartment, row.version, row.deposited, row.sealed)
        try:
            reader.record(row.record, [wrap])
        except (NoKey, IntegrityError) as error:
            wrong.append(f"{type(error).__name__} on record {row.record}")
    for row in session.scalars(select(Situation).where(Situation.cell == code)):
        try:
            list(reader.facets(code, row.key_version, [(row.id, row.facets)], "situation"))
        except (NoKey, IntegrityError) as error:
            wrong.append(f"{type(error).__name__} on facets of {row.reference}")
    return wrong
