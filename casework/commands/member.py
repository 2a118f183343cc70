"""`casework member`: invite, list, renew a key, recover with the recovery words, rehearse that."""

from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.commands.options import data_option, opened
from casework.commands.renew_key import renew_key
from casework.members import service
from casework.members.founding import out_of_reach
from casework.members.service import Identity, Mandate
from casework.vault import recovery, store
from casework.vault.errors import RecoveryError
from casework.vault.keypair import KeyPair, PublicKey
from charter import register
from charter.register import CharterError
from charter.roles import DESIGNATED_BY, Role

PARTS = click.option(
    "--part", "parts", multiple=True, help="Une part de la clé de secours (deux fois)."
)
SYSTEM = "systeme"
ARTICLE = "RGPD, art. 32"


@click.group()
def member() -> None:
    """Membres : inviter, lister, renouveler une clé, secourir."""


member.add_command(renew_key)


@member.command()
@data_option
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--cell", default=None, help="Code de la cellule, si le rôle s’y exerce.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Fin du mandat.")
@click.option("--login", prompt="Identifiant")
@click.option("--prenom", prompt="Prénom")
@click.option("--nom", prompt="Nom")
@click.option("--fonction", prompt="Fonction")
@click.option("--institution", prompt="Institution")
@click.option("--acte", default="", help="Arrêté, lettre ou agrément qui désigne ce membre.")
def invite(
    data: Path,
    role: str,
    cell: str | None,
    until: datetime | None,
    login: str,
    prenom: str,
    nom: str,
    fonction: str,
    institution: str,
    acte: str,
) -> None:
    """Invite un membre ; affiche son lien à usage unique."""
    instance, database = opened(data)
    identity = Identity(nom, prenom, fonction)
    ends = until.date() if until else None
    with database.write() as session:
        if cell is not None and cells.cell(session, cell) is None:
            raise click.ClickException(f"La cellule « {cell} » n’existe pas.")
        today = date.today()  # noqa: DTZ011 - the commune's calendar
        mandate = Mandate(Role(role), cell, today, ends, institution=institution, acte=acte)
        try:
            made, token = service.invite(session, instance, login, identity, [mandate])
        except service.LoginTaken:
            raise click.ClickException("Cet identifiant est déjà utilisé.") from None
        except service.ActRequired:
            raise click.ClickException(
                f"Indiquez {DESIGNATED_BY[Role(role)]} (--acte) : sans lui, le mandat n’existe pas."
            ) from None
        except CharterError:
            raise click.ClickException(
                "Ce rôle et cette cellule ne vont pas ensemble, ou le mandat finit trop tôt."
            ) from None
        _journal(session, instance, "member:invite", made.reference)
        session.commit()
    click.echo(f"{made.reference} : {instance.address.rstrip('/')}/invitation/{token}")


@member.command("list")
@data_option
def list_members(data: Path) -> None:
    """Liste les membres par référence. Leurs noms ne s’ouvrent qu’avec une clé de membre."""
    _, database = opened(data)
    with database.read() as session:
        for row in service.everyone(session):
            mandates = register.mandates_of(session, row.reference)
            roles = ", ".join(f"{m.role.label} {m.cell or ''}".strip() for m in mandates)
            state = "invité" if row.public_key is None else "actif"
            click.echo(f"{row.reference}  {state}  {roles}")


@member.command()
@data_option
@click.argument("reference")
@PARTS
def recover(data: Path, reference: str, parts: tuple[str, ...]) -> None:
    """Rend à un membre toutes les clés, avec deux des trois parts de secours."""
    instance, database = opened(data)
    pair = _combined(parts)
    with database.write() as session:
        found = service.by_reference(session, reference)
        if found is None or found.public_key is None:
            raise click.ClickException(f"« {reference} » n’est pas un membre actif.")
        _check_installed(session, pair)
        roles = [mandate.role for mandate in register.mandates_of(session, reference)]
        codes = store.recover(
            session, pair, reference, PublicKey(found.public_key), out_of_reach(roles)
        )
        _journal(session, instance, "member:recover", reference)
        session.commit()
    click.echo(f"{reference} détient à nouveau : {', '.join(codes) or 'rien de plus'}.")


@member.command()
@data_option
@PARTS
def rehearse(data: Path, parts: tuple[str, ...]) -> None:
    """Répète le secours : prouve que deux parts reforment la clé, sans rien ouvrir."""
    instance, database = opened(data)
    pair = _combined(parts)
    with database.write() as session:
        _check_installed(session, pair)
        _journal(session, instance, "member:rehearse", "")
        session.commit()
    click.echo(
        "Ces deux parts reforment la clé de secours de cette installation. Rien n’a été ouvert ; "
        "la répétition est inscrite au journal."
    )


def _combined(parts: tuple[str, ...]) -> KeyPair:
    """The recovery key from two shares, asked for unless given."""
    shares = list(parts)
    while len(shares) < recovery.THRESHOLD:
        shares.append(click.prompt(f"Part de secours {len(shares) + 1}", hide_input=True))
    try:
        return recovery.combine(shares)
    except RecoveryError as error:
        raise click.ClickException(f"Ces parts n’ouvrent rien : {error}") from None


def _check_installed(session: Session, pair: KeyPair) -> None:
    if pair.public.raw.hex() != cells.setting(session, cells.RECOVERY_PUBLIC):
        raise click.ClickException("Ces parts sont celles d’une autre instance.")


def _journal(session: object, instance: object, action: str, reference: str) -> None:
    event = Event.now(
        actor=SYSTEM, action=action, outcome=Outcome.AUTORISE, object=reference, article=ARTICLE
    )
    instance.journal.append(session.connection(), event)  # type: ignore[attr-defined]
