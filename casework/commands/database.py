"""`casework db`: the schema of the database, and moving to another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from casework import lock, migrate
from casework.backup.entries import UPGRADE, entry
from casework.backup.move import move
from casework.commands.backup import FOLDER, bar, refusals, written
from casework.commands.options import connected, data_option, opened
from casework.db import Database
from casework.instance import Instance, InstanceError, load


@click.group()
def db() -> None:
    """Base : version, mise à niveau, déménagement."""


def _loaded(data: Path) -> tuple[Instance, Database]:
    try:
        instance = load(data)
    except InstanceError as error:
        raise click.ClickException(str(error)) from None
    return instance, connected(instance)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody serves the instance meanwhile: a server would go on with what it knew."""
    try:
        with lock.held(data, alone=True):
            yield
    except lock.InUse:
        raise click.ClickException(
            "L’instance est en service, ou une autre commande l’occupe. Arrêtez-la d’abord, puis "
            "recommencez."
        ) from None


@db.command()
@data_option
@click.option("--to", type=FOLDER, help="Dossier où faire la sauvegarde préalable.")
@click.option("--no-backup", is_flag=True, help="Sans sauvegarde préalable : dit, et assumé.")
def upgrade(data: Path, to: Path | None, *, no_backup: bool) -> None:
    """Sauvegarde, puis met la base à niveau : entièrement, ou pas du tout."""
    instance, database = _loaded(data)
    with refusals(), alone(data):
        found, expected = migrate.current(database), migrate.latest()
        migrate.check_known(found)
        if found == expected:
            click.echo(f"Base à la version {found} : rien à faire.")
            return
        if found is not None and not no_backup:
            place = to or click.prompt(
                "Dossier de la sauvegarde préalable", type=FOLDER, default=None
            )
            kept = written(instance, database, Path(place), operator=False)
            click.echo(f"Sauvegarde : {kept.path}")
        _upgrade(instance, database, found, str(expected))
    click.echo(f"Base à la version {migrate.current(database)}.")


def _upgrade(instance: Instance, database: Database, found: str | None, expected: str) -> None:
    """The revisions and the entry that says so, in one transaction."""
    with database.whole() as connection:
        migrate.upgrade(database, connection=connection)
        if found is not None:
            event = entry(UPGRADE, de=found, vers=expected)
            instance.journal.append(connection, event)


@db.command("move")
@data_option
@click.option("--to", "url", required=True, help="URL de la base d’arrivée ; « sqlite » : ici.")
def move_(data: Path, url: str) -> None:
    """Déménage vers une autre base vide, SQLite ou PostgreSQL. L’ancienne reste telle quelle."""
    instance, database = opened(data)
    target = "" if url == "sqlite" else url
    with refusals(), alone(data), bar("Déménagement") as progress:
        moved = move(instance, database, target, progress)
    if moved.already:
        click.echo("La copie était faite et conforme : il restait à nommer la nouvelle base.")
    click.echo(
        f"{moved.rows} lignes, comparées table par table. L’instance est sur sa nouvelle base."
    )
    click.echo(
        "L’ancienne est restée telle quelle : ses lignes y sont encore, effacez-la une fois sûr."
    )


@db.command()
@data_option
def current(data: Path) -> None:
    """Affiche la version de la base et celle du programme."""
    _, database = _loaded(data)
    found, expected = migrate.current(database), migrate.latest()
    click.echo(f"Base : {found or 'vide'}. Programme : {expected}.")
    if found != expected:
        raise SystemExit(1)
