"""`casework daily`: all that a day owes, in one command for one timer."""

from pathlib import Path

import click

from audit.journal import JournalError
from casework.commands.audit import expire_due
from casework.commands.mail import deliver, prepare
from casework.commands.options import data_option, opened
from casework.commands.retention import (
    NOT_REWRITTEN,
    certificates_option,
    trust_date_option,
    work,
)
from casework.commands.watch import look
from casework.db import Database
from casework.imports.sweeping import erase_overdue
from casework.instance import Instance
from casework.retention import scrubbing
from casework.signin import service as signin


@click.command()
@data_option
@certificates_option
@trust_date_option
def daily(data: Path, certificates: Path | None, trust_date: bool) -> None:
    """Fait ce que doit le jour : conservation, veille et point de contrôle du journal, courriels.

    Relancée le même jour, elle ne relève ni n’envoie rien deux fois.
    """
    instance, database = opened(data)
    work(instance, database, certificates, trust_date=trust_date)
    _sweep(instance, database)
    look(instance, database)  # before the mails, which say what it found
    done = prepare(instance, database)
    click.echo(f"Point de contrôle établi : {done.size} entrées.")
    click.echo(
        f"À envoyer : {done.checkpoints} point(s) de contrôle, {done.reminders} relance(s), "
        f"{done.alerts} annonce(s) d’alertes."
    )
    if done.missing_backups:
        click.echo("Aucune sauvegarde n’a réussi depuis deux jours : l’administrateur est prévenu.")
    expire_due(instance, database, dry_run=False)
    deliver(instance, database)


def _sweep(instance: Instance, database: Database) -> None:
    """What lasts a few hours, and that the next visitor would erase: there may be none."""
    try:
        count = erase_overdue(instance, database)
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None
    with database.write() as session:
        signin.drop_expired(session)
        session.commit()
    if not scrubbing.rewrite(database):
        click.echo(NOT_REWRITTEN)
    if count:
        click.echo(f"Imports abandonnés, effacés : {count}.")
