"""`casework charter`: the table of rules, and the action of every route."""

import secrets
from pathlib import Path

import click

from casework import create_app
from casework.instance import KEY_BYTES, Instance
from casework.vault.passphrase import Cost
from casework.web.access import ALWAYS_OPEN, declaration_of, today
from charter import matrix

METHODS = frozenset({"GET", "POST"})


@click.group()
def charter() -> None:
    """Charte : qui voit quoi, et quelle action déclare chaque adresse."""


@charter.command("matrix")
@click.option("--format", "shape", type=click.Choice(["md", "json"]), default="md")
def print_matrix(shape: str) -> None:
    """Affiche la table des règles : « Qui voit quoi, et pourquoi »."""
    day = today()
    click.echo(
        matrix.as_json(day) if shape == "json" else matrix.as_markdown(day), nl=shape == "json"
    )


@charter.command()
def routes() -> None:
    """Liste chaque adresse : méthode, action de la charte, à qui la table l’ouvre."""
    app = create_app(_nowhere(), serving=False)
    who: dict[str, dict[str, None]] = {}
    for row in matrix.rows(today()):
        who.setdefault(row.action, {}).update(dict.fromkeys(row.who))
    rules = sorted(app.url_map.iter_rules(), key=lambda found: found.rule)
    width = max(len(rule.rule) for rule in rules)
    for rule in rules:
        if rule.endpoint in ALWAYS_OPEN:
            continue
        action = declaration_of(app, rule.endpoint).action.value
        for method in sorted(METHODS & (rule.methods or set())):
            opened = ", ".join(who.get(action, {})) or "personne"
            click.echo(f"{method:<4}  {rule.rule:<{width}}  {action:<20}  {opened}")


def _nowhere() -> Instance:
    """What the application needs to list its routes: no folder, no data, a key that is thrown
    away."""
    key = secrets.token_bytes(KEY_BYTES)
    return Instance(Path(), key, "http://127.0.0.1", "sqlite://", Cost())
