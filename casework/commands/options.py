"""What every command takes, and how it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casework import migrate
from casework.db import Database
from casework.instance import Instance, InstanceError, load

DEFAULT_DATA = Path("instance")


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data DIR`: the folder of the instance."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT_DATA,
        show_default=True,
        envvar="CASEWORK_DATA",
        help="Dossier de l’instance.",
    )(command)


def opened(data: Path) -> tuple[Instance, Database]:
    """An instance whose database is at the present schema; a clear refusal otherwise."""
    try:
        instance = load(data)
    except InstanceError as error:
        raise click.ClickException(str(error)) from None
    database = connected(instance)
    try:
        migrate.check(database, data)
    except migrate.WrongRevision as error:
        raise click.ClickException(str(error)) from None
    return instance, database


def connected(instance: Instance) -> Database:
    """Its database, whose connections close with the command."""
    database = Database(instance.database, instance.binding)
    click.get_current_context().call_on_close(database.engine.dispose)
    return database
