"""`casework profile`: the ready profiles, what each says, and applying one."""

from pathlib import Path

import click

from audit.event import SYSTEME, Event, Outcome
from casework.cells import profiles
from casework.cells.applying import Applied, ProfileRefused, apply
from casework.cells.kinds import KINDS
from casework.cells.lists import BY_NAME
from casework.cells.profiles.model import CellProfile, Offered, Profile
from casework.cells.settings import SettingsError
from casework.commands.options import data_option, opened
from charter.actions import Action

LISTS = {"typologie": "typologies", "origine": "origines", "suite": "suites"}


@click.group()
def profile() -> None:
    """Profils : des cellules prêtes, telles que des stratégies territoriales les décrivent."""


@profile.command("list")
def list_profiles() -> None:
    """Liste les profils et leurs cellules."""
    for found in profiles.every().values():
        codes = ", ".join(cell.code for cell in found.cells)
        click.echo(f"{found.name:<8}  {codes:<28}  {found.document}")


@profile.command()
@click.argument("name")
def show(name: str) -> None:
    """Affiche ce que dit un profil, et d’où il le tient."""
    found = _find(name)
    click.echo(found.document)
    for cell in found.cells:
        click.echo("\n" + "\n".join(_lines(cell)))


def _find(name: str) -> Profile:
    found = profiles.find(name)
    if found is None:
        offered = ", ".join(profiles.every())
        raise click.ClickException(f"Le profil « {name} » n’existe pas. Profils : {offered}.")
    return found


def _lines(cell: CellProfile) -> list[str]:
    options = cell.options
    lines = [f"{cell.code}  {cell.name} ({KINDS[cell.kind].acronym}, {cell.source})"]
    lines.append(f"  séances       {options.cadence or 'cadence non fixée par le document'}")
    every = f"tous les {options.every} {options.unit.label}" if options.every else "non fixé"
    lines.append(f"  au plus tard  {every}{' ; urgence possible' if options.urgent else ''}")
    blocks = ", obligatoire avant l’examen" if options.information_blocks else ""
    lines.append(f"  information   {options.information.label}{blocks}")
    lines.append(f"  protocole     {_protocol(cell)}")
    lines.append(
        f"  seuils        rapports {options.threshold} ; conservation "
        f"{options.retention_months} mois ; relance du parquet {options.reminder_days} jours"
    )
    lines += [f"  siège         {_seat(seat)}" for seat in cell.seats]
    lines += [f"  siège         {_seat(seat)} (notre ajout)" for seat in cell.added]
    lines += [f"  {LISTS[name]:<12}  {_terms(name, cell.lists[name])}" for name in cell.lists]
    return lines


def _seat(seat: object) -> str:
    return f"{seat.label}{', en tant que de besoin' if seat.invited else ''}"


def _protocol(cell: CellProfile) -> str:
    options, acts = cell.options, []
    if options.rappel:
        pupil = "avec" if options.pupil_heard else "sans"
        light = ", forme allégée possible" if options.rappel_light else ""
        acts.append(f"rappel à l’ordre{light} ; absentéisme : parents {pupil} l’élève")
    if options.transaction:
        acts.append(f"transaction ({options.transaction_hours} heures au plus)")
    if options.parenting:
        acts.append("aide parentale")
    return " ; ".join(acts) or "ni rappel à l’ordre ni transaction"


def _terms(name: str, offered: Offered) -> str:
    labels = {term.code: term.label for term in BY_NAME[name]}
    document = ", ".join(labels[code] for code in offered.document)
    ours = ", ".join(labels[code] for code in offered.ours)
    return document + (f" ; et, ajoutés par nous : {ours}" if ours else "")


@profile.command("apply")
@click.argument("name")
@data_option
@click.option("--cell", "cells", multiple=True, help="Code d’une cellule du profil ; toutes sinon.")
@click.option("--replace", is_flag=True, help="Remplacer aussi ce que la commune a modifié.")
def apply_profile(name: str, data: Path, cells: tuple[str, ...], replace: bool) -> None:
    """Crée les cellules d’un profil, ou les y ramène. Sans effet une seconde fois."""
    found = _find(name)
    instance, database = opened(data)
    try:
        with database.write() as session:
            done = apply(session, found, cells, replace=replace)
            for applied in done:
                if applied.outcome != "déjà conforme":
                    instance.journal.append(session.connection(), _event(applied, name))
            session.commit()
    except (ProfileRefused, SettingsError) as error:
        raise click.ClickException(str(error)) from None
    for applied in done:
        click.echo(f"{applied.code} : {applied.outcome}.")
        if applied.awaits_clearance:
            click.echo("  Fermée : aucune charte n’est publiée tant que ses préalables manquent.")


def _event(applied: Applied, name: str) -> Event:
    created = applied.outcome == "créée"
    return Event.now(
        actor=SYSTEME,
        action=(Action.CELL_CREATE if created else Action.CELL_EDIT).value,
        outcome=Outcome.AUTORISE,
        object=applied.code,
        cell=applied.code,
        detail={"par": "console", "profil": name},
    )
