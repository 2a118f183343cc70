"""The DPO's console: who accessed what, and whether the journal is intact."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from audit import query
from audit.notes import NoteError
from audit.verify import keys_of, verify
from casework.cells import service as cells
from casework.clock import midnight
from casework.journal import extract, motives, questions, service, witness
from casework.journal.questions import Question
from casework.members import service as members
from casework.vault.keyring import Reader
from casework.web.access import (
    action,
    database,
    identity,
    instance,
    reader,
    require,
    today,
)
from casework.web.forms import Form, paragraph, row_number
from casework.web.french import moment
from casework.web.journal import checkpoint_line, current_note
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("journal", __name__)
PAGE = 100
MOST_IN_A_TABLE, MOST_ON_PAPER = 100_000, 1000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNREADABLE = (
    "Cette note n’est pas un point de contrôle signé par ce journal. Collez-la entière, "
    "de son origine à sa signature."
)


class KeptForm(Form):
    """A checkpoint the DPO kept, to compare with the journal of today."""

    note = paragraph(
        "Point de contrôle conservé", "Collez la note que vous avez gardée.", longest=4000
    )


@bp.post("/journal")
@action(Action.JOURNAL_READ)
def ask() -> Response:
    """Questions are typed, so they are posted: only a reference goes on to the address, never a
    name typed by mistake."""
    typed = request.form.get("object", "").strip()
    with database().read() as session:
        question = Question.read(request.form, today(), _codes(session))
    if typed and not question.object:
        flash("Un dossier se désigne par sa référence, par exemple CCTP-2026-012.", "attention")
    if question == Question.read({"object": question.object}, today()) and question.object:
        # Who opened this file, and nothing else: all of its story, not its last thirty days.
        return redirect(url_for(".story", object=question.object))
    return redirect(url_for(".entries", **question.address()))


@bp.get("/journal")
@action(Action.JOURNAL_READ)
def entries() -> str:
    with database().read() as session:
        codes = _codes(session)
        question = Question.read(request.args, today(), codes)
        rows = query.search(
            session.connection(),
            **question.filters(service.references(session, question.object)),
            before_seq=row_number(request.args.get("before")),
            limit=PAGE,
        )
        older = question.address(before=str(rows[-1].seq)) if len(rows) == PAGE else None
        return render_template(
            "journal/entries.html",
            rows=rows,
            question=question,
            cells=[(code, code) for code in codes],
            next_url=url_for(".entries", **older) if older else None,
            shortcuts=_shortcuts(question),
            **_words(session, rows),
        )


def _codes(session: Session) -> list[str]:
    return [cell.code for cell in cells.every_cell(session)]


def _shortcuts(question: Question) -> list[dict[str, Any]]:
    """The usual questions, over the period already chosen."""
    period = {name: question.address()[name] for name in ("since", "until")}
    asked = {"Tout": {}, "Refus": {"outcome": "refuse"}}
    asked |= {label: {"kind": kind} for kind, (label, _) in questions.KINDS.items()}
    here = {name: value for name, value in question.address().items() if name not in period}
    return [
        {"label": label, "url": url_for(".entries", **what, **period), "current": here == what}
        for label, what in asked.items()
    ]


def _words(session: Session, rows: list[query.Row]) -> dict[str, Any]:
    """What the closed words of these entries read in French, and their motives, unsealed."""
    return {
        "names": _names(session),
        "motives": motives.opened(session, reader(), rows),
        "outcomes": questions.OUTCOMES,
        "roles": questions.ROLES,
        "actions": questions.ACTIONS,
    }


def _names(session: Session) -> dict[str, str]:
    return names_of_members(session, reader(), identity().keyring.compartments)


def names_of_members(session: Session, reading: Reader, held: Collection[str]) -> dict[str, str]:
    """Names of members, never of a person followed; references alone without the directory."""
    if members.DIRECTORY not in held:
        return {}
    known = members.identities(session, reading, members.everyone(session))
    return {reference: who.name for reference, who in known.items()}


@bp.get("/journal/dossier")
@action(Action.JOURNAL_READ)
def story() -> str:
    """The story of one file, from its first entry on."""
    reference = Question.read(request.args, today()).object
    with database().read() as session:
        known = service.references(session, reference)
        found = list(query.every(session.connection(), MOST_IN_A_TABLE, objects=known))
        return render_template(
            "journal/story.html",
            reference=reference,
            others=known[1:],
            sittings=service.sittings(session, reference),
            rows=found[::-1],
            members=_by_member(found),
            **_words(session, found),
        )


def _by_member(rows: list[query.Row]) -> list[dict[str, Any]]:
    """For each member, how many entries, the first and the last."""
    counted = Counter(row.actor for row in rows)
    last, first = {}, {}
    for row in rows:  # the newest first
        last.setdefault(row.actor, row.time)
        first[row.actor] = row.time
    return [
        {"actor": actor, "count": count, "first": first[actor], "last": last[actor]}
        for actor, count in counted.most_common()
    ]


@bp.get("/journal/journee")
@action(Action.JOURNAL_READ)
def day() -> str:
    """The day of one member, hour by hour."""
    who = Question.read(request.args, today()).actor
    chosen = questions.day_asked(request.args.get("jour", ""), today())
    following = chosen + timedelta(days=1)
    with database().read() as session:
        found = query.every(
            session.connection(),
            MOST_IN_A_TABLE,
            actor=who,
            since=midnight(chosen),
            until=midnight(following),
        )
        rows = list(found)[::-1] if who else []
        return render_template(
            "journal/day.html",
            who=who,
            day=chosen,
            rows=rows,
            before=url_for(".day", actor=who, jour=f"{chosen - timedelta(days=1):%Y-%m-%d}"),
            after=url_for(".day", actor=who, jour=f"{following:%Y-%m-%d}"),
            **_words(session, rows),
        )


def _asked_file(*_: object) -> Subject:
    """The entry of an export says which file it was about."""
    return Subject(reference=Question.read(request.args, today()).object)


@bp.get("/journal/export")
@action(Action.JOURNAL_EXPORT, _asked_file)
def export() -> Response:
    """The answer to a question, as a table or on paper; the entry of the export comes first."""
    on_paper = request.args.get("format") == "docx"
    most = MOST_ON_PAPER if on_paper else MOST_IN_A_TABLE
    with database().read() as session:
        question = Question.read(request.args, today(), _codes(session))
        filters = question.filters(service.references(session, question.object))
        rows = list(query.every(session.connection(), most + 1, **filters))
        names = _names(session)
        answer = extract.Extract(
            commune=cells.setting(session, cells.COMMUNE),
            question=question.sentence(names.get(question.actor, question.actor)),
            asked_by=identity().unlocked.name or identity().actor.reference,
            asked_at=moment(datetime.now(UTC)),
            checkpoint=checkpoint_line(session),
            rows=rows[:most],
            names=names,
            cut=len(rows) > most,
        )
    made, kind = (extract.as_docx, DOCX) if on_paper else (extract.as_csv, "text/csv")
    name = f"journal-{question.since:%Y-%m-%d}-{question.until:%Y-%m-%d}"
    suffix = "docx" if on_paper else "csv"
    return send_file(
        BytesIO(made(answer)), mimetype=kind, as_attachment=True, download_name=f"{name}.{suffix}"
    )


@bp.get("/journal/verification")
@action(Action.JOURNAL_VERIFY)
def check() -> str:
    return _page(KeptForm(formdata=None), None)


@bp.post("/journal/verification")
@action(Action.JOURNAL_VERIFY)
def compare() -> str | tuple[str, int]:
    form = KeptForm()
    if not form.validate_on_submit():
        return _page(form, None), 422
    # A browser sends \r\n from a text area; a signed note has \n.
    kept = (form.note.data or "").replace("\r\n", "\n")
    kept = kept.strip() + "\n"
    try:
        with database().read() as session:
            keys_of(session.connection(), instance().journal.verifier).open(kept)
    except NoteError:
        form.note.errors = [UNREADABLE]
        return _page(form, None), 422
    return _page(form, kept)


def _page(form: KeptForm, kept: str | None) -> str:
    journal = instance().journal
    readings = journal.readings()  # before the entries they stand under
    name, key = witness.own_name(), witness.own_key()
    with database().read() as session:
        return render_template(
            "journal/verification.html",
            report=verify(session.connection(), journal.verifier, kept, readings),
            kept=kept,
            mine=service.countersigned_by(kept, name, key) if kept else None,
            note=current_note(session),
            verifier_key=str(journal.verifier),
            own_key=str(service.public_key(name, key)),
            checkpoints=service.checkpoints(session),
            names=_names(session),
            period=service.period(session),
            form=form,
        )


@bp.post("/journal/point-de-controle")
@action(Action.JOURNAL_CHECKPOINT)
def checkpoint() -> Response:
    witness.establish()
    flash("Le point de contrôle est établi. Conservez-le hors de cette installation.", "succes")
    return redirect(url_for(".check"))


@bp.get("/journal/point-de-controle")
@action(Action.JOURNAL_VERIFY)
def download() -> Response:
    """A kept checkpoint as a file: the note, with every signature on it."""
    size = row_number(request.args.get("entrees"))
    with database().read() as session:
        note = require(service.checkpoint_note(session, size) if size is not None else None)
    name = f"point-de-controle-{size}.txt"
    content = BytesIO(note.encode())
    return send_file(content, mimetype="text/plain", as_attachment=True, download_name=name)
