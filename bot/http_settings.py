"""What the host sets of what is served over HTTP: a part of `bot.settings`."""

from pydantic import Field
from pydantic_settings import BaseSettings

from bot.setting_types import Networks, Url


class HttpSettings(BaseSettings):
    """Sites, companies' programs, and what stands in for other servers."""

    http_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="The port on which companies' sites and programs are served over HTTP; needs "
        "`SECRET_KEY`. Without it nothing is. 0 = any free one.",
    )
    http_host: str = Field(
        "127.0.0.1",
        description="The address that is listened on. TLS is for a proxy in front of it.",
    )
    http_public_url: Url | None = Field(
        None,
        description="Where the proxy shows it to visitors, for example `https://desk.example`.",
    )
    trusted_proxies: Networks = Field(
        (),
        description="The addresses or networks of proxies, separated by commas, whose "
        "`X-Forwarded-For` is believed.",
    )
    http_free_sessions: int = Field(
        60, ge=1, description="New visitors of a site in a minute whose browsers do no work first."
    )
    gateway_messages_per_minute: int = Field(
        5,
        ge=0,
        le=600,
        description="Questions within a minute of each caller, where Sportello stands in for "
        "another server (`/v1/threads/chat`, `/ask`, `/api/chat`). 0 = no limit.",
    )
    http_chat_megabytes: int = Field(
        100,
        ge=20,
        le=100_000,
        description="Megabytes of pictures, recordings and files that one chat over HTTP may send "
        "in a day. They are kept until they have been answered.",
    )
    http_site_megabytes: int = Field(
        1_000,
        ge=20,
        le=1_000_000,
        description="The same of all chats of a site together, and of all of a company's programs.",
    )

    ami_url: Url | None = Field(
        None, description="Agent Voice Response's AMI service, which ends and passes on calls."
    )
    ami_context: str = Field(
        "demo", description="The context of the dialplan in which it passes calls on."
    )

    @property
    def http_url(self) -> str:
        """Where it is served on this machine."""
        host = f"[{self.http_host}]" if ":" in self.http_host else self.http_host
        return f"http://{host}:{self.http_port}"
