"""All that one can send beside texts, and how it is shown."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, ViewportSize, expect

from bot.playground.pictures import measure
from bot.playground.telegram.records import Upload
from bot.playground.voices import seconds_of, silence, words_in
from tests.playground.page.desk import BOT_ID, TOKEN, Desk, Window
from tests.samples import PDF, jpeg, png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZE: ViewportSize = {"width": 390, "height": 844}
# To ask again and again is for the page itself: its policy lets nobody evaluate a text in it.
KNOWN = "(it) => it.readyState || new Promise((known) => { it.onloadedmetadata = () => known(1); })"


async def content_of(desk: Desk, file_id: str) -> bytes:
    """What the bot finds behind a file's id."""
    path = (await desk.call("getFile", file_id=file_id))["file_path"]
    file, _ = await desk.emulator.download(TOKEN, path)
    return file.content


async def attaches(window: Window, what: str) -> Locator:
    """The dialog of something that the paper clip offers."""
    await window.page.get_by_role("button", name="Attach").click()
    await window.page.get_by_role("menuitem", name=what).click()
    return window.page.get_by_role("dialog")


async def chooses(window: Window, *files: Any) -> Locator:
    """The dialog that shows the chosen files, which are payloads or paths."""
    async with window.page.expect_file_chooser() as choosing:
        await window.page.get_by_role("button", name="Attach").click()
        await window.page.get_by_role("menuitem", name="Photo or file").click()
    await (await choosing.value).set_files(list(files))
    return window.page.get_by_role("dialog")


async def sends(dialog: Locator) -> None:
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)


