"""casework: confidential case tracking for the cellules nominatives of French towns."""

from typing import Any

from flask import Flask, current_app, g
from flask_wtf.csrf import CSRFProtect

from casework.account.views import bp as account
from casework.cells import service as cells
from casework.charters.publishing import bp as publishing
from casework.charters.table import bp as matrix
from casework.charters.views import bp as charters
from casework.confidences.views import bp as confidences
from casework.db import Base, Database, unclassified_columns
from casework.deposits.triage import bp as triage
from casework.deposits.views import bp as deposits
from casework.home.views import bp as home
from casework.instance import Instance
from casework.journal.views import bp as journal
from casework.members.function_views import bp as functions
from casework.members.invitation_views import bp as invitations
from casework.members.key_views import bp as keys
from casework.members.mandate_views import bp as mandates
from casework.members.peer_views import bp as peers
from casework.members.take_up import bp as members
from casework.rappels.paper import bp as papier
from casework.rappels.parquet import bp as fiches
from casework.rappels.views import bp as rappels
from casework.recusals.views import bp as recusals
from casework.reports.views import bp as reports
from casework.resources import folder
from casework.review.views import bp as review
from casework.seances.views import bp as seances
from casework.signin.confirm import bp as confirm
from casework.signin.views import bp as signin
from casework.situations.followers import bp as followers
from casework.situations.views import bp as situations
from casework.web import access, errors, french, headers, navigation
from casework.web.pages import bp as pages
from casework.web.uploads import MemoryRequest
from charter.models import Base as CharterBase

__version__ = "0.1.0"
LARGEST_REQUEST = 1_000_000  # bytes; a page of text is far under, and nothing spools to disk


class Unclassified(Exception):
    """A column says neither why it is clear nor under what it is sealed."""


def create_app(instance: Instance) -> Flask:
    """The application of one instance. Refuses to start on an undeclared route or column."""
    if loose := unclassified_columns(Base.metadata, CharterBase.metadata):
        raise Unclassified(", ".join(loose))
    app = Flask("casework", template_folder=str(folder("templates")))
    app.request_class = MemoryRequest
    app.config.update(
        SECRET_KEY=instance.cookie_secret,
        TRUSTED_HOSTS=instance.hosts,  # no other name may lead here (DNS rebinding)
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="formulaire" if instance.local_http else "__Host-formulaire",
        SESSION_COOKIE_SECURE=not instance.local_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: nothing typed is lost to a clock
        WTF_I18N_ENABLED=False,  # WTForms' own French messages
    )
    app.extensions["casework.instance"] = instance
    app.extensions["casework.database"] = Database(instance.database)
    CSRFProtect(app)

    app.register_blueprint(pages)
    app.register_blueprint(signin)
    app.register_blueprint(confirm)
    app.register_blueprint(account)
    app.register_blueprint(home)
    app.register_blueprint(charters)
    app.register_blueprint(publishing)
    app.register_blueprint(matrix)
    app.register_blueprint(situations)
    app.register_blueprint(followers)
    app.register_blueprint(recusals)
    app.register_blueprint(confidences)
    app.register_blueprint(deposits)
    app.register_blueprint(triage)
    app.register_blueprint(seances)
    app.register_blueprint(rappels)
    app.register_blueprint(fiches)
    app.register_blueprint(papier)
    app.register_blueprint(reports)
    app.register_blueprint(journal)
    app.register_blueprint(members)
    app.register_blueprint(keys)
    app.register_blueprint(mandates)
    app.register_blueprint(invitations)
    app.register_blueprint(peers)
    app.register_blueprint(functions)
    app.register_blueprint(review)

    app.before_request(access.guard)
    app.after_request(headers.harden)
    app.context_processor(_frame)
    errors.register(app)
    french.register(app)
    access.check_declarations(app)
    return app


def _frame() -> dict[str, Any]:
    """What every page's frame shows."""
    found = g.get("identity")
    recorded = g.get("recorded_at")
    return {
        "commune": _commune(),
        "navigation": navigation.links(),
        "actor_label": navigation.actor_label() if found else None,
        "recorded_on": french.day_of(recorded) if recorded else None,
        "recorded_at": french.clock(recorded) if recorded else None,
        "recorded_refusal": g.get("recorded_refusal", False),
        "recorded_under": navigation.recorded_under(),
        "today": access.today(),
        "insecure_local": access.instance().local_http,
    }


def _commune() -> str:
    """Read once: the commune is named at the installation, and not again."""
    kept = current_app.extensions
    if not kept.get("casework.commune"):
        with access.database().read() as session:
            kept["casework.commune"] = cells.setting(session, cells.COMMUNE)
    name: str = kept["casework.commune"]
    return name


__all__ = ["create_app"]
