"""Errors as a colleague would say them, and logs that hold no value."""

import logging
import traceback

from flask import Flask, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from audit.journal import JournalError
from casework.db import DatabaseBusy
from casework.documents.fiche_navette import IncompleteFiche
from casework.documents.letters import ModelError
from casework.members.admission import CannotAdmit
from casework.members.renewal import NotAHolder
from casework.rights.service import FrozenSituation
from casework.signin import confirm
from casework.signin import views as signin
from casework.vault.errors import IntegrityError, NoKey
from casework.vault.store import NotFounded
from casework.web.access import Refused, SignedOut, keys_changed, record_failure, today
from charter.references import reference_on

log = logging.getLogger("casework")
Answer = tuple[str, int]
TITLES = {400: "Demande incomplète", 404: "Page introuvable", 405: "Action impossible ici"}
SENTENCES = {
    400: "La demande n’a pas pu être lue.",
    404: "Cette page n’existe pas, ou n’existe plus.",
    405: "Cette action n’est pas possible à cette adresse.",
    413: "L’envoi est trop volumineux : raccourcissez le texte, ou joignez un fichier de 5 Mo au "
    "plus. Revenez à la page précédente : votre saisie y est encore.",
}


def register(app: Flask) -> None:
    """One handler for each named error; Flask's own log keeps the place, not the message."""
    app.logger.addFilter(_without_values)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(JournalError, _journal)
    app.register_error_handler(DatabaseBusy, _busy)
    app.register_error_handler(NoKey, _no_key)
    app.register_error_handler(NotFounded, _not_founded)
    app.register_error_handler(CannotAdmit, _cannot_admit)
    app.register_error_handler(NotAHolder, _not_a_holder)
    app.register_error_handler(FrozenSituation, _frozen)
    app.register_error_handler(ModelError, _document)
    app.register_error_handler(IncompleteFiche, _document)
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _without_values(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def _page(code: int, title: str, sentence: str, remedy: str = "", **context: object) -> Answer:
    page = render_template(
        "errors/erreur.html", code=code, title=title, sentence=sentence, remedy=remedy, **context
    )
    return page, code


def _refused(error: Refused) -> Answer:
    decision = error.decision
    if decision.stale:
        return confirm.ask()
    links, cell, actor = [], g.subject.cell, g.identity.actor
    mine = {mandate.cell for mandate in actor.mandates if mandate.cell} - actor.excluded
    if cell in mine and cell not in actor.signed:
        links.append(("Lire et signer la charte", url_for("charters.read", cell=cell)))
    elif cell in mine and cell in actor.forbidden:
        links.append(("Lire la charte de la cellule", url_for("charters.read", cell=cell)))
    return _page(
        403,
        "Accès refusé",
        decision.sentence,
        decision.remedy,
        article=reference_on(decision.article, today()).label,
        links=links,
    )


def _signed_out(_error: SignedOut) -> Answer | Response:
    return signin.signed_out()


def _forged(_error: CSRFError) -> Answer | Response:
    if request.endpoint == "signin.sign_in":
        return redirect(url_for("signin.form"))
    return _page(
        400,
        "Formulaire expiré",
        "Ce formulaire est resté ouvert trop longtemps, ou vient d’une autre page.",
        "Revenez à la page précédente : votre saisie y est encore. Rechargez-la, puis validez.",
    )


def _integrity(error: IntegrityError) -> Answer:
    record_failure(error)
    log.error("integrity error on %s", error.field)
    where = f" de {error.record}" if error.record else ""
    return _page(
        500,
        "Donnée altérée",
        f"Le champ « {error.field} »{where} ne peut pas être authentifié : il a été modifié ou "
        "déplacé en dehors de l’application. Il n’est pas affiché.",
        "Prévenez le DPO et l’administrateur : une sauvegarde permettra de le rétablir.",
    )


def _journal(error: JournalError) -> Answer:
    log.error("journal refused: %s", type(error).__name__)
    return _page(
        503,
        "Journal indisponible",
        "Le journal des accès ne peut pas être écrit : rien n’a été lu ni enregistré.",
        "Prévenez l’administrateur, puis réessayez.",
    )


def _busy(_error: DatabaseBusy) -> Answer:
    return _page(
        503,
        "Base occupée",
        "La base est occupée par une autre écriture : rien n’a été lu ni enregistré.",
        "Réessayez dans un instant.",
    )


def _no_key(_error: NoKey) -> Answer:
    if keys_changed():
        return _page(
            409,
            "Clé renouvelée",
            "La clé a été renouvelée pendant votre demande : rien n’a été lu ni enregistré.",
            "Rechargez cette page : votre demande repart avec la nouvelle clé, telle quelle.",
        )
    return _page(
        403,
        "Clé absente",
        "Vous ne détenez pas la clé de ce dossier.",
        "Demandez au coordonnateur de la cellule de vous admettre.",
    )


def _not_founded(error: NotFounded) -> Answer:
    return _page(
        409,
        "Pas encore possible",
        f"« {error} » n’a pas encore de clé : sa première personne habilitée ne s’est pas "
        "encore connectée.",
        "Demandez-lui d’ouvrir son compte, puis recommencez.",
    )


def _cannot_admit(_error: CannotAdmit) -> Answer:
    return _page(
        409,
        "Admission impossible",
        "Ce membre n’a pas encore ouvert son compte, n’a pas signé la charte en vigueur, ou n’a "
        "plus de mandat dans cette cellule.",
        "Faites renouveler son mandat s’il est terminé ; sinon demandez-lui de se connecter et de "
        "signer, puis admettez-le.",
    )


def _not_a_holder(_error: NotAHolder) -> Answer:
    return _page(
        409,
        "Renouvellement impossible",
        "Renouveler une clé revient à quelqu’un qui la détient et dont le mandat se poursuit.",
        "Demandez-le à un autre coordonnateur de la cellule.",
    )


def _frozen(_error: FrozenSituation) -> Answer:
    return _page(
        409,
        "Traitement limité",
        "Une de ces situations est limitée à la demande de la personne (art. 18 du RGPD) : elle "
        "est conservée, et rien d’autre n’en est fait.",
        "Retirez-la, ou attendez que la limitation soit levée.",
    )


def _document(error: Exception) -> Answer:
    return _page(409, "Document impossible", str(error))


def _unknown_host(_error: SecurityError) -> Response:
    """In plain text: without a trusted host there is no address to draw a page with."""
    return Response("Cette installation ne répond pas sous ce nom.\n", 400, mimetype="text/plain")


def _http(error: HTTPException) -> Answer | Response:
    code = error.code or 500
    if 300 <= code < 400:
        return error.get_response()
    sentence = SENTENCES.get(code, "La demande n’a pas abouti.")
    return _page(code, TITLES.get(code, "Erreur"), sentence)


def _unexpected(error: Exception) -> Answer | Response:
    """Log where, never what: an exception's message may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log.error("unexpected %s at %s", type(error).__name__, places)
    if isinstance(error, TemplateError):  # the error page is a template too
        return Response("Erreur inattendue : rien n’a été enregistré.\n", 500)
    return _page(
        500,
        "Erreur inattendue",
        "L’application a rencontré une erreur : rien n’a été enregistré.",
        "Réessayez ; si l’erreur persiste, prévenez l’administrateur.",
    )
