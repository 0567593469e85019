"""HTTP for every bot of the process on shared aiohttp sessions."""

import json
import re
from collections.abc import AsyncIterable
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
)
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.errors import TooMuch
from bot.net.words import NEVER_CONNECTED, describe_failure

CONNECT_SECONDS: Final = 5.0  # waiting for a free connection included
READ_SECONDS: Final = 10.0
CALL_SECONDS: Final = CONNECT_SECONDS + READ_SECONDS  # no call without files lasts longer
UPLOAD_SECONDS: Final = 60.0  # what files may add to it
DOWNLOAD_SECONDS: Final = 60.0
CHUNK_BYTES: Final = 64 * 1024
PROXY_REFUSES: Final = 407
SERVER_FAILS: Final = 500
TOO_MANY: Final = 429
OK: Final = 200

Fields = dict[str, str | int]

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN: Final = re.compile(r"(?<=/bot)[^/\s'\"]+")


class NotSent(NetworkError):
    """No connection, or none free in time: nobody was told, the call can be repeated."""


class AnswerLost(TimedOut):
    """The connection stood and no complete answer came: the call may have been carried out."""


class Request(BaseRequest):
    """The library's network interface on a session that it neither opens nor closes.

    Raises NotSent and AnswerLost, so that a caller knows whether a call can be repeated.
    """

    def __init__(
        self,
        session: ClientSession,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        download_seconds: float = DOWNLOAD_SECONDS,
    ) -> None:
        self._session = session
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._download_seconds = download_seconds

    @property
    def read_timeout(self) -> float:
        return self._read_seconds

    async def initialize(self) -> None:
        """Nothing to do: the session is open."""

    async def shutdown(self) -> None:
        """Nothing to do: the session's owner closes it."""

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Exchange one call; its parameters travel as a form, wherever the caller put them."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else self._read_seconds
        address, _, query = url.partition("?") if method == "POST" else (url, "", "")
        body = _body(query, request_data)
        if isinstance(body, FormData):
            seconds += UPLOAD_SECONDS
        limits = ClientTimeout(total=self._connect_seconds + seconds, connect=self._connect_seconds)
        try:
            async with self._session.request(
                method,
                URL(address, encoded=True),
                data=body,
                headers=_FORM if isinstance(body, bytes) else None,
                timeout=limits,
                allow_redirects=False,
            ) as response:
                if response.status == PROXY_REFUSES:
                    raise NotSent("the proxy wants a name and a password")
                return response.status, await response.read()
        except (*NEVER_CONNECTED, ConnectionTimeoutError, InvalidURL) as error:
            raise NotSent(_describe(error)) from None
        except (ClientError, OSError) as error:  # TimeoutError is an OSError
            raise AnswerLost(_describe(error)) from None

    async def download(self, url: str, *, max_bytes: int) -> bytes:
        """What is at a URL. Raises TooMuch, NotSent, AnswerLost, BadRequest."""
        limits = ClientTimeout(total=self._download_seconds, connect=self._connect_seconds)
        try:
            async with self._session.get(
                URL(url, encoded=True), timeout=limits, allow_redirects=False
            ) as response:
                if response.status >= SERVER_FAILS or response.status == TOO_MANY:
                    raise NotSent(f"status {response.status}")
                if response.status != OK:
                    raise BadRequest(f"status {response.status}")
                return await _joined(response.content.iter_chunked(CHUNK_BYTES), max_bytes)
        except (*NEVER_CONNECTED, ConnectionTimeoutError, InvalidURL) as error:
            raise NotSent(_describe(error)) from None
        except (ClientError, OSError) as error:  # TimeoutError is an OSError
            raise AnswerLost(_describe(error)) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Raises TelegramError for what is not the Bot API's."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and ("result" in answer or answer.get("ok") is False):
            return answer
        raise TelegramError("Invalid server response")


async def call(
    request: BaseRequest,
    url: str,
    fields: Fields,
    *,
    read_seconds: float = READ_SECONDS,
) -> Any:
    """Post a form and return its `result`, without the library's parameter and answer objects.

    The form rides behind a `?` as far as `Request.do_request`, which makes it the body: `post`
    has no other public way in. Raises TelegramError.
    """
    return await request.post(f"{url}?{urlencode(fields)}", read_timeout=read_seconds)


def scrub(text: str) -> str:
    """The text without the token that a URL in it may show."""
    return _TOKEN.sub("<token>", text)


async def _joined(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    """Not a byte more is kept than was asked for, whatever somebody said of its size."""
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > max_bytes:
            raise TooMuch(f"over {max_bytes} bytes")
    return bytes(content)


def _body(query: str, data: RequestData | None) -> bytes | FormData | None:
    if query:
        return query.encode()
    if data is None or not data.contains_files:
        return urlencode(data.json_parameters).encode() if data else None
    form = FormData(data.json_parameters)
    for name, (filename, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form


def _describe(error: Exception) -> str:
    if isinstance(error, NEVER_CONNECTED):
        return describe_failure(error)
    return scrub(f"{type(error).__name__}: {error}")
