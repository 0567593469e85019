"""Whatever happens, ids only grow."""

import asyncio
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import ChatType
from tests.playground.telegram.support import BOT_ID, TOKEN

PLACES = st.sampled_from(["anna", "bruno", "group", "supergroup"])


class Ids(RuleBasedStateMachine):
    """A bot and people write, delete and confirm in two private chats and two groups."""

    @initialize()
    def open_chats(self) -> None:
        self.emulator = TelegramEmulator()
        self.emulator.accounts.add_bot(TOKEN, reads_all_group_messages=True)
        anna, bruno = (self.emulator.accounts.add_person(name) for name in ("Anna", "Bruno"))
        self.places = {"anna": anna.id, "bruno": bruno.id}
        self.given: dict[str, list[int]] = {"bot": [], "supergroup": [], "update": []}
        for name, kind in (("group", ChatType.GROUP), ("supergroup", ChatType.SUPERGROUP)):
            chat = self.emulator.accounts.add_group(name, type=kind, members=[anna.id, BOT_ID])
            self.places[name] = chat.id
            self.given["supergroup" if name == "supergroup" else "bot"].append(1)
        for name in ("anna", "bruno"):
            self.write(name)

    @rule(place=PLACES)
    def write(self, place: str) -> None:
        chat_id = self.places[place]
        sender = chat_id if chat_id > 0 else self.places["anna"]
        message = self.emulator.clients.write(chat_id, "x", bot_id=BOT_ID, sender=sender)
        self.note(place, message["message_id"])

    @rule(place=PLACES)
    def answer(self, place: str) -> None:
        result = self.ask("sendMessage", chat_id=self.places[place], text="x")
        self.note(place, result["message_id"])

    @rule(place=PLACES)
    def delete_last(self, place: str) -> None:
        chat_id = self.places[place]
        messages = self.emulator.clients.messages(chat_id, bot_id=BOT_ID)
        if messages:
            self.emulator.clients.delete(chat_id, messages[-1]["message_id"], bot_id=BOT_ID)

    @rule()
    def poll(self) -> None:
        offset = self.given["update"][-1] + 1 if self.given["update"] else 0
        updates = self.ask("getUpdates", offset=offset)
        self.given["update"] += [update["update_id"] for update in updates]

    @invariant()
    def every_sequence_grows(self) -> None:
        for ids in getattr(self, "given", {}).values():
            assert ids == sorted(set(ids))

    def note(self, place: str, message_id: int) -> None:
        self.given["supergroup" if place == "supergroup" else "bot"].append(message_id)

    def ask(self, method: str, **params: Any) -> Any:
        body = asyncio.run(self.emulator.ask(TOKEN, method, **params))
        assert body["ok"], body
        return body["result"]


TestIds = Ids.TestCase
TestIds.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
