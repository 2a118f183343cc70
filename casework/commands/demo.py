"""`casework demo`: a fictional commune, to look around."""

from pathlib import Path

import click

from casework.commands.options import data_option
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET, current_code
from casework.demo.members import MEMBERS
from casework.instance import KEY_FILE, InstanceError, create
from charter.roles import Role


@click.command()
@data_option
@click.option("--database", default="", help="URL PostgreSQL ; vide : SQLite dans le dossier.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(data: Path, database: str, port: int) -> None:
    """Crée une instance de démonstration (personnes fictives) et affiche ses comptes."""
    if not (data / KEY_FILE).exists():
        try:
            from casework.demo.seed import seed  # Faker is only needed here
        except ImportError:
            raise click.ClickException(
                "La démonstration demande Faker : « pip install casework[demo] »."
            ) from None
        click.echo("Création de la commune fictive…", err=True)
        address = f"http://127.0.0.1:{port}"
        try:
            seed(create(data, address=address, database=database, demo=True))
        except InstanceError as error:
            raise click.ClickException(str(error)) from None
    click.echo("Comptes de démonstration (personnes fictives) :\n")
    for who in MEMBERS:
        place = ", ".join(who.cells) or "hors cellule"
        click.echo(f"  {who.login:<46} {Role(who.role).label} ({place})")
    click.echo(f"\n  Phrase de passe : {PASSPHRASE}")
    click.echo(f"  Code à usage unique : {current_code()} maintenant ; secret {TOTP_SECRET}")
    click.echo("  (la page de connexion de la démonstration l’affiche aussi)\n")
