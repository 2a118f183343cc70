"""What each day owes: the journal's checkpoint to whoever keeps it, the alerts of the watch to the
DPO, the fiches and homologations that wait to the parquet, the terms of transactions to the
coordination, the backup that is missing to the administrator. Once a day, or once a week, however
often it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.event import SYSTEME, Event, Outcome
from audit.journal import Reason
from audit.notes import Checkpoint
from casework.backup import success as backups
from casework.cells import service as cells
from casework.instance import Instance
from casework.mail import addresses, mandated, outbox, settings, terms
from casework.mail.models import OutgoingMail
from casework.mail.words import Count, Day, Kind, Moment, Word
from casework.rappels.models import Rappel
from casework.rappels.service import BY_PARQUET
from casework.watch import service as watch
from charter.references import Article
from charter.roles import Role

REMIND = "mail:remind"
A_DAY = timedelta(days=1)
REMINDED = frozenset(
    {Role.DPO, Role.PARQUET, Role.COORDONNATEUR, Role.ADMINISTRATEUR}
)  # who may leave an address to the server


@dataclass(frozen=True)
class Done:
    """What one day queued. ``size``: the entries the checkpoint attests."""

    size: int
    checkpoints: int
    reminders: int
    alerts: int
    missing_backups: int


def do(session: Session, instance: Instance, on: date) -> Done:
    """Establish the day's checkpoint, and queue what is due; the caller commits."""
    note = instance.journal.checkpoint(session.connection(), Reason.JOUR)
    size = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").size
    mailing = settings.load(instance.data)
    checkpoints = reminders = alerts = missing = 0
    if mailing is not None:
        checkpoints = _checkpoints(session, instance, mailing, on, size)
        reminders = _reminders(session, instance, mailing, on)
        reminders += _homologations(session, instance, mailing, on)
        reminders += _terms(session, instance, mailing, on)
        alerts = _alerts(session, instance, mailing, on)
        if backups.is_late(session, on):
            missing = tell_missing_backup(session, instance, mailing, on)
    outbox.purge(session)
    if checkpoints or reminders or alerts or missing:
        event = Event.now(
            actor=SYSTEME,
            action=REMIND,
            outcome=Outcome.AUTORISE,
            article=Article.CNIL_2021_122,
            detail={
                "controles": checkpoints,
                "relances": reminders,
                "alertes": alerts,
                "sauvegardes": missing,
            },
        )
        session.flush()
        instance.journal.append(session.connection(), event)
    return Done(size, checkpoints, reminders, alerts, missing)


def tell_missing_backup(
    session: Session, instance: Instance, mailing: settings.Mailing, on: date
) -> int:
    """To each administrator who asked for it, that a backup failed or was never made."""
    words = {"date": Moment(datetime.now(UTC)), "jours": Count(backups.days_without(session, on))}
    found = addresses.unattended(
        session, instance, mandated.as_role(session, Role.ADMINISTRATEUR, on)
    )
    return sum(
        _queue_once(session, instance, mailing, Kind.SAUVEGARDE, words, f"{on}|{who}", who, where)
        for who, where in found.items()
    )


def _checkpoints(
    session: Session, instance: Instance, mailing: settings.Mailing, on: date, size: int
) -> int:
    """To each DPO who asked for it, and to the mailboxes the administrator named."""
    found = addresses.unattended(session, instance, mandated.as_role(session, Role.DPO, on))
    to = [(member, member, address) for member, address in found.items()]
    to += [(f"copie-{rank}", "", address) for rank, address in enumerate(mailing.copies)]
    words = {"jour": Day(on), "entrees": Count(size)}
    return sum(
        _queue_once(session, instance, mailing, Kind.CONTROLE, words, f"{on}|{key}", member, where)
        for key, member, where in to
    )


def _reminders(session: Session, instance: Instance, mailing: settings.Mailing, on: date) -> int:
    """The parquet is reminded once a week of how many fiches wait, while some do."""
    late = [_late(session, cell.code) for cell in cells.every_cell(session)]
    waiting = sum(number for _, number in late)
    days = min((days for days, number in late if number), default=0)
    if not waiting:
        return 0
    words = {"nombre": Count(waiting), "jours": Count(days)}
    return _to_parquet(session, instance, mailing, Kind.FICHES, words, on)


def _homologations(
    session: Session, instance: Instance, mailing: settings.Mailing, on: date
) -> int:
    """And of how many requests for homologation."""
    words = terms.homologations(session, on)
    if words is None:
        return 0
    return _to_parquet(session, instance, mailing, Kind.HOMOLOGATIONS, words, on)


def _to_parquet(
    session: Session,
    instance: Instance,
    mailing: settings.Mailing,
    kind: Kind,
    words: dict[str, Count],
    on: date,
) -> int:
    found = addresses.unattended(session, instance, mandated.as_role(session, Role.PARQUET, on))
    return sum(
        _queue_once(session, instance, mailing, kind, words, f"{_week(on)}|{who}", who, where)
        for who, where in found.items()
    )


def _terms(session: Session, instance: Instance, mailing: settings.Mailing, on: date) -> int:
    """Each coordinator is told once a week, and again as soon as another term is the next one."""
    queued = 0
    members = mandated.as_role(session, Role.COORDONNATEUR, on)
    for who, where in addresses.unattended(session, instance, members).items():
        found = terms.of_coordinator(session, who, on)
        if found is not None:
            key = f"{_week(on)}|{found.next}|{who}"
            kind, words = Kind.ECHEANCES, found.words
            queued += _queue_once(session, instance, mailing, kind, words, key, who, where)
    return queued


def _week(on: date) -> str:
    year, week, _ = on.isocalendar()
    return f"{year}-S{week}"


def _alerts(session: Session, instance: Instance, mailing: settings.Mailing, on: date) -> int:
    """To each DPO who asked for it, once for what the watch has newly found: how many, not whom."""
    waiting = watch.waiting(session)
    if not waiting:
        return 0
    latest = max(alert.id for alert in waiting)  # identifiers grow
    new = sum(alert.raised_at > datetime.now(UTC) - A_DAY for alert in waiting)
    words = {"nombre": Count(len(waiting)), "nouvelles": Count(new)}
    found = addresses.unattended(session, instance, mandated.as_role(session, Role.DPO, on))
    return sum(
        _queue_once(session, instance, mailing, Kind.ALERTES, words, f"{latest}|{who}", who, where)
        for who, where in found.items()
    )


def _late(session: Session, cell: str) -> tuple[int, int]:
    """The delay of a cell's protocol, and how many of its fiches have passed it."""
    days = cells.options(session, cell).reminder_days
    query = select(func.count()).where(
        Rappel.cell == cell,
        Rappel.attend == BY_PARQUET,
        Rappel.t1_at < datetime.now(UTC) - timedelta(days=days),
    )
    return days, session.scalar(query) or 0


def _queue_once(
    session: Session,
    instance: Instance,
    mailing: settings.Mailing,
    kind: Kind,
    words: Mapping[str, Word],
    key: str,
    member: str,
    address: str,
) -> bool:
    once = f"{kind.value}|{key}"
    if session.scalar(select(OutgoingMail.id).where(OutgoingMail.once == once)) is not None:
        return False
    give_up = datetime.now(UTC) + timedelta(days=mailing.give_up_days)
    outbox.queue(
        session,
        outbox.Sealer(instance),
        kind,
        words,
        address,
        member=member,
        once=once,
        give_up=give_up,
    )
    return True
