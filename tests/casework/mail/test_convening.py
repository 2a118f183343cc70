"""Convening to a séance: what leaves, what each agenda is told, who answered."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from sqlalchemy import delete, update

from casework.mail.models import OutgoingMail
from casework.seances.models import Convocation
from charter.models import MandateRow
from tests.casework.mail.conftest import Post
from tests.casework.mail.server import text_of
from tests.casework.people import reference_of


def calendar_of(mail) -> Calendar:
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True))


def event_of(mail):
    return calendar_of(mail).walk("VEVENT")[0]


def test_a_convocation_says_when_and_where_to_click(post: Post) -> None:
    url = post.seance("commissaire", "education")
    page = post.convoke(url)
    assert "Convocation envoyée à 2 membres" in page
    assert "En attente d’envoi" in page
    assert post.postman.raw == []  # nothing leaves before it is committed
    assert post.send().exit_code == 0
    assert sorted(post.postman.to) == [
        "commissaire@port-miran.example",
        "education@port-miran.example",
    ]
    text = text_of(post.postman.mails[0])
    assert f"http://127.0.0.1:8000{url}" in text
    assert "14\u00a0h\u00a030" in text
    assert "Cellule de citoyenneté" in text.replace("Citoyenneté", "citoyenneté")
    assert "En attente d’envoi" not in post.world.visitor("coordination").get(url).text
    assert post.send().output == ""  # nothing leaves twice
    assert [row.recipient for row in post.rows() if row.state == "envoye"] == [None, None]


def test_the_agenda_follows_the_seance(small_post: Post) -> None:
    post = small_post
    url = post.seance("commissaire")
    post.convoke(url)
    post.send()
    post.move(url, datetime.now(UTC) + timedelta(days=40))
    assert "a changé de date" in post.world.visitor("coordination").get(url).text
    post.convoke(url)
    post.send()
    assert "Annulation annoncée" in post.convoke(url, acte="annuler")
    post.send()
    first, second, third = map(event_of, post.postman.mails)
    assert first["uid"] == second["uid"] == third["uid"]
    assert [e["sequence"] for e in (first, second, third)] == [0, 1, 2]
    assert first["dtstart"].dt < second["dtstart"].dt == third["dtstart"].dt
    assert third["status"] == "CANCELLED"
    assert [str(calendar_of(m)["method"]) for m in post.postman.mails] == [
        "PUBLISH",
        "PUBLISH",
        "CANCEL",
    ]
    assert not {"location", "description", "attendee"} & {key.lower() for key in first}
    assert "Aucune convocation n’est partie" in post.convoke(url, acte="annuler")


def test_a_reminder_leaves_in_time_and_only_if_it_is_true(small_post: Post) -> None:
    post = small_post
    kept, excused, moved, gone = (post.seance("commissaire", days=20 + n) for n in range(4))
    for url in (kept, excused, moved, gone):
        post.convoke(url)
    post.send()
    assert len(post.postman.raw) == 4
    post.elapse(days=12)
    post.send()
    assert len(post.postman.raw) == 4
    member = post.world.visitor("commissaire")
    member.post(f"{excused}/reponse", {"presence": "excuse"})
    post.move(moved, datetime.now(UTC) + timedelta(days=60))
    with post.world.database.read() as session:
        from casework.seances import service as seances

        number = seances.by_reference(session, gone[9:]).id
    post.change(delete(Convocation).where(Convocation.seance == number))
    post.elapse(days=4)
    post.send()
    assert len(post.postman.raw) == 5
    assert kept in text_of(post.postman.mails[-1])
    assert text_of(post.postman.mails[-1]).startswith("Madame, Monsieur,\r\n\r\nPour mémoire")


def test_members_answer_and_the_coordination_sees_it(post: Post) -> None:
    url = post.seance("commissaire", "departement")
    page = post.convoke(url)
    assert "Convocation envoyée à 1 membre\u00a0:" in page
    assert "Ne reçoit pas de courriel" in page
    member = post.world.visitor("commissaire")
    assert "Serez-vous là" in member.get(url).text
    assert "Qui a été prévenu" not in member.get(url).text
    assert member.post(f"{url}/reponse", {"presence": "peut-être"}).status_code == 303
    assert "Sans réponse" in post.world.visitor("coordination").get(url).text
    member.post(f"{url}/reponse", {"presence": "excuse"})
    member.post(f"{url}/reponse", {"presence": "present"})
    assert "<strong>présent</strong>" in member.get(url).text
    assert "Présent" in post.world.visitor("coordination").get(url).text
    post.move(url, datetime.now(UTC) + timedelta(days=50))
    assert "Pour l’ancienne date" in post.world.visitor("coordination").get(url).text
    assert "répondez de nouveau" in member.get(url).text


def test_who_no_longer_sits_is_not_written_to(small_post: Post) -> None:
    post, url = small_post, small_post.seance("commissaire", "education")
    post.convoke(url)
    post.change(
        update(MandateRow)
        .where(MandateRow.member == reference_of("education"))
        .values(excluded_at=datetime.now(UTC))
    )
    post.send()
    assert post.postman.to == ["commissaire@port-miran.example"]
    assert "Convocation envoyée à 1 membre\u00a0:" in post.convoke(url)


def test_only_a_convened_member_takes_the_calendar_file(small_post: Post) -> None:
    url = small_post.seance("commissaire")
    answer = small_post.world.visitor("commissaire").get(f"{url}/seance.ics")
    assert answer.mimetype == "text/calendar"
    event = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    assert event["summary"] == "Séance CCTP"
    assert b"Zqxcanari77" not in answer.data
    assert small_post.world.visitor("education").get(f"{url}/seance.ics").status_code == 403


def test_a_refused_act_sends_nothing(small_post: Post) -> None:
    post, url = small_post, small_post.seance("commissaire")
    assert post.world.visitor("commissaire").post(f"{url}/convocations").status_code == 403
    assert post.rows() == []


def test_a_rolled_back_act_sends_nothing(post: Post, monkeypatch) -> None:
    """The journal refuses the entry: neither it nor the mails are kept."""
    from audit.journal import Journal, JournalError

    url, plain = post.seance("commissaire"), Journal.append

    def refuse(self, connection, event):
        if event.action == "seance:convoke":
            raise JournalError("full")
        return plain(self, connection, event)

    monkeypatch.setattr(Journal, "append", refuse)
    assert post.world.visitor("coordination").post(f"{url}/convocations").status_code >= 500
    assert post.rows() == []
    post.send()
    assert post.postman.raw == []


def test_convening_again_replaces_what_waits(small_post: Post) -> None:
    post, url = small_post, small_post.seance("commissaire")
    post.convoke(url)
    post.convoke(url)
    post.send()
    assert len(post.postman.raw) == 1
    assert event_of(post.postman.mails[0])["sequence"] == 1


def test_a_member_changes_their_address_or_takes_it_back(post: Post) -> None:
    url = post.seance("commissaire", "education")
    post.convoke(url)
    for key, data in (
        ("commissaire", {"adresse": "autre@police.example", "recevoir": "y"}),
        ("education", {"retirer": "1"}),
    ):
        answer = post.world.visitor(key).post("/mon-compte/courriel", data)
        assert answer.status_code == 303, answer.text
    assert (
        "autre@police.example" in post.world.visitor("commissaire").get("/mon-compte/courriel").text
    )
    post.send()
    assert post.postman.to == ["autre@police.example"]
    page = post.convoke(url)
    assert "Convocation envoyée à 1 membre\u00a0:" in page


def test_an_address_is_one_address(small_world) -> None:
    member = small_world.visitor("commissaire")
    for typed in ("", "x", "a@b", "a@b.fr\r\nBcc: c@d.fr", "a@b.fr, c@d.fr", "é@b.fr"):
        data = {"adresse": typed, "recevoir": "y"}
        assert member.post("/mon-compte/courriel", data).status_code == 422, typed


def test_without_settings_nothing_is_queued(small_post: Post) -> None:
    post, url = small_post, small_post.seance("commissaire")
    (post.world.instance.data / "mail.json").unlink()
    assert "Aucun courriel ne peut partir" in post.convoke(url)
    assert post.rows() == []


def test_a_past_seance_convenes_nobody(small_post: Post) -> None:
    url = small_post.seance("commissaire", days=-3)
    assert "Cette séance est passée" in small_post.convoke(url)
    assert small_post.rows() == []


def test_who_was_told_is_the_member_of_the_row(small_post: Post) -> None:
    small_post.convoke(small_post.seance("commissaire"))
    rows: list[OutgoingMail] = small_post.rows()
    assert {row.member for row in rows} == {reference_of("commissaire")}
    assert {row.kind for row in rows} == {"convocation", "rappel-seance"}
