"""A mail server of our own on the loopback: obedient, refusing, hanging up, ill-certified."""

import asyncio
import datetime
import ipaddress
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aiosmtpd.smtp import SMTP


@dataclass
class Postman:
    """Keeps every byte, and answers as told."""

    rcpt: str = "250 OK"
    data: str = "250 OK"
    hang_up: int = 0  # how many times to cut in the middle of a mail, instead of answering
    keeps_cut: bool = False  # was the mail taken before the cut?
    raw: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, _s: Any, envelope: Any, to: str, _o: Any) -> str:  # noqa: N802
        self.seen.append(to)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.rcpt

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.hang_up:
            self.hang_up -= 1
            if self.keeps_cut:
                self._keep(envelope)
            server.transport.abort()
            return "421 bye"
        if self.data.startswith("250"):
            self._keep(envelope)
        return self.data

    def _keep(self, envelope: Any) -> None:
        self.raw.append(envelope.content)
        self.to += envelope.rcpt_tos

    @property
    def mails(self) -> list[Message]:
        return [message_from_bytes(raw) for raw in self.raw]

    def everything(self) -> bytes:
        """Every byte that left, and what they say once decoded."""
        parts = [
            part.get_payload(decode=True) or b""
            for mail in self.mails
            for part in mail.walk()
            if not part.is_multipart()
        ]
        heads = [str(mail.items()).encode() for mail in self.mails]
        return b"\n".join([*self.raw, *parts, *heads])


def text_of(mail: Message) -> str:
    """The text of a mail, without what is attached."""
    first = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return first.get_payload(decode=True).decode()  # type: ignore[union-attr]


@contextmanager
def post_office(
    postman: Postman, ssl_context: ssl.SSLContext | None = None, **options: Any
) -> Iterator[int]:
    """The port on which it listens, in a thread of its own."""
    loop = asyncio.new_event_loop()

    def one() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return SMTP(postman, loop=loop, **options)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opening = loop.create_server(one, "127.0.0.1", 0, ssl=ssl_context)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(10)
    yield server.sockets[0].getsockname()[1]

    async def leave() -> None:
        server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(leave(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, bytes]:
    """A server's context with a self-signed certificate for this name, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    alternative: x509.GeneralName = (
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, pem
