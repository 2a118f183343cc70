"""`casework backup`: make, show, verify, restore, and the operator's key."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from sqlalchemy.exc import SQLAlchemyError

from audit.event import Outcome
from audit.journal import JournalError
from casework import lock, migrate
from casework.backup import container, erasures, folder, keys, notice
from casework.backup.container import About, BackupError
from casework.backup.entries import KEY, MAKE, entry
from casework.backup.folder import KEEP_DAYS, MOST_KEEP_DAYS, Kept
from casework.backup.make import Made, Progress, make
from casework.backup.missing import put_back
from casework.backup.restore import restore
from casework.backup.verify import verify
from casework.commands.options import data_option, opened
from casework.db import DanglingReference, Database, DatabaseBusy
from casework.instance import Instance, InstanceError
from casework.vault import recovery
from casework.vault.errors import RecoveryError
from casework.vault.keypair import KeyPair

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
key_option = click.option("--key", type=FILE, help="Fichier de la clé d’opérateur.")
parts_option = click.option(
    "--part", "parts", multiple=True, help="Une part de la clé de secours (deux fois)."
)
words_option = click.option(
    "--parts", "ask", is_flag=True, help="Demande deux parts de la clé de secours."
)
since_option = click.option(
    "--since", type=FILE, help="Point de contrôle conservé : refuse une sauvegarde plus ancienne."
)


@click.group()
def backup() -> None:
    """Sauvegardes : clé, faire, montrer, vérifier, restaurer."""


@contextmanager
def refusals() -> Iterator[None]:
    """What a backup may meet, as one French sentence and an exit code."""
    try:
        yield
    except (BackupError, InstanceError, migrate.WrongRevision) as error:
        raise click.ClickException(str(error)) from None
    except JournalError as error:
        raise click.ClickException(f"Le journal refuse : {error}.") from None
    except DanglingReference:
        raise click.ClickException(
            "Une ligne renvoie à une autre qui n’existe plus : rien n’a été changé."
        ) from None
    except DatabaseBusy:
        raise click.ClickException("La base est occupée : recommencez dans un instant.") from None
    except SQLAlchemyError as error:
        kind = type(error).__name__
        raise click.ClickException(f"La base ne répond pas comme attendu ({kind}).") from None
    except OSError as error:
        where = f"{error.filename} : " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from None


@contextmanager
def bar(label: str) -> Iterator[Progress]:
    """A progress bar, for what counts its own steps."""
    with click.progressbar(length=1, label=label) as shown:

        def progress(done: int, of: int) -> None:
            shown.length = max(of, 1)
            shown.update(done - shown.pos)

        yield progress


@backup.command("key")
@data_option
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fichier de la clé, à garder hors de la machine.",
)
@click.option("--replace", is_flag=True, help="Remplace la clé : les prochaines sauvegardes.")
def make_key(data: Path, output: Path, *, replace: bool) -> None:
    """Fabrique la clé d’opérateur, qui ouvre les sauvegardes : écrite une fois, pas gardée ici."""
    instance, database = opened(data)
    pair = KeyPair.generate()
    with refusals(), database.write() as session:
        if keys.has_operator(session) and not replace:
            raise click.ClickException(
                "Cette instance a déjà une clé d’opérateur. Avec --replace, les prochaines "
                "sauvegardes iront à la nouvelle ; les anciennes s’ouvrent encore avec l’ancienne."
            )
        try:
            keys.write(output, pair)
        except FileExistsError:
            raise click.ClickException(f"{output} existe déjà : donnez un autre nom.") from None
        try:
            keys.keep(session, pair.public)
            instance.journal.append(session.connection(), entry(KEY))
            session.commit()
        except BaseException:
            output.unlink()
            raise
    click.echo(
        f"Clé d’opérateur écrite dans {output}. Mettez-la en lieu sûr hors de cette machine, en "
        "deux exemplaires, puis effacez-la d’ici : elle ouvre toutes les sauvegardes."
    )


@backup.command("make")
@data_option
@click.option("--to", required=True, type=FOLDER, help="Dossier des sauvegardes.")
@click.option(
    "--keep-days",
    default=KEEP_DAYS,
    show_default=True,
    type=click.IntRange(1, MOST_KEEP_DAYS),
    help="Efface celles de cette instance plus vieilles que cela, la dernière exceptée.",
)
def make_backup(data: Path, to: Path, keep_days: int) -> None:
    """Fait une sauvegarde, instance en service ou non, et la relit entière."""
    instance, database = opened(data)
    try:
        with refusals(), _beside_others(data):
            kept = written(instance, database, to)
            removed = folder.expire(to, instance.origin, keep_days, kept.path)
            _journal(instance, database, kept, removed)
    except click.ClickException as error:
        _failed(instance, database, error)
        with refusals():  # what is erased must not stay in backups because new ones fail
            folder.expire(to, instance.origin, keep_days)
        raise
    click.echo(f"{kept.path} : {kept.made.rows} lignes, {kept.size} octets, relue et conforme.")
    if removed:
        click.echo(f"Sauvegardes de plus de {keep_days} jours effacées : {removed}.")


@contextmanager
def _beside_others(data: Path) -> Iterator[None]:
    """A backup is made while the instance is served, not while its keys or its base change."""
    try:
        with lock.held(data, alone=False):
            yield
    except lock.InUse:
        raise BackupError(
            "L’instance change de base, de version ou de clé : recommencez ensuite."
        ) from None


def written(instance: Instance, database: Database, to: Path, *, operator: bool = True) -> Kept:
    """A backup in the folder, with its bar. BackupError without the operator's key, if asked."""
    with database.read() as session:
        recipients = keys.recipients(session)
    if operator and keys.OPERATOR not in recipients:
        raise BackupError(
            "Cette instance n’a pas de clé d’opérateur. Faites d’abord « casework backup key "
            "--output FICHIER » : sans elle, il faudrait réunir deux parts de la clé de secours à "
            "chaque vérification."
        )

    def write(file: BinaryIO) -> Made:
        with bar("Sauvegarde") as progress:
            return make(instance, database, file, recipients, progress)

    return folder.keep(to, instance.origin, write)


