"""What other procedures add to a report: acts, each counted under how far it went.

A source is a table of its own. It plugs in by one line of ``SOURCES``: how its records are read,
under which action of the charter, and what they are called. A report prints its *stages* (proposed,
accepted, homologated…), which overlap; the outcomes behind them, which do not, are what is
protected. A CMER has its own source, and none of the others (casework.cells.kinds).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.clock import midnight, today
from casework.cmer import service as cmer
from casework.cmer.service import Opinion
from casework.rappels import service as rappels
from casework.rappels.models import Rappel
from casework.rappels.service import State as Called
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.transactions import service as transactions
from casework.transactions.service import Kind, State, Step, Transaction
from casework.vault.keyring import Reader
from casework.web.french import local
from charter.actions import Action
from charter.categories import Category

HUNDREDTHS = 100
TOTAL = "total"  # the situations of the report


@dataclass(frozen=True)
class Act:
    """One rappel, one transaction: counted on a day that never moves, so that a settled period
    gains none; one signal, on the day of its saisine. ``hours`` of work done; ``waited``, days
    before an answer."""

    day: date
    outcome: int
    situation: int
    hours: float = 0
    waited: int | None = None


@dataclass(frozen=True)
class Stage:
    label: str
    outcomes: frozenset[int]


@dataclass(frozen=True, eq=False)
class Source:
    """``table`` counts the outcomes, ``whole`` all of them, ``stages`` what is printed, ``figures``
    the stages that are key figures. When ``every`` situation has one act, the whole is the total
    of the report: a reader knows it, and the protection must."""

    table: str
    title: str
    note: str
    stages: Mapping[int, Stage]
    action: Action
    recorded: InstrumentedAttribute[datetime]
    read: Callable[[Session, Reader, str, date, date], list[Act]]
    figures: Mapping[int, str] = field(default_factory=dict)
    every: bool = False

    @property
    def whole(self) -> str:
        return TOTAL if self.every else f"{self.table}s"

    @property
    def printed(self) -> str:
        return f"{self.table}:etapes"

    def within(self, cell: str, since: date, until: date) -> ColumnElement[bool]:
        """Its records of a cell from these days, about situations still in the base."""
        model = self.recorded.class_
        after = until + timedelta(days=1)
        archived = select(Situation.id).where(Situation.archived_on.is_not(None))
        return and_(
            model.cell == cell,
            self.recorded >= midnight(since),
            self.recorded < midnight(after),
            model.situation.not_in(archived),
        )

    def any(self, session: Session, cell: str) -> bool:
        """Nothing is asked of the charter, nor opened, where there is nothing to count."""
        model = self.recorded.class_
        return session.scalar(select(model.id).where(model.cell == cell).limit(1)) is not None


def _rappels(session: Session, reader: Reader, cell: str, since: date, until: date) -> list[Act]:
    rows = list(session.scalars(select(Rappel).where(RAPPELS.within(cell, since, until))))
    opened = rappels.open_rappels(session, reader, rows, {Category.PROCEDURE}) if rows else []
    return [
        Act(
            local(one.row.t1_at).date(),
            _called(one),
            one.row.situation,
            waited=(one.row.t2_at - one.row.t1_at).days if one.row.t2_at else None,
        )
        for one in opened
    ]


HELD, CARENCE, POSSIBLE, IMPOSSIBLE, WAITING, RENOUNCED = range(1, 7)


def _called(act: rappels.Opened) -> int:
    if act.state in (Called.TENU, Called.CARENCE, Called.INFORME, Called.CLOS):
        return CARENCE if act.carence else HELD
    ends = {Called.JUDICIAIRE: IMPOSSIBLE, Called.RENONCE: RENOUNCED}
    return ends.get(act.state, WAITING if act.row.t2_at is None else POSSIBLE)


def _transactions(
    session: Session, reader: Reader, cell: str, since: date, until: date
) -> list[Act]:
    where = TRANSACTIONS.within(cell, since, until)
    rows = list(session.scalars(select(Transaction).where(where)))
    opened = transactions.open_transactions(session, reader, rows, {Category.PROCEDURE}, today())
    return [
        Act(
            local(one.row.created_at).date(),
            _reached(one),
            one.row.situation,
            hours=one.dossier.given / HUNDREDTHS if one.dossier.terms.kind is Kind.TRAVAIL else 0,
        )
        for one in opened
    ]


(
    EXECUTED,
    HOMOLOGATED,
    NOT_EXECUTED,
    ACCEPTED,
    NOT_HOMOLOGATED,
    REFUSED,
    PROPOSED,
    PREPARED,
    DROPPED,
    WITHDRAWN,
) = range(1, 11)
KEPT = (EXECUTED, HOMOLOGATED, NOT_EXECUTED, ACCEPTED, NOT_HOMOLOGATED, WITHDRAWN)  # accepted
REACHED = {
    State.EXECUTEE: EXECUTED,
    State.HOMOLOGUEE: HOMOLOGATED,
    State.NON_EXECUTEE: NOT_EXECUTED,
    State.ACCEPTEE: ACCEPTED,
    State.DEMANDEE: ACCEPTED,
    State.NON_HOMOLOGUEE: NOT_HOMOLOGATED,
    State.REFUSEE: REFUSED,
    State.SILENCE: REFUSED,
    State.PROPOSEE: PROPOSED,
    State.PREPAREE: PREPARED,
}


def _reached(one: transactions.Opened) -> int:
    state = one.dossier.ended or one.dossier.state
    if state is not State.ABANDONNEE:
        return REACHED[state]
    if any(recorded.event.step is Step.ACCEPTER for recorded in one.events):
        return WITHDRAWN
    return DROPPED if one.dossier.delivered_on else PREPARED


def _signals(session: Session, reader: Reader, cell: str, since: date, until: date) -> list[Act]:
    """Every situation of a CMER, in the period its saisine falls in as in all the other tables."""
    query = situations.LINE.where(Situation.cell == cell, situations.IN_BASE)
    lines = situations.open_lines(session.execute(query).all(), reader, cell)
    followed = cmer.followed(session, reader, cell)
    return [
        Act(day, studied(opinion, sent=sent), line.id)
        for line in lines
        if (day := line.facets.saisine) and since <= day <= until
        for opinion, sent in (followed.get(line.id, (None, False)),)
    ]


UNSTUDIED, UNRELATED, ADVISED, RELATED, SENT, SENT_UNRELATED = range(1, 7)


def studied(opinion: Opinion | None, *, sent: bool) -> int:
    """A transmission says more than an opinion, unless a later one is that it was nothing."""
    if opinion is Opinion.HORS:
        return SENT_UNRELATED if sent else UNRELATED
    if sent:
        return SENT
    if opinion is None:
        return UNSTUDIED
    return RELATED if opinion is Opinion.EXAMINER else ADVISED


def _stages(*named: tuple[str, Sequence[int]]) -> dict[int, Stage]:
    return {code: Stage(label, frozenset(of)) for code, (label, of) in enumerate(named, 1)}


RAPPELS = Source(
    "rappel",
    "Rappels à l’ordre",
    "Rappels annoncés au procureur dans la période ; un rappel compte à chaque étape atteinte.",
    _stages(
        ("Effectués", [HELD]),
        ("Annoncés au procureur", [HELD, CARENCE, POSSIBLE, IMPOSSIBLE, WAITING, RENOUNCED]),
        ("Possibles, selon le procureur", [HELD, CARENCE, POSSIBLE, RENOUNCED]),
        ("Impossibles (traitement judiciaire)", [IMPOSSIBLE]),
        ("Carences", [CARENCE]),
    ),
    Action.RAPPEL_READ,
    Rappel.t1_at,
    _rappels,
    {1: "rappels à l’ordre effectués"},
)
TRANSACTIONS = Source(
    "transaction",
    "Transactions",
    "Transactions préparées dans la période ; une transaction compte à chaque étape atteinte.",
    _stages(
        (
            "Proposées",
            [*KEPT, REFUSED, PROPOSED, DROPPED],
        ),
        ("Acceptées", KEPT),
        ("Homologuées", [EXECUTED, HOMOLOGATED, NOT_EXECUTED]),
        ("Exécutées", [EXECUTED]),
        ("Refusées ou restées sans réponse", [REFUSED]),
        ("Non homologuées", [NOT_HOMOLOGATED]),
        ("Non exécutées", [NOT_EXECUTED]),
    ),
    Action.TRANSACTION_READ,
    Transaction.created_at,
    _transactions,
)
SIGNALS = Source(
    "signal",
    "Traitement des signaux",
    "Signaux dont la saisine tombe dans la période ; un signal compte à chaque étape atteinte.",
    _stages(  # 001:2022-2023; 000:1880
        ("Étudiés", [UNRELATED, ADVISED, RELATED, SENT, SENT_UNRELATED]),
        ("Relevant de la radicalisation", [RELATED, SENT]),
        ("Transmis aux services de l’État", [SENT, SENT_UNRELATED]),
        ("Appelant un conseil ou une formation", [ADVISED]),
        ("Ne relevant pas de la radicalisation", [UNRELATED, SENT_UNRELATED]),
        ("En attente de la concertation", [UNSTUDIED]),
    ),
    Action.CMER_READ,
    Situation.created_at,
    _signals,
    {1: "situations étudiées", 2: "situations relevant de la radicalisation"},
    every=True,
)
SOURCES = (RAPPELS, TRANSACTIONS, SIGNALS)


def of_kind(*, isolated: bool) -> list[Source]:
    """A CMER treats signals and does nothing else; no other cell treats any."""
    return [source for source in SOURCES if (source is SIGNALS) is isolated]
