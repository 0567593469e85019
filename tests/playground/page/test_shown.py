"""How each kind of message is shown, to clients and to operators."""

from typing import Any

import pytest
from playwright.async_api import ViewportSize, expect

from bot.playground.telegram import contents
from bot.playground.telegram.media import Told
from bot.playground.telegram.records import Person, Upload
from bot.playground.voices import silence
from tests.browser import findings
from tests.playground.page.desk import BOT_ID, SEEN, Desk
from tests.playground.page.test_kinds import SIZE, attaches
from tests.samples import MP4, PDF, jpeg, webp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def sends_everything(desk: Desk, anna: Person) -> None:
    """One message of each kind, and some that answer or pass on others."""
    clients = desk.emulator.clients

    def send(kind: str, content: bytes, said: str, **how: Any) -> None:
        upload = Upload(f"a.{said.partition('/')[2]}", said, content)
        clients.send_file(anna.id, upload, kind=kind, bot_id=BOT_ID, **how)

    first = clients.write(anna.id, "Quale camera?", bot_id=BOT_ID)["message_id"]
    clients.write(anna.id, "Questa?", bot_id=BOT_ID, reply_to=first, quote="camera")
    clients.write(anna.id, "Guardi", bot_id=BOT_ID, beside=contents.origin("Bruno", date=1))
    channel = {"type": "channel", "title": "Notizie", "id": -100}
    elsewhere = {"origin": contents.origin(channel, date=1)["forward_origin"]}
    clients.share(
        anna.id,
        {"text": "Vale?", "external_reply": elsewhere, "quote": {"text": "Sconto", "position": 0}},
        bot_id=BOT_ID,
    )
    send("photo", jpeg(), "image/jpeg", caption="Questa")
    for _ in range(3):
        send("photo", jpeg(80, 80), "image/jpeg", album="x")
    send("voice", silence(65), "audio/ogg")
    send("audio", b"ID3", "audio/mpeg")
    for kind in ("video", "video_note", "animation"):
        send(kind, MP4, "video/mp4")
    send("sticker", webp(), "image/webp", told=Told(emoji="🎉"))
    send("document", PDF, "application/pdf", told=Told(is_sized=False))
    for content in (
        contents.location(45.4, 10.9, live_seconds=60),
        contents.venue("Arena", "Piazza Bra", latitude=45.4, longitude=10.9),
        contents.contact("+39 045", "Marco"),
        contents.poll("Vista?", ["Mare", "Monti"]),
        contents.dice("🎲", 5),
    ):
        clients.share(anna.id, content, bot_id=BOT_ID)
    for emoji in ("👍", "👎"):
        clients.react(anna.id, first, emoji, bot_id=BOT_ID)


async def test_each_kind_is_shown(desk: Desk) -> None:
    anna = desk.person("Anna")
    await sends_everything(desk, anna)
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        shown = window.page.locator(".log")
        for words in (
            *("Forwarded from Bruno", "Notizie", "Sconto", "1:05", "a.mpeg", "a.pdf"),
            *("Live location", "Arena", "Piazza Bra · 45.40000, 10.90000", "Marco", "+39 045"),
            *("Vista?", "Monti"),
        ):
            await expect(shown).to_contain_text(words)
        await expect(shown.locator("video")).to_have_count(3)
        for name in ("Sticker 🎉", "Dice 🎲 5"):
            await expect(window.page.get_by_role("img", name=name)).to_have_count(1)
        await expect(window.page.get_by_role("button", name="Reaction 👎 1")).to_have_count(1)
        widest = await window.page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('.row *')].map("
            "(one) => one.getBoundingClientRect().right))"
        )
        assert widest <= SIZE["width"]


async def test_what_operators_get_looks_the_same(desk: Desk) -> None:
    anna = desk.person("Anna")
    await sends_everything(desk, anna)
    members = [desk.person("Olga").id, BOT_ID]
    group = desk.emulator.accounts.add_group("Banco", members=members)
    for message in desk.emulator.clients.messages(anna.id, bot_id=BOT_ID):
        copied = {"chat_id": group.id, "from_chat_id": anna.id}
        await desk.call("copyMessage", message_id=message["message_id"], **copied)
    async with desk.window(size=SIZE) as window:
        await window.open("Banco")
        for words in ("1:05", "a.pdf", "Arena", "Marco", "Vista?"):
            await expect(window.page.locator(".log")).to_contain_text(words)
        await expect(window.page.locator("video")).to_have_count(3)


@pytest.mark.parametrize(("size", "dark"), SEEN)
async def test_axe_finds_nothing_in_what_is_sent(
    desk: Desk, size: ViewportSize, dark: bool
) -> None:
    anna = desk.person("Anna")
    await sends_everything(desk, anna)
    async with desk.window(size=size, dark=dark) as window:
        await window.open("Anna")
        await expect(window.page.locator(".dice")).to_be_visible()
        assert await findings(window.page) == []
        await window.page.locator(".row", has_text="Guardi").click(button="right")
        assert await findings(window.page) == []
        await window.page.get_by_role("menuitem", name="Quote some words").click()
        assert await findings(window.page) == []
        await window.page.keyboard.press("Escape")
        for what in ("Location", "Contact", "Sticker"):
            await attaches(window, what)
            assert await findings(window.page) == []
            await window.page.keyboard.press("Escape")
        await window.page.get_by_role("button", name="Voice message").click()
        assert await findings(window.page) == []
