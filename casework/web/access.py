"""The one way in: authenticate, ask the charter, append to the journal, unseal, act, commit.

A view declares its action with :func:`action`; the application refuses to start on a route that
declares none. The guard has answered before the view runs:

    read    the entry is committed, then :func:`reader` opens the vault behind its receipt;
    write   :func:`changes` gives a unit of work whose ``commit`` writes change and entry together.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from audit.event import Event, Outcome
from audit.journal import JournalError, Receipt
from casework.aipd import service as aipd
from casework.cells import service as cells
from casework.clock import today as today  # every view has it beside its identity
from casework.db import Database
from casework.instance import Instance
from casework.journal import motives
from casework.rights import freezing as rights
from casework.signin import service as signin
from casework.vault import store
from casework.vault.browser import Unlocked, identifier
from casework.vault.errors import IntegrityError
from casework.vault.keyring import Keyring, Reader, Writer
from charter import register
from charter.actions import Action
from charter.decide import decide
from charter.roles import Role
from charter.subjects import Actor, Decision, Subject

View = TypeVar("View", bound=Callable[..., Any])
SubjectLoader = Callable[..., Subject]
DetailLoader = Callable[[Subject], dict[str, int]]
DECLARATION = "charter_declaration"
ALWAYS_OPEN = frozenset({"static"})
SOMEONE = "quelqu’un"


@dataclass(frozen=True)
class Declaration:
    """What a route is, in the charter's words, and what it is about."""

    action: Action
    subject: SubjectLoader | None
    detail: DetailLoader | None = None


@dataclass(frozen=True)
class Identity:
    """The signed-in member of this request."""

    unlocked: Unlocked
    actor: Actor
    keyring: Keyring


class Refused(Exception):
    """The charter says no; the decision carries the sentence for the user."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.sentence)
        self.decision = decision


class SignedOut(Exception):
    """Nobody is signed in, or no longer: the passphrase is asked for; what was typed is kept."""


class Undeclared(Exception):
    """A route without a declared action: the application does not start."""


def action(
    what: Action, subject: SubjectLoader | None = None, detail: DetailLoader | None = None
) -> Callable[[View], View]:
    """Declare the charter action of a view, how to load what it is about, and what more the entry
    of a read says: closed words and numbers."""

    def mark(view: View) -> View:
        setattr(view, DECLARATION, Declaration(what, subject, detail))
        return view

    return mark


def database() -> Database:
    found: Database = current_app.extensions["casework.database"]
    return found


def instance() -> Instance:
    found: Instance = current_app.extensions["casework.instance"]
    return found


def identity() -> Identity:
    """The signed-in member; only after the guard let a non-public action pass."""
    found: Identity = g.identity
    return found


def declaration_of(app: Flask, endpoint: str) -> Declaration:
    """The declaration of a route, or Undeclared."""
    found = getattr(app.view_functions[endpoint], DECLARATION, None)
    if not isinstance(found, Declaration):
        raise Undeclared(f"la route « {endpoint} » ne déclare aucune action de la charte")
    return found


def check_declarations(app: Flask) -> None:
    """Called at start-up: every route declares its action, and answers at an address of its own:
    of two at the same one, the first would hide the other and its rule."""
    taken: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ALWAYS_OPEN:
            declaration_of(app, rule.endpoint)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            other = taken.setdefault((method, rule.rule), rule.endpoint)
            if other != rule.endpoint:
                raise Undeclared(f"{method} {rule.rule} : {other} et {rule.endpoint} s’y disputent")


def guard() -> None:
    """Before each request: decide, journal, or stop."""
    if _has_nul(request.path, *request.args.values(), *request.form.values()):
        raise BadRequest  # PostgreSQL stores none, and nobody types one
    if request.endpoint is None or request.endpoint in ALWAYS_OPEN:
        return
    declared = declaration_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    g.declaration = declared
    if declared.action is Action.PUBLIC_PAGE:
        return
    with database().read() as session:
        g.identity = found = _authenticate(session)
        if found is None:
            raise SignedOut
        g.subject = _subject(session, found, declared)
    g.decision = decide(found.actor, declared.action, g.subject, today())
    if not g.decision.allowed:
        _say_nothing_of_isolated_cells(found)
        if not g.decision.stale:  # asking for a second factor refuses nothing
            _record(Outcome.REFUSE, g.decision, g.subject)
        raise Refused(g.decision)
    if not declared.action.writes:
        more = declared.detail(g.subject) if declared.detail else {}
        g.receipt = _record(Outcome.AUTORISE, g.decision, g.subject, **more)


def _say_nothing_of_isolated_cells(found: Identity) -> None:
    """To who holds no mandate in an isolated cell, its files do not exist: the same 404 as for an
    address that leads nowhere. The journal keeps the refusal all the same, for the DPO."""
    cell = g.subject.cell or g.subject.reference  # a cell asked for from outside all of them
    sits = any(m.cell == cell and m.valid(today()) for m in found.actor.mandates)
    if sits and cell not in found.actor.excluded:
        return
    with database().read() as session:
        if not cells.isolated(session, cell):
            return
    _record(Outcome.REFUSE, g.decision, g.subject)
    for told in ("decision", "subject", "recorded_at", "recorded_under", "recorded_refusal"):
        g.pop(told, None)
    raise NotFound


def _has_nul(*texts: str) -> bool:
    return any("\0" in text for text in texts)


def _authenticate(session: Session) -> Identity | None:
    token = request.cookies.get(cookie_name())
    resumed = signin.resume(session, token) if token else None
    if resumed is None:
        return None
    g.touch_due = resumed.touch_due
    unlocked = resumed.unlocked
    keyring = store.keyring_of(session, unlocked.key, unlocked.member)
    actor = register.actor_for(
        session, unlocked.member, keyring.compartments, resumed.acting, resumed.fresh
    )
    seats = {mandate.cell for mandate in actor.mandates if mandate.cell}
    if seats:
        actor = replace(actor, uncleared=aipd.uncleared(session, seats))
    if not any(mandate.valid(today()) for mandate in actor.hats):
        actor = replace(actor, acting=None)  # the mandate chosen has ended: the others speak again
    return Identity(unlocked, actor, keyring)


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and to TLS; loopback demonstrations have none."""
    return "casework_local" if instance().local_http else "__Host-casework"


