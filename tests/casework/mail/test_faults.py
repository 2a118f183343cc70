"""A mail server that refuses, hangs up or is not who it says: nothing lost, nothing sent twice."""

import stat
import threading
from pathlib import Path

import pytest

from casework.mail import outbox, settings, transport
from casework.mail.models import OutgoingMail
from casework.mail.settings import Mailing, Security, SettingsError
from tests.casework.mail.conftest import Post
from tests.casework.mail.server import Postman, certificate, post_office

HOSTS = {Security.STARTTLS: "localhost", Security.TLS: "localhost"}


@pytest.fixture
def waiting(small_post: Post) -> Post:
    """One convocation waits, and nothing else."""
    small_post.settings(reminder_days=0)
    small_post.convoke(small_post.seance("commissaire"))
    return small_post


def only(post: Post) -> OutgoingMail:
    (row,) = post.rows()
    return row


def health(post: Post) -> str:
    return post.world.visitor("administration").get("/courriels").text


def test_a_refused_address_is_given_up_and_shown(waiting: Post) -> None:
    waiting.postman.rcpt = "550 <commissaire@port-miran.example> unknown"
    assert waiting.send().exit_code == 1
    row = only(waiting)
    assert (row.state, row.error, row.recipient) == ("abandonne", "destinataire", None)
    assert "L’adresse est refusée" in health(waiting)
    assert "commissaire@" not in health(waiting)
    page = waiting.world.visitor("coordination").get(f"/seances/{row.about}").text
    assert "À prévenir autrement" in page
    waiting.elapse(hours=7)
    waiting.send()
    assert len(waiting.postman.seen) == 1


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_a_server_that_asks_to_wait_is_asked_again_later(waiting: Post, at: str) -> None:
    setattr(waiting.postman, at, "451 later")
    waiting.send()
    assert (only(waiting).state, only(waiting).error) == ("attend", "patience")
    assert "demande d’attendre" in health(waiting)
    setattr(waiting.postman, at, "250 OK")
    waiting.send()
    assert waiting.postman.raw == []  # not yet
    waiting.elapse(minutes=6)
    assert waiting.send().exit_code == 0
    assert (len(waiting.postman.raw), only(waiting).state) == (1, "envoye")


def test_each_failure_waits_longer(waiting: Post) -> None:
    waiting.postman.rcpt = "451 later"
    waits = []
    for _ in range(6):
        before = only(waiting).next_try_at
        waiting.send()
        waits.append((only(waiting).next_try_at - before).total_seconds())
        waiting.elapse(seconds=waits[-1] + 1)
    assert waits[:-1] == sorted(waits[:-1])
    assert max(waits) <= outbox.LONGEST_WAIT.total_seconds() + 60


@pytest.mark.parametrize("taken", [False, True])
def test_a_server_that_hangs_up_in_the_middle(waiting: Post, taken: bool) -> None:
    waiting.postman.hang_up, waiting.postman.keeps_cut = 1, taken
    assert waiting.send().exit_code == 1
    assert only(waiting).state == "attend"
    waiting.elapse(minutes=6)
    waiting.send()
    waiting.elapse(hours=7)
    waiting.send()
    # Only the server knows that it took the first one: the same Message-ID tells the reader's.
    assert len(waiting.postman.raw) == 1 + taken
    assert len({mail["Message-ID"] for mail in waiting.postman.mails}) == 1
    assert len(set(waiting.postman.raw)) == 1 or taken


def test_nobody_answers(waiting: Post) -> None:
    waiting.settings(port=1)
    assert waiting.send().exit_code == 1
    assert only(waiting).error == "connexion"
    waiting.elapse(days=6)
    waiting.send()
    assert (only(waiting).state, only(waiting).error) == ("abandonne", "connexion")
    assert only(waiting).recipient is None