async def test_a_picture_goes_as_a_smaller_jpeg(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        large: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": png(3000, 1500)}
        dialog = await chooses(window, large)
        await dialog.get_by_label("Caption").fill("Che camera è?")
        await sends(dialog)

        message = (await desk.next_update())["message"]
        photo = measure(await content_of(desk, message["photo"][-1]["file_id"]))
        assert photo is not None
        assert (photo.form, photo.width, photo.height) == ("jpeg", 2560, 1280)
        await expect(window.page.locator("img.photo")).to_be_visible()
        await window.shows("Che camera è?")


async def test_a_picture_may_go_as_the_file_that_it_is(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        scan: FilePayload = {"name": "scan.png", "mimeType": "image/png", "buffer": png()}
        dialog = await chooses(window, scan)
        await dialog.get_by_label("Without compression").check()
        await sends(dialog)

        message = (await desk.next_update())["message"]
        assert await content_of(desk, message["document"]["file_id"]) == png()


async def test_a_picture_that_cannot_be_read_goes_as_a_file(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        broken: FilePayload = {"name": "a.webp", "mimeType": "image/webp", "buffer": b"RIFF?"}
        await sends(await chooses(window, broken))
        assert (await desk.next_update())["message"]["document"]["file_name"] == "a.webp"


async def test_pictures_are_an_album_and_papers_go_beside_it(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        picture: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg(80, 60)}
        menu: FilePayload = {"name": "menu.pdf", "mimeType": "application/pdf", "buffer": PDF}
        dialog = await chooses(window, *[picture] * 12, menu)
        await dialog.get_by_label("Caption").fill("Le vacanze")
        await sends(dialog)

        messages = [(await desk.next_update())["message"] for _ in range(13)]
        albums = [message.get("media_group_id") for message in messages]
        assert [albums.count(album) for album in dict.fromkeys(albums)] == [10, 2, 1]
        assert [message.get("caption") for message in messages] == ["Le vacanze", *[None] * 12]
        assert messages[-1]["document"]["file_name"] == "menu.pdf"
        tiles = window.page.locator(".row.is-tile")
        await expect(tiles).to_have_count(12)
        first, second = [await tiles.nth(at).bounding_box() for at in (0, 1)]
        assert first is not None
        assert second is not None
        assert first["x"] + first["width"] <= second["x"] + 1  # side by side


async def test_a_voice_is_recorded_and_says_what_was_typed(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        await window.page.get_by_role("button", name="Voice message").click()
        dialog = window.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Record").click()
        await expect(dialog.locator("output")).to_have_text("0:01")
        await dialog.get_by_role("button", name="Stop").click()
        await expect(dialog.locator("audio")).to_be_visible()
        await dialog.locator("audio").evaluate(KNOWN)
        await dialog.get_by_label("What it says").fill("A che ora è la colazione?")
        await sends(dialog)

        voice = (await desk.next_update())["message"]["voice"]
        content = await content_of(desk, voice["file_id"])
        assert content.startswith((b"OggS", b"\x1aE\xdf\xa3"))
        assert words_in(content) == "A che ora è la colazione?"
        assert voice["duration"] >= 1
        await expect(window.page.locator(".voice .length")).to_have_text(f"0:0{voice['duration']}")


async def test_who_has_no_microphone_types_what_is_heard(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        await window.page.evaluate(
            "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(); }"
        )
        await window.page.get_by_role("button", name="Voice message").click()
        dialog = window.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Record").click()
        toast = window.page.locator(".toast")
        await expect(toast).to_contain_text("The microphone cannot be used")
        await dialog.get_by_role("button", name="Send").click()
        await expect(toast.last).to_contain_text("Record something")
        await dialog.get_by_label("What it says").fill("Buongiorno!")
        await sends(dialog)

        voice = (await desk.next_update())["message"]["voice"]
        content = await content_of(desk, voice["file_id"])
        assert (words_in(content), seconds_of(content)) == ("Buongiorno!", voice["duration"])


async def test_a_sound_file_is_a_voice_too(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        await window.page.get_by_role("button", name="Voice message").click()
        dialog = window.page.get_by_role("dialog")
        sound: FilePayload = {"name": "a.ogg", "mimeType": "audio/ogg", "buffer": silence(5)}
        await dialog.get_by_label("sound file").set_input_files([sound])
        await sends(dialog)
        assert (await desk.next_update())["message"]["voice"]["duration"] == 5


async def test_a_voice_is_played_one_at_a_time(desk: Desk) -> None:
    anna = desk.person("Anna")
    for seconds in (8, 9):
        voice = Upload("v.ogg", "audio/ogg", silence(seconds))
        desk.emulator.clients.send_file(anna.id, voice, kind="voice", bot_id=BOT_ID)
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        buttons = window.page.locator(".play")
        await buttons.first.click()
        await expect(buttons.first).to_have_accessible_name("Pause, 0:08")
        await buttons.last.click()
        await expect(buttons.first).to_have_accessible_name("Play, 0:08")
        await expect(buttons.last).to_have_accessible_name("Pause, 0:09")
        await buttons.last.click()
        await expect(buttons.last).to_have_accessible_name("Play, 0:09")


async def test_a_place_is_shared_and_moves(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        dialog = await attaches(window, "Location")
        await dialog.get_by_label("Latitude").fill("45.5")
        await dialog.get_by_label("Live").check()
        await sends(dialog)
        location = (await desk.next_update())["message"]["location"]
        assert (location["latitude"], location["live_period"]) == (45.5, 900)

        card = window.page.locator(".row", has_text="Live location")
        await card.click(button="right")
        await window.page.get_by_role("menuitem", name="Move").click()
        await window.page.get_by_label("Latitude").fill("46")
        await sends(window.page.get_by_role("dialog"))
        assert (await desk.next_update())["edited_message"]["location"]["latitude"] == 46
        await card.click(button="right")
        await window.page.get_by_role("menuitem", name="Stop sharing").click()
        assert "live_period" not in (await desk.next_update())["edited_message"]["location"]
        await expect(window.page.locator(".bubble")).to_contain_text("46.00000")

        dialog = await attaches(window, "Location")
        await dialog.get_by_label("Name of the place").fill("Arena")
        await sends(dialog)
        assert (await desk.next_update())["message"]["venue"]["title"] == "Arena"


async def test_a_contact_and_a_sticker_are_sent(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        dialog = await attaches(window, "Contact")
        await dialog.get_by_label("Name").fill("Marco")
        await dialog.get_by_label("Phone").fill("+39 045 000 0142")
        await sends(dialog)
        assert (await desk.next_update())["message"]["contact"]["first_name"] == "Marco"

        dialog = await attaches(window, "Sticker")
        await dialog.get_by_label("🎉").check()
        await sends(dialog)
        assert (await desk.next_update())["message"]["sticker"]["emoji"] == "🎉"
        await expect(window.page.get_by_role("img", name="Sticker 🎉")).to_be_visible()


async def test_a_poll_and_a_throw_of_dice_are_sent(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        dialog = await attaches(window, "Poll")
        await dialog.get_by_label("Question").fill("Quando?")
        await dialog.get_by_label("Answers").fill("Sabato\n\n Domenica ")
        await sends(dialog)
        poll = (await desk.next_update())["message"]["poll"]
        assert (poll["question"], [one["text"] for one in poll["options"]]) == (
            "Quando?",
            ["Sabato", "Domenica"],
        )
        await expect(window.page.locator(".poll li")).to_have_text(["Sabato", "Domenica"])

        dialog = await attaches(window, "Dice")
        await dialog.get_by_label("🎯").check()
        await sends(dialog)
        assert (await desk.next_update())["message"]["dice"]["emoji"] == "🎯"
        await expect(window.page.get_by_role("img", name="Dice 🎯")).to_be_visible()


async def test_some_words_are_quoted_by_keyboard_alone(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "/start", bot_id=BOT_ID)
    await desk.next_update()
    await desk.says(anna.id, "Dalle 7:00 alle 10:30.")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        await window.page.locator(".row").last.focus()
        await window.page.keyboard.press("Enter")
        await window.page.keyboard.press("ArrowDown")
        await window.page.keyboard.press("Enter")
        await expect(window.page.get_by_role("dialog")).to_be_visible()
        for key in ("Home", *["Shift+ArrowRight"] * 10):
            await window.page.keyboard.press(key)
        await window.page.keyboard.press("Tab")
        await window.page.keyboard.press("Tab")
        await window.page.keyboard.press("Enter")
        await expect(window.page.locator("#quote-bar")).to_contain_text("Dalle 7:00")
        await window.write("Anche prima?")

        message = (await desk.next_update())["message"]
        assert message["quote"] == {"text": "Dalle 7:00", "position": 0, "is_manual": True}
        await expect(window.page.locator(".is-own .quote span")).to_have_text("Dalle 7:00")


async def test_a_swipe_answers_a_message(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "/start", bot_id=BOT_ID)
    await desk.says(anna.id, "Buongiorno!")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        swipe = """(row, far) => {
            const send = (type, x) => {
                const touch = new Touch({identifier: 1, target: row, clientX: x, clientY: 100});
                const touches = type === "touchend" ? [] : [touch];
                row.dispatchEvent(new TouchEvent(type, {touches, bubbles: true}));
            };
            send("touchstart", 300); send("touchmove", 300 - far); send("touchend", 300 - far);
        }"""
        row = window.page.locator(".row").last.locator(".bubble")
        await row.evaluate(swipe, 30)
        await expect(window.page.locator("#quote-bar")).to_be_hidden()
        await row.evaluate(swipe, 80)
        await expect(window.page.locator("#quote-bar")).to_contain_text("Buongiorno!")


async def test_a_reaction_is_put_and_taken_away_in_every_window(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "/start", bot_id=BOT_ID)
    said = (await desk.says(anna.id, "Buongiorno!"))["message_id"]
    kinds = ["message", "message_reaction"]
    await desk.call("getUpdates", offset=-1, allowed_updates=kinds)
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        await window.page.locator(".row").last.click(button="right")
        await window.page.get_by_role("menuitemradio", name="👍").click()
        chip = window.page.get_by_role("button", name="Reaction 👍 1")
        await expect(chip).to_have_attribute("aria-pressed", "true")
        await desk.call("editMessageText", chat_id=anna.id, message_id=said, text="Buonasera!")
        await expect(window.bubbles.last).to_have_text("Buonasera!")
        await expect(chip).to_be_visible()
        await window.page.reload()
        await chip.click()
        await expect(chip).to_have_count(0)
    updates = await desk.call("getUpdates", allowed_updates=kinds)
    reactions = [one["message_reaction"] for one in updates if "message_reaction" in one]
    told = [one["new_reaction"] for one in reactions]
    assert told == [[{"type": "emoji", "emoji": "👍"}], []]


async def test_a_file_of_30_megabytes_is_sent_and_told(desk: Desk, tmp_path: Path) -> None:
    desk.person("Anna")
    async with desk.window(size=SIZE) as window:
        await window.open("Anna")
        large = tmp_path / "gita.zip"
        large.write_bytes(bytes(30 * 1024 * 1024))
        await sends(await chooses(window, large))
        message = (await desk.next_update())["message"]
        assert message["document"]["file_size"] == 30 * 1024 * 1024
        await expect(window.page.locator(".bubble .document")).to_contain_text("31.5 MB")
