"""What is served over HTTP, as the host has set it: sites, programs, and gateways."""

from bot.front.commands import Place
from bot.gateways.app import gateways
from bot.gateways.files import WayOut
from bot.ports import Clock
from bot.settings import Settings
from bot.telegram.onward import TelegramOnward
from bot.telegram.render import render
from bot.web.app import Where, open_web
from bot.web.entrance import WebEntrance
from bot.web.uploads import UploadLimits


def open_server(
    settings: Settings, clock: Clock, *, leads_to_telegram: bool, way_out: WayOut
) -> WebEntrance:
    """All of it. `leads_to_telegram`: whether visitors of pages may be sent there.

    `way_out`: to files that programs name.
    """
    assert settings.http_port is not None  # noqa: S101 - without it nothing is served
    return open_web(
        Where(
            settings.http_host,
            settings.http_port,
            settings.http_free_sessions,
            settings.http_public_url or "",
            settings.trusted_proxies,
            UploadLimits(settings.http_chat_megabytes, settings.http_site_megabytes),
        ),
        render=render,
        clock=clock,
        kept_days=settings.retention_days,
        place=Place.of(offline=settings.offline, openai=settings.at_openai),
        besides=gateways(
            per_minute=settings.gateway_messages_per_minute,
            model=settings.openai_model,
            way_out=way_out,
        ),
        onward=TelegramOnward if leads_to_telegram and not settings.web_alone else None,
    )
