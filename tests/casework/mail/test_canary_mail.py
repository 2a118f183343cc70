"""Canaries in every field of a situation: none leaves by mail, and none waits in the outbox."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from wtforms import StringField

from casework.mail.models import OutgoingMail
from casework.mail.words import Kind
from casework.rappels.models import Rappel
from casework.rappels.service import BY_PARQUET
from casework.situations.forms import SaisineForm
from tests.casework.canary import Typist, leaks
from tests.casework.mail.conftest import Post
from tests.casework.people import TODAY, reference_of, typed

SITUATION = re.compile(rb"(?<![A-Z]-)(?:CCTP|GSP)-\d{4}-\d{3}")


def _saisine(post: Post, typist: Typist) -> tuple[str, list[str]]:
    day = f"{TODAY - timedelta(days=20):%d/%m/%Y}"
    closed: dict[str, Any] = {
        "saisine": day,
        "naissance": f"{TODAY - timedelta(days=365 * 15):%d/%m/%Y}",
        "faits_date": day,
        "origine": 1,
        "typologie": 1,
        "statut": 1,
        "autre_personne": "1",
    }
    words = {
        field.name: next(typist.words)
        for field in typist.fields(SaisineForm)
        if isinstance(field, StringField) and field.name not in closed
    }
    made = typist.post(post.world.coordinator(), "/cellules/CCTP/saisine", closed | words)
    assert made.status_code == 302, made.text
    return made.location, list(words.values())


def test_no_word_of_a_situation_leaves_by_mail(post: Post, tmp_path: Path) -> None:
    typist = Typist(post.world)
    situation, words = _saisine(post, typist)
    assert len(words) > 15
    coordinator = post.world.visitor("coordination")
    with post.world.database.read() as session:
        from casework.situations import service as situations

        number = situations.by_reference(session, situation.rpartition("/")[2]).id
    seance = coordinator.post(
        "/cellules/CCTP/seances/nouvelle",
        {
            "jour": typed(20),
            "heure": "14:30",
            "lieu": next(typist.words),
            "ordre_du_jour": [str(number)],
            "membres": [reference_of("commissaire"), reference_of("maire")],
        },
    ).location
    fiche = coordinator.post(
        f"{situation}/rappel", dict.fromkeys(("crime_delit", "plainte", "enquete"), "non")
    )
    assert fiche.status_code == 302, fiche.text
    post.change(
        update(Rappel)
        .where(Rappel.attend == BY_PARQUET)
        .values(t1_at=datetime.now(UTC) - timedelta(days=60))
    )
    post.settings(copies=("archives@port-miran.example",))
    post.convoke(seance)
    assert _stored(post)
    post.send()
    post.elapse(days=14)
    assert post.run("daily").exit_code == 0
    assert "Annulation annoncée" in post.convoke(seance, acte="annuler")
    post.send()
    assert post.run("mail", "test", "essai@port-miran.example").exit_code == 0
    asked = {"adresse": "administration@port-miran.example", "recevoir": "y", "seul": "y"}
    assert post.world.visitor("administration").post("/mon-compte/courriel", asked).location
    assert post.run("backup", "make", "--to", str(tmp_path)).exit_code == 1  # no operator's key

    kinds = {Kind(row.kind) for row in post.rows() if row.state == "envoye"} | {Kind.ESSAI}
    # Every mail there is has left, but those that test_duty.py sends: counts and dates alone.
    assert kinds == set(Kind) - {Kind.ALERTES, Kind.HOMOLOGATIONS, Kind.ECHEANCES}
    everything = post.postman.everything()
    assert b"Port-Miran" in everything
    assert leaks(everything) == []
    assert SITUATION.findall(everything) == []
    assert leaks(_stored(post)) == []
    calendar = post.world.visitor("maire").get(f"{seance}/seance.ics")
    assert leaks(calendar.data) == []


def _stored(post: Post) -> bytes:
    """Every value of the outbox."""
    with post.world.database.read() as session:
        rows = session.execute(OutgoingMail.__table__.select()).all()
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
    )


def test_the_outbox_holds_no_readable_address(small_post: Post) -> None:
    small_post.convoke(small_post.seance("commissaire"))
    assert b"port-miran.example" not in _stored(small_post)
    small_post.send()
    assert {row.recipient for row in small_post.rows() if row.state != "attend"} == {None}
