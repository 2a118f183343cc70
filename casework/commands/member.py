"""`casework member`: invite, list, suspend, confirm, recover with the recovery words, rehearse."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.clock import today
from casework.commands.options import data_option, opened
from casework.members import service
from casework.members.founding import out_of_reach
from casework.members.models import Member
from casework.members.public_keys import public_key_of
from casework.members.service import Identity, Mandate
from casework.rotation import kit
from casework.signin import service as signin
from casework.vault import recovery, store
from casework.vault.errors import IntegrityError, RecoveryError
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
    """Membres : inviter, lister, suspendre, confirmer, secourir."""


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
    """Invite un membre ; affiche son lien à usage unique."""
    instance, database = opened(data)
    identity = Identity(nom, prenom, fonction)
    ends = until.date() if until else None
    with database.write() as session:
        if cell is not None and cells.cell(session, cell) is None:
            raise click.ClickException(f"La cellule « {cell} » n’existe pas.")
        mandate = Mandate(Role(role), cell, today(), ends, institution=institution, acte=acte)
        try:
            made, token = service.invite(session, instance, login, identity, [mandate])
        except service.LoginTaken:
            raise click.ClickException("Cet identifiant est déjà utilisé.") from None
        except service.ActRequired:
            raise click.ClickException(
                f"Indiquez {DESIGNATED_BY[Role(role)]} (--acte) : sans lui, le mandat n’existe pas."
            ) from None
        except CharterError:
            raise click.ClickException(
                "Ce rôle et cette cellule ne vont pas ensemble, ou le mandat finit trop tôt."
            ) from None
        _journal(session, instance, "member:invite", made.reference)
        session.commit()
    click.echo(f"{made.reference} : {instance.address.rstrip('/')}/invitation/{token}")


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
            if row.suspended_at is not None:
                state = "suspendu"
            click.echo(f"{row.reference}  {state}  {roles}")


@member.command()
@data_option
@click.argument("reference")
def suspend(data: Path, reference: str) -> None:
    """Ferme aussitôt l’accès d’un membre, sessions comprises, jusqu’à « member confirm »."""
    instance, database = opened(data)
    with database.write() as session:
        found = service.by_reference(session, reference)
        if found is None or found.closed_at is not None:
            raise click.ClickException(f"« {reference} » n’est pas un membre actif.")
        found.suspended_at = found.suspended_at or datetime.now(UTC)
        signin.close_all(session, reference)
        _journal(session, instance, "member:suspend", reference)
        session.commit()
    click.echo(f"{reference} n’a plus accès à rien. Pour le rendre : « casework member confirm ».")


@member.command()
@data_option
@click.argument("references", nargs=-1)
@click.option("--everyone", is_flag=True, help="Tous : rien n’a changé depuis la sauvegarde.")
def confirm(data: Path, references: tuple[str, ...], *, everyone: bool) -> None:
    """Rend leur accès à des membres suspendus, un par un : ceux qui siègent encore aujourd’hui."""
    instance, database = opened(data)
    if bool(references) == everyone:
        raise click.ClickException("Nommez les références à confirmer, ou donnez --everyone.")
    with database.write() as session:
        waiting = {
            row.reference: row for row in service.everyone(session) if row.suspended_at is not None
        }
        for reference in waiting if everyone else references:
            if reference not in waiting:
                raise click.ClickException(f"« {reference} » n’est pas suspendu : rien n’est fait.")
            waiting[reference].suspended_at = None
            _journal(session, instance, "member:confirm", reference)
        session.commit()
        left = [row.reference for row in service.everyone(session) if row.suspended_at is not None]
    click.echo(f"Restent suspendus : {', '.join(left) or 'personne'}.")


@member.command()
@data_option
@click.argument("reference")
@PARTS
def recover(data: Path, reference: str, parts: tuple[str, ...]) -> None:
    """Rend à un membre toutes les clés, avec deux des trois parts de secours."""
    instance, database = opened(data)
    pair = combined(parts)
    with database.write() as session:
        found = service.by_reference(session, reference)
        public = _public_key(session, found) if found else None
        if public is None:
            raise click.ClickException(f"« {reference} » n’est pas un membre actif.")
        check_installed(session, pair)
        roles = [mandate.role for mandate in register.mandates_of(session, reference)]
        behind = kit.behind(session)
        without = out_of_reach(roles) | set(behind)
        codes = store.recover(session, pair, reference, public, without)
        _journal(session, instance, "member:recover", reference)
        session.commit()
    if behind:
        click.echo(f"Ce kit est plus récent que leur clé, et ne l’ouvre pas : {', '.join(behind)}.")
    click.echo(f"{reference} détient à nouveau : {', '.join(codes) or 'rien de plus'}.")


@member.command()
@data_option
@PARTS
def rehearse(data: Path, parts: tuple[str, ...]) -> None:
    """Répète le secours : prouve que deux parts reforment la clé, sans rien ouvrir."""
    instance, database = opened(data)
    pair = combined(parts)
    with database.write() as session:
        check_installed(session, pair)
        _journal(session, instance, "member:rehearse", "")
        session.commit()
    click.echo(
        "Ces deux parts reforment la clé de secours de cette installation. Rien n’a été ouvert ; "
        "la répétition est inscrite au journal."
    )


def _public_key(session: Session, member: Member) -> PublicKey | None:
    try:
        return public_key_of(session, member)
    except IntegrityError:
        raise click.ClickException(
            f"La clé publique de {member.reference} n’est pas celle que ce membre a fabriquée : "
            "la base a été modifiée en dehors de l’application. Rien n’a été rendu."
        ) from None


def combined(parts: tuple[str, ...]) -> KeyPair:
    """The recovery key from two shares, asked for unless given."""
    shares = list(parts)
    while len(shares) < recovery.THRESHOLD:
        shares.append(click.prompt(f"Part de secours {len(shares) + 1}", hide_input=True))
    try:
        return recovery.combine(shares)
    except RecoveryError as error:
        raise click.ClickException(f"Ces parts n’ouvrent rien : {error}") from None


def check_installed(session: Session, pair: KeyPair) -> None:
    if pair.public.raw.hex() != cells.setting(session, cells.RECOVERY_PUBLIC):
        raise click.ClickException("Ces parts sont celles d’une autre instance.")


def _journal(session: object, instance: object, action: str, reference: str) -> None:
    event = Event.now(
        actor=SYSTEM, action=action, outcome=Outcome.AUTORISE, object=reference, article=ARTICLE
    )
    instance.journal.append(session.connection(), event)  # type: ignore[attr-defined]
