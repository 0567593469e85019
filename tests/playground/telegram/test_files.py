"""Files both ways: uploads of bots, photos and albums of people, downloads."""

from pathlib import Path

import aiohttp
import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, TelegramError

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.forms import read_params
from bot.playground.telegram.methods.messages import LARGEST_UPLOAD_BYTES
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import ChatType, Person, Upload
from tests.playground.telegram.support import BOT_ID, Http
from tests.samples import jpeg

PICTURE = Upload("room.jpg", "image/jpeg", jpeg(1600, 1200) + b"\r\n--\x00picture\n")


async def test_a_bots_document_can_be_fetched_and_sent_again(
    bot: telegram.Bot, anna: Person
) -> None:
    sent = await bot.send_document(anna.id, b"Menu\r\n", filename="menu.txt", caption="Il menu")
    assert sent.document is not None
    assert (sent.caption, sent.document.file_name) == ("Il menu", "menu.txt")

    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"Menu\r\n"
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert again.document == sent.document


async def test_a_bots_photo_has_a_size(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_photo(anna.id, PICTURE.content)
    assert sent.photo[-1].file_size == len(PICTURE.content)


async def test_a_file_in_a_named_part_is_found(http: Http, anna: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(anna.id), "document": "attach://part"})
    form.add_field("part", b"x", filename="a.txt")
    async with http.session.post(http.bot_url("sendDocument"), data=form) as response:
        assert (await response.json())["result"]["document"]["file_name"] == "a.txt"


async def test_a_person_sends_a_photo(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.clients.send_file(
        anna.id, PICTURE, kind="photo", bot_id=BOT_ID, caption="Questa camera, /quanto costa?"
    )
    [update] = await bot.get_updates()
    assert update.message is not None
    assert list(update.message.parse_caption_entities().values()) == ["/quanto"]
    file = await update.message.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray()) == PICTURE.content


@pytest.mark.parametrize("kind", ["document", "voice", "sticker"])
async def test_a_person_sends_a_file(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person, kind: str
) -> None:
    emulator.clients.send_file(anna.id, PICTURE, kind=kind, bot_id=BOT_ID)
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.to_dict()[kind]["file_size"] == len(PICTURE.content)


async def test_several_files_at_once_are_an_album(
    http: Http, bot: telegram.Bot, anna: Person
) -> None:
    form = aiohttp.FormData({"bot": str(BOT_ID), "from": str(anna.id), "caption": "Le camere"})
    for number in range(3):
        form.add_field("photo", jpeg(padding=number), filename=f"{number}.jpg")
    async with http.session.post(f"{http.url}/client/chats/{anna.id}/files", data=form) as response:
        assert response.status == 200

    messages = [update.message for update in await bot.get_updates()]
    [album] = {message.media_group_id for message in messages if message}
    assert album is not None
    assert [message.photo[0].file_size for message in messages if message] == [
        len(jpeg(padding=number)) for number in range(3)
    ]
    assert [message.caption for message in messages if message] == ["Le camere", None, None]


async def test_a_page_sees_a_file(http: Http, emulator: TelegramEmulator, anna: Person) -> None:
    message = emulator.clients.send_file(anna.id, PICTURE, kind="document", bot_id=BOT_ID)
    file_id = message["document"]["file_id"]
    async with http.session.get(f"{http.url}/client/files/{file_id}") as response:
        assert response.content_type == "image/jpeg"
        assert await response.read() == PICTURE.content


async def test_an_unknown_file_is_refused(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("documents-99")
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_document(anna.id, "documents-99")


async def test_another_bots_file_is_refused(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    other = emulator.registry.create("Trattoria", "trattoria_bot")
    message = emulator.clients.send_file(anna.id, PICTURE, kind="document", bot_id=other.id)
    file_id = message["document"]["file_id"]
    with pytest.raises(BadRequest, match="Wrong file_id or the file is temporarily unavailable"):
        await bot.get_file(file_id)
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_document(anna.id, file_id)
    assert (await emulator.ask(other.token, "getFile", file_id=file_id))["ok"]


async def test_a_supergroups_file_is_good_for_its_bots_and_after_a_restart(tmp_path: Path) -> None:
    before = TelegramEmulator(state=tmp_path / "telegram.db")
    inside, outside = (before.registry.create("A", f"{name}_bot") for name in ("inside", "outside"))
    anna = before.accounts.add_person("Anna")
    members = [anna.id, inside.id]
    group = before.accounts.add_group("Banco", type=ChatType.SUPERGROUP, members=members)
    message = before.clients.send_file(
        group.id, PICTURE, kind="photo", bot_id=inside.id, sender=anna.id
    )
    before.close()

    after = TelegramEmulator(state=tmp_path / "telegram.db")
    file_id = message["photo"][0]["file_id"]
    answers = [await after.ask(bot.token, "getFile", file_id=file_id) for bot in (inside, outside)]
    after.close()
    assert [answer["ok"] for answer in answers] == [True, False]


async def test_a_document_without_a_file_is_refused(http: Http, anna: Person) -> None:
    body = await http.refused("sendDocument", chat_id=anna.id)
    assert body["description"] == "Bad Request: there is no document in the request"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "File must be non-empty"),
        (bytes(LARGEST_UPLOAD_BYTES + 1), "Request Entity Too Large"),
    ],
    ids=["empty", "large"],
)
async def test_a_bot_sends_neither_nothing_nor_too_much(
    bot: telegram.Bot, anna: Person, content: bytes, sentence: str
) -> None:
    with pytest.raises(TelegramError, match=sentence):
        await bot.send_document(anna.id, content, filename="menu.txt")


async def test_a_big_file_cannot_be_fetched(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    big = Upload("big.bin", "application/octet-stream", bytes(20 * 1024 * 1024 + 1))
    message = emulator.clients.send_file(anna.id, big, kind="document", bot_id=BOT_ID)
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(message["document"]["file_id"])


@pytest.mark.parametrize("path", ["bot17:wrong/documents/file_1.jpg", "bot{token}/nothing.txt"])
async def test_a_file_needs_its_path_and_a_token(
    http: Http, emulator: TelegramEmulator, anna: Person, path: str
) -> None:
    emulator.clients.send_file(anna.id, PICTURE, kind="document", bot_id=BOT_ID)
    token = emulator.world.bots[BOT_ID].token
    async with http.session.get(f"{http.url}/file/{path.format(token=token)}") as response:
        assert response.status == 404


@given(st.binary(max_size=200), st.text(st.characters(codec="utf-8"), max_size=20))
async def test_multipart_keeps_every_byte(content: bytes, text: str) -> None:
    boundary = b"----b0undary"
    body = b"".join(
        (
            b"--" + boundary + b'\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n',
            b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n",
            b"--" + boundary + b'\r\nContent-Disposition: form-data; name="t"\r\n\r\n',
            text.encode() + b"\r\n--" + boundary + b"--\r\n",
        )
    )
    params = await parse(b"multipart/form-data; boundary=" + boundary, body)
    assert params.uploads["f"].content == content
    assert params.text("t") == text


async def parse(content_type: bytes, body: bytes) -> Params:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    scope = {"query_string": b"", "headers": [(b"content-type", content_type)]}
    return await read_params(scope, receive)
