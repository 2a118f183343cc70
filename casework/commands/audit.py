"""`casework audit`: check the journal, keep a checkpoint."""

from pathlib import Path

import click

from audit.journal import JournalError, Reason
from audit.verify import verify as verify_journal
from casework.commands.options import data_option, opened


@click.group()
def audit() -> None:
    """Journal des accès : vérification et points de contrôle."""


@audit.command()
@data_option
@click.option(
    "--since",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Point de contrôle conservé, à comparer.",
)
def verify(data: Path, since: Path | None) -> None:
    """Vérifie le journal ; code de sortie 1 si quelque chose ne va pas."""
    instance, database = opened(data)
    kept = since.read_text(encoding="utf-8") if since else None
    with database.read() as session:
        report = verify_journal(session.connection(), instance.journal.verifier, kept)
    for sentence in report.sentences():
        click.echo(sentence)
    if not report.ok:
        raise SystemExit(1)


@audit.command()
@data_option
def checkpoint(data: Path) -> None:
    """Établit et affiche le point de contrôle du moment : une note signée, à conserver ailleurs."""
    instance, database = opened(data)
    try:
        with database.write() as session:
            note = instance.journal.checkpoint(session.connection(), Reason.DEMANDE)
            session.commit()
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None
    click.echo(note, nl=False)
