"""The Bot API methods of a manager bot: the tokens of the bots that it controls.

The words of the refusal are those of core.telegram.org/method/bots.exportBotToken.
"""

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot
from bot.playground.telegram.registry import Registry
from bot.playground.telegram.world import World


def get_managed_bot_token(world: World, bot: Bot, params: Params) -> str:
    """The token of a managed bot, named by its id."""
    return _managed(world, bot, params).token


def replace_managed_bot_token(world: World, bot: Bot, params: Params) -> str:
    """A new token; the old one is revoked."""
    return Registry(world).revoke(_managed(world, bot, params).id)


def _managed(world: World, bot: Bot, params: Params) -> Bot:
    managed = Registry(world).managed(params.integer("user_id"), by=bot)
    if managed is None:
        raise bad_request("BOT_INVALID")
    return managed
