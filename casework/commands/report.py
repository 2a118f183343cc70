"""`casework report`: the same reports as the pages, under a member's own keys."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.clock import today
from casework.commands.options import data_option, opened
from casework.db import Database
from casework.instance import Instance
from casework.reports import service
from casework.reports.docx import document
from casework.reports.method import sentences
from casework.reports.periods import Period, WrongPeriod
from casework.reports.present import Presented, present
from casework.reports.refusals import REFUSALS, refusal
from casework.reports.service import Report
from casework.reports.sheets import csv_file
from casework.signin import service as signin
from casework.signin.factors import Given
from casework.signin.service import SigninRefused, Throttled
from casework.vault import store
from casework.vault.keyring import Keyring, Reader
from casework.web.journal import checkpoint_line
from charter import register
from charter.actions import Action
from charter.decide import Decision, decide
from charter.subjects import Actor

CONSOLE = "console"
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Rapports : les mêmes que ceux des pages, avec les clés d’un membre."""


@dataclass(frozen=True)
class Member:
    """Who asks, unlocked for the time of the command."""

    actor: Actor
    keyring: Keyring


@report.command()
@data_option
@click.option("--cell", required=True, help="Code de la cellule.")
@click.option("--from", "since", required=True, type=DAY, help="Premier jour (2025-09-01).")
@click.option("--to", "until", required=True, type=DAY, help="Dernier jour (2026-08-31).")
@click.option("--format", "kind", default="docx", type=click.Choice(["json", "csv", "docx"]))
@click.option("--rounded", is_flag=True, help="Nombres arrondis plutôt que masqués.")
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Fichier."
)
def typologie(
    data: Path,
    cell: str,
    since: datetime,
    until: datetime,
    kind: str,
    rounded: bool,
    output: Path,
) -> None:
    """Arrête et écrit le rapport typologique d’une cellule.

    La phrase de passe et le code sont demandés : ce n’est pas à une option, ni à l’historique
    d’un terminal, de les garder.
    """
    instance, database = opened(data)
    try:
        period = Period(since.date(), until.date())
    except WrongPeriod as error:
        raise click.ClickException(str(error)) from None
    login = click.prompt("Identifiant")
    passphrase = click.prompt("Phrase de passe", hide_input=True)
    code = click.prompt("Code à usage unique", hide_input=True)
    with _unlocked(database, instance, login, passphrase, code) as member:
        made = _made(database, instance, member, cell, period, kind, rounded=rounded)
    output.write_bytes(made)
    click.echo(f"{output} : {period.label}.")


@contextmanager
def _unlocked(
    database: Database, instance: Instance, login: str, passphrase: str, code: str
) -> Iterator[Member]:
    """Signed in as in a browser, throttled and journaled alike; signed out at the end."""
    try:
        given = Given(code=code)
        token = signin.sign_in(database, instance, login, passphrase, given, CONSOLE).token
    except SigninRefused:
        raise click.ClickException("Identifiant, phrase de passe ou code refusé.") from None
    except Throttled as error:
        seconds = int(error.wait.total_seconds()) + 1
        raise click.ClickException(f"Trop d’échecs : réessayez dans {seconds} s.") from None
    try:
        with database.read() as session:
            found = signin.resume(session, token)
            if found is None:
                raise click.ClickException("La session n’a pas pu s’ouvrir : recommencez.")
            unlocked = found.unlocked
            keyring = store.keyring_of(session, unlocked.key, unlocked.member)
            actor = register.actor_for(
                session, unlocked.member, keyring.compartments, fresh=found.fresh
            )
        yield Member(actor, keyring)
    finally:
        with database.write() as session:
            signin.sign_out(session, token)
            session.commit()


def _made(
    database: Database,
    instance: Instance,
    member: Member,
    cell: str,
    period: Period,
    kind: str,
    *,
    rounded: bool,
) -> bytes:
    day = today()
    exporting = decide(member.actor, Action.REPORT_EXPORT, service.counted(cell), day)
    if not exporting.allowed:
        instance.journal.record(database.engine, _event(member, exporting, cell))
        raise click.ClickException(exporting.sentence)
    reader = _reader(database, instance, member, Action.REPORT_READ, cell)
    with database.read() as session:
        others = [source.action for source in service.sources(session, cell)]
    acts = {one: _reader(database, instance, member, one, cell) for one in others}
    with database.write() as session:
        found = cells.cell(session, cell)
        if found is None:
            raise click.ClickException(f"La cellule « {cell} » n’existe pas.")
        try:
            made = service.publish(
                session,
                reader,
                acts.__getitem__,
                member.keyring.writer(),
                member.actor.reference,
                cell,
                period,
                None,
                day,
                rounded=rounded,
            )
        except REFUSALS as error:
            said = refusal(error, found.threshold)
            raise click.ClickException(f"{said.title}. {said.text}") from None
        instance.journal.append(session.connection(), _event(member, exporting, cell))
        session.commit()
    with database.read() as session:
        shown = present(session, made, found)
        if kind == "csv":
            return csv_file(made, shown)
        if kind == "json":
            return _json(session, made, shown, cell)
        commune = cells.setting(session, cells.COMMUNE)
        return document(made, shown, found, commune, checkpoint_line(session))


def _reader(
    database: Database, instance: Instance, member: Member, what: Action, cell: str
) -> Reader:
    """Decided by the charter and journaled before anything opens, as in the pages."""
    decision = decide(member.actor, what, service.counted(cell), today())
    receipt = instance.journal.record(database.engine, _event(member, decision, cell))
    if not decision.allowed:
        raise click.ClickException(decision.sentence)
    return member.keyring.reader(receipt)


def _event(member: Member, decision: Decision, cell: str) -> Event:
    return Event.now(
        actor=member.actor.reference,
        role=decision.mandate.role.value if decision.mandate else "",
        action=decision.action.value,
        outcome=Outcome.AUTORISE if decision.allowed else Outcome.REFUSE,
        cell=cell,
        article=decision.article,
        detail={"par": CONSOLE},
    )


def _json(session: Session, made: Report, shown: Presented, code: str) -> bytes:
    cell = cells.cell(session, code)
    said = {
        "cellule": code,
        "periode": {"du": str(made.period.since), "au": str(made.period.until)},
        "compare_a": shown.compared,
        "chiffres": [asdict(figure) for figure in shown.figures],
        "tableaux": [asdict(table) for table in shown.tables],
        "croisements": [asdict(grid) for grid in shown.grids],
        "non_publies": shown.left_out,
        "methode": sentences(made, shown, cell) if cell else [],
        "point_de_controle": checkpoint_line(session),
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
