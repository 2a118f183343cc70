"""`casework key compartment`: another key, handed to those alone whose mandate goes on."""

from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.clock import today
from casework.commands.options import data_option, opened
from casework.db import Database
from casework.instance import Instance
from casework.members import renewal, service
from casework.members.founding import OUTSIDE_CELLS
from casework.vault import store
from casework.vault.errors import WrongPassphrase
from casework.vault.keypair import KeyPair
from casework.vault.passphrase import unlock
from charter.actions import Action

ARTICLE = "RGPD, art. 32"


@click.command("compartment")
@data_option
@click.argument("compartment")
@click.option("--member", "reference", prompt="Référence du membre (M-0001)")
def compartment_key(data: Path, compartment: str, reference: str) -> None:
    """Renouvelle la clé d’une cellule, ou PARQUET, DPO, MAIRE, ANNUAIRE, sans les partis.

    Demande la phrase de passe d’un membre qui détient cette clé et dont le mandat se poursuit.
    Interrompue, la commande reprend où elle en était. Une cellule se renouvelle aussi à sa page.
    """
    instance, database = opened(data)
    compartment = _known(database, compartment)
    key = unlocked(instance, database, reference)
    with database.write() as session:
        try:
            begun = renewal.begin(session, compartment, reference, today())
        except store.NotFounded:
            raise click.ClickException(f"« {compartment} » n’a pas encore de clé.") from None
        except renewal.NotAHolder:
            raise click.ClickException(
                "Ce membre ne détient pas cette clé, ou son mandat est terminé. "
                "Demandez à un autre détenteur."
            ) from None
        _append(session, instance, reference, renewal.start_detail(begun))
        session.commit()
        label = f"Clé {compartment}, version {begun.to_version}"
        remaining = begun.total - begun.done
    with click.progressbar(length=remaining, label=label) as bar:
        for done in _batches(instance, database, key, compartment, reference):
            bar.update(done.moved)
    database.empty_log()
    click.echo("La clé est renouvelée : l’ancienne est détruite.")


def _known(database: Database, code: str) -> str:
    with database.read() as session:
        codes = {*OUTSIDE_CELLS, *(cell.code for cell in cells.every_cell(session))}
    if code.upper() not in codes:
        raise click.ClickException(f"« {code} » : {', '.join(sorted(codes))}, ou rien d’autre.")
    return code.upper()


def unlocked(
    instance: Instance,
    database: Database,
    reference: str,
    action: str = Action.KEY_RENEW.value,
    *,
    suspended: bool = False,
) -> KeyPair:
    """The private key of an active member, or of a ``suspended`` one too, by the passphrase they
    type; a wrong one is told in the journal as a refusal of ``action``."""
    with database.read() as session:
        member = service.by_reference(session, reference)
    if member is None or member.locked_key is None or member.closed_at is not None:
        raise click.ClickException(f"« {reference} » n’est pas un membre actif.")
    if member.suspended_at is not None and not suspended:
        raise click.ClickException(
            f"L’accès de {reference} est suspendu : « casework member confirm {reference} » "
            "d’abord."
        )
    phrase = click.prompt("Phrase de passe", hide_input=True)
    try:
        return unlock(member.locked_key, phrase, reference)
    except WrongPassphrase:
        event = _event(reference, Outcome.REFUSE, action)
        instance.journal.record(database.engine, event)
        raise click.ClickException("Cette phrase de passe n’est pas la bonne.") from None


def _batches(
    instance: Instance, database: Database, key: KeyPair, compartment: str, reference: str
) -> Iterator[renewal.Advance]:
    """One unit of work and one entry of the journal each, until the old key is destroyed."""
    while True:
        with database.write() as session:
            writer = store.keyring_of(session, key, reference).writer()
            done = renewal.advance(session, writer, compartment)
            if done is None:  # someone else has just finished it
                return
            _append(session, instance, reference, done.detail())
            session.commit()
        yield done


def _event(
    reference: str,
    outcome: Outcome,
    action: str = Action.KEY_RENEW.value,
    **detail: str | int,
) -> Event:
    return Event.now(
        actor=reference,
        action=action,
        outcome=outcome,
        article=ARTICLE,
        detail=detail,
    )


def _append(
    session: Session, instance: Instance, reference: str, detail: dict[str, str | int]
) -> None:
    session.flush()
    event = _event(reference, Outcome.AUTORISE, **detail)
    instance.journal.append(session.connection(), event)
