"""getUpdates: offsets, the long poll, who may poll, and what a bot asked to hear."""

import asyncio

import pytest
import telegram
from telegram.error import BadRequest, Conflict

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Json, Person, Upload
from tests.playground.telegram.support import BOT_ID, TOKEN, Http, description
from tests.samples import jpeg

FIRST = 700_000_001  # is anna's /start, confirmed already

OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


def write(emulator: TelegramEmulator, person: Person, *texts: str) -> None:
    for text in texts:
        emulator.clients.write(person.id, text, bot_id=BOT_ID)


async def ids(http: Http, **params: object) -> list[int]:
    return [update["update_id"] - FIRST for update in await http.call("getUpdates", **params)]


async def test_an_update_comes_again_until_it_is_confirmed(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, "a", "b", "c")
    assert await ids(http) == [1, 2, 3]
    assert await ids(http, offset=FIRST + 1) == [1, 2, 3]
    assert await ids(http, offset=FIRST + 3) == [3]
    assert await ids(http) == [3]
    assert await ids(http, offset=FIRST + 4) == []


async def test_the_limit_confirms_nothing(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, "a", "b", "c")
    assert await ids(http, limit=2) == [1, 2]
    assert await ids(http, limit=0) == [1, 2, 3]


async def test_at_most_a_hundred_come_at_once(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, *("x" for _ in range(101)))
    assert len(await ids(http, limit=500)) == 100


async def test_a_negative_offset_keeps_the_last_ones(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, "a", "b", "c")
    assert await ids(http, offset=-2) == [2, 3]
    assert await ids(http) == [2, 3]
    assert await ids(http, offset=-9) == [2, 3]


async def test_an_offset_far_ahead_confirms_nothing(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, "a")
    assert await ids(http, offset=FIRST + 1_000) == [1]


async def test_a_long_poll_answers_when_something_comes(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await emulator.until(lambda: bool(emulator.calls.of("getUpdates")))

    write(emulator, anna, "ciao")

    [update] = await poll
    assert update.message is not None
    assert update.message.text == "ciao"


async def test_a_long_poll_ends_empty(http: Http, anna: Person) -> None:
    assert await ids(http, timeout=1) == []


async def test_the_later_of_two_polls_wins(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    earlier = asyncio.create_task(http.refused("getUpdates", timeout=30))
    await emulator.until(lambda: len(emulator.calls.of("getUpdates")) == 1)
    later = asyncio.create_task(http.refused("getUpdates", timeout=30))

    refused = await earlier
    assert (refused["error_code"], description(refused)) == (409, OTHER_POLL)
    write(emulator, anna, "ciao")
    assert len((await later)["result"]) == 1


async def test_a_poll_that_finds_something_disturbs_nobody(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, "ciao")
    assert await ids(http, timeout=30) == [1]
    assert await ids(http, timeout=30) == [1]


async def test_a_webhook_ends_polling_until_it_is_deleted(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await emulator.until(lambda: bool(emulator.calls.of("getUpdates")))

    assert await bot.set_webhook("https://desk.example/hook", allowed_updates=["message"])
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use"):
        await bot.get_updates()
    write(emulator, anna, "ciao")
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("https://desk.example/hook", 1)
    assert info.allowed_updates == ("message",)

    assert await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1


async def test_deleting_a_webhook_can_drop_what_is_pending(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    write(emulator, anna, "ciao")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_needs_https(bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Bad webhook: an https url must be"):
        await bot.set_webhook("http://desk.example/hook")


async def test_a_bot_hears_what_it_asked_for_last(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    await http.call("getUpdates", allowed_updates=["edited_message"])
    await http.call("getUpdates")
    write(emulator, anna, "not heard")
    emulator.clients.edit(anna.id, 2, "heard", bot_id=BOT_ID)
    assert [kinds(update) for update in await http.call("getUpdates")] == [["edited_message"]]

    await http.call("getUpdates", allowed_updates=[], offset=-1)
    write(emulator, anna, "heard again")
    assert kinds((await http.call("getUpdates"))[-1]) == ["message"]


async def test_words_may_be_added_to_a_photo(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    upload = Upload("photo.jpg", "image/jpeg", jpeg())
    photo = emulator.clients.send_file(anna.id, upload, kind="photo", bot_id=BOT_ID)
    emulator.clients.edit(anna.id, photo["message_id"], "Per @anna", bot_id=BOT_ID)
    _, told = await http.call("getUpdates")
    edited = told["edited_message"]
    assert (edited["photo"], edited["caption"]) == (photo["photo"], "Per @anna")
    assert [one["type"] for one in edited["caption_entities"]] == ["mention"]
    assert "edit_date" in edited


def test_a_sticker_has_no_words(emulator: TelegramEmulator, anna: Person) -> None:
    upload = Upload("sticker.webp", "image/webp", b"webp")
    sticker = emulator.clients.send_file(anna.id, upload, kind="sticker", bot_id=BOT_ID)
    with pytest.raises(ValueError, match="texts and captions"):
        emulator.clients.edit(anna.id, sticker["message_id"], "Ciao", bot_id=BOT_ID)


def kinds(update: Json) -> list[str]:
    return [name for name in update if name != "update_id"]


async def test_reactions_are_not_told_by_default(http: Http, emulator: TelegramEmulator) -> None:
    assert emulator.world.updates[BOT_ID].add("message_reaction", {}) is None
    assert await ids(http) == []


async def test_a_malformed_update_is_handed_over_as_it_is(http: Http) -> None:
    raw = {"message": {"message_id": "?"}, "nonsense": [1]}
    given = await http.send("/control/updates", {"bot": BOT_ID, "update": raw})
    assert await http.call("getUpdates") == [{"update_id": given["update_id"]} | raw]


async def test_bots_have_their_own_updates(emulator: TelegramEmulator, anna: Person) -> None:
    emulator.accounts.add_bot("18:other")
    emulator.clients.write(anna.id, "for the other", bot_id=18)
    assert (await emulator.ask(TOKEN, "getUpdates"))["result"] == []
    [update] = (await emulator.ask("18:other", "getUpdates"))["result"]
    assert update["message"]["message_id"] == 1
