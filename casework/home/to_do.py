"""« À traiter »: what waits for an act of the coordination, one provider a domain."""

from collections.abc import Callable, Iterator

from flask import url_for

from casework.cells import service as cells
from casework.cells.options import Information
from casework.deposits import service as deposits
from casework.home.lines import Desk, Line, counted, day_of, since
from casework.information import service as information
from casework.members import admission
from casework.rappels import consultations
from casework.rappels import service as rappels
from casework.retention import service as retention
from casework.seances import requests
from casework.situations import service as situations
from casework.transactions import service as transactions
from casework.web.access import allowed
from casework.web.french import short_date
from charter.actions import Action

Provider = Callable[[Desk, str], Iterator[Line]]
MOST_LETTERS = 5  # an imported cell may owe hundreds: the first ones, and the list


def of_deposits(desk: Desk, cell: str) -> Iterator[Line]:
    for row in deposits.waiting(desk.session, cell):
        day, url = day_of(row.deposited_at), url_for("triage.show", reference=row.reference)
        said = since(day, desk.today)
        yield Line(day, row.reference, "Trier", url, "Dépôt reçu", said)


def of_requests(desk: Desk, cell: str) -> Iterator[Line]:
    for row in requests.waiting(desk.session, cell):
        day, url = day_of(row.asked_at), url_for("urgences.show", reference=row.reference)
        said = since(day, desk.today)
        yield Line(day, row.reference, "Répondre", url, "Séance urgente demandée", said)


def of_rappels(desk: Desk, cell: str) -> Iterator[Line]:
    """What the procureur answered, and what was reported back to him."""
    asked = {rappel.id for _, rappel, _ in consultations.asked_by(desk.session, cell, desk.aside)}
    for row in rappels.of_cell(desk.session, cell, rappels.BY_COMMUNE, desk.aside):
        if row.id in asked:
            continue
        moment = row.t3_at or row.t2_at or row.t1_at
        verb, why = "Poursuivre", "Le procureur a répondu"
        if row.t3_at:
            verb, why = "Clore", "Compte rendu fait (temps 3)"
        url, day = url_for("rappels.show", reference=row.reference), day_of(moment)
        yield Line(day, row.reference, verb, url, why, since(day, desk.today))


def of_consultations(desk: Desk, cell: str) -> Iterator[Line]:
    for row, rappel, answered in consultations.asked_by(desk.session, cell, desk.aside):
        day = day_of(row.asked_at)
        url = url_for("rappels.show", reference=rappel.reference)
        verb = "Conclure" if answered or row.until < desk.today else "Suivre"
        why = f"Consultation de {row.cell}, {counted(answered, 'réponse')}"
        yield Line(day, rappel.reference, verb, url, why, since(day, desk.today))


def of_transactions(desk: Desk, cell: str) -> Iterator[Line]:
    for row in transactions.under_way(desk.session, cell, desk.aside):
        if row.attend == transactions.COMMUNE:
            day = day_of(row.created_at)
            url = url_for("transactions.show", reference=row.reference)
            why = "Transaction, un acte de la commune est attendu"
            yield Line(day, row.reference, "Poursuivre", url, why, since(day, desk.today))


def of_letters(desk: Desk, cell: str) -> Iterator[Line]:
    """The persons to be told before their examination, in cells that tell them."""
    if cells.options(desk.session, cell).information is Information.NONE:
        return
    followed = situations.followed(desk.session, cell, desk.aside)
    untold = information.missing(desk.session, followed)
    missing = [one for one in followed if one in untold]
    for number in missing[:MOST_LETTERS]:
        reference, moment = followed[number]
        url, day = url_for("information.form", reference=reference), day_of(moment)
        why = "Personnes à informer avant l’examen"
        yield Line(day, reference, "Informer", url, why, since(day, desk.today))
    if len(missing) > MOST_LETTERS:
        more = counted(len(missing) - MOST_LETTERS, "autre situation", "autres situations")
        url = url_for("situations.of_cell", cell=cell)
        yield Line(desk.today, cell, "Lister", url, f"{more} dont personne n’est informé")


def of_renewals(desk: Desk, cell: str) -> Iterator[Line]:
    """What nobody has touched for so long that it ends by itself unless it is renewed."""
    for reference, ends in retention.to_renew(desk.session, cell, desk.today, desk.aside):
        url, why = url_for("situations.show", reference=reference), "Suivi à renouveler"
        yield Line(ends, reference, "Relire", url, why, f"fin d’office le {short_date(ends)}")


def of_members(desk: Desk, cell: str) -> Iterator[Line]:
    if not allowed(Action.MEMBER_ADMIT, cell):
        return
    waiting = admission.waiting(desk.session, cell, desk.today)
    if waiting:
        verb = f"Admettre {counted(len(waiting), 'membre')}"
        url = url_for("members.of_cell", cell=cell)
        why = "La charte est signée, la clé reste à remettre"
        yield Line(desk.today, cell, verb, url, why)


PROVIDERS: tuple[Provider, ...] = (
    of_deposits,
    of_requests,
    of_rappels,
    of_consultations,
    of_transactions,
    of_letters,
    of_renewals,
    of_members,
)


def to_do(desk: Desk) -> list[Line]:
    return [line for cell in desk.cells for provider in PROVIDERS for line in provider(desk, cell)]
