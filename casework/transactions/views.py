"""The commune's pages of a transaction: preparing it, its line, its steps."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.members import signatories
from casework.retention import service as retention
from casework.rights import service as rights
from casework.situations import service as situations
from casework.situations.views import one as one_situation
from casework.transactions import contraventions, service
from casework.transactions.eligibility import minor_at, prepare
from casework.transactions.forms import STEP_FORMS, ProposalForm, StepForm
from casework.transactions.models import Contravention
from casework.transactions.procedure import (
    AUTHORITY,
    TRANSITIONS,
    WAITS,
    Authority,
    Forbidden,
    State,
    Step,
)
from casework.transactions.words import (
    AUTHORITIES,
    DETAILS,
    KINDS,
    LABELS,
    STEPS,
    acts_next,
    drawn,
    quantity,
)
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    reader,
    record_refusal,
    require,
    signature,
    today,
)
from casework.web.forms import Form
from casework.web.practised import not_practised
from charter import recusals
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.subjects import Subject

bp = Blueprint("transactions", __name__)
# The steps of the commune, by the slug of their form, and what their button says; the first
# of those open is the page's main act.
SLUGS = {
    "information": (Step.INFORMER, "Clore et informer le procureur"),
    "remise": (Step.REMETTRE, "Consigner la remise"),
    "reponse": (Step.ACCEPTER, "Consigner la réponse"),
    "homologation": (Step.DEMANDER, "Demander l’homologation"),
    "execution": (Step.VERSER, "Consigner l’exécution"),
    "inexecution": (Step.CONSTATER, "Constater l’inexécution"),
    "rectification": (Step.RECTIFIER, "Rectifier la dernière étape"),
    "abandon": (Step.ABANDONNER, "Abandonner la transaction"),
}


def one(session: Session, who: Identity, reference: str, **_more: str) -> Subject:
    """A déport from the situation closes its transactions too."""
    g.transaction = row = require(service.by_reference(session, reference))
    situation = session.get_one(situations.Situation, row.situation)
    return Subject(
        cell=row.cell,
        reference=row.reference,
        recused=recusals.is_recused(session, who.actor.reference, situation.reference),
        turn=row.attend not in ("", service.AT_PARQUET),
        frozen=rights.frozen(session, situation.id),
        situation=situation.id,
        archived=situation.archived_on is not None,
        lent=retention.lent(session, situation, who.actor.reference),
    )


@bp.get("/situations/<reference>/transaction")
@action(Action.TRANSACTION_PREPARE, one_situation)
def prepare_form(reference: str) -> Response | str:
    if refused := not_practised("transaction"):
        return refused
    form = ProposalForm(formdata=None, mois=3)
    return _prepare_page(form, _read_for(form))


@bp.post("/situations/<reference>/transaction")
@action(Action.TRANSACTION_PREPARE, one_situation)
def record(reference: str) -> Response | tuple[str, int]:
    if refused := not_practised("transaction"):
        return refused
    form = ProposalForm()
    texts = _read_for(form)
    lines = _offer(form)
    if not form.validate_on_submit():
        return _prepare_page(form, texts), 422
    if lacking := service.missing(texts):
        return _prepare_page(form, texts, missing=lacking), 409
    chosen = lines[form.contravention.data]
    try:
        made = _record(form, texts, chosen)
    except Forbidden as no:
        record_refusal()
        _tell(form, no)
        return _prepare_page(form, texts, refusal=no), 409
    except service.AlreadyOpen:
        flash("Une transaction est déjà en cours pour cette situation.", "attention")
        return redirect(url_for("situations.show", reference=reference))
    flash("La proposition est prête : imprimez-la, faites-la signer, puis remettez-la.", "succes")
    return redirect(url_for(".show", reference=made))


def _record(form: ProposalForm, texts: dict[str, str], chosen: Contravention) -> str:
    checks = form.checks(pm_may_record=chosen.pm, communal=chosen.bien_communal)
    born = date.fromisoformat(texts["naissance"])
    representatives = form.representants.data or ""
    with changes() as change:
        protocol = contraventions.protocol(change.session, g.situation.cell)
        dossier = prepare(checks, form.terms(), born, representatives, protocol, today())
        agreement = ""
        if dossier.minor:
            agreement = f"{protocol.minors_agreement}, du {protocol.minors_agreed_on}"
        made = service.create(
            change.session,
            change.writer,
            g.situation,
            dossier,
            texts | {"representants": representatives},
            service.kept(chosen),
            form.content() | {"accord_mineurs": agreement, "par": signature(g.decision)},
        )
        change.commit(made.reference)
    return made.reference


def _read_for(form: ProposalForm) -> dict[str, str]:
    """The texts of the situation; the form is given who may sign, with their arrêtés."""
    reading, who = also(Action.SITUATION_READ, g.subject), identity()
    with database().read() as session:
        opened = situations.open_situation(session, reading, g.situation, EVERYTHING)
        held = who.keyring.compartments
        known = signatories.of_cell(session, reading, g.situation.cell, held, today())
    form.offer([one for one in known if one.held(today())], today(), who.actor.reference)
    parents = "\n".join(
        f"{who.get('prenoms', '')} {who.get('nom', '')}".strip() for who in opened.representants
    )
    return opened.texts | opened.interesse | {"parents": parents}


def _offer(form: ProposalForm) -> dict[int, Contravention]:
    """Only what the police municipale may record is offered, in its version of today."""
    with database().read() as session:
        lines = contraventions.in_force(session, form.pv_date.data or today())
    form.contravention.choices = [(row.id, _offered_as(row)) for row in lines]
    return {row.id: row for row in lines}


def _offered_as(row: Contravention) -> str:
    """A line that nobody compared with the official text says so where it is chosen."""
    warning = "" if row.verifiee else " (à comparer avec Légifrance avant usage)"
    return f"{row.article} : {row.label}{warning}"


def _prepare_page(form: ProposalForm, texts: dict[str, str], **context: object) -> str:
    _offer(form)
    context.setdefault("missing", service.missing(texts))
    if form.representants.data is None:
        form.representants.data = texts["parents"] if _minor(texts) else ""
    return render_template(
        "transactions/prepare.html", form=form, situation=g.situation, texts=texts, **context
    )


def _minor(texts: dict[str, str]) -> bool:
    born = texts.get("naissance")
    return bool(born) and minor_at(date.fromisoformat(born), today())


def _tell(form: Form, no: Forbidden) -> None:
    """The refusal, at the field it is about."""
    name = no.field if no.field in form else next(iter(form._fields))
    form[name].errors = [*form[name].errors, str(no)]


@bp.get("/transactions/<reference>")
@action(Action.TRANSACTION_READ, one)
def show(reference: str) -> str:
    return _page(open_one(reader()))


def open_one(reading: service.Reader) -> service.Opened:
    with database().read() as session:
        categories = g.decision.categories
        return service.open_transactions(session, reading, [g.transaction], categories, today())[0]


def _page(opened: service.Opened, **context: object) -> str:
    forms = context.pop("forms", {})
    with database().read() as session:
        situation = session.get_one(situations.Situation, opened.row.situation)
        cell = cells.cell(session, opened.row.cell)
        scan = attachments.of_record(session, opened.row.id)
    acts = allowed(Action.TRANSACTION_ACT, opened.row.cell, frozen=g.subject.frozen)
    return render_template(
        "transactions/show.html",
        scan=scan,
        transaction=opened,
        situation=situation,
        cell=cell,
        offered=_offered(opened, forms) if acts else [],
        frozen=g.subject.frozen,
        **told(opened),
        **context,
    )


def told(opened: service.Opened) -> dict[str, object]:
    """What both sides' pages say of a transaction."""
    dossier = opened.dossier
    kind = dossier.terms.kind
    return {
        "label": LABELS[opened.state],
        "ended": LABELS[dossier.ended] if dossier.ended else "",
        "waits": WAITS[opened.state],
        "acts_next": acts_next(dossier, today()),
        "steps": drawn(dossier),
        "State": State,
        "STEPS": STEPS,
        "DETAILS": DETAILS,
        "kind": KINDS[kind],
        "due": quantity(kind, dossier.terms.quantity),
        "given": quantity(kind, dossier.given),
        "amount": lambda hundredths: quantity(kind, int(hundredths)),
        "authority": AUTHORITIES[AUTHORITY[kind]],
        "tribunal": AUTHORITY[kind] is Authority.TRIBUNAL,
    }