def session_identifier() -> str:
    """The row of this request's own browser session."""
    return identifier(request.cookies[cookie_name()])


def _subject(session: Session, found: Identity, declared: Declaration) -> Subject:
    if declared.subject is None:
        return Subject()
    return declared.subject(session, found, **(request.view_args or {}))


def _event(
    outcome: Outcome,
    decision: Decision,
    subject: Subject,
    motive: bytes = b"",
    **detail: str | int,
) -> Event:
    """Each act is made under one mandate, and the entry says which."""
    if decision.mandate:
        detail.setdefault("mandat", decision.mandate.number)
    return Event.now(
        actor=identity().actor.reference,
        role=decision.mandate.role.value if decision.mandate else "",
        action=decision.action.value,
        outcome=outcome,
        object=subject.reference,
        cell=subject.cell or "",
        article=decision.article,
        detail=detail,
        motive=motive,
    )


def _record(outcome: Outcome, decision: Decision, subject: Subject, **detail: str | int) -> Receipt:
    event = _event(outcome, decision, subject, **detail)
    with _journaling():
        receipt = instance().journal.record(database().engine, event)
    g.recorded_at, g.recorded_under = receipt.time, decision.mandate
    g.recorded_refusal = outcome is Outcome.REFUSE
    if g.pop("touch_due", False):
        with database().write() as session:
            signin.touch(session, request.cookies[cookie_name()])
            session.commit()
    return receipt


@contextmanager
def _journaling() -> Iterator[None]:
    """A database that does not take the entry (full, read-only, locked) is a refusing journal."""
    try:
        yield
    except SQLAlchemyError as error:
        raise JournalError(type(error).__name__) from error


def reader() -> Reader:
    """What this read request may open: its entry is in the journal."""
    return identity().keyring.reader(g.receipt)


def also(what: Action, subject: Subject, **detail: str | int) -> Reader:
    """Another read inside this request (a search before a save), decided and journaled too."""
    decision = decide(identity().actor, what, subject, today())
    if not decision.allowed:
        if not decision.stale:
            _record(Outcome.REFUSE, decision, subject)
        raise Refused(decision)
    return identity().keyring.reader(_record(Outcome.AUTORISE, decision, subject, **detail))


