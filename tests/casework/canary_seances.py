"""Canaries in a séance: prepared, held, contributed to, corrected, cancelled, asked for."""

from datetime import timedelta

from sqlalchemy import select

from casework.orientations.forms import ReplyForm
from casework.seances.examination_form import (
    MOST_ORIENTATIONS,
    ContributionForm,
    ExaminationForm,
)
from casework.seances.forms import (
    CancelForm,
    CloseForm,
    EditForm,
    OpenForm,
    PresenceForm,
    RequestForm,
    SeanceForm,
)
from casework.seances.models import Orientation, UrgentRequest
from casework.situations.models import Situation
from casework.web.access import today
from charter import register
from charter.roles import Role
from tests.casework.canary import (
    Typist,
)
from tests.conftest import World


def convened(world: World) -> list[str]:
    """The coordinator and the principal."""
    with world.database.read() as session:
        held = register.members_of(session, "CCTP")
    wanted = {Role.COORDONNATEUR, Role.EDUCATION_NATIONALE}
    return [member for member, role in held.items() if role in wanted]


def sittings(
    world: World, typist: Typist, situation: str, seance: str
) -> list[tuple[str, str, list[str]]]:
    """A séance edited, contributed to, opened, recorded, closed, corrected; others cancelled and
    asked for."""
    coordinator, member = world.visitor("coordination"), world.visitor("education")
    reference = situation.rpartition("/")[2]
    with world.database.read() as session:
        number = session.scalar(select(Situation.id).where(Situation.reference == reference))
    members = convened(world)
    day = f"{today() - timedelta(days=19):%d/%m/%Y}"
    line = {"lignes-0-situation": number, "lignes-0-inscrite": "y", "lignes-0-rang": 1}
    plan = {"jour": day, "heure": "14:30", "membres": members, "version": 1, **line}
    _, edited = typist.submit(coordinator, f"{seance}/modifier", EditForm, **plan)
    typist.post(coordinator, f"{seance}/modifier", plan | edited)  # told of a stale version

    said = f"{seance}/contributions/{reference}"
    _, contributed = typist.submit(member, said, ContributionForm, reponse="intervient")
    typist.forge(coordinator, f"{seance}/ouvrir", OpenForm)
    typist.post(coordinator, f"{seance}/ouvrir", {"lue": "y", "version": 2})
    present = {"lignes-0-membre": members[0], "lignes-0-presence": "present"}
    _, guests = typist.submit(coordinator, f"{seance}/presence", PresenceForm, **present)

    live = f"{seance}/en-cours/{reference}"
    service = {"services-0-membre": members[1], "services-0-reponse": "intervient"}
    day = f"{today() + timedelta(days=30):%d/%m/%Y}"
    proposals = {f"orientations-{rank}-suite": 1 for rank in range(MOST_ORIENTATIONS)}
    proposals |= {f"orientations-{rank}-echeance": day for rank in range(MOST_ORIENTATIONS)}
    closed = {"revoir": day, "statut": 2}
    _, recorded = typist.submit(
        *(coordinator, live, ExaminationForm), **service, **proposals, **closed, rang=0
    )
    stale = {**service, **proposals, **closed, **recorded, "rang": 0}
    assert typist.post(coordinator, live, stale).status_code == 409
    typist.forge(coordinator, f"{seance}/clore", CloseForm)
    typist.post(coordinator, f"{seance}/clore", {"version": 3})
    _, corrected = typist.submit(
        *(coordinator, live, ExaminationForm), **service, **proposals, **closed, rang=1
    )
    answer_url = _proposal(world)
    _, answered = typist.submit(coordinator, answer_url, ReplyForm, reponse="fait")
    for name in ("compte-rendu", "ordre-du-jour", "presence"):
        assert coordinator.get(f"{seance}/{name}.docx").status_code == 200

    other, _ = typist.submit(
        *(coordinator, "/cellules/CCTP/seances/nouvelle", SeanceForm),
        jour=day,
        heure="9:30",
        demande="",
    )
    _, why = typist.submit(coordinator, f"{other.location}/annuler", CancelForm, version=1)
    _, asked = typist.submit(member, "/cellules/CCTP/seances/urgence", RequestForm)
    with world.database.read() as session:
        newest = select(UrgentRequest.reference).order_by(UrgentRequest.id.desc()).limit(1)
        request = f"/seances/demandes/{session.scalars(newest).one()}"
    declined = {"refus": next(typist.words)}  # a single text: forged, it would be accepted
    assert typist.post(coordinator, f"{request}/decliner", declined).status_code == 302
    shown = ("services-0-dispositif", "orientations-0-precision", "chainage", "notes", "correction")
    minutes = [*(corrected[name] for name in shown), guests["invites"]]
    words = [*asked.values(), *declined.values()]
    return [
        ("coordination", situation, list(answered.values())),
        ("education", answer_url.removesuffix("/repondre"), list(answered.values())),
        ("coordination", seance, [edited["lieu"], edited["motif"]]),
        ("education", said, list(contributed.values())),
        ("coordination", f"{seance}/compte-rendu", minutes),
        ("education", f"{seance}/compte-rendu", minutes),
        ("coordination", str(other.location), list(why.values())),
        ("coordination", request, words),
        ("education", "/cellules/CCTP/seances/urgence", words),
    ]


def _proposal(world: World) -> str:
    """Where the newest proposal, made to nobody in particular, is answered."""
    with world.database.read() as session:
        newest = select(Orientation.id).order_by(Orientation.id.desc()).limit(1)
        number = session.scalars(
            newest.where(Orientation.member.is_(None), Orientation.etat == "proposee")
        ).one()
    return f"/orientations/{number}/repondre"
