"""`casework db`: the schema of the database."""

from pathlib import Path

import click

from casework import migrate
from casework.commands.options import connected, data_option
from casework.db import Database
from casework.instance import InstanceError, load


@click.group()
def db() -> None:
    """Schéma de la base : version, mise à niveau."""


def _database(data: Path) -> Database:
    try:
        return connected(load(data))
    except InstanceError as error:
        raise click.ClickException(str(error)) from None


@db.command()
@data_option
def upgrade(data: Path) -> None:
    """Met la base à niveau. Sauvegardez-la d’abord."""
    database = _database(data)
    migrate.upgrade(database)
    click.echo(f"Base à la version {migrate.current(database)}.")


@db.command()
@data_option
def current(data: Path) -> None:
    """Affiche la version de la base et celle du programme."""
    database = _database(data)
    found, expected = migrate.current(database), migrate.latest(database)
    click.echo(f"Base : {found or 'vide'}. Programme : {expected}.")
    if found != expected:
        raise SystemExit(1)
