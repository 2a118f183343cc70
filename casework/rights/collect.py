"""What an access export is made from: a situation, and every domain's part of it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from casework.attachments import service as attachments
from casework.closure import service as closure
from casework.information import service as information
from casework.involvement import service as involvement
from casework.parenting import service as parenting
from casework.rappels import service as rappels
from casework.rights.access import Happened, Sources
from casework.seances import service as seances
from casework.situations import events, further
from casework.situations import service as situations
from casework.transactions import service as transactions
from casework.vault.keyring import Reader
from casework.web.french import local


def sources(
    session: Session,
    reader: Reader,
    situation: situations.Situation,
    categories: Collection[str],
    services: Mapping[int, str],
    limited_since: Collection[date],
    today: date,
) -> Sources:
    """``services``: the words of the closed list."""
    opened = situations.open_situation(session, reader, situation, categories)
    fiches = rappels.of_situation(session, situation.id)
    held = [
        (one.row.reference, one.texts)
        for one in rappels.open_procedures(session, reader, fiches, categories)
    ]
    about = [local(one.held_at).date() for one in seances.seances_about(session, situation.id)]
    examined = [day for day in about if day <= today]
    return Sources(
        situation.reference,
        opened.facets,
        opened.texts,
        opened.interesse,
        opened.representants,
        held,
        examined,
        limited_since,
        list(_happened(session, reader, situation, categories, services)),
        {
            "Pièces jointes": attachments.count(session, situation.id),
            "Comptes rendus d’examen": len(examined),
            "Actes de transaction": len(transactions.of_situation(session, situation.id)),
            "Aides à la fonction parentale": parenting.count(session, situation.id),
        },
    )


def _happened(
    session: Session,
    reader: Reader,
    situation: situations.Situation,
    categories: Collection[str],
    services: Mapping[int, str],
) -> Iterator[Happened]:
    record = events.opened(session, reader, situation)
    for one in further.of_situation(session, record, situation.id, categories):
        yield Happened("Nouvelle saisine", "further_saisine", one.texts)
    for told in information.of_situation(session, record, situation.id, categories):
        yield Happened("Information avant l’examen", "information", told.texts)
    involved = involvement.of_situation(session, record, situation.id, categories)
    present = ", ".join(services.get(code, "") for code in involved.present)
    words = {"services": present, "demarches": involved.demarches}
    yield Happened("Avant la saisine", "involvement", words)
    for turn in closure.of_situation(session, record, situation.id, categories):
        title = "Fin du suivi" if turn.closes else "Suivi rouvert"
        yield Happened(title, "closure", turn.texts)
