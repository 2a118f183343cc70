"""An aide parentale whose every text field is a canary, from its checks to its end."""

from datetime import timedelta
from typing import Any

from casework.parenting.forms import (
    AnswerForm,
    AskForm,
    CounselForm,
    EndForm,
    EngagementForm,
    FollowForm,
    InformForm,
    OpenForm,
    OpinionForm,
    ReferralForm,
    SignatureForm,
)
from casework.web.access import today
from casework.web.forms import Form
from tests.casework.canary import Typist
from tests.conftest import World


def whole_aide(world: World, typist: Typist, situation: str) -> tuple[str, str, list[str]]:
    coordinator, url = world.coordinator(), f"{situation}/aide-parentale"
    now = f"{today():%d/%m/%Y}"
    checked = {"motif": "surveillance", "assistance": "non", "le": now}
    typist.submit(coordinator, url, OpenForm, **checked)
    words: list[str] = []

    def act(slug: str, form: type[Form], version: int, **valid: Any) -> None:
        given = {"le": now, "version": version} | valid
        words.extend(typist.submit(coordinator, f"{url}/{slug}", form, **given)[1].values())

    soon = f"{today() + timedelta(days=9):%d/%m/%Y}"
    dates = {f"avant_{number}": soon for number in range(1, 6)}
    act("avis", AskForm, 1, mode="courrier")
    act("avis-recu", OpinionForm, 2, avis="reserve")
    act("conseil", CounselForm, 3)
    act("engagement", EngagementForm, 4, **dates)
    act("signature", SignatureForm, 5, reponse_famille="signer")
    act("information", InformForm, 6)
    act("point", FollowForm, 7, point="3", constat="tenu")
    act("saisine", ReferralForm, 8, accord="oui", accord_le=now)
    act("reponse", AnswerForm, 9, reponse="autre")
    for paper in ("avis", "engagement", "attestation", "information", "saisine"):
        assert coordinator.get(f"{url}/{paper}.docx").status_code == 200
    act("cloture", EndForm, 10, resultat="partiel")
    assert coordinator.get(f"{url}/attestation-fin.docx").status_code == 200
    return ("coordination", url, words)
