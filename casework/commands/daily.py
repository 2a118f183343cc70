"""`casework daily`: all that a day owes, in one command for one timer."""

from pathlib import Path

import click

from casework.commands.audit import expire_due
from casework.commands.mail import deliver, prepare
from casework.commands.options import data_option, opened
from casework.commands.retention import certificates_option, trust_date_option, work
from casework.commands.watch import look


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
