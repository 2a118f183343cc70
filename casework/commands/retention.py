"""`casework retention`: what the clock does each night, what it would do, and the proof."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import click

from audit.journal import JournalError
from audit.notes import NoteError
from audit.verify import keys_of
from casework.backup import erasures
from casework.backup.container import BackupError
from casework.clock import today
from casework.commands.options import data_option, opened
from casework.db import Database, DatabaseBusy
from casework.instance import Instance
from casework.journal.service import private_file
from casework.retention import certificate, job, service
from casework.retention.job import Step
from casework.web.french import long_date

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
certificates_option = click.option(
    "--certificates",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire le certificat des effacements, hors de la base.",
)

trust_date_option = click.option(
    "--trust-date",
    is_flag=True,
    help="La date de cette machine est la bonne, même longtemps après la dernière nuit.",
)


@click.group()
def retention() -> None:
    """Conservation : ce que l’horloge efface, à blanc ou pour de bon, et la preuve."""


@contextmanager
def refusals() -> Iterator[None]:
    try:
        yield
    except (BackupError, NoteError) as error:
        raise click.ClickException(str(error)) from None
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None
    except DatabaseBusy:
        raise click.ClickException("La base est occupée : recommencez dans un instant.") from None
    except OSError as error:
        raise click.ClickException(
            f"Le certificat ne s’écrit pas ({error.filename}) : {error.strerror}. Ce qui devait "
            "s’effacer l’est : donnez un dossier où écrire, et relancez aujourd’hui."
        ) from None


@retention.command("dry-run")
@data_option
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Un autre jour, par exemple à venir.")
def dry_run(data: Path, on: object) -> None:
    """Dit ce que ferait la nuit, sans rien changer."""
    _, database = opened(data)
    day = on.date() if on else today()
    with database.read() as session:
        steps = list(job.plan(session, day))
        agreed = service.agreement(session)
    for step in steps:
        _tell(step)
    click.echo(f"{len(steps)} acte(s). {_under(agreed)}")


@retention.command()
@data_option
@certificates_option
@trust_date_option
def run(data: Path, certificates: Path | None, trust_date: bool) -> None:
    """Fait ce que dit l’horloge ; interrompue, la commande se relance telle quelle."""
    work(*opened(data), certificates, trust_date=trust_date)


def work(
    instance: Instance, database: Database, certificates: Path | None, *, trust_date: bool
) -> None:
    """Also one of the things `casework daily` does."""
    on = today()
    with refusals():
        if not trust_date:
            _refuse_leap(database, on)
        done = job.run(instance, database, on, _tell)
        with database.write() as session:
            service.record_night(session, on)
            session.commit()
        if certificates is not None:
            _keep(database, certificates)
    told = " ; ".join(f"{act.label} : {count}" for act, count in done.counts.items())
    click.echo(f"Conservation : {told or 'rien à faire'}.")
    if not done.scrubbed:
        click.echo("Une lecture était en cours : les pages seront réécrites au prochain passage.")


def _refuse_leap(database: Database, on: date) -> None:
    """A machine whose date is years ahead would erase everything in one night."""
    with database.read() as session:
        last = service.leaps(session, on)
    if last is not None:
        raise click.ClickException(
            f"La dernière nuit est du {long_date(last)}, et cette machine se dit au "
            f"{long_date(on)} : rien n’est fait. Vérifiez sa date ; si elle est juste, relancez "
            "avec --trust-date."
        )


def _keep(database: Database, folder: Path) -> None:
    """A certificate a bordereau, written once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.read() as session:
        for reference in service.disposals(session):
            rows = service.erasures(session, reference)
            path, held = _place(folder, reference, {(str(row.id), row.seq) for row in rows})
            if held < len(rows):
                made = certificate.write(session.connection(), rows)
                with private_file(path) as output:
                    output.write(made.encode())


def _place(folder: Path, reference: str, told: Set[tuple[str, int]]) -> tuple[Path, int]:
    """Where a bordereau's certificate goes, and how many of its lines are there. A restored
    instance gives the same numbers again: what was certified before stays, beside."""
    for number in count(1):
        path = folder / f"{reference}{f'-{number}' if number > 1 else ''}.jsonl"
        held = {(line.id, line.seq) for line in erasures.read(path)} if path.exists() else set()
        if held <= told:
            return path, len(held)
    raise AssertionError(folder)  # there is always one more number


def _tell(step: Step) -> None:
    day = f"{step.day:%d/%m/%Y}"
    click.echo(f"{step.reference:<20} {step.act.label} (échéance {day}, {step.why})")


def _under(agreement: str) -> str:
    if agreement:
        return f"Accord des archives départementales : {agreement}."
    return "Sans accord des archives départementales, rien ne s’efface : ce qui est dû est retiré."


@retention.command()
@data_option
@click.argument("file", metavar="CERTIFICAT", type=FILE)
def check(data: Path, file: Path) -> None:
    """Vérifie un certificat d’effacement avec le journal."""
    instance, database = opened(data)
    with refusals(), database.read() as session:
        connection = session.connection()
        keys = keys_of(connection, instance.journal.verifier)
        checked = 0
        for line in erasures.read(file):
            reference = certificate.prove(line, keys)
            if not certificate.in_journal(connection, line):
                raise click.ClickException(
                    f"{reference} : l’entrée n° {line.seq} de ce journal n’est pas celle du "
                    "certificat."
                )
            if job.exists(session, line):
                raise click.ClickException(
                    f"{reference} : l’entrée dit l’effacement, et le dossier est encore là."
                )
            checked += 1
    if not checked:
        raise click.ClickException(f"{file} ne dit aucun effacement : il est vide.")
    click.echo(
        f"{checked} effacement(s), tous au journal ; aucun de ces dossiers n’est dans la base."
    )