def test_the_server_refuses_the_sender(waiting: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle_mail(*_: object) -> str:
        return "550 not yours"

    monkeypatch.setattr(Postman, "handle_MAIL", handle_mail, raising=False)
    waiting.send()
    assert (only(waiting).state, only(waiting).error) == ("attend", "expediteur")


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize(
    ("name", "known", "error"),
    [
        ("autre.example", True, "certificat"),
        ("localhost", False, "certificat"),
        ("localhost", True, ""),
    ],
)
def test_the_certificate_is_checked(
    waiting: Post, tmp_path: Path, security: Security, name: str, known: bool, error: str
) -> None:
    context, pem = certificate(tmp_path, name)
    if known:
        (waiting.world.instance.data / settings.AUTHORITY_FILE).write_bytes(pem)
    options = (
        {"ssl_context": context}
        if security is Security.TLS
        else {"tls_context": context, "require_starttls": True}
    )
    with post_office(waiting.postman, **options) as port:
        waiting.settings(host="localhost", port=port, security=security)
        waiting.send()
    assert only(waiting).error == error
    assert bool(waiting.postman.seen) is (not error)
    assert only(waiting).state == ("attend" if error else "envoye")


def test_a_server_without_starttls_gets_nothing(waiting: Post) -> None:
    waiting.settings(security=Security.STARTTLS)
    waiting.send()
    assert (only(waiting).error, waiting.postman.seen) == ("tls", [])


def test_a_sender_that_dies_leaves_the_mail_to_the_next(
    waiting: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(transport, "hand_over", _die)
        with pytest.raises(SystemError):
            outbox.deliver(waiting.world.database, waiting.world.instance)
    assert only(waiting).state == "attend"
    waiting.elapse(minutes=6)
    waiting.send()
    assert (only(waiting).state, len(waiting.postman.raw)) == ("envoye", 1)


def _die(*_: object) -> None:
    raise SystemError


def test_two_senders_at_once_send_each_mail_once(post: Post) -> None:
    post.settings(reminder_days=0)
    for _ in range(4):
        post.convoke(post.seance("commissaire", "education", "police_municipale"))
    given: list[tuple[int, int]] = []

    def send() -> None:
        given.append(outbox.deliver(post.world.database, post.world.instance))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(sent for sent, _ in given), sum(failed for _, failed in given)) == (12, 0)
    assert len({mail["Message-ID"] for mail in post.postman.mails}) == 12 == len(post.postman.raw)


def test_another_delivery_key_gives_the_mail_up(waiting: Post) -> None:
    (waiting.world.instance.data / settings.KEY_FILE).unlink()
    waiting.send()
    assert (only(waiting).state, only(waiting).error) == ("abandonne", "cle")


def test_a_forged_row_does_not_leave(waiting: Post) -> None:
    with waiting.world.database.write() as session:
        row = session.get_one(OutgoingMail, only(waiting).id)
        row.words = row.words.replace("CCTP", "DUPONT")
        session.commit()
    waiting.send()
    assert (only(waiting).error, waiting.postman.raw) == ("mots", [])


def test_the_files_are_for_their_owner_alone(waiting: Post) -> None:
    for name in (settings.SETTINGS_FILE, settings.KEY_FILE):
        mode = (waiting.world.instance.data / name).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600, name


def test_in_clear_only_on_this_machine(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        settings.save(tmp_path, Mailing("smtp.example", 25, Security.NONE, "a@b.fr"))


def test_the_administrator_sets_it_up(small_post: Post) -> None:
    who = small_post.world.visitor("administration")
    (small_post.world.instance.data / settings.SETTINGS_FILE).unlink()
    assert "L’envoi n’est pas réglé" in who.get("/courriels").text
    typed = {
        "hote": "smtp.ma-commune.example",
        "port": "587",
        "chiffrement": "starttls",
        "utilisateur": "casework",
        "mot_de_passe": "jamais affiché",
        "expediteur": "clspd@ma-commune.example",
        "copies": "archives@ma-commune.example\nautre@ma-commune.example",
        "rappel": "5",
        "abandon": "3",
    }
    for name, wrong in (("chiffrement", "aucun"), ("port", "0"), ("copies", "x"), ("hote", "")):
        assert who.post("/courriels/reglages", typed | {name: wrong}).status_code == 422, name
    assert who.post("/courriels/reglages", typed).status_code == 302
    assert "smtp.ma-commune.example" in who.get("/courriels").text
    page = who.get("/courriels/reglages").text
    assert "jamais affiché" not in page
    assert "archives@ma-commune.example" in page
    who.post("/courriels/reglages", typed | {"mot_de_passe": "", "rappel": "0"})
    kept = settings.load(small_post.world.instance.data)
    assert kept
    assert (kept.password, kept.reminder_days) == ("jamais affiché", 0)
    # Another server does not receive the password of this one.
    who.post("/courriels/reglages", typed | {"mot_de_passe": "", "hote": "autre.example"})
    kept = settings.load(small_post.world.instance.data)
    assert kept
    assert kept.password == ""


def test_the_command_tries_the_settings(small_post: Post) -> None:
    assert "a pris le courriel en charge" in small_post.run("mail", "test", "a@b.fr").output
    assert "Essai" in small_post.postman.everything().decode()
    assert small_post.run("mail", "test", "pas une adresse").exit_code == 1
    small_post.settings(port=1)
    assert "ne répond pas" in small_post.run("mail", "test", "a@b.fr").output
