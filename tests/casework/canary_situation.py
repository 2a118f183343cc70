"""Canaries in everything that hangs on a situation."""

import re
from datetime import timedelta
from io import BytesIO

from casework.attachments.forms import AttachmentForm
from casework.closure.forms import CloseForm, ReopenForm
from casework.danger.forms import DangerForm
from casework.information.forms import ExceptionForm, InformationForm
from casework.involvement.forms import InvolvementForm
from casework.situations.forms import FurtherForm
from casework.situations.people_forms import ConcernedForm, RepresentativeForm
from casework.web.access import today
from tests.casework.canary import Typist
from tests.conftest import Visitor


def around(
    typist: Typist, coordinator: Visitor, situation: str, day: str
) -> list[tuple[str, str, list[str]]]:
    """Everything that hangs on a situation; the coordinator reads it again."""

    def known(url: str) -> dict[str, str]:
        page = coordinator.get(url).text
        found = re.search(r'name="version"[^>]*value="(\d+)"', page)
        return {"version": found[1] if found else "1"}

    born = f"{today() - timedelta(days=365 * 12):%d/%m/%Y}"
    first = {"saisine": day, "origine": 1, "typologie": 1, "faits_date": day}
    _, joined = typist.submit(coordinator, f"{situation}/saisine", FurtherForm, **first)
    url = f"{situation}/personnes/ajouter"
    sister = known(url) | {"naissance": born, "autre_personne": "1"}
    _, other = typist.submit(coordinator, url, ConcernedForm, **sister)
    url = f"{situation}/representants/ajouter"
    numbers = re.findall(r'name="represente"[^>]*value="(\d+)"', coordinator.get(url).text)
    _, parent = typist.submit(
        coordinator, url, RepresentativeForm, **known(url), represente=numbers[:1]
    )
    url = f"{situation}/services"
    _, tried = typist.submit(coordinator, url, InvolvementForm, **known(url), presents=["1"])
    told = {"faite_le": day, "mode": "1", "destinataire": "autre"}
    _, name = typist.submit(coordinator, f"{situation}/information", InformationForm, **told)
    url = f"{situation}/information/exception"
    _, motive = typist.submit(coordinator, url, ExceptionForm)
    sent = {"transmise_le": day, "mode": "1"}
    typist.submit(coordinator, f"{situation}/danger", DangerForm, **sent)
    url = f"{situation}/cloture"
    end = known(url) | {"le": f"{today():%d/%m/%Y}", "resultat": "3"}
    _, ended = typist.submit(coordinator, url, CloseForm, **end)
    url = f"{situation}/reouverture"
    again = known(url) | {"le": f"{today():%d/%m/%Y}"}
    _, reopened = typist.submit(coordinator, url, ReopenForm, **again)
    url = f"{situation}/pieces"
    typist.forge(coordinator, url, AttachmentForm)
    file = next(typist.words), f"%PDF-1.7 {next(typist.words)} %%EOF".encode()
    piece = (BytesIO(file[1]), f"{next(typist.words)}.pdf")
    added = typist.post(coordinator, url, {"titre": file[0], "piece": piece})
    assert added.status_code == 302, added.text
    (number,) = re.findall(rf'href="{url}/(\d+)"', coordinator.get(url).text)
    assert coordinator.get(f"{url}/{number}").data == file[1]
    letters = re.findall(
        rf"{situation}/(?:information|danger)/\d+/\w+.docx", coordinator.get(situation).text
    )
    assert len(letters) >= 2
    for letter in letters:
        assert coordinator.get(letter).status_code == 200
    read_again = [
        *joined.values(),
        *other.values(),
        *parent.values(),
        *tried.values(),
        *name.values(),
    ]
    read_again += [*motive.values(), *ended.values(), *reopened.values()]
    return [("coordination", situation, read_again), ("coordination", url, [file[0]])]
