"""Pages open to anyone: health, accessibility statement."""

from flask import Blueprint, render_template

from casework.web.access import action
from charter.actions import Action

bp = Blueprint("pages", __name__)


@bp.get("/sante")
@action(Action.PUBLIC_PAGE)
def health() -> tuple[str, dict[str, str]]:
    """An empty page, for a monitor and for the benchmark's floor."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/accessibilite")
@action(Action.PUBLIC_PAGE)
def accessibility() -> str:
    return render_template("pages/accessibilite.html")
