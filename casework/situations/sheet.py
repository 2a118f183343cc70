"""The page of one situation: who, what, what is missing, what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import g, render_template
from sqlalchemy.orm import Session

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.closure import service as closure
from casework.cmer import service as cmer
from casework.confidences import service as confidences
from casework.danger import service as danger
from casework.information import service as information
from casework.involvement import service as involvement
from casework.members import service as members
from casework.orientations import service as orientations
from casework.parenting import service as parenting
from casework.rappels import service as rappels
from casework.rappels.steps import line
from casework.retention import service as retention
from casework.seances import service as seances
from casework.situations import events, further, service
from casework.situations.following import seats
from casework.situations.happening import Happening
from casework.situations.models import PersonEvent, Situation
from casework.situations.story import story
from casework.situations.views import LISTS, bp, labels, one
from casework.transactions import service as transactions
from casework.web.access import action, allowed, database, identity, reader, today
from charter import recusals, register
from charter.actions import Action
from charter.categories import Category
from charter.matrix import readers
from charter.roles import Role

SHOWN = (*LISTS, "sexe", "faits", "suite", "lien", "canal", "mode_information", "service")


@bp.get("/situations/<reference>")
@action(Action.SITUATION_READ, one)
def show(reference: str) -> str:
    situation, cell, categories = g.situation, g.situation.cell, g.decision.categories
    frozen = g.subject.frozen
    with database().read() as session:
        opened = service.open_situation(session, reader(), situation, categories)
        fiches = rappels.of_situation(session, situation.id)
        options = cells.options(session, cell)
        may_read_rappel = allowed(Action.RAPPEL_READ, cell)
        procedures = (
            rappels.open_procedures(session, reader(), fiches, categories)
            if may_read_rappel
            else []
        )
        lines = [line(procedure) for procedure in procedures]
        directs = allowed(Action.SITUATION_RESTORE, cell)
        aside = recusals.recused_members(session, reference) if directs else {}
        followers = service.followers_of(session, situation.id)
        words = labels(session, *SHOWN)
        happened = _domains(session, situation, words)
        told = story(
            opened,
            fiches,
            seances.seances_about(session, situation.id),
            events.of(session, PersonEvent, situation.id),
            *happened.pop("happenings"),
        )
        authors = {happening.author for happening in told if happening.author}
        names = members.named(
            session, reader(), followers | aside.keys() | authors, identity().keyring.compartments
        )
        return render_template(
            "situations/show.html",
            situation=opened,
            labels=words,
            readers=readers(Action.SITUATION_READ, _seats(session, cell)),
            categories=categories,
            story=_signed(told, names),
            rappels=fiches,
            rappel_lines=lines,
            judicial_before=any(line.judicial for line in lines[:1]),
            verdicts={} if may_read_rappel else rappels.verdicts(session, reader(), fiches),
            names=names,
            followers=seats(session, cell, reference, followers),
            stepped_aside=aside,
            directs=directs,
            confidences=_confidences(session, situation),
            clock=retention.clock_of(session, situation),
            may_renew=allowed(Action.RETENTION_KEEP, cell, frozen=frozen),
            today=today(),
            may=_may(cell),
            elsewhere=_other_cells(session, cell) if not frozen else (),
            frozen=frozen,
            coordinates=allowed(Action.SITUATION_EDIT, cell),
            may_follow=allowed(Action.SITUATION_FOLLOW, cell, frozen=frozen),
            may_edit=allowed(Action.SITUATION_EDIT, cell, frozen=frozen),
            may_announce=allowed(Action.RAPPEL_ANNOUNCE, cell, frozen=frozen) and options.rappel,
            may_read_rappel=may_read_rappel,
            transactions=transactions.of_situation(session, situation.id),
            may_read_transactions=allowed(Action.TRANSACTION_READ, cell),
            may_prepare_transaction=allowed(Action.TRANSACTION_PREPARE, cell, frozen=frozen)
            and options.transaction,
            may_open_aide=allowed(Action.PARENTING_OPEN, cell, frozen=frozen)
            and options.parenting
            and not situation.closed_on,
            **happened,
        )


def _other_cells(session: Session, cell: str) -> list[str]:
    """The other cells that this person may bring somebody to: none from an isolated one, nor to."""
    if cells.isolated(session, cell):
        return []
    held = {mandate.cell for mandate in identity().actor.hats if mandate.cell}
    return sorted(
        code
        for code in held - {cell}
        if allowed(Action.SITUATION_CREATE, code) and not cells.isolated(session, code)
    )


def _domains(
    session: Session, situation: Situation, words: Mapping[str, Mapping[int, str]]
) -> dict[str, object]:
    """What each domain shows of the situation, in the categories opened."""
    categories = g.decision.categories
    record = events.opened(session, reader(), situation)
    informed = information.of_situation(session, record, situation.id, categories)
    turns = closure.of_situation(session, record, situation.id, categories)
    notices = danger.of_situation(session, record, situation.id, categories)
    joined = further.of_situation(session, record, situation.id, categories)
    isolated = cells.isolated(session, situation.cell)
    signal = (
        cmer.of_situation(session, record, situation.id, categories)
        if isolated and Category.ORIENTATION in categories
        else []
    )
    reads_aides = allowed(Action.PARENTING_READ, situation.cell)
    aides = parenting.of_situation(session, record, situation.id) if reads_aides else []
    return {
        "informed": informed,
        "information_required": information.required(session, situation.cell),
        "information_missing": information.missing(session, [situation.id]),
        "turns": turns,
        "notices": notices,
        "further": joined,
        "involved": involvement.of_situation(session, record, situation.id, categories),
        "proposals": orientations.of_situation(session, situation.id)
        if Category.ORIENTATION in categories
        else [],
        "proposal_labels": orientations.LABELS,
        "proposal_words": lambda row: orientations.words(record, row),
        "is_signal": isolated,
        "signal": signal,
        "may_treat": allowed(Action.CMER_READ, situation.cell),
        "may_read_aides": reads_aides,
        "aides": aides,
        "files": attachments.count(session, situation.id),
        "happenings": (
            information.happenings(informed, words["mode_information"]),
            closure.happenings(turns, words["statut"]),
            danger.happenings(notices),
            further.happenings(joined, words["origine"]),
            parenting.happenings(aides),
            cmer.happenings(signal),
            orientations.happenings(session, record, situation.id, categories, words["suite"]),
        ),
    }


def _signed(told: Iterable[Happening], names: Mapping[str, members.Identity]) -> list[Happening]:
    """Each line with who did it, and under which mandate."""
    return [replace(happening, by=_by(happening, names)) for happening in told]


def _by(happening: Happening, names: Mapping[str, members.Identity]) -> str:
    who = names.get(happening.author)
    role = Role(happening.role).label if happening.role else who.fonction if who else ""
    return ", ".join(filter(None, (who.name if who else happening.author, role)))


def _may(cell: str) -> dict[str, bool]:
    """The acts this member may do on a situation of the cell, by the template's names."""
    return {
        name: allowed(what, cell, frozen=g.subject.frozen)
        for name, what in {
            "inform": Action.INFORMATION_RECORD,
            "except": Action.INFORMATION_EXCEPT,
            "export": Action.INFORMATION_EXPORT,
            "close": Action.SITUATION_CLOSE,
            "reopen": Action.SITUATION_REOPEN,
            "warn": Action.DANGER_RECORD,
            "attach": Action.ATTACHMENT_READ,
            "receipt": Action.SITUATION_RECEIPT,
        }.items()
    }


def _confidences(session: Session, situation: Situation) -> int | None:
    """How many the maire recorded; None for anybody else, who is not even told that any exist."""
    if not allowed(Action.CONFIDENCE_READ, situation.cell):
        return None
    return confidences.count(session, situation.id)


def _seats(session: Session, cell: str) -> frozenset[Role]:
    """The roles someone holds in this cell: who may see a block, and nobody else's."""
    return frozenset(register.members_of(session, cell).values())
