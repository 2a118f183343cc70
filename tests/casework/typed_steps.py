"""Every step of a rappel à l'ordre, each field of its forms full of canaries."""

from casework.rappels.act_forms import (
    CloseForm,
    ConcludeForm,
    ConsultForm,
    ConveneForm,
    DeliverForm,
    HoldForm,
    RectifyForm,
    RemindForm,
    RenounceForm,
    WaiveForm,
)
from casework.web.access import today
from tests.casework.canary import Typist
from tests.conftest import Visitor


def walk_the_steps(typist: Typist, coordinator: Visitor, fiche: str) -> list[str]:
    """From the procureur's answer to the day itself; the words its page shows again."""
    day = f"{today():%d/%m/%Y}"
    for step, form in (
        ("relancer", RemindForm),
        ("passer-outre", WaiveForm),
        ("renoncer", RenounceForm),
        ("clore", CloseForm),
    ):
        typist.forge(coordinator, f"{fiche}/{step}", form)
    typist.post(coordinator, f"{fiche}/passer-outre", {"motif": next(typist.words), "version": 1})
    typist.submit(
        *(coordinator, f"{fiche}/consulter", ConsultForm), cellule="GSP", jusquau=day, version=2
    )
    _, note = typist.submit(coordinator, f"{fiche}/conclure", ConcludeForm, version=3)
    _, convened = typist.submit(
        *(coordinator, f"{fiche}/convoquer", ConveneForm),
        public="mineur",
        mode="autre",
        jour=day,
        heure="17:30",
        version=4,
    )
    _, delivered = typist.submit(
        *(coordinator, f"{fiche}/remettre", DeliverForm),
        resultat="remise",
        remis_le=day,
        version=5,
    )
    held = {
        "issue": "tenir",
        "tenu_le": day,
        "forme": "cellule",
        "par_delegation": "y",
    }
    typist.submit(coordinator, f"{fiche}/consigner", HoldForm, **held, version=6)
    _, reason = typist.submit(coordinator, f"{fiche}/rectifier", RectifyForm, version=7)
    _, typed = typist.submit(coordinator, f"{fiche}/consigner", HoldForm, **held, version=8)
    shown = [convened[name] for name in ("lieu", "precision")]
    letter = coordinator.get(f"{fiche}/courriers/convocation.docx")
    assert letter.status_code == 200, letter.text
    return [*note.values(), *shown, *delivered.values(), *reason.values(), *typed.values()]
