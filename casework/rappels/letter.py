"""The fiche-navette as a letter: from the opened fiche to the printed one."""

from datetime import date

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.documents.fiche_navette import (
    MODEL,
    Addressee,
    Answer,
    Facts,
    FicheNavette,
    Form,
    Held,
    Letterhead,
    Notice,
    Person,
    Reply,
    render,
)
from casework.papers import service as models
from casework.papers.printing import ADDRESS, PHONE
from casework.rappels.procedure import State
from casework.rappels.service import Opened
from casework.web.french import local


def letter(session: Session, opened: Opened, checkpoint: str, made: str) -> bytes:
    """The .docx of a fiche in its present time; raises ModelError, IncompleteFiche."""
    row, texts = opened.row, opened.texts
    cell = cells.cell(session, row.cell)
    first = local(row.t1_at).date()
    fiche = FicheNavette(
        reference=row.reference,
        dated=local(row.t3_at).date() if row.t3_at else first,
        letterhead=Letterhead(
            commune=cells.setting(session, cells.COMMUNE),
            address=cells.setting(session, ADDRESS),
            service=cells.setting(session, cells.SERVICE),
            place=cells.setting(session, cells.COMMUNE),
            followed_by=texts["informe_par"],
            phone=cells.setting(session, PHONE),
        ),
        addressee=Addressee(court=cells.setting(session, cells.TRIBUNAL)),
        person=Person(
            birth_name=texts["nom"],
            given_names=texts["prenoms"],
            born_on=date.fromisoformat(texts["naissance"]),
            born_at=texts["lieu_naissance"],
        ),
        facts=Facts(
            day=date.fromisoformat(texts["faits_date"]),
            place=texts["faits_lieu"],
            description=texts["recit"],
            part=texts["implication"],
        ),
        notice=Notice(day=first, by=texts["informe_par"], exclusions_checked_on=first),
        checkpoint=checkpoint,
        made=made,
        cell=f"{cell.name} ({cell.code})" if cell else row.cell,
        answer=_answer(opened),
        held=_held(opened),
    )
    return render(fiche, models.in_force(session, MODEL, fiche.dated))


def _answer(opened: Opened) -> Answer | None:
    if opened.row.t2_at is None:
        return None
    judicial = opened.state is State.JUDICIAIRE
    return Answer(
        day=local(opened.row.t2_at).date(),
        reply=Reply.JUDICIAIRE if judicial else Reply.POSSIBLE,
        by=opened.texts["repondu_par"],
        observation=opened.texts["observation"],
    )


def _held(opened: Opened) -> Held | None:
    row, texts = opened.row, opened.texts
    if row.t3_at is None:
        return None
    by = texts["tenu_par"]
    if texts["delegation"]:
        by = f"{by}, par délégation ({texts['delegation']})"
    return Held(
        day=date.fromisoformat(texts["tenu_le"]),
        form=Form(texts["forme"]),
        by=by,
        reported_on=local(row.t3_at).date(),
        reported_by=texts["rendu_par"],
        carence=opened.carence,
        present=texts["presents"],
        impossibility=texts["impossibilite"],
    )
