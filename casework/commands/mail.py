"""`casework mail`: send what waits, try the settings, queue what the day owes."""

from datetime import UTC, datetime
from pathlib import Path

import click

from audit.journal import JournalError
from casework.clock import today
from casework.commands.options import data_option, opened
from casework.db import Database
from casework.instance import Instance
from casework.mail import compose, duty, outbox, settings, transport
from casework.mail.duty import Done
from casework.mail.settings import SettingsError
from casework.mail.transport import Undelivered
from casework.mail.words import Kind, Moment


@click.group()
def mail() -> None:
    """Courriels sans nom : envoi, essai, rappels."""


@mail.command()
@data_option
def send(data: Path) -> None:
    """Envoie ce qui attend. À lancer chaque minute (docs/courriels.md)."""
    instance, database = opened(data)
    deliver(instance, database)


def deliver(instance: Instance, database: Database) -> None:
    """Send, and say how many left; exit code 1 when some did not."""
    try:
        sent, failed = outbox.deliver(database, instance)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if sent:
        database.empty_log()  # the addresses just destroyed linger there
    if sent or failed:
        click.echo(f"{sent} envoyé(s), {failed} en échec.")
    if failed:
        raise SystemExit(1)


@mail.command()
@data_option
@click.argument("address")
def test(data: Path, address: str) -> None:
    """Envoie un courriel d’essai à ADDRESS, et dit ce qui ne va pas."""
    instance, database = opened(data)
    try:
        mailing = settings.load(instance.data)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if mailing is None:
        raise click.ClickException(
            "L’envoi n’est pas réglé : un administrateur le règle à la page « Courriels »."
        )
    if not settings.is_address(address):
        raise click.ClickException(f"« {address} » n’est pas une adresse.")
    now = datetime.now(UTC)
    with database.read() as session:
        made = compose.text_of(session, Kind.ESSAI, {"date": Moment(now)}, instance.address)
    made["From"], made["To"], made["Date"] = mailing.sender, address, now
    try:
        with transport.connected(mailing, instance.data) as server:
            transport.hand_over(server, made)
    except Undelivered as error:
        raise click.ClickException(f"{str(error).capitalize()}.") from None
    click.echo(f"Le serveur {mailing.host} a pris le courriel en charge.")


@mail.command()
@data_option
def remind(data: Path) -> None:
    """Prépare ce que doit le jour : point de contrôle, relance du parquet. Une fois par jour."""
    instance, database = opened(data)
    done = prepare(instance, database)
    click.echo(f"{done.checkpoints} point(s) de contrôle, {done.reminders} relance(s).")


def prepare(instance: Instance, database: Database) -> Done:
    """The day's checkpoint and its mails, in one unit of work."""
    try:
        with database.write() as session:
            done = duty.do(session, instance, today())
            session.commit()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None
    return done
