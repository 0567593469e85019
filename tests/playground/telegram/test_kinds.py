"""All that people send beside texts, as python-telegram-bot reads it."""

from typing import Any

import aiohttp
import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest

from bot.playground.telegram import contents
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.media import KINDS, Told
from bot.playground.telegram.records import ChatType, Json, Person, Status, Upload
from bot.playground.voices import silence, words_in
from tests.playground.telegram.support import BOT_ID, TOKEN, Http
from tests.samples import MP4, PDF, jpeg, png, webp

EVERYTHING = ["message", "edited_message", "message_reaction"]


def send(emulator: TelegramEmulator, anna: Person, kind: str, content: bytes, **how: Any) -> Json:
    upload = Upload(how.pop("name", f"a.{kind}"), how.pop("said", "x/y"), content)
    return emulator.clients.send_file(anna.id, upload, kind=kind, bot_id=BOT_ID, **how)


async def told(bot: telegram.Bot, kind: str = "message") -> list[Json]:
    """The messages of the updates, as python-telegram-bot understood them."""
    updates = [update.to_dict() for update in await bot.get_updates()]
    return [update[kind] for update in updates if kind in update]


@pytest.mark.parametrize(
    ("size", "sides"),
    [
        ((3000, 2000), [90, 320, 800, 1280, 2560]),
        ((1000, 2000), [90, 320, 800, 1280, 2000]),
        ((320, 100), [90, 320]),
        ((1, 1), [1]),
    ],
)
async def test_a_photo_comes_in_several_sizes(
    bot: telegram.Bot,
    emulator: TelegramEmulator,
    anna: Person,
    size: tuple[int, int],
    sides: list[int],
) -> None:
    content = jpeg(*size)
    send(emulator, anna, "photo", content)
    [message] = await told(bot)
    photo = message["photo"]
    assert [max(one["width"], one["height"]) for one in photo] == sides
    for name in ("file_id", "file_unique_id"):
        assert len({one[name] for one in photo}) == len(sides)
    for one in photo:
        file = await bot.get_file(one["file_id"])
        assert (file.file_path or "").endswith(".jpg")
        assert bytes(await file.download_as_bytearray()) == content


@pytest.mark.parametrize("content", [png(), b"", b"jpeg"])
def test_only_a_jpeg_is_a_photo(emulator: TelegramEmulator, anna: Person, content: bytes) -> None:
    with pytest.raises(ValueError, match="send others as documents"):
        send(emulator, anna, "photo", content)


