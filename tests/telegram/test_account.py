"""Who the bot is, and its command menus."""

import logging

import pytest

from bot.errors import ConfigError, RetryLater, Unauthorized
from bot.playground.telegram.faults import Fault
from bot.telegram.account import BotIdentity, identify, new_bot, publish_commands
from tests.telegram.conftest import TOKEN, Desk

MENUS = {"": [("start", "Hello"), ("new", "New chat")], "it": [("start", "Ciao")]}


def test_a_bot_knows_its_name(desk: Desk) -> None:
    assert desk.me == BotIdentity(
        id=4242, username="hotel_bot", first_name="Hotel", can_join_groups=True
    )


async def test_a_wrong_token_is_told_without_showing_it(desk: Desk) -> None:
    bot = new_bot(
        "4242:wrongwrong", api_url=desk.url, request=desk.polling, polling_request=desk.polling
    )
    with pytest.raises(Unauthorized) as refusal:
        await identify(bot)
    assert "wrongwrong" not in repr(refusal.value)


@pytest.mark.parametrize("fault", ["500", "429", "lose", "garble"])
async def test_a_telegram_that_does_not_answer_is_asked_again(desk: Desk, fault: str) -> None:
    desk.telegram.faults.add(Fault.named(fault, method="getMe"))
    bot = new_bot(TOKEN, api_url=desk.url, request=desk.polling, polling_request=desk.polling)
    with pytest.raises(RetryLater):
        await identify(bot)
    assert (await identify(bot)).id == 4242


@pytest.mark.parametrize("token", ["", "a b", "1:a/../x", "1:a?b", "1:{token}"])
def test_what_cannot_be_a_token_is_refused_at_once(desk: Desk, token: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
        new_bot(token, api_url=desk.url, request=desk.polling, polling_request=desk.polling)


def test_the_addresses_follow_the_contract(desk: Desk) -> None:
    bot = new_bot(
        "1:a", api_url="http://h:1/x/", request=desk.polling, polling_request=desk.polling
    )
    assert bot.base_url == "http://h:1/x/bot1:a"
    assert bot.base_file_url == "http://h:1/x/file/bot1:a"


async def test_no_log_shows_the_token(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot = new_bot(TOKEN, api_url=desk.url, request=desk.polling, polling_request=desk.polling)
    await identify(bot)
    await bot.send_message(desk.anna.chat_id, "Ciao")
    ours = [record for record in caplog.records if not record.name.startswith("uvicorn")]
    assert "secret" not in "".join(record.getMessage() for record in ours)


async def test_menus_are_set_in_each_language(desk: Desk) -> None:
    assert await publish_commands(desk.bot, MENUS) == ("", "it")
    italian = await desk.bot.get_my_commands(language_code="it")
    assert [(entry.command, entry.description) for entry in italian] == [("start", "Ciao")]


async def test_only_menus_that_differ_are_set(desk: Desk) -> None:
    await publish_commands(desk.bot, MENUS)
    changed = MENUS | {"it": [("start", "Salve")]}
    assert await publish_commands(desk.bot, changed) == ("it",)


async def test_menus_that_cannot_be_set_now_are_for_later(desk: Desk) -> None:
    desk.telegram.faults.add(Fault.named("500", method="setMyCommands"))
    with pytest.raises(RetryLater):
        await publish_commands(desk.bot, MENUS)
