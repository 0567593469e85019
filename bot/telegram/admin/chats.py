"""/chats: a company's conversations with its clients, read by its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram.error import TelegramError

from bot.core.texts import say
from bot.core.texts.people import Chats as Say
from bot.core.texts.people import Wanted
from bot.errors import InDoubt
from bot.ports import Channel, Toolbox
from bot.telegram.account import Account
from bot.telegram.admin.chats_cards import (
    NAME,
    all_key,
    called,
    found_card,
    list_card,
    page_card,
)
from bot.telegram.admin.command import Command, on_press
from bot.telegram.admin.moments import shown_day
from bot.telegram.admin.visit import NUMBER, Card, Step, Visit, button, headed, quoting
from bot.telegram.errors import translate
from bot.turns.attention import Attention
from bot.turns.shown import disliked_in, words_of
from db.attention import SeeTo, seen_to_by
from db.bots import bots_of
from db.chats import ChatWork
from db.engine import Database
from db.journal import Journal
from db.quotes import KeepCopy
from db.ratings import ratings_of
from db.readings import NoteReading
from db.records import Draft
from db.talks import (
    Talk,
    heard_in,
    last_heard,
    list_talks,
    named_talks,
    newest_talks,
    reactions_in,
    read_talk,
    talk_by_row,
)
from tenants.permissions import Action

PAGE: Final = 8  # conversations: they fit one phone screen
TURNS: Final = 6  # on a page of a conversation
SEARCHED: Final = 300  # conversations that are looked through for a word
WORDS: Final = 10  # messages of each


@dataclass(frozen=True, slots=True)
class ChatsCommand(Command):
    """Those of the tenant in hand. `account` is the bot's: it shows again what it received."""

    name = NAME
    action = Action.CHATS

    database: Database
    journal: Journal
    account: Account
    channels: Mapping[str, Channel]
    attention: Attention
    toolbox: Toolbox

    async def open(self, visit: Visit, words: str) -> Step:
        """The latest; with words after it, those of a client, or those in which it was said."""
        return quoting(visit, *await (self._found(visit, words) if words else self._list(visit)))

    @on_press(Action.CHATS, "", "list", "read", "open", "show", "done", "seen")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        match words.split():
            case ["list", first] if NUMBER.fullmatch(first):
                return quoting(visit, *await self._list(visit, int(first)), on=visit.pressed)
            case ["read", row, *before] if all(map(NUMBER.fullmatch, (row, *before))):
                return await self._read(visit, int(row), *map(int, before[:1]))
            case ["open", row] if NUMBER.fullmatch(row):
                return await self._open(visit, int(row))
            case ["show", row, message] if NUMBER.fullmatch(row) and NUMBER.fullmatch(message):
                return await self._show(visit, int(row), int(message))
            case [("done" | "seen") as verb, row] if NUMBER.fullmatch(row):
                return await self._see_to(visit, int(row), on_page=verb == "seen")
        return quoting(visit, *await self._list(visit), on=visit.pressed)

    # ---------------------------------------------------------------- which there are

    async def _list(self, visit: Visit, first: int = 0) -> tuple[Card, list[int]]:
        found = await self.database.read(
            list_talks,
            visit.here.id,
            private=visit.reads_private,
            first=first,
            limit=PAGE + 1,
        )
        beside = {"‹": max(0, first - PAGE) if first else None}
        beside["›"] = first + PAGE if len(found) > PAGE else None
        turns = [
            button(label, NAME, visit.here, f"list {at}")
            for label, at in beside.items()
            if at is not None
        ]
        shown = found[:PAGE]
        reactions = await self.database.read(reactions_in, shown)
        disliked = {
            talk.row: disliked_in(self.channels.get(talk.address.channel), reactions[talk.row])
            for talk in shown
        }
        private = visit.reads_private
        rated = await self.database.read(ratings_of, visit.here.id, private=private)
        return list_card(visit, shown, disliked, rated, [turns] if turns else ()), _chats(shown)

    async def _found(self, visit: Visit, words: str) -> tuple[Card, list[int]]:
        """By name; then, among the latest, by what is shown for one, or by what was written."""
        here, private = visit.here.id, visit.reads_private
        found = await self.database.read(named_talks, here, words, private=private, limit=PAGE)
        if len(found) < PAGE:
            latest = await self.database.read(newest_talks, here, private=private, limit=SEARCHED)
            known = {talk.row for talk in found}
            others = [talk for talk in latest if talk.row not in known]
            found = (*found, *await self._in_which(visit, others, words, most=PAGE - len(found)))
        return found_card(visit, words, found), _chats(found)

    async def _in_which(
        self, visit: Visit, talks: Sequence[Talk], words: str, *, most: int
    ) -> list[Talk]:
        found: list[Talk] = []
        for talk in talks:
            if len(found) == most:
                break
            if words.casefold() in called(visit, talk).casefold():
                found.append(talk)
                continue
            said = await self.database.read(last_heard, talk, limit=WORDS)
            channel = self.channels.get(talk.address.channel)
            bot = talk.address.bot_id
            texts = (words_of(channel, one, bot_id=bot, language=visit.language) for one in said)
            if any(words.casefold() in text.casefold() for text in texts):
                found.append(talk)
        return found

    # ---------------------------------------------------------------- one of them

    async def _talk(self, visit: Visit, row: int) -> Talk | None:
        private = visit.reads_private
        return await self.database.read(talk_by_row, visit.here.id, row, private=private)

    async def _read(self, visit: Visit, row: int, before: int | None = None) -> Step:
        talk = await self._talk(visit, row)
        if talk is None:
            return _gone(visit)
        card = await self._page(visit, talk, before)
        return _noted(visit, talk, quoting(visit, card, [talk.chat], on=visit.pressed))

    async def _open(self, visit: Visit, row: int) -> Step:
        """A page under the notice, which stays as it is: later questions are shown there."""
        talk = await self._talk(visit, row)
        if talk is None:
            return Step(toast=say(Say.GONE, visit.language))
        return _noted(visit, talk, quoting(visit, await self._page(visit, talk), [talk.chat]))

    async def _page(self, visit: Visit, talk: Talk, before: int | None = None) -> Card:
        page = await self.database.read(read_talk, talk, limit=TURNS, before=before)
        channel = self.channels.get(talk.address.channel)
        tools = (await self.toolbox.at(visit.here.id)).load()
        return page_card(visit, talk, page, channel, tools, is_last=before is None)

    async def _see_to(self, visit: Visit, row: int, *, on_page: bool) -> Step:
        """Nobody waits there any more; the notices, also the one that was pressed, show it."""
        talk = await self._talk(visit, row)
        if talk is None:
            return _gone(visit)
        if not talk.waiting:
            by = await self.database.read(seen_to_by, row)
            text = say(Wanted.DONE_BEFORE, visit.language, name=by) if by else ""
            return Step(toast=text or say(Say.GONE, visit.language))

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(SeeTo(row, visit.actor, visit.now))
            return ()

        async def told() -> None:
            self.attention.wake()

        card = await self._page(visit, replace(talk, waiting=False)) if on_page else None
        return Step(work, toast=say(Wanted.DONE_NOW, visit.language), card=card, then=told)

    async def _show(self, visit: Visit, row: int, message: int) -> Step:
        """Send a message once more, by its id: the bot that received it can."""
        talk = await self._talk(visit, row)
        heard = await self.database.read(heard_in, talk, message) if talk else None
        if talk is None or heard is None or heard.message_id is None:
            return Step(toast=say(Say.SHOWN_NOT, visit.language))
        if talk.address.bot_id != self.account.me.id:
            return Step(toast=await self._elsewhere(visit, talk.address.bot_id))
        rows: list[int] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            rows.append(chat.copy_from(talk.chat))
            return ()

        async def then() -> None:
            await self._copy(visit, talk, int(message_id), row=rows[-1])

        message_id = heard.message_id
        return _noted(visit, talk, Step(work, toast=say(Say.SHOWN, visit.language), then=then))

    async def _copy(self, visit: Visit, talk: Talk, message: int, *, row: int) -> None:
        """It stands in the tables before it is made: what is shown goes with what it quotes."""
        try:
            copied = await self.account.bot.copy_message(
                visit.user_id, int(talk.address.chat_id), message
            )
        except TelegramError as error:
            if not isinstance(translate(error), InDoubt):
                await self.journal.do(KeepCopy(row, None))
            raise
        await self.journal.do(KeepCopy(row, str(copied.message_id)))
        self.attention.wake()

    async def _elsewhere(self, visit: Visit, bot_id: int) -> str:
        known = await self.database.read(bots_of, visit.here.id)
        name = next((bot.username for bot in known if bot.id == bot_id), None)
        if not name:
            return say(Say.SHOWN_NOT, visit.language)
        return say(Say.SHOWN_ELSEWHERE, visit.language, bot=name)


def _noted(visit: Visit, talk: Talk, step: Step) -> Step:
    """The same; that somebody read is in the trail."""
    day = shown_day(visit.now, "", zone=visit.zone)

    def work(chat: ChatWork) -> Sequence[Draft]:
        chat.do(NoteReading(talk.row, visit.here.id, visit.actor, day, visit.now))
        return step.work(chat)

    return replace(step, work=work)


def _chats(talks: Sequence[Talk]) -> list[int]:
    return [talk.chat for talk in talks]


def _gone(visit: Visit) -> Step:
    text = say(Say.GONE, visit.language)
    return Step(toast=text, card=Card(headed(visit, text), [all_key(visit)]))
