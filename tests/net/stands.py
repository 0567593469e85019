"""Proxies on this machine, and TLS before the emulators: the name that is asked for leads there."""

import asyncio
import base64
import datetime
import socket
import ssl
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.patience import PATIENCE_SECONDS

Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that vouches for itself, and its key, in one file."""

    file: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.file)


@asynccontextmanager
async def tinyproxy(folder: Path, upstream: int, user: str) -> AsyncIterator[str]:
    """The address of a tinyproxy that wants this user, and asks a proxy on another port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lines = (
        *(f"Port {port}", "Listen 127.0.0.1", "Timeout 60", "MaxClients 20"),
        f"BasicAuth {user.replace(':', ' ')}",
        f"Upstream http 127.0.0.1:{upstream}",
    )
    (folder / "tinyproxy.conf").write_text("\n".join(lines) + "\n")
    process = await asyncio.create_subprocess_exec(
        *("tinyproxy", "-d", "-c", str(folder / "tinyproxy.conf")), stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        await _until_it_listens(port)
        yield f"http://{user}@127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                return writer.close()
            await asyncio.sleep(0)


def make_certificate(folder: Path, *names: str) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{names[0]}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return Certificate(file)


@dataclass
class Proxy:
    """Leads each name to a port of this machine, and remembers who asked for what."""

    ports: dict[str, int]
    user: str = ""  # and its password, with a colon
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def lead(
        self, there: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes
    ) -> None:
        self.asked.append(there)
        await pipe(reader, writer, self.ports[there], first)


@asynccontextmanager
async def listening(talk: Streams, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server whose every connection ends with the block."""
    tasks: set[asyncio.Task[None]] = set()

    async def safely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError, asyncio.IncompleteReadError):
            await talk(reader, writer)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(safely(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes = b""
) -> None:
    """Carry bytes between a connection and a port until one side ends."""
    other_reader, other_writer = await asyncio.open_connection("127.0.0.1", port)
    other_writer.write(first)

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()

    ways = [
        asyncio.create_task(carry(*each))
        for each in ((reader, other_writer), (other_reader, writer))
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        other_writer.close()


@asynccontextmanager
async def behind_tls(url: str, certificate: Certificate) -> AsyncIterator[int]:
    """The port at which a plain server on this machine speaks TLS."""
    port = urlsplit(url).port or 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pipe(reader, writer, port)

    async with listening(talk, certificate.server()) as front:
        yield front


@asynccontextmanager
async def http_proxy(ports: dict[str, int], user: str = "") -> AsyncIterator[Proxy]:
    """A proxy that tunnels (CONNECT), and passes on what is asked for in the plain."""
    proxy = Proxy(ports, user)
    expected = b"Basic " + base64.b64encode(unquote(user).encode())

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.decode().split(" ", 2)
        if user and expected not in head:
            writer.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
        elif method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await proxy.lead(target.rpartition(":")[0], reader, writer, b"")
        else:
            await proxy.lead(urlsplit(target).netloc, reader, writer, head)

    async with listening(talk) as port:
        proxy.url = f"http://{user and user + '@'}127.0.0.1:{port}"
        yield proxy


@asynccontextmanager
async def socks_proxy(ports: dict[str, int], user: str = "") -> AsyncIterator[Proxy]:
    """SOCKS 5 (RFC 1928), with a name and a password (RFC 1929) if there is a user."""
    proxy = Proxy(ports, user)
    method = b"\x02" if user else b"\x00"

    async def text(reader: asyncio.StreamReader) -> bytes:
        return await reader.readexactly((await reader.readexactly(1))[0])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)  # 5
        if method not in await text(reader):
            return writer.write(b"\x05\xff")
        writer.write(b"\x05" + method)
        if user:
            await reader.readexactly(1)  # 1
            said = b":".join([await text(reader), await text(reader)]).decode()
            writer.write(b"\x01" + (b"\x00" if said == unquote(user) else b"\x01"))
            if said != unquote(user):
                return None
        await reader.readexactly(4)  # 5, connect, reserved, a name
        there = (await text(reader)).decode()
        await reader.readexactly(2)  # the port, which here follows from the name
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await proxy.lead(there, reader, writer, b"")
        return None

    async with listening(talk) as port:
        proxy.url = f"socks5://{user and user + '@'}127.0.0.1:{port}"
        yield proxy
