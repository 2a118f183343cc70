"""What script/bench measures: a town filled to a size, its real server, a signed-in browser."""

import http.client
import itertools
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

import psutil
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.db import Database
from casework.demo import people
from casework.demo.accounts import PASSPHRASE, current_code
from casework.demo.members import MEMBERS
from casework.demo.seed import seed
from casework.instance import create
from casework.members.models import Member
from casework.members.service import login_digest
from casework.reports.periods import Period
from casework.reports.tally import tally
from casework.situations import facet_pages
from casework.situations import service as situations
from casework.situations.entry import Entry
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.compartment import CompartmentKeys
from casework.vault.keyring import Reader, grant_context
from casework.vault.passphrase import unlock

CELL = "CCTP"
WORKERS = 2
BATCH = 1_000  # situations to a transaction
SAMPLE = 60
TRIES = 5
COORDINATOR = MEMBERS[0]
SINCE, UNTIL = date(2024, 9, 1), date(2027, 8, 31)


class Sample(NamedTuple):
    """A situation of the load, as it was recorded."""

    reference: str
    entry: Entry

    @property
    def nom(self) -> str:
        return self.entry.interesse.nom


class Load(NamedTuple):
    per_second: float
    sample: list[Sample]


class Town:
    """A seeded instance whose cell is filled step by step through the product's own service."""

    def __init__(self, data: Path, url: str) -> None:
        self.port = _free_port()
        address = f"http://127.0.0.1:{self.port}"
        self.instance = create(data, address=address, database=url, demo=True)
        seed(self.instance)
        self.database = Database(self.instance.database, self.instance.binding)
        self._people = people.situations(10**9)
        with self.database.read() as session:
            login = login_digest(self.instance, COORDINATOR.login)
            member = session.scalars(select(Member).where(Member.login == login)).one()
            self._member = member.reference
            self._key = unlock(member.locked_key or b"", PASSPHRASE, member.reference)
            self._keyring = store.keyring_of(session, self._key, self._member)

    def close(self) -> None:
        self.database.engine.dispose()

    def fill(self, rows: int) -> Load:
        """Bring the cell to ``rows`` situations; a sample of the new ones comes back."""
        with self.database.read() as session:
            of_cell = select(func.count()).select_from(Situation).where(Situation.cell == CELL)
            missing = rows - (session.scalar(of_cell) or 0)
        sample: list[Sample] = []
        every = max(1, missing // SAMPLE)
        started = time.perf_counter()
        for first in range(0, missing, BATCH):
            with self.database.write() as session:
                entries = [
                    drawn.entry
                    for drawn in itertools.islice(self._people, min(BATCH, missing - first))
                ]
                writer = self._keyring.writer()
                made = situations.create_many(session, writer, self._member, CELL, entries)
                for number, (row, entry) in enumerate(zip(made, entries, strict=True), first):
                    if number % every == 0:
                        sample.append(Sample(row.reference, entry))
                session.commit()
        spent = time.perf_counter() - started
        self._analyse()
        return Load(missing / spent, sample)

    def _analyse(self) -> None:
        """What PostgreSQL's autovacuum would have done by the next day."""
        with self.database.write() as session:
            session.execute(text("ANALYZE"))
            session.commit()

    def database_bytes(self) -> int:
        path = self.database.url.database or ""
        if self.database.url.get_backend_name() == "sqlite":
            return sum(
                file.stat().st_size for file in Path(path).parent.glob(f"{Path(path).name}*")
            )
        with self.database.read() as session:
            return session.scalar(text("SELECT pg_database_size(current_database())")) or 0

    def reader(self) -> Reader:
        event = Event.now(
            actor=self._member, action="bench", outcome=Outcome.AUTORISE, article="bench"
        )
        return self._keyring.reader(self.instance.journal.record(self.database.engine, event))

    def file_pages(self) -> None:
        """What the publication of a report leaves for the next one."""
        reader = self.reader()
        with self.database.write() as session:
            facet_pages.file_pages(session, reader, self._keyring.writer(), CELL)
            session.commit()
        self._analyse()

    def touch(self, many: int) -> None:
        """Seal again the facets of situations taken at regular intervals, as an edit does."""
        reader = self.reader()
        with self.database.write() as session:
            rows = session.scalar(select(func.count()).select_from(Situation)) or 0
            ids = session.scalars(
                select(Situation.id).where(Situation.cell == CELL).order_by(Situation.id)
            ).all()
            for id_ in ids[:: max(1, rows // many)]:
                situation = session.get_one(Situation, id_)
                facets = situations.open_facets(reader, situation)
                situations.seal_facets(self._keyring.writer(), situation, facets)
            session.commit()

    def report_over_bare(self) -> float:
        """The report's fetch, decryption and count, over fetching and decrypting the same blobs."""
        reader = self.reader()
        pairs = [(_timed(self._report, reader), _timed(self._bare)) for _ in range(TRIES)]
        report, bare = zip(*pairs, strict=True)
        return median(report) / median(bare)

    def floors(self) -> tuple[float, float]:
        """Processor seconds: every blob of the cell fetched by the driver alone, then decrypted."""
        with self.database.read() as session:
            decrypt = self._facet_key(session).decrypt
            cursor = session.connection().connection.cursor()
            started = time.process_time()
            cursor.execute(f"SELECT id, facets FROM situation WHERE cell = '{CELL}'")  # noqa: S608
            blobs = cursor.fetchall()
            fetched = time.process_time()
            ready = [(b[1:13], b[13:], b"casework/1|situation|facets|%d" % n) for n, b in blobs]
            del blobs
            built = time.process_time()
            for nonce, sealed, place in ready:
                decrypt(nonce, sealed, place)
            return fetched - started, time.process_time() - built

    def _facet_key(self, session: Session) -> AESGCM:
        held = {
            (key.compartment, key.version): key.sealed
            for key in store.grants_of(session, self._member)
        }
        version = store.current(session, CELL).version
        context = grant_context(self._member, CELL, version)
        return CompartmentKeys(self._key.open(held[CELL, version], context)).facet

    def _report(self, reader: Reader) -> None:
        with self.database.read() as session:
            blocks = Period(SINCE, UNTIL).blocks()
            counted = tally(session, reader, CELL, blocks, {}, {})
            for block in blocks:
                counted.counts(block)

    def _bare(self) -> None:
        """The least one can do: this is what the report is compared with, and nothing more."""
        with self.database.read() as session:
            decrypt = self._facet_key(session).decrypt
            blobs = select(Situation.id, Situation.facets).where(Situation.cell == CELL)
            for row_id, blob in session.execute(blobs):
                decrypt(blob[1:13], blob[13:], f"casework/1|situation|facets|{row_id}".encode())


class Browser:
    """One kept-alive connection, its cookies and its forgery token."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: SimpleCookie = SimpleCookie()
        self._token = ""

    def get(self, url: str, expected: str = "") -> str:
        return self._ask("GET", url, None, expected)

    def post(self, url: str, fields: dict[str, object], expected: str = "") -> str:
        body = urlencode({"csrf_token": self._token, **fields}, doseq=True)
        return self._ask("POST", url, body, expected)

    def _ask(self, method: str, url: str, body: str | None, expected: str) -> str:
        headers = {"Cookie": "; ".join(f"{c.key}={c.value}" for c in self._cookies.values())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, url, body, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            self._cookies.load(cookie)
        wanted = 302 if body is not None and not expected else 200
        # A page that failed quickly is not a fast page.
        if answer.status != wanted or expected not in page:
            raise RuntimeError(f"{method} {url}: {answer.status}, {page[:400]}")
        return page

    def sign_in(self) -> None:
        """As the coordinator, who then signs the charter of the cell if she has not."""
        self._token = _found(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/connexion"))
        proof = {"phrase": PASSPHRASE, "code": current_code()}
        self.post("/connexion", {"identifiant": COORDINATOR.login, **proof})
        charter = self.get(f"/cellules/{CELL}/charte")
        if 'name="digest"' in charter:
            digest = _found(r'name="digest"[^>]*value="([0-9a-f]{64})"', charter)
            self.post(f"/cellules/{CELL}/charte", {"digest": digest, "engagement": "y"})

    def close(self) -> None:
        self._connection.close()


@contextmanager
def serving(town: Town) -> Iterator[tuple[Browser, Callable[[], list[float]]]]:
    """The real server, a signed-in browser, and the memory of each worker in megabytes."""
    command = [str(Path(sys.executable).with_name("casework"))]
    command += ["serve", "--data", str(town.instance.data)]
    command += ["--port", str(town.port), "--workers", str(WORKERS)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    browser = Browser(town.port)
    try:
        _wait(town.port, server)
        browser.sign_in()
        workers = psutil.Process(server.pid).children
        yield browser, lambda: [round(one.memory_info().rss / 1e6, 1) for one in workers()]
    finally:
        browser.close()
        server.terminate()
        server.wait(timeout=60)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def edited(one: Sample) -> dict[str, object]:
    """What the edit form sends for a situation nobody edited yet, one word changed."""
    entry, who = one.entry, one.entry.interesse
    names = ("origine", "typologie", "statut", "sexe", "niveau", "quartier", "etablissement")
    fields: dict[str, object] = {name: getattr(entry, name) for name in names}
    fields |= {
        name: getattr(entry, name) for name in ("classe", "faits_lieu", "recit", "faits_date")
    }
    fields |= {name: getattr(who, name) for name in ("nom", "prenoms", "naissance", "adresse")}
    fields |= {"saisine": entry.saisine, "echeance": entry.echeance or "", "version": 1}
    fields |= {"implication": f"{entry.implication} Relu.", "lieu_naissance": who.lieu_naissance}
    fields |= {"faits": sorted(entry.faits), "suites": sorted(entry.suites)}
    for rank, parent in enumerate(entry.representants):
        for name in ("nom", "prenoms", "lien", "adresse", "telephone"):
            fields[f"representants-{rank}-{name}"] = getattr(parent, name)
    return fields


def misspelt(nom: str) -> str:
    """The surname as another clerk types it: no accent of the keyboard, a doubled consonant."""
    return re.sub(r"(?<=[aeiou])([lmnrst])(?=[aeiou])", r"\1\1", nom.lower(), count=1)


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"{pattern} is not in the page: {page[:400]}")
    return found[1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _timed(act: Callable[..., None], *arguments: Reader) -> float:
    started = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - started