def _offered(opened: service.Opened, typed: dict[str, StepForm]) -> list[tuple[str, str, StepForm]]:
    """The forms of the steps open now, as the table of the procedure says."""
    made = []
    for slug, (step, button) in SLUGS.items():
        if (opened.state, step) in TRANSITIONS and not _too_early(opened, step):
            blank = STEP_FORMS[slug](formdata=None, le=today(), version=opened.row.version)
            made.append((slug, button, typed.get(slug, blank).on_its_own(slug)))
    return made


def _too_early(opened: service.Opened, step: Step) -> bool:
    """Nobody is offered to say that a work is not done while its time runs."""
    end = opened.dossier.execute_before
    return step is Step.CONSTATER and end is not None and today() <= end


@bp.post("/transactions/<reference>/<etape>")
@action(Action.TRANSACTION_ACT, one)
def act(reference: str, etape: str) -> Response | tuple[str, int]:
    form = require(STEP_FORMS.get(etape))()
    opened = open_one(also(Action.TRANSACTION_READ, g.subject))
    if not form.validate_on_submit():
        return _page(opened, forms={etape: form}), 422
    if form.version.data != opened.row.version:
        return _page(opened, forms={etape: form}, changed=True), 409
    try:
        with changes() as change:
            signed = service.Signed(signature(g.decision), g.decision.mandate.number)
            service.act(change.session, change.writer, opened, form.event(), signed, today())
            change.commit(motive=form.motive)
    except Forbidden as no:
        record_refusal()
        _tell(form, no)
        return _page(opened, forms={etape: form}, refusal=no), 409
    except service.ActConflict:
        again = open_one(also(Action.TRANSACTION_READ, g.subject))
        return _page(again, forms={etape: form}, changed=True), 409
    flash("L’étape est consignée.", "succes")
    return redirect(url_for(".show", reference=reference))
