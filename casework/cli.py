"""The `casework` command: the life of an instance, from `init` to `audit`."""

import click

from casework.commands.audit import audit
from casework.commands.charter import charter
from casework.commands.database import db
from casework.commands.demo import demo
from casework.commands.install import init
from casework.commands.member import member
from casework.commands.report import report
from casework.commands.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="casework")
def main() -> None:
    """Suivi confidentiel des cellules nominatives.

    La vie d’une instance : init (ou demo), serve, member, charter, report, audit, db.
    """


for command in (init, demo, serve, member, charter, report, audit, db):
    main.add_command(command)
