"""The `casework` command: the life of an instance, from `init` to `audit`."""

import resource
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

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
from casework.db import DatabaseBusy, cause_of


class Commands(click.Group):
    """What stops any of them, said in a sentence: who reads it at night has no use for a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DatabaseBusy:
            raise click.ClickException(
                "La base est occupée : recommencez dans un instant."
            ) from None
        except SQLAlchemyError as error:
            raise click.ClickException(
                f"La base refuse : {cause_of(error)}. Vérifiez qu’elle tourne, que le disque n’est "
                "pas plein et que ce compte peut y écrire, puis relancez la commande."
            ) from None
        except BrokenPipeError:
            raise  # whoever was reading has stopped: click knows
        except OSError as error:
            where = f"{error.filename} : " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}.") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="casework")
def main() -> None:
    """Suivi confidentiel des cellules nominatives.

    La vie d’une instance : init (ou demo), serve, member, profile, charter, report, audit, watch,
    mail, daily, retention, backup, db, key.
    """
    # A crash would write to the disk the names and keys that this process alone holds.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


EVERY = (
    *(init, demo, serve, member, profile, charter, report, audit, watch, mail, daily),
    *(retention, backup, db, key),
)
for command in EVERY:
    main.add_command(command)
