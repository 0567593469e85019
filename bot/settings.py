"""What the host sets: read from the environment and from `.env`, checked once at the start."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import DotEnvSettingsSource, SettingsConfigDict

from bot.errors import ConfigError
from bot.http_settings import HttpSettings
from bot.setting_types import (
    DatabaseUrl,
    Effort,
    Hosts,
    InDoubtPolicy,
    Key,
    Keys,
    LogFormat,
    LogLevel,
    Pace,
    ProxyUrl,
    ServerUrl,
    Token,
    Url,
    UserIds,
    explain,
)

OPENAI: Final = "https://api.openai.com/v1"


class Settings(HttpSettings):
    """Every setting; its environment variable is its name in capitals.

    The descriptions are the host's documentation: docs/reference/settings.md is made from them.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    telegram_bot_token: Token | None = Field(
        None,
        description="The bot's token, from @BotFather. Without it the playground's emulated "
        "Telegram stands in; with `HTTP_PORT` and a model, sites and programs are served alone.",
    )
    telegram_api_url: ServerUrl = Field(
        "https://api.telegram.org",
        description="The Bot API server. Calls go to `URL/bot<token>/<method>`, "
        "files to `URL/file/bot<token>/<path>`.",
    )
    openai_api_key: Key | None = Field(
        None,
        description="The key for the model. Without it the playground's offline model stands in; "
        "a server that `OPENAI_BASE_URL` names is asked without a key.",
    )
    openai_base_url: Url = Field(
        OPENAI,
        description="The OpenAI API, or a server that speaks it.",
    )
    offline_model: bool = Field(
        False,
        description="Whether the offline model answers, whatever else is set. It only pretends: "
        "clients on Telegram get its answers if this says so, and never because a key is missing.",
    )
    openai_model: str = Field(
        "gpt-6-luna",
        description="The model that answers, unless a tenant's profile names another.",
    )
    openai_reasoning_effort: Effort = Field(
        "none",
        description="How long the model thinks before it writes; every step up delays the first "
        "bubble. `default` leaves it to the model, and so does Sportello where a model refuses it.",
    )
    openai_transcription_model: str = Field(
        "gpt-transcribe",
        description="The model that hears voice messages, and the sound of videos.",
    )
    openai_cache_mark: bool = Field(
        True,
        description="Whether a new conversation begins with a mark for the prompt cache (gpt-5.6 "
        "and later), so that a new client's first answer reads the company's knowledge from it.",
    )
    database_url: DatabaseUrl = Field(
        SecretStr("sqlite+aiosqlite:///data/sportello.db"),
        description="Where everything is stored: `sqlite+aiosqlite:///FILE`, or "
        "`postgresql://USER:PASSWORD@HOST/DATABASE` for several processes. "
        "May hold a password, and is never printed.",
    )
    sqlite_anywhere: bool = Field(
        False,
        description="Whether a SQLite file may lie on a network file system, which otherwise is "
        "refused. It is safe only where locks and shared memory work as on a local disk.",
    )
    disk_min_free_megabytes: int = Field(
        200,
        ge=0,
        description="With less than this free beside a SQLite file, new messages wait at Telegram "
        "and the hosts are told. 0 never looks.",
    )
    admin_ids: UserIds = Field(
        (),
        description="Telegram user ids of hosts, separated by commas. They may do everything for "
        "every company, and are told when a host must act: a revoked token, no credit left, the "
        "daily limit reached. As long as nobody is host, each start prints a link that makes one "
        "of whoever opens it.",
    )
    secret_key: Keys | None = Field(
        None,
        description="Locks away the tokens of bots that are added inside Telegram; "
        "`sportello secret-key` makes one. Any random text of 16 characters or more will do. "
        "To change it, put the new key before the old one, with a comma between them.",
    )
    managed_bots: bool = Field(
        False,
        description="Whether /bots also offers to create a bot inside Telegram. "
        "The host's bot needs the Bot Management Mode of @BotFather for that.",
    )
    turn_quiet_seconds: float = Field(
        0.7,
        ge=0,
        le=60,
        description="A turn begins when the client has been quiet for this long.",
    )
    turn_max_wait_seconds: float = Field(
        3.0,
        ge=0,
        le=300,
        description="A turn begins at the latest this long after its first message, though the "
        "client goes on writing. A longer `TURN_QUIET_SECONDS` or `TURNS_PER_MINUTE` delays it.",
    )
    pace: Pace | None = Field(
        None,
        description="The typing pause before a bubble; when set, it overrides every tenant's pace.",
    )
    turns_per_minute: int = Field(
        12,
        ge=0,
        le=600,
        description="Turns that one chat may begin within a minute; further messages wait. "
        "0 = no limit.",
    )
    waiting_seconds: float | None = Field(
        None,
        ge=0,
        le=300,
        description="After this long without a bubble the waiting message is sent, 0 = never; "
        "when set, it overrides every tenant's.",
    )
    turn_patience_seconds: float = Field(
        90.0,
        ge=10,
        le=3600,
        description="How long a turn waits for the model without a bubble or the waiting message, "
        "whatever is tried meanwhile; then the client gets an apology. One and a half times as "
        "long at the reasoning effort `low`, twice at `medium`, three times at `high`, four times "
        "at `xhigh`, six times at `max`.",
    )
    daily_token_limit: int = Field(
        0,
        ge=0,
        description="Tokens that all companies together may use in a day (UTC). 0 = no limit. "
        "A minute of a recording that is heard counts as 3,000.",
    )
    turn_max_messages: int = Field(
        50,
        ge=1,
        le=500,
        description="Messages that one turn reads; more of them become further turns, up to five. "
        "What is older still is read by the first of these, shortened from the middle.",
    )
    turn_max_characters: int = Field(
        50_000,
        ge=5_000,
        le=500_000,
        description="Characters that one turn reads, in all its messages; as above.",
    )
    reply_max_bubbles: int = Field(
        8,
        ge=1,
        le=100,
        description="Bubbles that a reply may have; the rest of it is not shown, and the model "
        "is told so with the next message.",
    )
    reply_max_characters: int = Field(
        12_000,
        ge=1_000,
        le=100_000,
        description="Characters that a reply may have, in all its bubbles; as above.",
    )
    retention_days: int = Field(
        365,
        ge=0,
        le=36_500,
        description="Days for which the words of clients, of the assistant and of changes are "
        "kept, unless a company's profile says otherwise; then they are erased here and at OpenAI. "
        "0 = for ever.",
    )
    retention_records_days: int = Field(
        1_095,
        ge=0,
        le=36_500,
        description="Days for which ids, times and counts are kept without their words, at the "
        "least as long as these. 0 = for ever.",
    )
    in_doubt: InDoubtPolicy = Field(
        "probe",
        description="What to do with a bubble that may or may not have been delivered: find out, "
        "send it again (perhaps twice), or leave it (perhaps lost).",
    )
    playground_port: int = Field(
        8080,
        ge=0,
        le=65535,
        description="The port of the playground's page on the loopback interface; "
        "the next free one is used if it is taken.",
    )
    tools_dir: Path | None = Field(
        None,
        description="A folder of your own tools, what assistants can look up or do: each NAME.py "
        "in it, but for those whose name begins with `_`. What they need to know, a key for "
        "example, is read from the environment and `.env` as well.",
    )
    tenant_tools: bool = Field(
        False,
        description="Companies may give their assistant tools of their own in /configure: "
        "addresses of theirs that are called (HTTP tools) and MCP servers. Off: neither is offered "
        "nor called.",
    )
    tenant_tools_inside: Hosts = Field(
        (),
        description="What these tools may call although it is no public address, separated by "
        "commas: a host (with those below it), an address, a network like 10.0.0.0/8, each with "
        "`:PORT` if only that one is meant. There http and every port are allowed too; elsewhere "
        "https at the ports 443 and 80. Calls of tools never go through a proxy.",
    )
    log_level: LogLevel = Field("info", description="The least severe messages to log.")
    log_format: LogFormat = Field(
        "console", description="Logs for a person to read, or one JSON object a line."
    )
    https_proxy: ProxyUrl | None = Field(
        None,
        description="The proxy for calls to an https address, as Telegram's and OpenAI's are: "
        "`http://HOST:PORT`, `https://...` or `socks5://...`, with `USER:PASSWORD@` before the "
        "host where it asks for them. A SOCKS proxy looks up the names. This machine is always "
        "called directly; `sportello check` says which way each call goes.",
    )
    http_proxy: ProxyUrl | None = Field(
        None, description="The proxy for calls to an http address; as above."
    )
    all_proxy: ProxyUrl | None = Field(
        None, description="The proxy where the two above name none; as above."
    )
    no_proxy: Hosts = Field(
        (),
        description="What is called directly all the same, separated by commas: a host (with those "
        "below it), an address, a network like 10.0.0.0/8, each with `:PORT` if only that one is "
        "meant; `*` is everything.",
    )
    lease_seconds: float = Field(
        15.0,
        ge=1,
        le=600,
        description="How long a silent process keeps its turns before another takes them over; "
        "only on PostgreSQL, and the same for all processes there.",
    )

    @property
    def offline(self) -> bool:
        """Whether the offline model answers: it is wanted, or nothing leads to another one."""
        return self.offline_model or not (self.openai_api_key or self.openai_base_url != OPENAI)

    @property
    def at_openai(self) -> bool:
        """Whether the model is OpenAI's own."""
        return self.openai_base_url == OPENAI

    @property
    def web_alone(self) -> bool:
        """Whether it is served over HTTP and has a model, and no bot in Telegram."""
        return self.telegram_bot_token is None and self.http_port is not None and not self.offline

    @property
    def effort(self) -> str:
        """The reasoning effort as it is sent; none is where it is empty."""
        return "" if self.openai_reasoning_effort == "default" else self.openai_reasoning_effort


def load_settings() -> Settings:
    """Read the environment and `.env`. Raises ConfigError."""
    try:
        return Settings()
    except ValidationError as error:
        raise explain(error) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError(".env cannot be read: make it a UTF-8 text file that you own") from None


def environment() -> Mapping[str, str]:
    """The environment, with `.env` behind it: what tools look for their secrets in."""
    source = DotEnvSettingsSource(Settings, case_sensitive=True)
    written = {name: value for name, value in source.env_vars.items() if value}
    return {**written, **os.environ}
