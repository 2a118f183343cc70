"""casework: confidential case tracking for the cellules nominatives of French towns."""

from typing import Any

from flask import Flask, current_app, g
from flask_wtf.csrf import CSRFProtect

from casework import migrate
from casework.account.views import bp as account
from casework.aipd.views import bp as aipd
from casework.attachments.views import bp as attachments
from casework.breaches.views import bp as breaches
from casework.cells import service as cells
from casework.cells.list_views import bp as lists
from casework.cells.views import bp as cell_pages
from casework.charters.publishing import bp as publishing
from casework.charters.table import bp as matrix
from casework.charters.views import bp as charters
from casework.closure.views import bp as closure
from casework.cmer.views import bp as cmer
from casework.confidences.views import bp as confidences
from casework.danger.views import bp as danger
from casework.db import Base, Database, unclassified_columns
from casework.deadlines.views import bp as deadlines
from casework.deposits.triage import bp as triage
from casework.deposits.views import bp as deposits
from casework.figures.views import bp as figures
from casework.home.views import bp as home
from casework.imports.sweeping import bp as sweeping
from casework.imports.views import bp as imports
from casework.information.views import bp as information
from casework.instance import Instance
from casework.involvement.views import bp as involvement
from casework.journal.views import bp as journal
from casework.journal.witness import bp as witness
from casework.mail.convening_views import bp as convening
from casework.mail.mailbox_views import bp as mailbox
from casework.mail.views import bp as mail
from casework.members.function_views import bp as functions
from casework.members.invitation_views import bp as invitations
from casework.members.key_views import bp as keys
from casework.members.mandate_views import bp as mandates
from casework.members.peer_views import bp as peers
from casework.members.take_up import bp as members
from casework.orientations.views import bp as orientations
from casework.papers.views import bp as models
from casework.parenting.papers import bp as parenting_papers
from casework.parenting.views import bp as parenting
from casework.processing.views import bp as processing
from casework.rappels.act_views import bp as etapes
from casework.rappels.consultation_views import bp as consultations
from casework.rappels.desk import bp as permanence
from casework.rappels.paper import bp as papier
from casework.rappels.paper_views import bp as courriers
from casework.rappels.parquet import bp as fiches
from casework.rappels.views import bp as rappels
from casework.recusals.views import bp as recusals
from casework.reports.views import bp as reports
from casework.resources import folder
from casework.retention.archive_views import bp as archives
from casework.retention.tables import undeclared
from casework.retention.views import bp as retention
from casework.review.views import bp as review
from casework.rights.cell_views import bp as cell_rights
from casework.rights.views import bp as rights
from casework.seances.contribution_views import bp as contributions
from casework.seances.examination_views import bp as examens
from casework.seances.paper_views import bp as papiers
from casework.seances.preparation_views import bp as preparation
from casework.seances.request_views import bp as urgences
from casework.seances.sitting_views import bp as tenue
from casework.seances.views import bp as seances
from casework.signin.confirm import bp as confirm
from casework.signin.views import bp as signin
from casework.situations.followers import bp as followers
from casework.situations.further_views import bp as further
from casework.situations.listing import bp as situations
from casework.situations.people_views import bp as people
from casework.transactions.homologation import bp as homologations
from casework.transactions.homologation_paper import bp as homologation_paper
from casework.transactions.papers import bp as transaction_papers
from casework.transactions.table import bp as contraventions
from casework.transactions.views import bp as transactions
from casework.watch.views import bp as watch
from casework.web import access, errors, french, headers, navigation
from casework.web.pages import bp as pages
from casework.web.uploads import MemoryRequest
from charter.models import Base as CharterBase

__version__ = "0.1.0"
LARGEST_REQUEST = 1_000_000  # bytes; a page of text is far under, and nothing spools to disk


class Unclassified(Exception):
    """A column says neither why it is clear nor under what it is sealed, or a table not how long
    it is kept."""


def create_app(instance: Instance, *, serving: bool = True) -> Flask:
    """The application of one instance. Refuses to start on an undeclared route or column, on a
    table whose retention is not declared, and on a database of another release, unless it is only
    to be looked at (``serving`` is false)."""
    if loose := unclassified_columns(Base.metadata, CharterBase.metadata):
        raise Unclassified(", ".join(loose))
    if loose := undeclared(*migrate.METADATA):
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
    database = Database(instance.database, instance.binding)
    if serving:
        try:
            migrate.check(database, instance.data)
        finally:
            database.engine.dispose()  # workers open their own connections after the fork
    app.extensions["casework.database"] = database
    CSRFProtect(app)

    app.register_blueprint(pages)
    app.register_blueprint(signin)
    app.register_blueprint(confirm)
    app.register_blueprint(account)
    app.register_blueprint(mailbox)
    app.register_blueprint(home)
    app.register_blueprint(charters)
    app.register_blueprint(publishing)
    app.register_blueprint(matrix)
    app.register_blueprint(cell_pages)
    app.register_blueprint(lists)
    app.register_blueprint(situations)
    app.register_blueprint(followers)
    app.register_blueprint(imports)
    app.register_blueprint(sweeping)
    app.register_blueprint(recusals)
    app.register_blueprint(people)
    app.register_blueprint(further)
    app.register_blueprint(information)
    app.register_blueprint(involvement)
    app.register_blueprint(danger)
    app.register_blueprint(closure)
    app.register_blueprint(retention)
    app.register_blueprint(archives)
    app.register_blueprint(attachments)
    app.register_blueprint(confidences)
    app.register_blueprint(deposits)
    app.register_blueprint(triage)
    app.register_blueprint(seances)
    app.register_blueprint(preparation)
    app.register_blueprint(urgences)
    app.register_blueprint(tenue)
    app.register_blueprint(examens)
    app.register_blueprint(contributions)
    app.register_blueprint(papiers)
    app.register_blueprint(convening)
    app.register_blueprint(orientations)
    app.register_blueprint(rappels)
    app.register_blueprint(etapes)
    app.register_blueprint(courriers)
    app.register_blueprint(consultations)
    app.register_blueprint(permanence)
    app.register_blueprint(fiches)
    app.register_blueprint(papier)
    app.register_blueprint(transaction_papers)
    app.register_blueprint(transactions)
    app.register_blueprint(homologations)
    app.register_blueprint(homologation_paper)
    app.register_blueprint(contraventions)
    app.register_blueprint(cmer)
    app.register_blueprint(parenting_papers)
    app.register_blueprint(parenting)
    app.register_blueprint(deadlines)
    app.register_blueprint(figures)
    app.register_blueprint(reports)
    app.register_blueprint(journal)
    app.register_blueprint(witness)
    app.register_blueprint(watch)
    app.register_blueprint(models)
    app.register_blueprint(members)
    app.register_blueprint(keys)
    app.register_blueprint(mandates)
    app.register_blueprint(invitations)
    app.register_blueprint(peers)
    app.register_blueprint(functions)
    app.register_blueprint(review)
    app.register_blueprint(mail)
    app.register_blueprint(rights)
    app.register_blueprint(cell_rights)
    app.register_blueprint(breaches)
    app.register_blueprint(processing)
    app.register_blueprint(aipd)

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
