"""What a convened member says, in conscience, of a situation: their own service, their own words.

« Les membres n’ont pas obligation de dire. Ils apprécient, en conscience, l’utilité de l’échange
d’information » (001:814). Seen by those around the table; a new version never rewrites the former.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.seances import events
from casework.seances.models import Contribution, Seance
from casework.seances.procedure import Step, after
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import Reader, Writer
from charter.categories import AROUND_THE_TABLE

CONSCIENCE = "« Vous appréciez, en conscience, l’utilité de l’échange. »"


@dataclass(frozen=True)
class Contributed:
    """A contribution, opened."""

    member: str
    at: datetime
    reponse: str
    dispositif: str
    texte: str


def contribute(
    session: Session,
    writer: Writer,
    number: int,
    situation: Situation,
    member: str,
    texts: dict[str, str],
) -> Contribution:
    """Say it, or say it again. ForbiddenStep once the séance is closed or cancelled."""
    seance = events.lock(session, number)
    seance.etat = after(seance.etat, Step.CONTRIBUER)
    rank = session.scalar(
        select(func.max(Contribution.rank)).where(
            Contribution.seance == number,
            Contribution.situation == situation.id,
            Contribution.member == member,
        )
    )
    row = Contribution(
        id=new_id(),
        seance=number,
        situation=situation.id,
        member=member,
        rank=(rank or 0) + 1,
        at=datetime.now(UTC),
    )
    record = writer.record(situation.id, store.wraps_of(session, situation.id), situation.reference)
    seal_row(record, row, texts)
    session.add(row)
    session.flush()
    return row


def about(
    session: Session, reader: Reader, seance: Seance, situation: Situation
) -> dict[str, Contributed]:
    """What each member last said of a situation, by reference."""
    rows = session.scalars(
        select(Contribution)
        .where(Contribution.seance == seance.id, Contribution.situation == situation.id)
        .order_by(Contribution.rank)
    ).all()
    if not rows:
        return {}
    record = reader.record(situation.id, store.wraps_of(session, situation.id), situation.reference)
    return {
        row.member: Contributed(row.member, row.at, **open_row(record, row, AROUND_THE_TABLE))
        for row in rows
    }