def _journal(instance: Instance, database: Database, kept: Kept, removed: int) -> None:
    made = kept.made
    event = entry(
        MAKE,
        octets=kept.size,
        lignes=made.rows,
        entries=made.about.entries,
        empreinte=made.digest,
        effacees=removed,
    )
    instance.journal.record(database.engine, event)


def _failed(instance: Instance, database: Database, error: click.ClickException) -> None:
    """Told in the journal and outside; neither may hide why it failed."""
    kind = type(error.__context__ or error).__name__
    try:
        instance.journal.record(database.engine, entry(MAKE, Outcome.ECHEC, cause=kind))
    except Exception as refused:  # noqa: BLE001 - the first error is the one to show
        kind = f"{kind}, {type(refused).__name__}"
    notice.tell_failure(instance, database, kind)


@backup.command()
@click.argument("file", type=FILE)
def show(file: Path) -> None:
    """Montre l’en-tête d’une sauvegarde, sans clé."""
    with refusals(), file.open("rb") as opened_file:
        header = container.read_header(opened_file)
    for line in _said(header.about):
        click.echo(line)
    click.echo(f"S’ouvre avec : {', '.join(sorted(header.recipients))}")
    click.echo(f"Taille : {file.stat().st_size} octets")
    click.echo("Cet en-tête n’est prouvé qu’à l’ouverture : « casework backup verify ».")


def _said(about: About) -> list[str]:
    return [
        f"Instance : {about.origin}",
        f"Faite le : {about.moment:%d/%m/%Y à %H:%M:%S} UTC",
        f"Schéma : {about.revision}",
        f"Journal : {about.entries} entrées",
    ]


