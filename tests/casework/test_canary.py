"""A unique word typed in every text field is nowhere in what the application leaves behind."""

import base64
import logging
import os
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, select, text
from wtforms import StringField

import casework
from casework.cells.forms import NewCellForm, SettingsForm, TermForm
from casework.charters.forms import CharterForm, RegulationForm
from casework.charters.views import SignForm
from casework.confidences.forms import ConfidenceForm
from casework.deposits.forms import DepositForm, TriageForm
from casework.imports.forms import UploadForm
from casework.journal.questions import NAMES as JOURNAL_QUESTIONS
from casework.journal.views import KeptForm
from casework.mail.forms import AddressForm
from casework.mail.forms import SettingsForm as MailingForm
from casework.papers.forms import ReplaceForm
from casework.rappels.act_forms import AbsenceForm, OpinionForm, ReportBackForm
from casework.rappels.forms import AnnounceForm, AnswerForm, CarryForm
from casework.rappels.models import Consultation, Rappel
from casework.rappels.procedure import BY_PARQUET
from casework.reports.forms import PERIODS, ExportForm, ModelForm
from casework.seances.forms import (
    SeanceForm,
)
from casework.signin.forms import SigninForm
from casework.situations.forms import SaisineForm
from casework.web.access import today
from casework.web.forms import Form
from tests.casework.canary import (
    ROOT,
    Typist,
    forms,
    leaks,
    leaves,
    scratch_folder,
    search_folders,
)
from tests.casework.canary_members import account, invite, mandates
from tests.casework.canary_parenting import whole_aide
from tests.casework.canary_registers import walk_registers
from tests.casework.canary_seances import convened, sittings
from tests.casework.canary_situation import around
from tests.casework.canary_transaction import whole_transaction
from tests.casework.typed_steps import walk_the_steps
from tests.conftest import World

SOURCE = Path(casework.__file__).parent


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
    typist.forge(coordinator, "/cellules/CCTP/reglages/modifier", SettingsForm)
    typist.forge(coordinator, "/cellules/CCTP/termes", TermForm)
    typist.forge(coordinator, "/cellules/nouvelle", NewCellForm)

    # What a spreadsheet holds is followed by tests/casework/imports/test_seal.py.
    typist.forge(coordinator, "/cellules/CCTP/import", UploadForm)
    typist.forge(coordinator, "/modeles/constat_carence/remplacer", ReplaceForm)
    typist.post(coordinator, "/cellules/CCTP/import/importer", {"compte": next(typist.words)})

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

    hanging = around(typist, coordinator, situation, day)
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
    steps = walk_the_steps(typist, coordinator, fiche)
    with world.database.read() as session:
        asked = select(Consultation.reference).order_by(Consultation.id.desc()).limit(1)
        typist.forge(
            world.visitor("education"),
            f"/consultations/{session.scalars(asked).one()}",
            OpinionForm,
        )
    typist.forge(parquet, "/fiches/permanence", AbsenceForm)
    typist.submit(coordinator, f"{fiche}/informer", ReportBackForm, version=9)
    exported = coordinator.get(f"{fiche}/fiche.docx")
    assert exported.status_code == 200, exported.text

    carried = _carried(world, typist)
    transaction = whole_transaction(world, typist, situation)
    aide = whole_aide(world, typist, situation)

    seance, _ = typist.submit(
        *(coordinator, "/cellules/CCTP/seances/nouvelle", SeanceForm),
        jour=day,
        heure="14:30",
        demande="",
        membres=convened(world),
    )
    sat = sittings(world, typist, situation, str(seance.location))
    confidence = f"{situation}/information-revelee"
    _, revealed = typist.submit(
        world.visitor("maire"), f"{confidence}/consigner", ConfidenceForm, revele_le=day
    )
    deposits = _deposits(world, typist, saisine)
    report = "/cellules/CCTP/rapport"
    year = {"du": "01/09/2025", "au": "31/08/2026", "sortie": "docx"}
    _, told = typist.submit(coordinator, report, ExportForm, 200, **year)
    _, kept = typist.submit(
        coordinator, f"{report}/modeles", ModelForm, periode=next(iter(PERIODS))
    )
    registers = walk_registers(world, typist, situation)
    directory = invite(world, typist)
    words = mandates(world, typist)
    typist.forge(world.visitor("dpo"), "/journal/verification", KeptForm)
    asked = {name: next(typist.words) for name in JOURNAL_QUESTIONS}
    typist.post(world.visitor("dpo"), "/journal", asked)
    typist.forge(world.visitor(), "/connexion", SigninForm)
    account(world, typist)
    addresses = _mail(world, typist, seance.location)
    facts = [typed[name] for name in ("nom", "prenoms", "faits_lieu", "recit", "implication")]
    everything = [
        word
        for name, word in typed.items()
        if name not in {"representants-0-lien", "representants-1-lien"}
    ]
    return [
        ("coordination", situation, everything),
        *hanging,
        ("coordination", fiche, [*facts, *observed.values(), *steps]),
        ("parquet", url, [*facts, *observed.values()]),
        ("justice_ville", *carried),
        *transaction,
        aide,
        ("maire", confidence, list(revealed.values())),
        *sat,
        ("administration", "/membres", directory[:3]),
        ("administration", "/membres/M-0016", [*directory, *words]),
        *deposits,
        ("dpo", "/mon-compte/courriel", addresses),
        *registers,
        ("coordination", f"{report}?du=01/09/2025&au=31/08/2026", [*told.values(), *kept.values()]),
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


def _mail(world: World, typist: Typist, seance: str) -> list[str]:
    """Addresses that are canaries, a séance that convenes by mail, and what its buttons send."""
    coordinator = world.visitor("coordination")
    typist.forge(world.visitor("administration"), "/courriels/reglages", MailingForm)
    address = f"{next(typist.words)}@exemple.example"
    url = "/mon-compte/courriel"
    everything = {"adresse": address, "recevoir": "y", "seul": "y"}
    typist.submit(world.visitor("dpo"), url, AddressForm, 303, **everything)
    for name, path in (("acte", "convocations"), ("presence", "presence"), ("retirer", None)):
        word = next(typist.words)
        where = f"{seance}/{path}" if path else url
        typist.post(coordinator if path else world.visitor("pjj"), where, {name: word})
    return [address]


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