async def test_each_kind_of_file_says_what_it_is(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    send(emulator, anna, "voice", silence(7), said="audio/ogg")
    send(emulator, anna, "audio", b"ID3", name="a.mp3", told=Told(9, title="Aria", performer="M"))
    send(emulator, anna, "video", MP4, told=Told(11))
    send(emulator, anna, "video_note", MP4, told=Told(12))
    send(emulator, anna, "animation", MP4)
    send(emulator, anna, "sticker", webp(512, 400), told=Told(emoji="👍"))
    send(emulator, anna, "document", PDF, name="menu.pdf", said="image/jpeg")
    voice, audio, video, note, animation, sticker, document = await told(bot)
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (7, "audio/ogg")
    file = await bot.get_file(voice["voice"]["file_id"])
    assert (file.file_path or "").endswith(".oga")
    assert (audio["audio"]["title"], audio["audio"]["performer"]) == ("Aria", "M")
    assert (video["video"]["duration"], video["video"]["file_name"]) == (11, "a.video")
    assert (note["video_note"]["duration"], note["video_note"]["length"]) == (12, 384)
    assert animation["document"]["file_id"] == animation["animation"]["file_id"]
    assert (sticker["sticker"]["emoji"], sticker["sticker"]["height"]) == ("👍", 400)
    assert document["document"]["mime_type"] == "image/jpeg"  # what is said is told, true or not


async def test_the_size_may_be_untold(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    for kind in KINDS:
        send(emulator, anna, kind, jpeg(), told=Told(is_sized=False))
    received = await told(bot)
    assert len(received) == len(KINDS)
    assert "file_size" not in str(received)


@pytest.mark.parametrize("kind", ["sticker", "video_note"])
def test_nothing_is_written_under_these(
    emulator: TelegramEmulator, anna: Person, kind: str
) -> None:
    with pytest.raises(ValueError, match="nothing is written under"):
        send(emulator, anna, kind, MP4, caption="Ciao")


async def test_what_is_no_file(bot: telegram.Bot, emulator: TelegramEmulator, anna: Person) -> None:
    shared = (
        contents.location(45.44, 10.99),
        contents.venue("Arena", "Piazza Bra", latitude=45.4, longitude=10.9),
        contents.contact("+39045", "Marco", vcard="BEGIN:VCARD"),
        contents.poll("Vista?", ["Mare", "Monti"]),
        contents.dice("🎲", 6),
    )
    for content in shared:
        emulator.clients.share(anna.id, content, bot_id=BOT_ID)
    place, venue, contact, poll, dice = await told(bot)
    assert place["location"]["latitude"] == 45.44
    assert venue["venue"]["title"] == "Arena"
    assert venue["location"] == venue["venue"]["location"]
    assert contact["contact"]["vcard"] == "BEGIN:VCARD"
    assert [one["text"] for one in poll["poll"]["options"]] == ["Mare", "Monti"]
    assert dice["dice"]["value"] == 6


@pytest.mark.parametrize(
    "make",
    [
        lambda: contents.location(91, 0),
        lambda: contents.location(0, 181),
        lambda: contents.location(0, 0, live_seconds=86_401),
        lambda: contents.location(float("nan"), 0),
        lambda: contents.venue(" ", "x", latitude=0, longitude=0),
        lambda: contents.contact("", "Marco"),
        lambda: contents.poll("?", []),
        lambda: contents.poll("?", ["a"] * 13),
        lambda: contents.dice("🎲", 7),
        lambda: contents.dice("🎱", 1),
        lambda: contents.reaction("ok"),
    ],
    ids=range(11),
)
def test_what_no_application_sends_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        make()


async def test_a_live_location_moves_until_it_is_stopped(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    live = contents.location(45, 10, live_seconds=900)
    sent = emulator.clients.share(anna.id, live, bot_id=BOT_ID)["message_id"]
    emulator.clients.move(anna.id, sent, 45.5, 10.5, bot_id=BOT_ID)
    emulator.clients.stop_moving(anna.id, sent, bot_id=BOT_ID)
    moved, last = await told(bot, "edited_message")
    for place, period in ((moved["location"], 900), (last["location"], None)):
        assert (place["latitude"], place.get("live_period")) == (45.5, period)
    with pytest.raises(ValueError, match="only a live location moves"):
        emulator.clients.move(anna.id, sent, 46, 11, bot_id=BOT_ID)


async def test_a_file_may_take_anothers_place(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    sent = send(emulator, anna, "photo", jpeg(), caption="La camera")["message_id"]
    menu = Upload("menu.pdf", "application/pdf", PDF)
    emulator.clients.replace_file(anna.id, sent, menu, kind="document", bot_id=BOT_ID)
    [edited] = await told(bot, "edited_message")
    assert edited["edit_date"]
    assert edited.keys().isdisjoint({"photo", "caption"})
    assert (await bot.get_file(edited["document"]["file_id"])).file_path
    written = emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)["message_id"]
    with pytest.raises(ValueError, match="no file that could be replaced"):
        emulator.clients.replace_file(anna.id, written, menu, kind="document", bot_id=BOT_ID)


@given(st.text("àe🍳x ", min_size=1, max_size=9))
def test_a_quote_stands_where_it_says(before: str) -> None:
    emulator = TelegramEmulator()
    emulator.accounts.add_bot(TOKEN)
    anna = emulator.accounts.add_person("Anna")
    text = f"{before}alle 7:00"
    sent = emulator.clients.write(anna.id, text, bot_id=BOT_ID)["message_id"]
    reply = emulator.clients.write(
        anna.id, "Anche prima?", bot_id=BOT_ID, reply_to=sent, quote="7:00"
    )
    position = len(f"{before}alle ".encode("utf-16-le")) // 2
    assert reply["quote"] == {"text": "7:00", "position": position, "is_manual": True}


def test_nothing_is_quoted_that_was_not_said(emulator: TelegramEmulator, anna: Person) -> None:
    sent = send(emulator, anna, "photo", jpeg(), caption="La camera")["message_id"]
    how: Json = {"bot_id": BOT_ID, "reply_to": sent}
    assert emulator.clients.write(anna.id, "Quale?", quote="camera", **how)["quote"]
    for quote, reply_to in (("suite", sent), ("camera", None)):
        with pytest.raises(ValueError, match="can be quoted"):
            emulator.clients.write(anna.id, "Quale?", bot_id=BOT_ID, reply_to=reply_to, quote=quote)


async def test_a_forward_says_whose_it_is(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    channel = {"id": -1001, "type": "channel", "title": "Notizie"}
    for sender in (anna.user(), channel, "Marco"):
        origin = contents.origin(sender, date=1_700_000_000)
        emulator.clients.write(anna.id, "Guardi", bot_id=BOT_ID, beside=origin)
        send(emulator, anna, "document", PDF, beside=origin)
    assert [one["forward_origin"]["type"] for one in await told(bot)] == [
        *("user", "user", "channel", "channel", "hidden_user", "hidden_user"),
    ]


async def test_a_reaction_is_told_to_who_asks_for_it(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    sent = (await bot.send_message(anna.id, "Dalle 7:00.")).message_id
    emulator.clients.react(anna.id, sent, "👍", bot_id=BOT_ID)
    assert await bot.get_updates(allowed_updates=EVERYTHING) == ()  # it was not asked for in time
    emulator.clients.react(anna.id, sent, "👎", bot_id=BOT_ID)
    emulator.clients.react(anna.id, sent, "👎", bot_id=BOT_ID)  # as it is: nothing happens
    emulator.clients.react(anna.id, sent, "", bot_id=BOT_ID)
    changes = await told(bot, "message_reaction")
    names = ("old_reaction", "new_reaction")
    assert [
        [[one["emoji"] for one in each.get(name, ())] for name in names] for each in changes
    ] == [
        [["👍"], ["👎"]],
        [["👎"], []],
    ]
    with pytest.raises(ValueError, match="react"):
        emulator.clients.react(anna.id, sent, "🧨", bot_id=BOT_ID)


@pytest.mark.parametrize("kind", [ChatType.GROUP, ChatType.SUPERGROUP])
async def test_in_a_group_administrators_alone_are_told_of_reactions(
    emulator: TelegramEmulator, anna: Person, kind: ChatType
) -> None:
    members = {anna.id: Status.CREATOR, BOT_ID: Status.MEMBER}
    group = emulator.accounts.add_group("Ospiti", members=members, type=kind)
    await emulator.ask(TOKEN, "getUpdates", allowed_updates=EVERYTHING)
    sent = emulator.clients.write(group.id, "/ciao", bot_id=BOT_ID, sender=anna.id)["message_id"]
    emulator.world.updates[BOT_ID].clear()
    emulator.clients.react(group.id, sent, "👍", bot_id=BOT_ID, sender=anna.id)
    assert emulator.world.updates[BOT_ID].pending == 0
    group.members[BOT_ID] = Status.ADMINISTRATOR
    emulator.clients.react(group.id, sent, "👎", bot_id=BOT_ID, sender=anna.id)
    assert emulator.world.updates[BOT_ID].pending == 1


async def test_pages_share_react_and_see_it(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    chat, about = f"/client/chats/{anna.id}", {"bot": BOT_ID}
    live = {"latitude": 45, "longitude": 10, "live_period": 900}
    sent = await http.send(f"{chat}/shares", about | {"place": live})
    message = f"{chat}/messages/{sent['message_id']}"
    moved = {"latitude": 46, "longitude": 11}
    told = await http.send(f"{message}/location", about | {"place": moved}, method="PUT")
    assert told["location"]["latitude"] == 46
    assert (
        "live_period"
        not in (await http.send(f"{message}/location", about, method="PUT"))["location"]
    )
    named = moved | {"title": "Arena", "address": "Piazza Bra"}
    assert "venue" in await http.send(f"{chat}/shares", about | {"place": named})
    card = {"phone_number": "+39", "first_name": "Marco"}
    assert "contact" in await http.send(f"{chat}/shares", about | {"contact": card})
    poll = {"question": "Vista?", "options": ["Mare"]}
    assert "poll" in await http.send(f"{chat}/shares", about | {"poll": poll})
    assert "dice" in await http.send(f"{chat}/shares", about | {"dice": "🎲"})

    await http.send(f"{message}/reaction", about | {"emoji": "🔥"}, method="PUT")
    shown = await http.get(f"{chat}/messages?bot={BOT_ID}&after={sent['message_id'] - 1}")
    assert [one["reactions"] for one in shown] == [{str(anna.id): "🔥"}, {}, {}, {}, {}]
    emulator.clients.delete(anna.id, sent["message_id"], bot_id=BOT_ID)
    async with http.session.post(f"{http.url}{chat}/shares", json=about) as refused:
        assert refused.status == 400


async def test_a_bot_copies_what_people_share(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    sent = [send(emulator, anna, kind, jpeg())["message_id"] for kind in KINDS] + [
        emulator.clients.share(anna.id, contents.location(1, 2), bot_id=BOT_ID)["message_id"]
    ]
    for message_id in sent:
        copy = await bot.copy_message(anna.id, anna.id, message_id)
        assert copy.message_id > message_id
    joined = emulator.clients.messages(anna.id, bot_id=BOT_ID)[-1]
    assert joined["location"] == {"latitude": 1, "longitude": 2}


async def test_a_file_of_30_megabytes_is_known_and_not_held(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    size = 30 * 1024 * 1024
    for upload in (
        Upload("video.zip", "application/zip", bytes(size)),
        Upload("video.zip", "application/zip", b"", size=size),
    ):
        emulator.clients.send_file(anna.id, upload, kind="document", bot_id=BOT_ID)
    for message in await told(bot):
        assert message["document"]["file_size"] == size
        assert emulator.world.files[message["document"]["file_id"]].content == b""
        with pytest.raises(BadRequest, match="File is too big"):
            await bot.get_file(message["document"]["file_id"])


@pytest.mark.parametrize(("content", "seconds"), [(b"", None), (b"", 9), (b"\x1aE\xdf\xa3", 7)])
async def test_a_page_sends_a_voice_and_what_is_heard_in_it(
    http: Http, bot: telegram.Bot, anna: Person, content: bytes, seconds: int | None
) -> None:
    words = "A che ora è la colazione domani?"
    form = aiohttp.FormData({"bot": str(BOT_ID), "words": words, "duration": str(seconds or "")})
    form.add_field("voice", content, filename="voice.ogg", content_type="audio/ogg")
    async with http.session.post(f"{http.url}/client/chats/{anna.id}/files", data=form) as response:
        assert response.status == 200, await response.text()
    [message] = await told(bot)
    assert message["voice"]["duration"] == (seconds or 3)
    file = await bot.get_file(message["voice"]["file_id"])
    assert words_in(bytes(await file.download_as_bytearray())) == words
