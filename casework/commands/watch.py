"""`casework watch`: look at the journal for what is out of the ordinary, once a day."""

from pathlib import Path

import click

from audit.event import SYSTEME, Event, Outcome
from audit.journal import JournalError
from casework.clock import today
from casework.commands.options import data_option, opened
from casework.db import Database
from casework.instance import Instance
from casework.watch import service
from charter.actions import Action
from charter.references import Article


@click.command()
@data_option
def watch(data: Path) -> None:
    """Parcourt le journal et relève ce qui sort de l’ordinaire ; le DPO répond à l’écran."""
    look(*opened(data))


def look(instance: Instance, database: Database) -> None:
    """Also one of the things `casework daily` does, before its mails."""
    try:
        with database.write() as session:
            raised = service.look(session, today())
            event = Event.now(
                actor=SYSTEME,
                action=Action.WATCH_RUN.value,
                outcome=Outcome.AUTORISE,
                article=Article.CNIL_2021_122,
                detail={"alertes": len(raised)},
            )
            instance.journal.append(session.connection(), event)
            session.commit()
            waiting = len(service.waiting(session))
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None
    click.echo(f"Alertes nouvelles : {len(raised)}. À traiter : {waiting}.")
