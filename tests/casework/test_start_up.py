"""What stops the start of the application, and what its cookies and assets carry."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Blueprint
from sqlalchemy import Column, Integer, Table
from werkzeug.test import TestResponse

import casework
from casework import Unclassified, create_app
from casework.db import Base
from casework.instance import SETTINGS_FILE
from casework.web.access import Undeclared, action
from charter.actions import Action
from tests.casework.people import COOKIE


def test_a_route_without_an_action_stops_the_start(small_world, monkeypatch) -> None:
    loose = Blueprint("loose", __name__)
    loose.add_url_rule("/sans-action", "page", lambda: "tout le monde entre")
    monkeypatch.setattr(casework, "pages", _both(casework.pages, loose))
    with pytest.raises(Undeclared, match="page"):
        create_app(small_world.instance)


def _both(known: Blueprint, loose: Blueprint) -> Blueprint:
    together = Blueprint("together", __name__)
    together.register_blueprint(known)
    together.register_blueprint(loose)
    return together


def test_an_unclassified_column_stops_the_start(small_world) -> None:
    loose = Table("loose", Base.metadata, Column("remarque", Integer))
    try:
        with pytest.raises(Unclassified, match=r"loose\.remarque"):
            create_app(small_world.instance)
    finally:
        Base.metadata.remove(loose)


def test_two_routes_at_one_address_stop_the_start(small_world, monkeypatch) -> None:
    """The first would answer for both, under its own rule."""
    other = Blueprint("other", __name__)
    other.add_url_rule(
        "/connexion", "mine", action(Action.PUBLIC_PAGE)(lambda: "tout le monde entre")
    )
    monkeypatch.setattr(casework, "pages", _both(casework.pages, other))
    with pytest.raises(Undeclared, match="GET /connexion"):
        create_app(small_world.instance)


def test_style_and_scripts_may_be_kept_by_the_browser(small_world) -> None:
    page = small_world.visitor().get("/connexion").text
    sheet = re.search(r'href="(/static/[^"]+)"', page)[1]
    with small_world.visitor().get(sheet) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("Cache-Control") != "no-store"


def _cookies(answer: TestResponse) -> list[str]:
    return answer.headers.getlist("Set-Cookie")


def test_cookies_are_strict_and_out_of_scripts_reach(small_world) -> None:
    answer = small_world.visitor().sign_in("dpo")
    assert any(line.startswith(f"{COOKIE}=") for line in _cookies(answer))
    for line in _cookies(answer):
        assert "HttpOnly" in line
        assert "SameSite=Strict" in line


def test_over_tls_cookies_are_bound_to_the_host(
    seeded_sqlite: Path, tmp_path: Path, make_world
) -> None:
    data = tmp_path / "tls"
    shutil.copytree(seeded_sqlite, data)
    settings = data / SETTINGS_FILE
    settings.write_text(
        re.sub(r'address = "[^"]*"', 'address = "https://clspd.example"', settings.read_text())
    )
    world = make_world(data)
    visitor = world.visitor()
    world.app.config.update(SERVER_NAME="clspd.example", PREFERRED_URL_SCHEME="https")
    visitor.client.environ_base["HTTP_REFERER"] = "https://clspd.example/connexion"
    page = visitor.get("/connexion")
    assert "max-age" in page.headers["Strict-Transport-Security"]
    answer = visitor.sign_in("dpo")
    lines = _cookies(page) + _cookies(answer)
    assert any(line.startswith("__Host-casework=") for line in lines)
    for line in lines:
        assert line.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(line.split("; "))
    world.close()
