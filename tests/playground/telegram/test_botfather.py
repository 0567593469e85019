"""A talk with the emulated @BotFather."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.playground.telegram.botfather import BOTFATHER_ID
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Json, Person


@dataclass(frozen=True)
class Talk:
    """One person's chat with it."""

    emulator: TelegramEmulator
    person: Person

    @property
    def last(self) -> Json:
        return self.emulator.clients.messages(self.person.id, bot_id=BOTFATHER_ID)[-1]

    def write(self, text: str) -> str:
        """What it answers."""
        self.emulator.clients.write(self.person.id, text, bot_id=BOTFATHER_ID)
        return str(self.last["text"])

    @property
    def buttons(self) -> dict[str, Json]:
        keyboard = self.last.get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button for row in keyboard for button in row}

    def press(self, label: str) -> str:
        """What its card shows then."""
        data = self.buttons[label]["callback_data"]
        message_id = self.last["message_id"]
        self.emulator.clients.press(self.person.id, message_id, data, bot_id=BOTFATHER_ID)
        return str(self.last["text"])

    def code(self) -> str:
        [entity] = [entity for entity in self.last["entities"] if entity["type"] == "code"]
        offset, length = entity["offset"], entity["length"]
        return str(self.last["text"][offset : offset + length])


@pytest.fixture
def talk(emulator: TelegramEmulator, anna: Person) -> Talk:
    emulator.botfather.open()
    return Talk(emulator, anna)


async def get_me(talk: Talk, token: str) -> Any:
    return await talk.emulator.ask(token, "getMe")


async def test_a_bot_is_made_in_three_messages(talk: Talk) -> None:
    assert "called" in talk.write("/newbot")
    assert "username" in talk.write("Trattoria da Nino")
    assert "t.me/trattoria_nino_bot" in talk.write("@trattoria_nino_bot")

    token = talk.code()
    assert (await get_me(talk, token))["result"]["first_name"] == "Trattoria da Nino"
    assert talk.buttons["Copy the token"]["copy_text"] == {"text": token}


def test_a_bad_answer_leaves_the_question_open(talk: Talk) -> None:
    talk.write("/newbot")
    talk.write("Trattoria")
    assert "must end in bot" in talk.write("trattoria")
    assert "already taken" in talk.write("sportello_bot")
    assert "Done" in talk.write("trattoria_bot")


def test_it_can_be_cancelled(talk: Talk) -> None:
    assert "nothing to cancel" in talk.write("/cancel")
    talk.write("/newbot")
    assert talk.write("/cancel") == "Cancelled."
    assert "stand-in" in talk.write("Trattoria")


async def test_a_token_is_shown_and_revoked(talk: Talk, anna: Person) -> None:
    bot = talk.emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)
    talk.write("/mybots")
    talk.press("@trattoria_bot")
    talk.press("API token")
    old = talk.code()
    talk.press("« Back to the bot")
    talk.press("Revoke token")

    assert (await get_me(talk, old))["error_code"] == 401
    assert talk.code() == bot.token != old


async def test_a_command_does_one_thing_to_the_chosen_bot(talk: Talk, anna: Person) -> None:
    bot = talk.emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)
    talk.write("/token")
    talk.press("@trattoria_bot")
    old = talk.code()
    talk.write("/revoke")
    assert "opens nothing any more" in talk.press("@trattoria_bot")
    assert talk.code() == bot.token != old
    talk.write("/deletebot")
    assert "for good?" in talk.press("@trattoria_bot")


def test_a_bot_may_be_let_manage_others(talk: Talk, anna: Person) -> None:
    bot = talk.emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)
    talk.write("/mybots")
    talk.press("@trattoria_bot")
    talk.press("Bot management mode: off")
    assert bot.can_manage_bots
    talk.press("Bot management mode: on")
    assert not bot.can_manage_bots


def test_a_bot_is_deleted_when_one_is_sure(talk: Talk, anna: Person) -> None:
    talk.emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)
    talk.write("/mybots")
    talk.press("@trattoria_bot")
    talk.press("Delete bot")
    talk.press("No")
    talk.press("Delete bot")
    assert talk.press("Yes, delete the bot") == "Trattoria is deleted."
    assert "no bots yet" in talk.press("« Bots")


def test_nobody_reaches_anothers_bot(talk: Talk, anna: Person) -> None:
    bot = talk.emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)
    talk.write("/mybots")
    bruno = talk.emulator.accounts.add_person("Bruno")
    talk.emulator.registry.give(bot.id, bruno.id)

    assert "no bots yet" in talk.press("@trattoria_bot")
    assert Talk(talk.emulator, bruno).write("/token") == "Choose a bot:"


def test_a_press_is_answered(talk: Talk, anna: Person) -> None:
    talk.emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)
    talk.write("/mybots")
    before = talk.emulator.events.seq
    talk.press("@trattoria_bot")
    kinds = [event["type"] for event in talk.emulator.events._newer(before)]
    assert kinds == ["edited", "callback_answer"]


def test_what_was_asked_is_known_after_a_restart(tmp_path: Path) -> None:
    before = TelegramEmulator(state=tmp_path / "telegram.db")
    before.botfather.open()
    anna = before.accounts.add_person("Anna")
    Talk(before, anna).write("/newbot")
    Talk(before, anna).write("Trattoria")
    before.close()

    after = TelegramEmulator(state=tmp_path / "telegram.db")
    after.botfather.open()
    assert "Done" in Talk(after, anna).write("trattoria_bot")
    after.close()
