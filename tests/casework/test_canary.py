"""A unique word typed in every text field is nowhere in what the application leaves behind."""

import base64
import logging
import os
import re
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import MetaData, inspect, select, text
from werkzeug.test import TestResponse
from wtforms import StringField

import casework
from casework.account.forms import ApplicationForm, PasskeyForm, PassphraseForm
from casework.charters.forms import CharterForm, RegulationForm
from casework.charters.views import SignForm
from casework.confidences.forms import ConfidenceForm
from casework.demo.accounts import PASSPHRASE
from casework.deposits.forms import DepositForm, TriageForm
from casework.journal.questions import NAMES as JOURNAL_QUESTIONS
from casework.journal.views import KeptForm
from casework.members.forms import (
    EndForm,
    FunctionForm,
    InviteForm,
    MandateForm,
    ResetForm,
    TakeUpForm,
    WordsForm,
)
from casework.rappels.forms import (
    AnnounceForm,
    AnswerForm,
    CarryForm,
    HoldForm,
    ReportBackForm,
)
from casework.rappels.models import Rappel
from casework.rappels.procedure import BY_PARQUET
from casework.reports.forms import ExportForm
from casework.seances.forms import SeanceForm
from casework.signin.forms import ConfirmForm, SigninForm
from casework.situations.forms import SaisineForm
from casework.web.access import today
from casework.web.forms import Form
from tests.casework.canary import (
    ROOT,
    canaries,
    forms,
    leaks,
    leaves,
    scratch_folder,
    search_folders,
)
from tests.conftest import Visitor, World

SECRET = "ZQXCANARI22" + "ABCDEFG" * 3  # a one-time secret is base32: it can be a canary too
STRONG = f"{ROOT}99 tournesol cabane grelot violon"
SOURCE = Path(casework.__file__).parent


