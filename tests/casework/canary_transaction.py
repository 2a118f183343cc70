"""A transaction whose every text field is a canary, from its preparation to its end."""

from datetime import timedelta
from typing import Any

from casework.transactions.forms import (
    AbandonForm,
    CloseForm,
    DeliveryForm,
    ExecutionForm,
    FailureForm,
    ProposalForm,
    RectifyForm,
    ReplyForm,
    RequestForm,
)
from casework.transactions.homologation_forms import CarriedForm, DecisionForm
from casework.transactions.table_forms import ContraventionForm, SettingsForm
from casework.web.access import today
from casework.web.forms import Form
from tests.casework.canary import Typist
from tests.conftest import World


def whole_transaction(
    world: World, typist: Typist, situation: str
) -> list[tuple[str, str, list[str]]]:
    """One whole, with a minor: the agreement of the parquet and the table are the commune's."""
    coordinator, parquet = world.coordinator(), world.visitor("parquet")
    typist.forge(coordinator, "/cellules/CCTP/contraventions", ContraventionForm)
    typist.forge(coordinator, "/cellules/CCTP/transaction/reglages", SettingsForm)
    agreed = {"accord": "Note du parquet", "accord_date": "01/09/2026"}
    assert coordinator.post("/cellules/CCTP/transaction/reglages", agreed).status_code == 302
    now = f"{today():%d/%m/%Y}"
    proposed = {
        "contravention": 3,
        "bien_communal": "oui",
        "action_publique": "non",
        "genre": "reparation",
        "pv_date": now,
        "quantite": "50",
        "mois": 2,
        "reponse_avant": f"{today() + timedelta(days=9):%d/%m/%Y}",
        "par_delegation": "y",
    }
    made, typed = typist.submit(coordinator, f"{situation}/transaction", ProposalForm, **proposed)
    url = made.location

    def step(slug: str, form: type[Form], version: int, **valid: Any) -> list[str]:
        act = {"le": now, "version": version} | valid
        return list(typist.submit(coordinator, f"{url}/{slug}", form, **act)[1].values())

    words = step("remise", DeliveryForm, 1, mode="recepisse")
    typist.forge(coordinator, f"{url}/rectification", RectifyForm)
    typist.forge(coordinator, f"{url}/abandon", AbandonForm)
    words += step("reponse", ReplyForm, 2, reponse="accepter")
    step("homologation", RequestForm, 3, pieces="y")
    page = url.replace("/transactions/", "/homologations/")
    typist.forge(world.visitor("justice_ville"), f"{page}/porter", CarriedForm)
    decision = {"le": now, "reponse": "homologuer", "relu": "y", "version": 4}
    words += typist.submit(parquet, page, DecisionForm, **decision)[1].values()
    typist.forge(coordinator, f"{url}/inexecution", FailureForm)
    words += step("execution", ExecutionForm, 5, quantite="50")
    step("information", CloseForm, 6, pieces="y")
    assert coordinator.get(f"{url}/cloture-procureur.docx").status_code == 200
    shown = [typed[name] for name in ("bien", "nature", "lieu", "signataire", "delegation")]
    return [("coordination", url, [*shown, *words]), ("parquet", page, [*shown, *words])]