@backup.command("verify")
@click.argument("file", type=FILE)
@key_option
@parts_option
@words_option
@since_option
@click.option("--scratch", type=FOLDER, help="Où restaurer pour l’essai (dossier temporaire).")
def verify_backup(file: Path, scratch: Path | None, **given: Any) -> None:
    """Restaure à blanc, compare table par table, vérifie le journal ; puis efface l’essai."""
    with refusals(), file.open("rb") as source:
        file_key = _file_key(source, given["key"], given["parts"], ask=given["ask"])
        with bar("Vérification") as progress:
            found = verify(
                source, file_key, since=_note(given["since"]), place=scratch, progress=progress
            )
    for line in (*_said(found.about), *found.sentences):
        click.echo(line)
    click.echo(f"{found.rows} lignes restaurées à blanc, identiques table par table.")


@backup.command("restore")
@data_option
@click.argument("file", type=FILE)
@click.option("--database", default="", help="URL PostgreSQL ; vide : SQLite dans le dossier.")
@key_option
@parts_option
@words_option
@since_option
@click.option(
    "--erasures",
    "erased",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Certificat d’effacement à refaire, ou leur dossier ; autant de fois qu’il faut.",
)
def restore_backup(
    data: Path, file: Path, database: str, erased: tuple[Path, ...], **given: Any
) -> None:
    """Remet une instance dans un dossier vide et une base vide, SQLite ou PostgreSQL."""
    with refusals(), file.open("rb") as source:
        again = [line for path in erased for line in erasures.read(path)]
        file_key = _file_key(source, given["key"], given["parts"], ask=given["ask"])
        with bar("Restauration") as progress:
            found = restore(
                source,
                file_key,
                data,
                database,
                since=_note(given["since"]),
                erased=again,
                progress=progress,
            )
    for line in _said(found.about):
        click.echo(line)
    click.echo(
        f"Restaurée dans {data}. Le journal reprend à {found.about.entries} entrées, et le dit : "
        "un point de contrôle plus récent ne s’y retrouvera pas. Sessions fermées. "
        f"Effacements refaits : {found.erased}."
    )
    if not erased:
        click.echo(
            "Si des situations ont été effacées depuis, leurs lignes sont revenues : voir "
            "docs/sauvegarde.md."
        )
    click.echo(
        "Personne n’entre encore : un membre exclu depuis la sauvegarde retrouverait son accès. "
        f"Confirmez ceux qui siègent aujourd’hui : « casework member confirm --data {data} "
        f"M-0001 … » (la liste : « casework member list »)."
    )
    click.echo(f"Ensuite : « casework audit verify --data {data} ».")


@backup.command("files")
@data_option
@click.argument("file", type=FILE)
@key_option
@parts_option
@words_option
def put_back_files(data: Path, file: Path, **given: Any) -> None:
    """Remet les fichiers perdus (instance.key…) d’une instance dont la base est entière."""
    with refusals(), file.open("rb") as source:
        file_key = _file_key(source, given["key"], given["parts"], ask=given["ask"])
        names = put_back(source, file_key, data)
    click.echo(f"Remis : {', '.join(names) or 'rien ne manquait'}.")


def _file_key(file: BinaryIO, key: Path | None, parts: tuple[str, ...], *, ask: bool) -> bytes:
    header = container.read_header(file)
    if key is not None:
        return container.open_file_key(header, keys.OPERATOR, keys.read(key))
    if not parts and not ask:
        raise BackupError("Donnez --key FICHIER, ou --parts pour saisir deux parts de secours.")
    shares = list(parts)
    while len(shares) < recovery.THRESHOLD:
        shares.append(click.prompt(f"Part de secours {len(shares) + 1}", hide_input=True))
    try:
        pair = recovery.combine(shares)
    except RecoveryError as error:
        raise BackupError(f"Ces parts n’ouvrent rien : {error}") from None
    return container.open_file_key(header, keys.RECOVERY, pair)


def _note(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BackupError(f"{path} n’est pas un point de contrôle.") from None