def record_refusal() -> None:
    """An act the charter opens but the law closes (facts excluded from a rappel à l'ordre)."""
    _record(Outcome.REFUSE, g.decision, g.subject)


def signature(decision: Decision) -> str:
    """How the member signs a paper: name, the role they act under, and for whom.

    The rappel à l'ordre is the maire's: whoever else of the commune writes, writes for the maire.
    """
    role = decision.mandate.role if decision.mandate else None
    label = role.label if role else ""
    signed = f"{identity().unlocked.name}, {label[:1].lower() + label[1:]}"
    return f"{signed}, pour le maire" if role is Role.COORDONNATEUR else signed


def record_failure(error: IntegrityError) -> None:
    """An unreadable sealed value is a finding the DPO must see."""
    if g.get("identity") and g.get("decision"):
        _record(Outcome.ECHEC, g.decision, g.subject, champ=error.field)


@dataclass
class Change:
    """A unit of work: nothing is kept unless :meth:`commit` writes its entry with it."""

    session: Session
    writer: Writer
    actor: str
    committed: bool = field(default=False, init=False)

    def also(self, what: Action, subject: Subject) -> None:
        """Another act inside this unit of work (a deposit admitted becomes a situation), decided
        too; its entry and the change are committed together."""
        decision = decide(identity().actor, what, subject, today())
        if not decision.allowed:
            self.session.rollback()
            _record(Outcome.REFUSE, decision, subject)
            raise Refused(decision)
        self.session.flush()
        entry = _event(Outcome.AUTORISE, decision, subject)
        with _journaling():
            instance().journal.append(self.session.connection(), entry)

    def commit(self, reference: str = "", *, motive: str = "", **detail: str | int) -> None:
        """Append the entry and commit both; ``reference`` names what was just created, ``motive``
        is the reason typed for an exceptional act, which the DPO alone reads in the journal."""
        subject: Subject = g.subject
        if reference:
            subject = replace(subject, reference=reference)
        self.session.flush()
        sealed = motives.seal(self.session, motive)
        entry = _event(Outcome.AUTORISE, g.decision, subject, sealed, **detail)
        with _journaling():
            instance().journal.append(self.session.connection(), entry)
            self._refuse_frozen_since()
            self.session.commit()
        self.committed = True

    def _refuse_frozen_since(self) -> None:
        """A limitation placed since the guard let this request in: the charter is asked again."""
        if g.subject.situation is not None and rights.frozen(self.session, g.subject.situation):
            now = decide(
                identity().actor, g.decision.action, replace(g.subject, frozen=True), today()
            )
            if not now.allowed:
                self.session.rollback()
                _record(Outcome.REFUSE, now, g.subject)
                raise Refused(now)
        rights.refuse_frozen_since(self.session)


@contextmanager
def changes() -> Iterator[Change]:
    """The unit of work of a write request, under the decision of the guard."""
    if not g.declaration.action.writes:
        raise Undeclared(f"{g.declaration.action} is not declared as a change")
    with database().write() as session:
        yield Change(session, identity().keyring.writer(), identity().actor.reference)


def keys_changed() -> bool:
    """Has a key been granted to the member, or taken from them, since this request began?"""
    if not g.get("identity"):
        return False
    found = identity()
    with database().read() as session:
        return found.keyring.grants != frozenset(
            (grant.compartment, grant.version)
            for grant in store.grants_of(session, found.actor.reference)
        )


def allowed(
    what: Action,
    cell: str | None = None,
    *,
    follower: bool = False,
    convened: bool = False,
    frozen: bool = False,
) -> bool:
    """Would the charter open this to the signed-in member? For menus and buttons only: the door
    itself will look at the thing, at whose turn it is, and ask for a second factor."""
    subject = Subject(
        cell,
        convened,
        follower=follower,
        recused=False,
        turn=True,
        person=SOMEONE,
        frozen=frozen,
        archived=False,
    )
    return decide(replace(identity().actor, fresh=True), what, subject, today()).allowed


def require(found: Any) -> Any:
    """The row, or a 404 that says nothing more."""
    if found is None:
        raise NotFound
    return found
