"""« Modèles de documents »: read, tried with fictional values, replaced, restored, dated."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.documents.letters import NBSP, Properties
from casework.documents.models import MODELS
from casework.documents.papers import draw
from casework.documents.safety import LARGEST
from casework.papers import service
from casework.papers.forms import ReplaceForm
from casework.papers.printing import letterhead, sent
from casework.web.access import (
    Identity,
    action,
    allowed,
    changes,
    database,
    require,
    today,
)
from casework.web.uploads import make_room
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("models", __name__)
make_room(bp, "replace", LARGEST)


@bp.get("/modeles")
@action(Action.PAPER_READ)
def show() -> str:
    domains: dict[str, list[object]] = {}
    for model in MODELS.values():
        domains.setdefault(model.domain, []).append(model)
    with database().read() as session:
        current = service.current(session)
    return render_template("papers/list.html", domains=domains, current=current)


def known(_session: Session, _who: Identity, name: str) -> Subject:
    g.model = require(MODELS.get(name))
    return Subject()


@bp.get("/modeles/<name>")
@action(Action.PAPER_READ, known)
def one(name: str) -> str:
    with database().read() as session:
        versions = service.versions(session, name)
    return render_template(
        "papers/show.html",
        model=g.model,
        versions=versions,
        may_edit=allowed(Action.PAPER_EDIT),
        own=bool(versions and versions[0].content is not None),
    )


@bp.get("/modeles/<name>/modele.docx")
@action(Action.PAPER_READ, known)
def download(name: str) -> Response:
    """The model in force, or one of its versions."""
    asked = request.args.get("version", "")
    with database().read() as session:
        if asked:
            found = [v for v in service.versions(session, name) if str(v.version) == asked]
            source = service.source(require(found[0] if found else None))
        else:
            source = service.in_force(session, name, today())
    return sent(source.content, name.replace("_", "-"))


@bp.get("/modeles/<name>/apercu.docx")
@action(Action.PAPER_READ, known)
def preview(name: str) -> Response:
    """The paper as it would be printed today, of people who do not exist."""
    with database().read() as session:
        source = service.in_force(session, name, today())
        head = {key: text for key, text in letterhead(session).items() if text}
    examples = g.model.examples() | head
    about = Properties(title=g.model.title, author=examples["commune"], dated=today())
    made = draw(name, [examples], today(), about, source)
    return sent(made, f"apercu-{name.replace('_', '-')}")


@bp.get("/modeles/<name>/remplacer")
@action(Action.PAPER_EDIT, known)
def replace_form(name: str) -> str:
    return _form_page(ReplaceForm(formdata=None))


@bp.post("/modeles/<name>/remplacer")
@action(Action.PAPER_EDIT, known)
def replace(name: str) -> Response | tuple[str, int]:
    form = ReplaceForm()
    form.model = g.model
    if not form.validate_on_submit():
        return _form_page(form), 422
    with changes() as change:
        made = service.put(change.session, name, form.content, change.actor)
        change.commit(modele=name, version=made.version, empreinte=made.digest)
    flash(
        f"Le modèle est en place{NBSP}: il sert aux actes d’aujourd’hui et des jours suivants.",
        "succes",
    )
    return redirect(url_for(".one", name=name))


@bp.post("/modeles/<name>/original")
@action(Action.PAPER_EDIT, known)
def restore(name: str) -> Response:
    with changes() as change:
        made = service.put(change.session, name, None, change.actor)
        change.commit(modele=name, version=made.version, empreinte="original")
    flash("Le modèle d’origine est de nouveau en place.", "succes")
    return redirect(url_for(".one", name=name))


def _form_page(form: ReplaceForm) -> str:
    findings = getattr(form, "findings", [])
    return render_template("papers/replace.html", form=form, model=g.model, findings=findings)
