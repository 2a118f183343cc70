"""From an opened procedure to its papers: which exist now, and the values each prints."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.papers.printing import printed
from casework.rappels.dossier import Dossier, pupil_convened
from casework.rappels.procedure import State, Step
from casework.rappels.service import Opened
from casework.rappels.words import ADULT, BY_HAND, FORMS, MINOR, MODES, PARENTS, RESULTS
from casework.web.french import iso_clock, iso_long_date, local, long_date

LABELS = {
    "convocation": "Convocation",
    "rapport-de-remise": "Rapport de remise (police municipale)",
    "releve": "Relevé de rappel à l’ordre",
    "carence": "Constat de carence",
    "engagement": "Engagement de la famille",
    "cloture": "Lettre de clôture",
    "relance": "Lettre de relance du parquet",
}
MODELS = {
    "rapport-de-remise": "rapport_remise",
    "releve": "releve_rappel",
    "carence": "constat_carence",
    "engagement": "engagement_famille",
    "cloture": "cloture_rappel",
    "relance": "relance_parquet",
}
CONVOCATIONS = {
    MINOR: "convocation_mineur",
    PARENTS: "convocation_parents",
    ADULT: "convocation_majeur",
}
HANDED_ON = "le ____ / ____ / ________ à ____ h ____"  # by hand, at the door
# The stage of the line under which each paper is found.
STAGE = {
    "convocation": "convocation",
    "rapport-de-remise": "rappel",
    "releve": "rappel",
    "carence": "t3",
    "engagement": "rappel",
    "cloture": "suivi",
    "relance": "t2",
}


def available(opened: Opened) -> dict[str, dict[str, str]]:
    """Papers of this procedure as it stands, by stage: none before what it says has happened."""
    convened = opened.last(Step.CONVOQUER)
    there = {
        "relance": opened.last(Step.RELANCER) is not None,
        "convocation": convened is not None,
        "rapport-de-remise": bool(convened and convened.details["mode"] == BY_HAND),
        "releve": opened.state is State.CONVOQUE or opened.texts.get("issue") == Step.TENIR,
        "engagement": bool(convened and convened.details["public"] != ADULT and not opened.carence),
        "carence": opened.carence and opened.state is not State.CONVOQUE,
        "cloture": opened.row.t3_at is not None,
    }
    found: dict[str, dict[str, str]] = {}
    for paper, exists in there.items():
        if exists and (convened or paper == "relance"):
            found.setdefault(STAGE[paper], {})[paper] = LABELS[paper]
    return found


def offered(opened: Opened, paper: str) -> bool:
    return any(paper in papers for papers in available(opened).values())


def printed_papers(session: Session, file: Dossier, paper: str, today: date) -> bytes:
    """The paper, once for each addressee when it is addressed, dated of its act."""
    made = copies(session, file, paper)
    name = model_of(file.procedure, paper)
    return printed(session, name, file.procedure.row.reference, day_of(file, paper, today), made)


def model_of(opened: Opened, paper: str) -> str:
    if paper != "convocation":
        return MODELS[paper]
    convened = opened.last(Step.CONVOQUER)
    return CONVOCATIONS[convened.details["public"] if convened else ADULT]


def day_of(file: Dossier, paper: str, today: date) -> date:
    """The day of the act that the paper tells; today while it is still to be held."""
    opened = file.procedure
    step = {"relance": Step.RELANCER, "convocation": Step.CONVOQUER}.get(paper, Step.CONVOQUER)
    if paper == "cloture" and opened.row.t3_at:
        return local(opened.row.t3_at).date()
    if paper in {"releve", "carence", "engagement"}:
        held = opened.texts["tenu_le"] if opened.state is not State.CONVOQUE else ""
        return date.fromisoformat(held) if held else today
    done = opened.last(step)
    return local(done.at).date() if done else today


def copies(session: Session, file: Dossier, paper: str) -> list[dict[str, Any]]:
    """What each copy prints."""
    values = _values(session, file)
    convened = file.procedure.last(Step.CONVOQUER)
    if paper not in {"convocation", "rapport-de-remise", "cloture"} or convened is None:
        return [values]
    lines = convened.details.get("destinataires", "").splitlines()
    return [values | _addressee(line) for line in lines if line.strip()]


def _addressee(line: str) -> dict[str, str]:
    name, _, address = line.partition(",")
    return {"destinataire": name.strip(), "adresse_destinataire": address.strip()}


def _values(session: Session, file: Dossier) -> dict[str, Any]:
    opened, row = file.procedure, file.procedure.row
    texts = opened.texts
    return {
        "reference": row.reference,
        "personne": f"{texts['prenoms']} {texts['nom']}",
        "naissance": iso_long_date(texts["naissance"]),
        "faits_date": iso_long_date(texts["faits_date"]),
        "faits_lieu": texts["faits_lieu"],
        "juridiction": cells.setting(session, cells.TRIBUNAL),
        "avec_eleve": pupil_convened(session, row.cell),
        "informe_le": _day(row.t3_at or row.t1_at),
        "repondu_le": _day(row.t2_at),
        "carence": texts["issue"] == Step.CARENCE,
        "remis_le": HANDED_ON,
        "remise": "non consignée",
        **_boxes(""),
        **_convened(opened),
        **_delivered(opened),
        **({} if opened.state is State.CONVOQUE else _held(texts)),
    }


def _convened(opened: Opened) -> dict[str, Any]:
    convened = opened.last(Step.CONVOQUER)
    if convened is None:
        return {}
    told = dict(convened.details)
    return told | {
        "jour": iso_long_date(told["jour"]),
        "heure": iso_clock(told["heure"]),
        "mode": MODES[told["mode"]],
        "seconde": opened.summons > 1,
    }


def _delivered(opened: Opened) -> dict[str, Any]:
    delivered = opened.delivery
    if delivered is None:
        return {}
    told: Mapping[str, str] = delivered.details
    result, day = RESULTS[told["resultat"]].lower(), iso_long_date(told["remis_le"])
    return {
        **told,
        **_boxes(told["resultat"]),
        "remis_le": f"le {day}",
        "remise": f"{result}, le {day}",
    }


def _boxes(chosen: str) -> dict[str, str]:
    return {f"case_{name}": "☒" if name == chosen else "☐" for name in RESULTS}


def _held(texts: Mapping[str, str]) -> dict[str, str]:
    if not texts["tenu_le"]:
        return {}
    moot = "Sans objet"  # once it is held, nothing is left open for a hand to fill
    return {
        "tenu_par": texts["tenu_par"],
        "presents": texts["presents"] or moot,
        "arrete": texts["delegation"] or moot,
        "impossibilite": texts["impossibilite"] or moot,
        "tenu_le": iso_long_date(texts["tenu_le"]),
        "forme": FORMS[texts["forme"]],
    }


def _day(at: datetime | None) -> str:
    return long_date(local(at).date()) if at else ""
