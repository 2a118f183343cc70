"""What each day owes: a checkpoint to whoever keeps it, the fiches that wait to the parquet."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from audit.query import search
from audit.verify import keys_of
from casework.mail.models import OutgoingMail
from casework.rappels.models import Rappel
from casework.rappels.service import BY_PARQUET
from casework.transactions.models import Transaction
from casework.watch.models import Alert
from tests.casework.mail.conftest import Post
from tests.casework.mail.server import text_of
from tests.casework.people import reference_of

ALERTS = "http://127.0.0.1:8000/journal/alertes"
ANSWER = {"reponse": "expliquee", "note": "Vu avec la personne."}


def _alert(post: Post) -> int:
    with post.world.database.read() as session:
        return session.query(Alert).one().id


def age(post: Post, days: int) -> None:
    """Every fiche was sent so many days ago, and two wait."""
    sent = datetime.now(UTC) - timedelta(days=days)
    with post.world.database.write() as session:
        rows = list(session.query(Rappel).order_by(Rappel.id))
        for number, row in enumerate(rows):
            row.t1_at, row.attend = sent, BY_PARQUET if number < 2 else "commune"
        session.commit()


def test_a_day_sends_the_checkpoint_and_the_count_of_fiches(post: Post) -> None:
    age(post, days=60)
    post.settings(copies=("archives@port-miran.example",))
    done = post.run("daily")
    assert done.exit_code == 0, done.output
    assert sorted(post.postman.to) == [
        "archives@port-miran.example",
        "dpo@port-miran.example",
        "parquet@port-miran.example",
    ]
    by_subject = {str(mail["To"]): mail for mail in post.postman.mails}
    fiches = text_of(by_subject["parquet@port-miran.example"])
    assert "depuis plus de 15 jours\u00a0: 2." in fiches
    assert "http://127.0.0.1:8000/fiches" in fiches
    kept = by_subject["dpo@port-miran.example"]
    note = next(p for p in kept.walk() if p.get_filename()).get_payload(decode=True)
    with post.world.database.read() as session:
        keys = keys_of(session.connection(), post.world.instance.journal.verifier)
        state = keys.open(note.decode())  # to the byte
        acts = [row.action for row in search(session.connection(), limit=5)]
    assert str(state.size) in text_of(kept).replace("\u202f", "")
    assert "mail:remind" in acts
    compared = post.world.visitor("dpo").post("/journal/verification", {"note": note.decode()})
    assert compared.status_code == 200, compared.text


def test_the_terms_of_transactions_are_counted_and_nothing_else(small_post: Post) -> None:
    """To the coordination, once a week and whenever another term comes next; to the parquet, what
    waits longer than the protocol."""
    post, on = small_post, datetime.now(UTC).date()
    age(post, days=3)
    address = {"adresse": "coordination@port-miran.example", "recevoir": "y", "seul": "y"}
    assert post.world.coordinator().post("/mon-compte/courriel", address).status_code == 303
    rows = update(Transaction)
    post.change(rows.values(echeance=None))
    post.change(rows.where(Transaction.attend == "reponse").values(echeance=on + timedelta(5)))
    post.change(
        rows.where(Transaction.attend == "parquet").values(
            asked_at=datetime.now(UTC) - timedelta(days=40)
        )
    )
    post.run("daily")
    post.run("daily")
    told = {str(mail["To"]): text_of(mail) for mail in post.postman.mails}
    assert sorted(post.postman.to) == [
        "coordination@port-miran.example",
        "dpo@port-miran.example",
        "parquet@port-miran.example",
    ]
    assert "ou a expiré\N{NO-BREAK SPACE}: 1." in told["coordination@port-miran.example"]
    assert "/echeances" in told["coordination@port-miran.example"]
    assert "TR-" not in told["coordination@port-miran.example"]
    assert "depuis plus de 15 jours\N{NO-BREAK SPACE}: 1." in told["parquet@port-miran.example"]
    post.change(rows.where(Transaction.attend == "reponse").values(echeance=on + timedelta(2)))
    post.run("daily")
    assert post.postman.to.count("coordination@port-miran.example") == 2


def test_a_day_is_done_once(post: Post) -> None:
    age(post, days=60)
    for _ in range(3):
        assert post.run("daily").exit_code == 0
    assert len(post.postman.raw) == 2
    post.change(update(OutgoingMail).values(once=None))
    assert post.run("mail", "remind").exit_code == 0
    post.send()
    assert len(post.postman.raw) == 4


def test_no_fiche_is_late_no_mail(small_post: Post) -> None:
    age(small_post, days=3)
    small_post.run("daily")
    assert small_post.postman.to == ["dpo@port-miran.example"]


def test_only_who_left_an_address_to_the_server(small_post: Post) -> None:
    age(small_post, days=60)
    for key in ("parquet", "dpo"):
        small_post.world.visitor(key).post(
            "/mon-compte/courriel", {"adresse": "x@parquet.example", "recevoir": "y"}
        )
    small_post.run("daily")
    assert small_post.postman.raw == []


def test_a_mandate_that_ended_is_reminded_of_nothing(small_post: Post) -> None:
    from charter.models import MandateRow

    age(small_post, days=60)
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    ended = update(MandateRow).where(MandateRow.member == reference_of("parquet"))
    small_post.change(ended.values(ends=yesterday))
    small_post.run("daily")
    assert small_post.postman.to == ["dpo@port-miran.example"]


def test_without_settings_the_day_still_has_its_checkpoint(small_post: Post) -> None:
    (small_post.world.instance.data / "mail.json").unlink()
    done = small_post.run("daily")
    assert done.exit_code == 0
    assert "Point de contrôle établi" in done.output
    assert small_post.rows() == []


def test_the_day_watches_and_tells_the_dpo_how_many_alerts_wait(post: Post) -> None:
    """Once for what is new, with neither a name nor a reference, and to nobody else."""
    for _ in range(7):
        assert post.world.visitor("pjj").get("/journal").status_code == 403
    for _ in range(3):
        done = post.run("daily")
        assert done.exit_code == 0, done.output
    told = [mail for mail in post.postman.mails if ALERTS in text_of(mail)]
    assert [str(mail["To"]) for mail in told] == ["dpo@port-miran.example"]
    text = text_of(told[0])
    assert "Alertes à traiter\u00a0: 1, dont nouvelles\u00a0: 1." in text
    assert reference_of("pjj") not in str(told[0])
    with post.world.database.read() as session:
        looks = search(session.connection(), action="watch:run")
    assert [row.detail["alertes"] for row in looks] == [0, 0, 1]

    post.world.visitor("dpo").post(f"/journal/alertes/{_alert(post)}", ANSWER)
    post.run("daily")
    assert len([mail for mail in post.postman.mails if ALERTS in text_of(mail)]) == 1
