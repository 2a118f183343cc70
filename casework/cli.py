"""The `casework` command: the life of an instance, from `init` to `audit`."""

import click

from casework.commands.audit import audit
from casework.commands.backup import backup
from casework.commands.charter import charter
from casework.commands.daily import daily
from casework.commands.database import db
from casework.commands.demo import demo
from casework.commands.install import init
from casework.commands.key import key
from casework.commands.mail import mail
from casework.commands.member import member
from casework.commands.profile import profile
from casework.commands.report import report
from casework.commands.retention import retention
from casework.commands.serve import serve
from casework.commands.watch import watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="casework")
def main() -> None:
    """Suivi confidentiel des cellules nominatives.

    La vie d’une instance : init (ou demo), serve, member, profile, charter, report, audit, watch,
    mail, daily, retention, backup, db, key.
    """


EVERY = (
    *(init, demo, serve, member, profile, charter, report, audit, watch, mail, daily),
    *(retention, backup, db, key),
)
for command in EVERY:
    main.add_command(command)
