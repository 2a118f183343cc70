"""`casework key`: the keys of an instance, told and replaced, as routine commands."""

from pathlib import Path

import click
from sqlalchemy import select

from audit import keyfile
from casework.backup.keys import has_operator
from casework.commands.backup import refusals
from casework.commands.compartment_key import compartment_key, unlocked
from casework.commands.database import alone
from casework.commands.member import PARTS, check_installed, combined
from casework.commands.options import data_option, opened
from casework.members import service
from casework.members.passphrases import TooWeak
from casework.rotation import instance as instance_keys
from casework.rotation import kit, member
from casework.rotation.entries import MEMBER
from casework.vault import recovery, store
from casework.vault.errors import IntegrityError
from casework.vault.models import Compartment, CompartmentVersion, KeyRenewal
from charter import register
from charter.roles import Role

FORGED = (
    "Une ligne de la base n’a pas été écrite par cette instance ({field}, {record}) : la lier à "
    "une nouvelle clé la rendrait vraie. Rien n’est changé. Restaurez une sauvegarde saine."
)


@click.group()
def key() -> None:
    """Clés : dire où elles en sont, et changer chacune d’elles."""


key.add_command(compartment_key)


@key.command("list")
@data_option
def list_keys(data: Path) -> None:
    """Dit de chaque clé sa version, son âge, et ce qui reste à faire."""
    found, database = opened(data)
    click.echo(f"Instance {found.origin} : clé changée {found.secret.changes} fois")
    later = "changée depuis" if keyfile.read(found.journal_keys) else "celle du premier jour"
    click.echo(f"Journal : {later}")
    with database.read() as session:
        click.echo(f"Clé d’opérateur des sauvegardes : {'oui' if has_operator(session) else 'non'}")
        behind = set(kit.behind(session))
        held = store.holders(session)
        query = (
            select(Compartment.code, CompartmentVersion.version, CompartmentVersion.created_at)
            .join(
                CompartmentVersion,
                (CompartmentVersion.compartment == Compartment.code)
                & (CompartmentVersion.version == Compartment.version),
            )
            .order_by(Compartment.code)
        )
        under_way = set(session.scalars(select(KeyRenewal.compartment).filter_by(finished_at=None)))
        for code, version, made in session.execute(query):
            line = f"{code} : version {version} du {made:%d/%m/%Y}, {len(held[code])} détenteur(s)"
            line += " ; renouvellement à finir" if code in under_way else ""
            line += " ; hors du kit de secours" if code in behind else ""
            click.echo(line)


@key.command()
@data_option
def instance(data: Path) -> None:
    """Change tout ce que le dossier garde : instance.key, journal.key, mail.key.

    Service arrêté. Interrompue, l’instance reste entière, sous l’ancienne clé ou sous la nouvelle ;
    relancez la commande.
    """
    found, database = opened(data)
    with refusals(), alone(data):
        try:
            count = instance_keys.rotate(found, database)
        except IntegrityError as error:
            raise click.ClickException(
                FORGED.format(field=error.field, record=error.record)
            ) from None
        database.empty_log()
    click.echo(f"Clés changées, {count} liens refaits, sessions fermées. Faites une sauvegarde.")
    click.echo(
        "À plusieurs serveurs, copiez instance.key, journal.key et mail.key sur chacun avant de "
        "redémarrer."
    )


@key.command("member")
@data_option
@click.argument("reference")
def member_key(data: Path, reference: str) -> None:
    """Change la clé d’un membre, sa phrase de passe et ses codes de secours, en une fois."""
    found, database = opened(data)
    old = unlocked(found, database, reference, MEMBER, suspended=True)
    phrase = click.prompt(
        "Nouvelle phrase de passe",
        hide_input=True,
        confirmation_prompt="La même, une seconde fois",
    )
    with refusals(), database.write() as session:
        row = service.by_reference(session, reference, lock=True)
        if row is None:
            raise click.ClickException(f"« {reference} » n’est pas un membre actif.")
        try:
            codes = member.rotate(session, found, row, old, phrase)
        except TooWeak:
            raise click.ClickException(
                "Phrase de passe trop facile à deviner : cinq mots sans rapport suffisent."
            ) from None
        except IntegrityError as error:
            raise click.ClickException(
                FORGED.format(field=error.field, record=error.record)
            ) from None
        session.commit()
        roles = {mandate.role for mandate in register.mandates_of(session, reference)}
    database.empty_log()
    click.echo(f"{reference} a une nouvelle clé. L’ancienne n’ouvre plus rien de cette base.")
    if codes:
        click.echo("Nouveaux codes de secours, montrés une fois : " + ", ".join(codes))
    if Role.DPO in roles:
        click.echo("Sa clé publique de contresignature change aussi : elle est à sa page.")


@key.command("kit")
@data_option
@PARTS
@click.option("--lost", is_flag=True, help="Sans les anciennes parts : elles sont perdues.")
def recovery_kit(data: Path, parts: tuple[str, ...], *, lost: bool) -> None:
    """Fait un nouveau kit de secours : trois parts, montrées une fois.

    Avec deux anciennes parts, il ouvre tout aussitôt. Avec --lost, il ouvre chaque clé une fois
    celle-ci renouvelée (casework key compartment).
    """
    found, database = opened(data)
    old = None if lost else combined(parts)
    with database.read() as session:
        if old is not None:
            check_installed(session, old)
            if behind := kit.behind(session):
                raise click.ClickException(
                    f"Renouvelez d’abord les clés que ce kit n’ouvre pas : {', '.join(behind)}."
                )
    pair, shares = recovery.create()
    for number, words in enumerate(shares, start=1):
        click.echo(f"Part {number} : {words}\n")
    kept = click.prompt(
        "Les trois parts sont notées, chacune par une personne différente",
        type=click.Choice(["oui", "non"]),
    )
    if kept == "non":
        raise click.ClickException("Rien n’est changé : ces parts n’ouvrent rien.")
    with refusals(), database.write() as session:
        try:
            left = kit.replace(session, found, pair.public, old)
        except IntegrityError as error:
            raise click.ClickException(
                FORGED.format(field=error.field, record=error.record)
            ) from None
        session.commit()
    click.echo("Nouveau kit en place. L’ancien n’ouvre plus que les sauvegardes déjà faites.")
    if left:
        click.echo(
            f"Il n’ouvrira ces clés qu’une fois renouvelées : {', '.join(left)}. Pour chacune : "
            "« casework key compartment »."
        )
