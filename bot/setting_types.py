"""What a setting may look like: how it is read, and what is said of one that is wrong."""

import ipaddress
import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import NoDecode

from bot.errors import ConfigError

PROXY_SCHEMES: Final = ("http", "https", "socks5", "socks5h", "socks4", "socks4a")
# As in bot/telegram/person.py, which a leaf may not import.
_MASKS: Final = frozenset({777_000, 136_817_688, 1_087_968_824})


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _split(value: object) -> object:
    return re.findall(r"[^\s,;]+", value) if isinstance(value, str) else value


def _check_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("should be an address that begins with http:// or https://")
    return value.rstrip("/")


def _check_server(value: str) -> str:
    parts = urlsplit(value)
    theirs = parts.hostname == "api.telegram.org"
    if re.search(r"/bot[0-9]+:", parts.path) or (theirs and parts.path):
        raise ValueError("should be the server's address alone: /bot<token> is added to it")
    return value


def _secret(pattern: str, *, hint: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        if not re.fullmatch(pattern, text):
            raise ValueError(f"should be {hint}")
        return SecretStr(text)

    return AfterValidator(check)


def _check_proxy(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip().rstrip("/")
    url = text if "://" in text else f"http://{text}"
    parts = urlsplit(url)
    try:
        usable = parts.scheme in PROXY_SCHEMES and parts.hostname and (parts.port or True)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(
            f"should be {PROXY_SCHEMES[0]}://HOST:PORT, or end so with another "
            f"beginning: {', '.join(PROXY_SCHEMES[1:])}"
        )
    return SecretStr(url)


def _check_person(value: int) -> int:
    if value in _MASKS:
        raise ValueError("should be a person's: that one is Telegram's, and hides who writes")
    return value


def _check_network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        told = "should be addresses or networks, such as 127.0.0.1 or 10.0.0.0/8"
        raise ValueError(told) from None


AnyCase = BeforeValidator(_lower)
Effort = Annotated[
    Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", "default"], AnyCase
]
Pace = Annotated[Literal["human", "brisk", "off"], AnyCase]
InDoubtPolicy = Annotated[Literal["probe", "resend", "skip"], AnyCase]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], AnyCase]
LogFormat = Annotated[Literal["console", "json"], AnyCase]
Url = Annotated[str, AfterValidator(_check_url)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_check_proxy)]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_check_network)], ...], NoDecode, BeforeValidator(_split)
]
UserId = Annotated[int, Field(gt=0), AfterValidator(_check_person)]
UserIds = Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(_split)]
Token = Annotated[
    SecretStr,
    _secret(
        r"[0-9]+:[A-Za-z0-9_-]+", hint="the token as @BotFather gave it: digits, a colon, letters"
    ),
]
Key = Annotated[SecretStr, _secret(r"[!-~]+", hint="the key as it was given, without spaces")]
Keys = Annotated[
    SecretStr,
    _secret(
        r"[^\s,]{16,}([\s,]+[^\s,]{16,})*",
        hint="a key of at least 16 characters (`sportello secret-key` makes one), "
        "or several with commas between them",
    ),
]
DatabaseUrl = Annotated[
    SecretStr,
    _secret(
        r"sqlite\+aiosqlite:///(?!:memory:|file:)[^?].*"
        r"|postgres(?:ql)?(?:\+asyncpg)?://(.*@)?(\[.*\]|[^/?:@]*)(:[0-9]+)?([/?].*)?",
        hint="sqlite+aiosqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
    ),
]
ServerUrl = Annotated[Url, AfterValidator(_check_server)]


def explain(error: ValidationError) -> ConfigError:
    """Turn pydantic's report into one line: what each variable should be, never what it is."""
    return ConfigError(
        "; ".join(_explain_one(str(each["loc"][0]), each["msg"]) for each in error.errors())
    )


def _explain_one(field: str, message: str) -> str:
    told, _, _ = message.removeprefix("Value error, ").partition(", unable to parse")
    return f"{field.upper()} {told.removeprefix('Input ')}"
