"""The yearly review of access: who holds what, since when it served, and what no longer should.

« Réaliser une revue annuelle des habilitations » (CNIL, guide de la sécurité des données
personnelles, « Gérer les habilitations »). Read from the mandates, the signatures, the keys and
the journal: no file is opened.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from audit import query
from casework.cells.service import put_setting, setting
from casework.clock import local
from casework.members import accounts, mandates, service
from casework.members.mandates import PRESENT, Held
from casework.members.models import Member
from casework.vault import store
from casework.vault.keyring import Reader
from charter import register
from charter.categories import NOMINATIVE
from charter.rules import RULES

# Our choice, the texts giving no figure: cells meet at least once a quarter, so that whoever has
# not signed in for one has prepared no séance.
ASLEEP_AFTER = timedelta(days=90)
LAST_REVIEW = "revue_acces_le"
SIGN_IN = ("session:open",)
NOMINATIVE_READS = frozenset(
    rule.action.value for rule in RULES if not rule.action.writes and rule.categories & NOMINATIVE
)


@dataclass(frozen=True)
class Line:
    """One member, as the review shows them. Moments are RFC 3339 text, None for never."""

    reference: str
    name: str
    state: str
    held: list[Held]  # in force
    signed_in: str | None
    read: str | None
    due: list[str]  # cells whose text in force is not signed
    keys: list[str]
    stale_keys: list[str]  # held without a mandate that calls for them
    asleep: bool

    @property
    def without_act(self) -> list[Held]:
        return [it for it in self.held if not it.row.designated]

    @property
    def findings(self) -> list[str]:
        """What someone should look at, in the words of the page and of the paper."""
        found = []
        if self.stale_keys:
            found.append(f"clé encore détenue sans mandat : {', '.join(self.stale_keys)}")
        if self.state == "Ouvert" and not self.held:
            found.append("compte ouvert sans mandat en cours")
        if self.asleep:
            found.append(f"aucune connexion depuis {ASLEEP_AFTER.days} jours")
        if self.due:
            found.append(f"charte à signer : {', '.join(self.due)}")
        if self.without_act:
            found.append("mandat sans acte enregistré")
        return found


@dataclass(frozen=True)
class Review:
    lines: list[Line]
    last: date | None
    counts: dict[str, int] = field(default_factory=dict)


def review(session: Session, reader: Reader | None, on: date) -> Review:
    """Everyone who can sign in or holds a key; names with the directory's key only."""
    connection = session.connection()
    signed_in = query.latest(connection, SIGN_IN)
    read = query.latest(connection, NOMINATIVE_READS)
    keys = store.holders(session)
    rows = [
        row
        for row in service.everyone(session)
        if row.closed_at is None or any(row.reference in held for held in keys.values())
    ]
    names = service.identities(session, reader, rows) if reader else {}
    lines = []
    for row in rows:
        who, every = row.reference, mandates.held(session, reader, row.reference, None, on)
        in_force = [it for it in every if it.state == PRESENT]
        mine = sorted(code for code, held in keys.items() if who in held)
        state = accounts.state_of(row)
        lines.append(
            Line(
                reference=who,
                name=names[who].name if who in names else "",
                state=state,
                held=in_force,
                signed_in=signed_in.get(who),
                read=read.get(who),
                due=_due(session, who, in_force),
                keys=[accounts.KEY_LABELS.get(code, code) for code in mine],
                stale_keys=[
                    accounts.KEY_LABELS.get(code, code)
                    for code in mine
                    if not accounts.holds_title([it.row for it in every], code, on)
                ],
                asleep=state == "Ouvert" and _asleep(row, signed_in.get(who), on),
            )
        )
    return Review(lines, last_review(session), _counts(lines))


def _due(session: Session, reference: str, in_force: list[Held]) -> list[str]:
    actor = register.actor_for(session, reference, frozenset())
    codes = {it.row.cell for it in in_force if it.row.cell}
    return sorted(
        code for code in codes - actor.signed if register.current_text(session, code) is not None
    )


def _asleep(row: Member, signed_in: str | None, on: date) -> bool:
    since = datetime.fromisoformat(signed_in) if signed_in else row.created_at
    return on - local(since).date() > ASLEEP_AFTER


def _counts(lines: list[Line]) -> dict[str, int]:
    return {
        "membres": len(lines),
        "mandats en cours": sum(len(line.held) for line in lines),
        "clés sans mandat": sum(len(line.stale_keys) for line in lines),
        "comptes endormis": sum(line.asleep for line in lines),
        "chartes à signer": sum(len(line.due) for line in lines),
        "mandats sans acte": sum(len(line.without_act) for line in lines),
    }


def last_review(session: Session) -> date | None:
    """The day of the last review. Kept apart from the journal, whose entries expire."""
    kept = setting(session, LAST_REVIEW)
    return date.fromisoformat(kept) if kept else None


def certify(session: Session, on: date) -> None:
    """The review was made, and gone through, on this day."""
    put_setting(session, LAST_REVIEW, on.isoformat())
