"""`casework serve`: the production server, behind a TLS proxy or on the loopback."""

import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.proxy_fix import ProxyFix

from casework import create_app, lock
from casework.commands.options import data_option, opened

WORKERS = 2
THREADS = 4


class _Server(BaseApplication):  # type: ignore[misc] - gunicorn is untyped
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 64))
def serve(data: Path, host: str, port: int, workers: int) -> None:
    """Sert l’instance. En clair seulement sur 127.0.0.1 ; sinon derrière un mandataire TLS."""
    instance, database = opened(data)
    database.engine.dispose()  # workers open their own connections after the fork
    if instance.local_http and host not in {"127.0.0.1", "localhost", "::1"}:
        raise click.ClickException(
            "L’adresse de l’instance est en http:// : elle ne peut être servie que sur 127.0.0.1."
        )
    app = create_app(instance)
    if not instance.local_http:
        # The TLS proxy, alone, says which address the browser has.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    click.echo(f"casework écoute sur http://{host}:{port} (Ctrl+C pour arrêter)", file=sys.stderr)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "accesslog": None,  # the journal is the only record of who opened what
        "loglevel": "warning",
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
        "control_socket_disable": True,
    }
    try:
        with lock.held(data, alone=False):  # the workers keep it with us
            _Server(app, options).run()
    except lock.InUse:
        raise click.ClickException(
            "Une mise à niveau ou un déménagement de l’instance est en cours : attendez sa fin."
        ) from None
