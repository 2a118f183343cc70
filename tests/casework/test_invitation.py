"""An invitation by the command, taken up in a browser, up to the first reading."""

import re

import pyotp

from tests.casework.commands import INVITED, WORDS, run


def _field(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]


def test_an_invitation_from_the_link_to_the_first_reading(world) -> None:
    """Take up, sign in, sign the charter, be admitted by the coordinator, then read."""
    made = run(
        *("member", "invite", "--data", world.instance.data),
        *("--role", "prevention_specialisee", "--cell", "CCTP", *INVITED),
    )
    assert made.exit_code == 0, made.output
    reference, link = made.output.strip().split("\u00a0: ")
    path = "/invitation/" + link.rpartition("/")[2]

    visitor = world.visitor()
    secret = _field(visitor.get(path).text, "secret")
    # The code of the step before, so that the present one is left for signing in.
    earlier = pyotp.TOTP(secret).at(_now() - 30)
    answers = {"phrase": WORDS, "encore": WORDS, "secret": secret}
    assert visitor.post(path, answers | {"encore": "autre"}).status_code == 422
    assert visitor.post(path, answers | {"code": "000000"}).status_code == 422
    taken = visitor.post(path, answers | {"code": earlier})
    assert taken.status_code == 200
    assert "Vos codes de secours" in taken.text
    assert visitor.get(path).status_code == 410
    assert visitor.post(path, answers | {"code": earlier}).status_code == 410

    entered = visitor.post(
        "/connexion",
        {
            "identifiant": "Ines@port-miran.example ",
            "phrase": WORDS,
            "code": pyotp.TOTP(secret).now(),
        },
    )
    assert entered.status_code == 302, entered.text
    assert visitor.get("/cellules/CCTP/seances").status_code == 403
    coordinator = world.coordinator()
    admission = f"/cellules/CCTP/membres/{reference}/admettre"
    assert coordinator.post(admission).status_code == 409
    assert visitor.sign_charter("CCTP").status_code == 302
    assert visitor.get("/cellules/CCTP/seances").status_code == 403

    assert coordinator.post(admission).status_code == 302
    assert "Caradec" in coordinator.get("/cellules/CCTP/membres").text
    assert visitor.get("/cellules/CCTP/seances").status_code == 200
    assert visitor.get("/cellules/CCTP/situations").status_code == 403
    situation = _situation(coordinator.get("/cellules/CCTP/situations").text)
    assert visitor.get(f"/situations/{situation}").status_code == 403

    item, member = _choices(
        coordinator.get("/cellules/CCTP/seances/nouvelle").text, situation, reference
    )
    prepared = coordinator.post(
        "/cellules/CCTP/seances/nouvelle",
        {"jour": "15/12/2026", "heure": "14:30", "lieu": "Mairie"}
        | {"ordre_du_jour": item, "membres": member},
    )
    assert prepared.status_code == 302, prepared.text
    assert visitor.get(prepared.location).status_code == 200
    assert visitor.get(f"/situations/{situation}").status_code == 200


def _now() -> int:
    import time

    return int(time.time())


def _situation(page: str) -> str:
    return re.search(r'href="/situations/(CCTP-\d{4}-\d{3})"', page)[1]


def _choices(page: str, situation: str, reference: str) -> tuple[str, str]:
    """The boxes to tick on the form of a séance."""
    item = re.search(rf'name="ordre_du_jour"[^>]*value="(\d+)"[^>]*>\s*<span>{situation}', page)[1]
    assert f'value="{reference}"' in page
    return item, reference
