"""/bots: which bots speak for a tenant; adding one by its token, a new token, removing one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton, Message, ReplyKeyboardRemove

from bot.core.texts import say
from bot.core.texts.desk import Bots as Say
from bot.core.texts.desk import Desk, Home
from bot.telegram.account import BotIdentity
from bot.telegram.admin.command import UNASKED, WHICH, Command, on_answer, on_press
from bot.telegram.admin.company import MOST_CHOICES
from bot.telegram.admin.managed import creation_key
from bot.telegram.admin.preview import with_markup
from bot.telegram.admin.setup_cards import NAME as SETUP
from bot.telegram.admin.setup_cards import finished
from bot.telegram.admin.setup_tasks import left
from bot.telegram.admin.state import state_now
from bot.telegram.admin.tokens import Token, TokenRefused, Tokens
from bot.telegram.admin.visit import (
    Card,
    Rows,
    Step,
    Visit,
    answer,
    asked,
    asking,
    button,
    card_key,
    closing,
    headed,
    showing,
)
from bot.turns.events import Work
from db.bots import AddBot, Added, BotRow, BotState, RemoveBot, bots_of
from db.chats import ChatWork
from db.company_now import company_now
from db.engine import Database
from db.people import roles_of
from db.records import Draft
from db.tenants import list_companies
from tenants.permissions import Action, Role, may

STATES: Final = {
    BotState.ACTIVE: Say.ACTIVE,
    BotState.REFUSED: Say.REFUSED,
    BotState.SHARED: Say.SHARED,
}
# What is waited for: any bot's token, the token of one bot, a bot created inside Telegram.
ANY, TOKEN, CREATED = "", "token", "created"
OFFERED: Final = "offered"  # a token that nobody asked for waits until it is wanted
OUTCOMES: Final = {Added.NEW: Say.ADDED, Added.ROTATED: Say.ROTATED, Added.HELD: Say.HELD}


@dataclass(frozen=True, slots=True)
class BotsCommand(Command):
    """The bots of the tenant in hand. `changed` is told when there is one more, or one fewer."""

    name = "bots"
    action = Action.BOTS

    database: Database
    tokens: Tokens
    changed: Callable[[], object]
    creates: bool = False  # bots can be created inside Telegram

    async def open(self, visit: Visit, words: str) -> Step:
        """All of them; with a token after the command, that bot is added."""
        if words:
            return await self._add(visit, self.tokens.given(visit.update))
        return showing(await self._list(visit))

    @on_press(Action.BOTS, "", "add", "create", "bot", "token", "drop", "gone", "list", "take")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        match words.split():
            case ["add"]:
                return self._ask(visit, Say.ASK_TOKEN)
            case ["create"] if self.creates:
                asked = self._ask(visit, Say.ASK_CREATE, step=CREATED)
                return replace(asked, work=with_markup(asked.work, creation_key(visit)))
            case ["take"]:
                return self._take(visit)
            case [("bot" | "token" | "drop" | "gone") as verb, number]:
                bot = await self._find(visit, number)
                return self._about(visit, bot, verb) if bot else self._say(visit, Say.GONE)
        return Step(card=await self._list(visit))

    @on_answer(Action.BOTS, ANY, TOKEN, CREATED, UNASKED, OFFERED)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """A token, of a new bot or of one that is here; or a bot just created."""
        if step == CREATED and message.managed_bot_created:
            token = self.tokens.of_managed(message.get_bot(), message.managed_bot_created.bot.id)
            return await self._add(visit, token, managed=True)
        verb, _, number = step.partition(" ")
        if verb in (UNASKED, OFFERED):
            return await self._offer(visit, _offered(step))
        if verb != TOKEN:
            return await self._add(visit, self.tokens.given(visit.update))
        bot = await self._find(visit, number)
        if bot is None:
            return self._say(visit, Say.GONE, ends=True)
        return await self._add(visit, self.tokens.given(visit.update), bot)

    @on_answer(Action.DESK, WHICH)
    async def answer_which(self, visit: Visit, step: str, message: Message) -> Step:
        """A token that nobody asked for, of one who has several companies and none in hand."""
        return await self._offer(visit, _offered(step))

    # ---------------------------------------------------------------- what is shown

    async def _bots(self, visit: Visit) -> Sequence[BotRow]:
        return await self.database.read(bots_of, visit.here.id)

    async def _find(self, visit: Visit, number: str) -> BotRow | None:
        own = [bot for bot in await self._bots(visit) if bot.state is not BotState.SHARED]
        return next((bot for bot in own if str(bot.id) == number), None)

    async def _list(self, visit: Visit) -> Card:
        known = await self._bots(visit)
        lines = [say(Say.LIST if known else Say.NONE, visit.language)]
        lines += [f"• {_line(visit, bot)}" for bot in known]
        own = [bot for bot in known if bot.state is not BotState.SHARED]
        rows = [[button(f"@{bot.username}", self.name, visit.here, f"bot {bot.id}")] for bot in own]
        rows += [[self._button(visit, Say.ADD, "add")]]
        if self.creates:
            rows += [[self._button(visit, Say.CREATE, "create")]]
        return Card(headed(visit, "\n".join(lines)), rows)

    def _about(self, visit: Visit, bot: BotRow, verb: str) -> Step:
        match verb:
            case "token":
                return self._ask(visit, Say.ASK_NEW_TOKEN, bot)
            case "gone":
                return self._remove(visit, bot)
            case "drop":
                question = say(Say.REALLY_REMOVE, visit.language, bot=bot.username)
                choices = [(Say.YES_REMOVE, f"gone {bot.id}"), (Say.BACK, f"bot {bot.id}")]
            case _:
                question = f"{_line(visit, bot)}\n\n{say(Say.WHAT_TO_CHANGE, visit.language)}"
                choices = [
                    (Say.NEW_TOKEN, f"token {bot.id}"),
                    (Say.REMOVE, f"drop {bot.id}"),
                    (Say.BACK, "list"),
                ]
        rows = [[self._button(visit, label, words)] for label, words in choices]
        return Step(card=Card(headed(visit, question), rows))

    def _button(self, visit: Visit, label: Say, words: str) -> InlineKeyboardButton:
        return button(say(label, visit.language), self.name, visit.here, words)

    def _say(
        self,
        visit: Visit,
        text: Say,
        *,
        ends: bool = False,
        **values: object,
    ) -> Step:
        told = say(text, visit.language, **values)
        said = answer(headed(visit, told) if visit.tenant else told)
        return closing(said) if ends else said

    # ---------------------------------------------------------------- what is done

    def _ask(self, visit: Visit, text: Say, bot: BotRow | None = None, *, step: str = ANY) -> Step:
        if not self.tokens.can_be_kept:
            return self._say(visit, Say.NO_KEY)
        name = {"bot": bot.username} if bot else {}
        makes = self.creates and text is Say.ASK_TOKEN  # the easier way
        rows = [[self._button(visit, Say.CREATE, "create")]] if makes else []
        said = answer(headed(visit, say(text, visit.language, **name)), rows=rows)
        return asking(said, self.name, visit, f"{TOKEN} {bot.id}" if bot else step)

    async def _add(
        self,
        visit: Visit,
        given: Awaitable[Token],
        wanted: BotRow | None = None,
        *,
        managed: bool = False,
    ) -> Step:
        """Take a token; when it cannot be taken, say why, and what to do."""
        try:
            token = await given
        except TokenRefused as refused:
            ends, name = refused.is_final, refused.bot
            return self._say(visit, refused.text, ends=ends, bot=name)
        if wanted and token.bot.id != wanted.id:
            other = token.bot.username
            return self._say(visit, Say.OTHER_BOT, bot=other, wanted=wanted.username)
        is_managed = managed or (wanted is not None and wanted.managed)
        work = _adding(visit, token, managed=is_managed)
        gone = with_markup(work, ReplyKeyboardRemove().to_json())
        return Step(gone if managed else work, then=self._tell)

    async def _offer(self, visit: Visit, before: Token | None) -> Step:
        """Say which bot a token opens, and wait: nobody asked for it. `before`: as it was offered.

        Words instead of a key, or of another token, are answered with the same.
        """
        try:
            token = await self.tokens.given(visit.update)
        except TokenRefused as refused:
            if before is None or refused.text is not Say.NO_TOKEN:
                return self._say(visit, refused.text, ends=True, bot=refused.bot)
            token = before
        name = token.bot.username
        kept = f"{token.bot.id} {name} {token.ciphertext}"
        if visit.tenant is None:
            rows = await self._companies(visit)
            if not rows:
                return answer(say(Desk.NO_TENANT, visit.language))
            offered = answer(say(Say.OFFER_WHICH, visit.language, bot=name), rows=rows)
            return asking(offered, self.name, visit, f"{WHICH} {kept}")
        take = button(say(Say.TAKE, visit.language, bot=name), self.name, visit.here, "take")
        offered = answer(headed(visit, say(Say.OFFER, visit.language, bot=name)), rows=[[take]])
        return asking(offered, self.name, visit, f"{OFFERED} {kept}")

    async def _companies(self, visit: Visit) -> Rows:
        """A button for each to which the visitor may add a bot."""
        known = await self.database.read(list_companies)
        if Role.HOST not in visit.roles:
            roles = await self.database.read(roles_of, user_id=visit.user_id, now=visit.now)
            theirs = {tenant for tenant, role in roles.items() if may(Role(role), Action.BOTS)}
            known = tuple(one for one in known if one.id in theirs)
        return [[button(one.company, self.name, one, "take")] for one in known[:MOST_CHOICES]]

    def _take(self, visit: Visit) -> Step:
        """Add the bot whose token was offered; if it is offered no more, ask for it."""
        ask = self._ask(visit, Say.ASK_TOKEN)

        def work(chat: ChatWork) -> Sequence[Draft]:
            form = asked(chat.asked() or "{}")
            of_this = form.get("command") == self.name and form["tenant"] in (0, visit.here.id)
            token = _offered(form["step"]) if of_this else None
            return _adding(visit, token)(chat) if token else ask.work(chat)

        return Step(work, spent=True, then=self._tell)

    def _remove(self, visit: Visit, bot: BotRow) -> Step:
        remove = RemoveBot(bot.id, visit.here.id, visit.actor, visit.now)

        def work(chat: ChatWork) -> Sequence[Draft]:
            removed = chat.do(remove)
            text = Say.REMOVED if removed else Say.GONE
            said = say(text, visit.language, bot=bot.username)
            return answer(headed(visit, said), rows=[[card_key(visit)]]).work(chat)

        return Step(work, card=Card(headed(visit, f"@{bot.username}"), over=True), then=self._tell)

    async def _tell(self) -> None:
        self.changed()


def _adding(visit: Visit, token: Token, *, managed: bool = False) -> Work:
    add = AddBot(
        token.bot.id,
        token.bot.username,
        visit.here.id,
        token.ciphertext,
        actor=visit.actor,
        now=visit.now,
        managed=managed,
    )

    def work(chat: ChatWork) -> Sequence[Draft]:
        added = chat.do(add)
        if added is not Added.HELD:
            chat.ask(None)
        told = headed(visit, say(OUTCOMES[added], visit.language, bot=add.username))
        said = answer(told, rows=[[card_key(visit)]])
        return (_with_what_is_next(chat, visit, told) if added is Added.NEW else said).work(chat)

    return work


def _offered(step: str) -> Token | None:
    """What waits in a question, as `_offer` wrote it."""
    match step.split():
        case [verb, number, username, ciphertext] if verb in (OFFERED, WHICH):
            return Token(BotIdentity(int(number), username, ""), ciphertext)
    return None


def _with_what_is_next(chat: ChatWork, visit: Visit, told: str) -> Step:
    """The bot is what the guide asks for last: on with it, or it is done."""
    if left(visit.role, state_now(chat, visit), chat.read(bots_of, visit.here.id)):
        on = button(say(Home.SETUP, visit.language), SETUP, visit.here)
        return answer(told, rows=[[on], [card_key(visit)]])
    done = finished(visit, chat.read(company_now, visit.here))
    return answer(told, done.text, rows=[*done.rows, [card_key(visit)]])


def _line(visit: Visit, bot: BotRow) -> str:
    return say(STATES[bot.state], visit.language, bot=bot.username)
