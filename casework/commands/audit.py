"""`casework audit`: check the journal, keep checkpoints, prove, export, let it expire."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from audit import bundle, expiry, export, keyfile, offline, prooffile, proofs
from audit.event import SYSTEME, Event, Outcome, canonical
from audit.journal import Journal, JournalError, Reason
from audit.judge import Report
from audit.notes import NoteError
from audit.periods import LONGEST_MONTHS, SHORTEST_MONTHS, Period, PeriodError
from audit.schema import journal_event
from audit.verify import keys_of
from audit.verify import verify as verify_journal
from casework.commands.database import alone
from casework.commands.options import data_option, opened
from casework.db import Database
from casework.instance import Instance
from casework.journal import motives, service
from casework.web.journal import current_note

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
NEW_FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.group()
def audit() -> None:
    """Journal des accès : vérification, preuves, exports, expiration."""


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None


@audit.command()
@data_option
@click.argument("export", required=False, type=FILE)
@click.option("--since", type=FILE, help="Point de contrôle (ou export) conservé, à comparer.")
@click.option("--key", help="Première clé publique du journal, telle que conservée.")
def verify(data: Path, export: Path | None, since: Path | None, key: str | None) -> None:
    """Vérifie le journal, ou un EXPORT ; code de sortie 1 si quelque chose ne va pas."""
    report = _verify_here(data, since) if export is None else _verify_file(export, since, key)
    for sentence in report.sentences():
        click.echo(sentence)
    if not report.ok:
        raise SystemExit(1)


def _verify_here(data: Path, since: Path | None) -> Report:
    instance, database = opened(data)
    kept = _note(since) if since else None
    journal = instance.journal
    readings = journal.readings()  # before the entries they stand under
    with database.read() as session:
        return verify_journal(session.connection(), journal.verifier, kept, readings)


def _note(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} n’est pas un point de contrôle.") from None


def _verify_file(path: Path, since: Path | None, key: str | None) -> Report:
    try:
        return offline.verify(path, since, key)
    except (bundle.BundleError, NoteError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None


@audit.command()
@data_option
def checkpoint(data: Path) -> None:
    """Établit et affiche le point de contrôle du moment : une note signée, à conserver ailleurs."""
    instance, database = opened(data)
    with _refusals(), database.write() as session:
        note = instance.journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    click.echo(note, nl=False)


@audit.command()
@data_option
@click.argument("rank", type=click.IntRange(0, 2**62))
@click.option("--checkpoint", type=FILE, help="Point de contrôle conservé ; sinon, celui du jour.")
def prove(data: Path, rank: int, checkpoint: Path | None) -> None:
    """Prouve que l’entrée de ce RANG est dans un point de contrôle (c2sp.org/tlog-proof)."""
    instance, database = opened(data)
    with database.read() as session:
        connection = session.connection()
        note = _note(checkpoint) if checkpoint else current_note(session)
        try:
            state = keys_of(connection, instance.journal.verifier).open(note)
        except NoteError as error:
            raise click.ClickException(str(error)) from None
        row = connection.execute(select(journal_event).where(journal_event.c.seq == rank)).first()
        if row is None or rank >= state.size:
            raise click.ClickException(
                f"Ce point de contrôle atteste {state.size} entrées : la n° {rank} n’y est pas."
            )
        if not row.time:
            raise click.ClickException(
                f"Le contenu de l’entrée n° {rank} a été effacé au terme de la durée légale. "
                "Une preuve établie avant reste vérifiable."
            )
        try:
            content = row.salt + canonical(row._mapping)
            path = proofs.inclusion(connection, rank, state.size)
            if proofs.root(connection, state.size) != state.root:
                raise proofs.IncompleteTreeError
        except (proofs.IncompleteTreeError, TypeError, ValueError):
            raise click.ClickException(
                "Le journal n’est plus celui de ce point de contrôle : faites « casework audit "
                "verify »."
            ) from None
    click.echo(prooffile.write(rank, content, path, note), nl=False)


@audit.command("export")
@data_option
@click.argument("file", type=NEW_FILE)
def export_(data: Path, file: Path) -> None:
    """Écrit tout le journal dans FILE, à vérifier n’importe où : « python -m audit verify »."""
    instance, database = opened(data)
    event = Event.now(
        actor=SYSTEME,
        action="journal:export",
        outcome=Outcome.AUTORISE,
        article=expiry.ARTICLE,
        detail={"format": "export"},
    )
    with _refusals():
        instance.journal.record(database.engine, event)
    readings = instance.journal.readings()
    try:
        with database.read() as session, service.private_file(file) as output:
            size = export.export(session.connection(), instance.journal.verifier, output, readings)
    except OSError as error:
        raise click.ClickException(f"{file} ne peut pas être écrit : {error.strerror}.") from None
    click.echo(f"{size} entrées dans {file}. Clé publique : {instance.journal.verifier}")


@audit.command()
@data_option
@click.option("--dry-run", is_flag=True, help="Dit ce qui expire, sans rien effacer.")
def expire(data: Path, dry_run: bool) -> None:
    """Efface le contenu des entrées au terme de la durée légale ; leurs empreintes restent."""
    expire_due(*opened(data), dry_run=dry_run)


def expire_due(instance: Instance, database: Database, *, dry_run: bool) -> None:
    """Also one of the things `casework daily` does."""
    journal = instance.journal
    with database.read() as session:
        period = service.period(session)
        found = expiry.due(session.connection(), period)
    count = found.count
    if count and not dry_run:
        with database.write() as session:
            motives.forget(session, found.before)
            session.commit()
        count = _erase(database, journal, period)
        if journal.register:
            journal.register.forget(found.before)
    verb = "à effacer" if dry_run else "effacées"
    until = datetime.fromisoformat(found.until).date()
    click.echo(f"{count} entrées {verb}, antérieures au {until:%d/%m/%Y} ({period.months} mois).")


def _erase(database: Database, journal: Journal, period: Period) -> int:
    """Part after part, so that no page waits long; how many entries in all."""
    count, part = 0, -1
    with _refusals():
        while part:
            with database.write() as session:
                part = expiry.expire(session.connection(), journal, period).count
                session.commit()
            count += part
    with database.engine.connect() as connection:
        expiry.scrub(connection.execution_options(isolation_level="AUTOCOMMIT"))
    return count


@audit.command()
@data_option
@click.option("--months", type=int, help=f"De {SHORTEST_MONTHS} à {LONGEST_MONTHS}.")
@click.option("--reason", default="", help="Justification écrite, exigée au-delà de 12 mois.")
def period(data: Path, months: int | None, reason: str) -> None:
    """Affiche la durée de conservation du journal, ou la change."""
    instance, database = opened(data)
    with _refusals(), database.write() as session:
        if months is not None:
            try:
                chosen = Period(months, reason)
            except PeriodError as error:
                raise click.ClickException(str(error)) from None
            service.put_period(session, chosen)
            event = Event.now(
                actor=SYSTEME,
                action="journal:period",
                outcome=Outcome.AUTORISE,
                article=expiry.ARTICLE,
                detail={"months": months},
            )
            instance.journal.append(session.connection(), event)
            session.commit()
        found = service.period(session)
    click.echo(f"{found.months} mois. {found.reason}".rstrip())


@audit.command("rotate-key")
@data_option
def rotate_key(data: Path) -> None:
    """Change la clé qui signe le journal ; l’ancienne signe la nouvelle.

    Service arrêté : une sauvegarde faite entre le fichier et la base perdrait l’une des deux clés,
    et deux changements à la fois perdraient celle qui signe.
    """
    instance, database = opened(data)
    with alone(data), _refusals():
        # On disk first: whatever stops us here, the head says which of the two keys signs.
        key = keyfile.add(instance.journal_keys)
        with database.write() as session:
            note = instance.journal.rotate(session.connection(), key)
            session.commit()
        keyfile.keep_last(instance.journal_keys)
    click.echo(note, nl=False)
    click.echo(
        f"Sauvegardez {instance.journal_keys} avec la clé de l’instance. La première clé publique, "
        "que vous avez conservée, vérifie toujours tout le journal."
    )
