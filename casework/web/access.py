"""The one way in: authenticate, ask the charter, append to the journal, unseal, act, commit.

A view declares its action with :func:`action`; the application refuses to start on a route that
declares none. The guard has answered before the view runs:

    read    the entry is committed, then :func:`reader` opens the vault behind its receipt;
    write   :func:`changes` gives a unit of work whose ``commit`` writes change and entry together.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from audit.event import Event, Outcome
from audit.journal import JournalError, Receipt
from casework.db import Database
from casework.instance import Instance
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
DECLARATION = "charter_declaration"
ALWAYS_OPEN = frozenset({"static"})
SOMEONE = "quelqu’un"


@dataclass(frozen=True)
class Declaration:
    """What a route is, in the charter's words, and what it is about."""

    action: Action
    subject: SubjectLoader | None


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


class Undeclared(Exception):
    """A route without a declared action: the application does not start."""


def action(what: Action, subject: SubjectLoader | None = None) -> Callable[[View], View]:
    """Declare the charter action of a view, and how to load what it is about."""

    def mark(view: View) -> View:
        setattr(view, DECLARATION, Declaration(what, subject))
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


def today() -> date:
    return date.today()  # noqa: DTZ011 - mandates and ages follow the commune's calendar


def declaration_of(app: Flask, endpoint: str) -> Declaration:
    """The declaration of a route, or Undeclared."""
    found = getattr(app.view_functions[endpoint], DECLARATION, None)
    if not isinstance(found, Declaration):
        raise Undeclared(f"la route « {endpoint} » ne déclare aucune action de la charte")
    return found


def check_declarations(app: Flask) -> None:
    """Called at start-up: every route declares its action."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ALWAYS_OPEN:
            declaration_of(app, rule.endpoint)


def guard() -> Response | None:
    """Before each request: decide, journal, or stop."""
    if _has_nul(request.path, *request.args.values(), *request.form.values()):
        raise BadRequest  # PostgreSQL stores none, and nobody types one
    if request.endpoint is None or request.endpoint in ALWAYS_OPEN:
        return None
    declared = declaration_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    g.declaration = declared
    if declared.action is Action.PUBLIC_PAGE:
        return None
    with database().read() as session:
        g.identity = found = _authenticate(session)
        if found is None:
            return redirect(url_for("signin.form"))
        g.subject = _subject(session, found, declared)
    g.decision = decide(found.actor, declared.action, g.subject, today())
    if not g.decision.allowed:
        if not g.decision.stale:  # asking for a second factor refuses nothing
            _record(Outcome.REFUSE, g.decision, g.subject)
        raise Refused(g.decision)
    if not declared.action.writes:
        g.receipt = _record(Outcome.AUTORISE, g.decision, g.subject)
    return None


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


def _event(outcome: Outcome, decision: Decision, subject: Subject, **detail: str | int) -> Event:
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

    def commit(self, reference: str = "", **detail: str | int) -> None:
        """Append the entry and commit both; ``reference`` names what was just created."""
        subject: Subject = g.subject
        if reference:
            subject = replace(subject, reference=reference)
        self.session.flush()
        entry = _event(Outcome.AUTORISE, g.decision, subject, **detail)
        with _journaling():
            instance().journal.append(self.session.connection(), entry)
            self.session.commit()
        self.committed = True


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


def allowed(what: Action, cell: str | None = None, *, follower: bool = False) -> bool:
    """Would the charter open this to the signed-in member? For menus and buttons only: the door
    itself will look at the thing, at whose turn it is, and ask for a second factor."""
    subject = Subject(cell=cell, follower=follower, recused=False, turn=True, person=SOMEONE)
    return decide(replace(identity().actor, fresh=True), what, subject, today()).allowed


def require(found: Any) -> Any:
    """The row, or a 404 that says nothing more."""
    if found is None:
        raise NotFound
    return found