class Typist:
    """Types canaries, and looks at every answer's headers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.words = canaries()
        self.raw: set[str] = set()

    def fields(self, form: type[Form]) -> list[Any]:
        with self.world.app.test_request_context():
            return list(leaves(form(formdata=None, meta={"csrf": False})))

    def forge(self, who: Visitor, url: str, form: type[Form]) -> TestResponse:
        """A canary in every field, of whatever type: refused, and not by a failure."""
        data = {field.name: next(self.words) for field in self.fields(form)}
        answer = self.post(who, url, data)
        assert answer.status_code < 500, (url, answer.text)
        return answer

    def submit(
        self, who: Visitor, url: str, form: type[Form], status: int = 302, **valid: Any
    ) -> tuple[TestResponse, dict[str, str]]:
        """First forged, then with a canary in every text field but those given."""
        self.forge(who, url, form)
        typed = {
            field.name: next(self.words)
            for field in self.fields(form)
            if isinstance(field, StringField) and field.name not in valid
        }
        answer = self.post(who, url, typed | valid)
        assert answer.status_code == status, answer.text
        return answer, typed

    def post(self, who: Visitor, url: str, data: dict[str, Any]) -> TestResponse:
        self.raw |= {name for name, value in data.items() if ROOT in str(value)}
        answer = who.post(url, data)
        assert not leaks(str(answer.headers).encode())
        for cookie in who.client._cookies.values():
            assert not leaks(readable(cookie.value)), cookie.key
        return answer


def readable(cookie: str) -> bytes:
    """A cookie as sent, and what a signed Flask cookie holds."""
    payload = cookie.lstrip(".").split(".")[0]
    inside = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return cookie.encode() + (zlib.decompress(inside) if cookie.startswith(".") else inside)


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """The fields in which a form of the application received a canary."""
    seen: set[tuple[str, str]] = set()
    plain = Form.validate

    def validate(form: Form, *rest: Any, **options: Any) -> bool:
        seen.update(
            (type(form).__name__, field.name)
            for field in leaves(form)
            if any(ROOT in str(value) for value in field.raw_data or ())
        )
        return plain(form, *rest, **options)

    monkeypatch.setattr(Form, "validate", validate)
    return seen


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return scratch_folder(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "hidden",
    [
        f"{ROOT}01".encode(),
        f"{ROOT}01".upper().encode(),
        f"{ROOT}01".encode("utf-16-be"),
        f"{ROOT}01".encode("utf-16-le"),
        f"{ROOT}01".encode().hex().upper().encode(),
        *(base64.b64encode(b"." * shift + f"{ROOT}01".encode()) for shift in range(3)),
        *(base64.b64encode(b"." * shift + f"{ROOT}01".lower().encode()) for shift in range(3)),
    ],
)
def test_the_search_would_find_it(hidden: bytes) -> None:
    assert leaks(os.urandom(50) + hidden + os.urandom(50))
    assert not leaks(os.urandom(100_000))


def test_no_word_is_left_behind(
    world: World,
    scratch: Path,
    validated: set[tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    typist = Typist(world)
    pages = _walk(world, typist)

    expected = {
        (form.__name__, field.name)
        for form in forms()
        for field in typist.fields(form)
        if isinstance(field, StringField)
    }
    assert expected
    assert expected - validated == set(), "no canary was typed there"
    assert _raw_names() - typist.raw == set(), "no canary was typed there"

    for who, url, words in pages:
        shown = world.visitor(who).get(url).text
        assert [word for word in words if word not in shown] == [], url

    _error(world, typist)
    world.close()
    assert leaks(caplog.text.encode()) == []
    assert "unexpected" in caplog.text  # the error was logged
    search_folders(world.instance.data, scratch)
    if world.database.url.get_backend_name() == "postgresql":
        _search_postgresql(world)


def _raw_names() -> set[str]:
    """Fields a view reads without a form class."""
    reading = re.compile(r'request\.(?:form|values)(?:\.get\(|\.getlist\(|\[)\s*"(\w+)"')
    return {
        name for file in SOURCE.rglob("*.py") for name in reading.findall(file.read_text("utf-8"))
    }


def _walk(world: World, typist: Typist) -> list[tuple[str, str, list[str]]]:
    """Every form, as its own user; returns who may read which words again, and where."""
    coordinator, parquet = world.coordinator(), world.visitor("parquet")
    day = f"{today() - timedelta(days=20):%d/%m/%Y}"
    typist.forge(coordinator, "/cellules/CCTP/charte", SignForm)
    typist.forge(coordinator, "/cellules/CCTP/charte/publier", CharterForm)
    typist.forge(coordinator, "/cellules/CCTP/reglement/publier", RegulationForm)

    saisine = {
        "saisine": day,
        "naissance": f"{today() - timedelta(days=365 * 15):%d/%m/%Y}",
        "faits_date": day,
        "origine": 1,
        "typologie": 1,
        "statut": 1,
        "autre_personne": "",
    }
    url = "/cellules/CCTP/saisine"
    made, typed = typist.submit(coordinator, url, SaisineForm, **saisine)
    again = typist.post(coordinator, url, saisine | typed)
    assert again.status_code == 409  # the person is known: the page shows whom
    situation = made.location
    answer, typed = typist.submit(
        coordinator, f"{situation}/modifier", SaisineForm, **saisine, version=1
    )
    assert answer.location == situation
    stale = typist.post(coordinator, f"{situation}/modifier", saisine | typed | {"version": 1})
    assert stale.status_code == 409
    found = typist.post(coordinator, "/cellules/CCTP/recherche", {"q": typed["nom"]})
    assert situation in found.text

    typist.forge(coordinator, f"{situation}/rappel", AnnounceForm)
    answer = typist.post(
        coordinator,
        f"{situation}/rappel",
        dict.fromkeys(("crime_delit", "plainte", "enquete"), "non"),
    )
    fiche = answer.location
    url = fiche.replace("/rappels/", "/fiches/")
    possible = {"reponse": "reponse_possible", "version": 1}
    _, observed = typist.submit(parquet, f"{url}/confirmer", AnswerForm, 200, **possible)
    typist.submit(parquet, f"{url}/repondre", AnswerForm, **possible, **observed)
    _, held = typist.submit(
        coordinator,
        f"{fiche}/consigner",
        HoldForm,
        issue="tenu",
        tenu_le=f"{today():%d/%m/%Y}",
        forme="cellule",
        par_delegation="y",
        version=2,
    )
    typist.submit(coordinator, f"{fiche}/informer", ReportBackForm, version=3)
    exported = coordinator.get(f"{fiche}/fiche.docx")
    assert exported.status_code == 200, exported.text

    carried = _carried(world, typist)

    seance, place = typist.submit(
        coordinator, "/cellules/CCTP/seances/nouvelle", SeanceForm, jour=day, heure="14:30"
    )
    confidence = f"{situation}/information-revelee"
    _, revealed = typist.submit(
        world.visitor("maire"), f"{confidence}/consigner", ConfidenceForm, revele_le=day
    )
    deposits = _deposits(world, typist, saisine)
    report = "/cellules/CCTP/rapport"
    year = {"du": "01/09/2025", "au": "31/08/2026", "sortie": "docx"}
    _, told = typist.submit(coordinator, report, ExportForm, 200, **year)
    directory = _invite(world, typist)
    words = _mandates(world, typist)
    typist.forge(world.visitor("dpo"), "/journal/verification", KeptForm)
    asked = {name: next(typist.words) for name in JOURNAL_QUESTIONS}
    typist.post(world.visitor("dpo"), "/journal", asked)
    typist.forge(world.visitor(), "/connexion", SigninForm)
    _account(world, typist)
    facts = [typed[name] for name in ("nom", "prenoms", "faits_lieu", "recit", "implication")]
    everything = [
        word
        for name, word in typed.items()
        if name not in {"representants-0-lien", "representants-1-lien"}
    ]
    return [
        ("coordination", situation, everything),
        ("coordination", fiche, [*facts, *observed.values(), *held.values()]),
        ("parquet", url, [*facts, *observed.values()]),
        ("justice_ville", *carried),
        ("maire", confidence, list(revealed.values())),
        ("coordination", seance.location, list(place.values())),
        ("administration", "/membres", directory[:3]),
        ("administration", "/membres/M-0016", [*directory, *words]),
        *deposits,
        ("coordination", f"{report}?du=01/09/2025&au=31/08/2026", list(told.values())),
    ]


def _deposits(
    world: World, typist: Typist, saisine: dict[str, Any]
) -> list[tuple[str, str, list[str]]]:
    """A deposit that waits, one admitted, one redirected and one refused with its reason."""
    bailleur, coordinator = world.visitor("bailleur"), world.visitor("coordination")
    valid = {"naissance": saisine["naissance"], "origine": 6}

    def deposit() -> tuple[str, list[str]]:
        made, typed = typist.submit(bailleur, "/cellules/CCTP/deposer", DepositForm, **valid)
        return made.location, list(typed.values())

    (waiting, words), (admitted, _), (sent_on, _), (refused, _) = (deposit() for _ in range(4))
    assert coordinator.get(f"{admitted}/admettre").status_code == 200
    made, typed = typist.submit(
        coordinator, f"{admitted}/admettre", SaisineForm, **saisine | {"autre_personne": "1"}
    )
    elsewhere = {"reponse": "reorienter", "cellule": "GSP"}
    typist.submit(coordinator, f"{sent_on}/repondre", TriageForm, **elsewhere)
    _, reason = typist.submit(coordinator, f"{refused}/repondre", TriageForm, reponse="refuser")
    return [
        ("coordination", f"{waiting}/ouvrir", words),
        ("coordination", made.location, [typed["nom"], typed["recit"]]),
        ("coordination", f"{refused}/ouvrir", [reason["motif"]]),
    ]


def _carried(world: World, typist: Typist) -> tuple[str, list[str]]:
    """An answer on paper, its scan full of canaries."""
    with world.database.read() as session:
        waiting = select(Rappel.reference).where(Rappel.attend == BY_PARQUET).limit(1)
        url = f"/fiches/{session.scalars(waiting).one()}"
    words = " ".join(next(typist.words) for _ in range(9))
    scan = BytesIO(b"%PDF-1.7 " + words.encode() + b"%%EOF")
    carrier = world.visitor("justice_ville")
    typist.forge(carrier, f"{url}/porter", CarryForm)
    typed = {"magistrat": next(typist.words), "repondu_le": next(typist.words)}
    answer = typist.post(
        carrier,
        f"{url}/porter",
        typed
        | {
            "reponse": "reponse_possible",
            "relu": "y",
            "repondu_le": f"{today():%d/%m/%Y}",
            "version": 1,
            "scan": (scan, f"{next(typist.words)}.pdf"),
        },
    )
    assert answer.status_code == 302, answer.text
    assert words in carrier.get(f"{url}/reponse").text
    return url, [typed["magistrat"]]


def _invite(world: World, typist: Typist) -> list[str]:
    """A member under a canary name takes up the invitation with canary secrets."""
    answer, typed = typist.submit(
        world.visitor("administration"),
        "/membres/inviter",
        InviteForm,
        200,
        role="dpo",
        cellule="",
        debut=f"{today():%d/%m/%Y}",
    )
    link = re.search(r"/invitation/[\w-]+", answer.text)
    assert link
    code = pyotp.TOTP(SECRET).now()
    typist.forge(world.visitor(), f"{link[0]}/defi", TakeUpForm)
    answer, _ = typist.submit(
        *(world.visitor(), link[0], TakeUpForm, 200),
        phrase=STRONG,
        encore=STRONG,
        secret=SECRET,
        code=code,
        cle="",
    )
    assert "codes de secours" in answer.text
    return [typed[name] for name in ("nom", "prenom", "fonction", "institution", "acte")]


def _mandates(world: World, typist: Typist) -> list[str]:
    """Another mandate for the newcomer, its act corrected, and the forms beside."""
    administrator, page = world.visitor("administration"), "/membres/M-0016"
    typist.forge(administrator, "/fonctions", FunctionForm)
    typist.forge(administrator, f"{page}/rouvrir", ResetForm)
    day = f"{today() + timedelta(days=30):%d/%m/%Y}"
    typist.submit(
        administrator, f"{page}/mandats/nouveau", MandateForm, role="dpo", cellule="", debut=day
    )
    numbers = re.findall(rf"{page}/mandats/(\d+)/acte", administrator.get(page).text)
    number = max(numbers, key=int)
    typist.forge(administrator, f"{page}/mandats/{number}/fin", EndForm)
    _, typed = typist.submit(administrator, f"{page}/mandats/{number}/acte", WordsForm)
    return list(typed.values())


def _account(world: World, typist: Typist) -> None:
    """A member changes every means of signing in, and confirms."""
    member = world.visitor("pjj")
    typist.forge(member, "/confirmer", ConfirmForm)
    target = {"confirmer_cible": "/cellules/GSP/charte", "confirmer_methode": "POST"}
    typist.post(member, "/confirmer", {"confirmer_code": next(typist.words), **target})
    typist.forge(member, "/mon-compte/cles", PasskeyForm)
    code = pyotp.TOTP(SECRET).now()
    typist.submit(member, "/mon-compte/application", ApplicationForm, 303, secret=SECRET, code=code)
    new = {"phrase": STRONG, "encore": STRONG, "actuelle": PASSPHRASE}
    typist.submit(member, "/mon-compte/phrase", PassphraseForm, 303, **new)


def _error(world: World, typist: Typist) -> None:
    """The database fails under a request full of names."""
    with world.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE name_bucket RENAME TO name_bucket_away"))
    answer = typist.post(
        world.visitor("coordination"), "/cellules/CCTP/recherche", {"q": next(typist.words)}
    )
    assert answer.status_code == 500


def _search_postgresql(world: World) -> None:
    """Every value of every table, then the files of the server themselves."""
    with world.database.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        assert len(metadata.tables) == len(inspect(connection).get_table_names()) > 10
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                values = (v if isinstance(v, bytes) else str(v).encode() for v in row)
                assert leaks(b"\0".join(values)) == [], table.name
        connection.commit()
        connection.execute(text("CHECKPOINT"))
        cluster = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    world.close()
    assert any((cluster / "pg_wal").iterdir())
    for file in cluster.rglob("*"):
        if file.is_file():
            assert leaks(file.read_bytes()) == [], file
