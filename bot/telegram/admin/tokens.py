"""A bot's token that an admin pasted: taken out of the update, checked with Telegram, encrypted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Bot, Update

from bot.core.secrets import SecretKind
from bot.core.texts.desk import Bots as Say
from bot.core.tokens import whole
from bot.errors import ConfigError, GiveUp, RetryLater, SecretLost, Unauthorized
from bot.ports import Vault
from bot.telegram.account import BotIdentity, TelegramBot, identify
from bot.telegram.errors import repeatable
from bot.telegram.secrets import Secrets


class TokenRefused(Exception):
    """Why a token was not taken; `is_final`: pasting another one changes nothing."""

    def __init__(self, text: Say, *, is_final: bool = False, bot: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.is_final = is_final
        self.bot = bot


@dataclass(frozen=True, slots=True)
class Token:
    """A bot's token, encrypted, and whose it is."""

    bot: BotIdentity
    ciphertext: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Takes tokens. `host` is the number of the host's own bot, which no tenant may hold."""

    secrets: Secrets
    vault: Vault
    connect: Callable[[str], TelegramBot]
    host: int

    @property
    def can_be_kept(self) -> bool:
        """Whether there is a SECRET_KEY to encrypt them with."""
        return self.vault.sealed

    async def given(self, update: Update) -> Token:
        """The token in an admin's message. Raises TokenRefused."""
        if not self.can_be_kept:
            raise TokenRefused(Say.NO_KEY, is_final=True)
        token = await self.secrets.first(update, SecretKind.TOKEN)
        if not token:
            raise TokenRefused(Say.NO_TOKEN)
        return await self.check(whole(token))

    async def of_managed(self, manager: Bot, bot_id: int) -> Token:
        """The token of a bot that was created inside Telegram. Raises TokenRefused."""
        if not self.can_be_kept:
            raise TokenRefused(Say.NO_KEY, is_final=True)
        try:
            with repeatable():
                token = await manager.get_managed_bot_token(bot_id)
        except (RetryLater, GiveUp):
            raise TokenRefused(Say.AWAY) from None
        return await self.check(token)

    def is_known(self, token: Token, ciphertext: str) -> bool:
        """Whether it is the token that was encrypted."""
        try:
            return self.vault.decrypt(ciphertext) == self.vault.decrypt(token.ciphertext)
        except SecretLost:
            return False

    async def check(self, token: str) -> Token:
        """Ask Telegram whose token it is. Raises TokenRefused."""
        try:
            me = await identify(self.connect(token))
        except (Unauthorized, ConfigError):
            raise TokenRefused(Say.BAD_TOKEN) from None
        except (RetryLater, GiveUp):
            raise TokenRefused(Say.AWAY) from None
        if me.id == self.host:
            raise TokenRefused(Say.HELD, bot=me.username)
        return Token(me, self.vault.encrypt(token))
