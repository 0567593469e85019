"""The Bot API methods that deliver updates. Webhooks are remembered, nothing is sent to them."""

from bot.playground.telegram.errors import bad_request, webhook_active
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot, Json
from bot.playground.telegram.updates import MOST_AT_ONCE
from bot.playground.telegram.world import World

LONGEST_POLL_SECONDS = 50


async def get_updates(world: World, bot: Bot, params: Params) -> list[Json]:
    """Confirm old updates and wait for new ones."""
    if bot.webhook_url:
        raise webhook_active()
    _keep_allowed_updates(world, bot, params)
    return await world.updates[bot.id].take(
        offset=params.integer("offset"),
        limit=params.integer("limit", MOST_AT_ONCE),
        timeout_seconds=min(params.integer("timeout"), LONGEST_POLL_SECONDS),
    )


def set_webhook(world: World, bot: Bot, params: Params) -> bool:
    """Remember a webhook, which ends long polling."""
    url = params.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _keep_allowed_updates(world, bot, params)
    return _change_webhook(world, bot, params, url)


def delete_webhook(world: World, bot: Bot, params: Params) -> bool:
    """Forget the webhook."""
    return _change_webhook(world, bot, params, "")


def get_webhook_info(world: World, bot: Bot, params: Params) -> Json:
    """How updates are delivered."""
    info: Json = {
        "url": bot.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": world.updates[bot.id].pending,
    }
    return info | ({"allowed_updates": bot.allowed_updates} if bot.allowed_updates else {})


def _change_webhook(world: World, bot: Bot, params: Params, url: str) -> bool:
    if url:
        world.updates[bot.id].end_poll_for_webhook()
    if params.flag("drop_pending_updates"):
        world.updates[bot.id].clear()
    bot.webhook_url = url
    world.keep_bot(bot)
    return True


def _keep_allowed_updates(world: World, bot: Bot, params: Params) -> None:
    """An absent list leaves the last one in force; an empty one means the default."""
    given = params.parsed("allowed_updates")
    if isinstance(given, list) and given != bot.allowed_updates:
        bot.allowed_updates = [str(kind) for kind in given]
        world.keep_bot(bot)
