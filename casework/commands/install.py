"""`casework init`: the instance, its recovery words, its first administrator."""

from pathlib import Path

import click
import pyotp

from casework.commands.options import data_option
from casework.instance import InstanceError, create
from casework.members.passphrases import TooWeak
from casework.members.service import Identity
from casework.setup import install


@click.command()
@data_option
@click.option("--commune", required=True, help="Nom de la commune.")
@click.option("--profile", default="istres", show_default=True, help="Profil des cellules.")
@click.option(
    "--tribunal",
    default="tribunal judiciaire",
    show_default=True,
    help="Tribunal du parquet, tel que les lettres le nomment.",
)
@click.option("--address", default="http://127.0.0.1:8000", show_default=True)
@click.option("--database", default="", help="URL PostgreSQL ; vide : SQLite dans le dossier.")
@click.option("--login", prompt="Identifiant du premier administrateur")
@click.option("--prenom", prompt="Son prénom")
@click.option("--nom", prompt="Son nom")
@click.option(
    "--passphrase",
    prompt="Sa phrase de passe",
    hide_input=True,
    confirmation_prompt="La même, une seconde fois",
)
def init(
    data: Path,
    commune: str,
    profile: str,
    tribunal: str,
    address: str,
    database: str,
    login: str,
    prenom: str,
    nom: str,
    passphrase: str,
) -> None:
    """Crée une instance vide : clés, base, cellules du profil, premier administrateur."""
    identity = Identity(nom, prenom, "Administrateur technique")
    secret = pyotp.random_base32()
    try:
        instance = create(data, address=address, database=database)
        shares = install(instance, profile, identity, login, passphrase, secret, commune, tribunal)
    except InstanceError as error:
        raise click.ClickException(str(error)) from None
    except TooWeak:
        raise click.ClickException(
            "Phrase de passe trop facile à deviner : cinq mots sans rapport entre eux suffisent. "
            f"Effacez {data} et recommencez."
        ) from None
    click.echo(f"Instance créée dans {data}.\n")
    click.echo("Code à usage unique de l’administrateur, à saisir dans son application :")
    click.echo(f"  {secret}\n")
    click.echo("Clé de secours : remettez chaque part à une personne différente. Deux parts sur")
    click.echo("trois rouvrent les cellules. Elles ne seront plus jamais affichées.\n")
    for number, words in enumerate(shares, start=1):
        click.echo(f"Part {number} : {words}\n")
    click.echo(f"Démarrez avec « casework serve --data {data} ».")
