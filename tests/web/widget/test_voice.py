"""A voice message of a visitor: recorded, sent or thrown away."""

import re
from typing import Final

import pytest
from playwright.async_api import Locator, expect

from bot.core.attachments import AttachmentKind
from bot.web.attached import kind_by
from tests.browser import findings
from tests.web.widget.test_views import NARROW
from tests.web.widget.visitor import Tab, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAVED: Final = """
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (asked) {
    return (window.stream = await getUserMedia.call(this, asked));
  };"""
REFUSED: Final = """
  MediaDevices.prototype.getUserMedia = async () => {
    throw new DOMException("no", "NAME");
  };"""


def record(tab: Tab) -> Locator:
    return tab.frame.get_by_role("button", name="Registra un messaggio vocale")


async def recording(visit: Visit) -> Tab:
    visit.scripts.append(SAVED)
    tab = await visit.tab()
    await tab.page.set_viewport_size(NARROW)
    await tab.open()
    await record(tab).press("Enter")
    await expect(tab.frame.get_by_role("group", name="Messaggio vocale")).to_be_visible()
    return tab


async def is_heard(tab: Tab) -> bool:
    heard: bool = await tab.page.frames[1].evaluate(
        "() => stream.getTracks().some((one) => one.readyState === 'live')"
    )
    return heard


async def falls_silent(tab: Tab) -> None:
    """Wait until the microphone is let go."""
    over = "() => stream.getTracks().every((one) => one.readyState !== 'live')"
    await tab.page.frames[1].wait_for_function(over, polling=50)  # a closed chat draws nothing


async def test_what_is_spoken_is_sent_by_a_key(visit: Visit) -> None:
    tab = await recording(visit)
    send = tab.frame.get_by_role("button", name="Invia la registrazione")
    await expect(send).to_be_focused()
    await expect(tab.frame.get_by_role("timer")).to_have_text("0:01")
    await expect(tab.field).to_be_hidden()
    assert await findings(tab.page.frames[1]) == []
    assert await tab.overflow() == [0, 0]

    await send.press("Enter")
    await tab.arrived(1)

    (sent,), (said,) = visit.desk.files, visit.desk.bodies
    (file,) = said["files"]
    assert kind_by(sent) is AttachmentKind.SPEECH
    assert "text" not in said
    assert re.fullmatch(r"0:0\d", file["name"])  # how long it is
    await expect(record(tab)).to_be_focused()
    await falls_silent(tab)


async def test_what_was_said_can_be_heard_again_while_the_page_is_there(visit: Visit) -> None:
    tab = await recording(visit)
    await expect(tab.frame.get_by_role("timer")).to_have_text("0:01")
    await tab.frame.get_by_role("button", name="Invia la registrazione").click()
    await tab.arrived(1)
    said = re.compile(r"^Messaggio vocale 0:0\d$")
    play = tab.log.get_by_role("button", name=said)
    assert await findings(tab.page.frames[1]) == []

    await play.click()
    await expect(play).to_have_attribute("aria-pressed", "true")
    await play.click()
    await expect(play).to_have_attribute("aria-pressed", "false")
    await play.press("Enter")
    await expect(play).to_have_attribute("aria-pressed", "true")
    await expect(play).to_have_attribute("aria-pressed", "false")  # it is over

    await tab.page.reload()
    await tab.open()
    await expect(tab.log.locator("span.file")).to_have_text([said])


async def test_escape_throws_it_away_and_leaves_the_chat_open(visit: Visit) -> None:
    tab = await recording(visit)
    await tab.page.keyboard.press("Escape")
    await expect(record(tab)).to_be_focused()
    await falls_silent(tab)
    await tab.write("Scrivo")
    await tab.arrived(1)
    assert visit.desk.files == []


async def test_behind_a_closed_chat_nobody_is_listened_to(visit: Visit) -> None:
    tab = await recording(visit)
    assert await is_heard(tab)
    await tab.frame.get_by_role("button", name="Chiudi la chat").click()
    await expect(tab.frame.locator("#voice.has-ended")).to_have_count(1)
    await falls_silent(tab)

    await tab.launcher.click()
    await tab.frame.get_by_role("button", name="Invia la registrazione").click()
    await tab.arrived(1)
    assert len(visit.desk.files) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NotAllowedError", "Il microfono è bloccato per questa pagina."),
        ("NotFoundError", "Al momento non c’è un microfono"),
    ],
)
async def test_a_microphone_that_is_not_to_be_had_is_told(
    visit: Visit, name: str, told: str
) -> None:
    visit.scripts.append(REFUSED.replace("NAME", name))
    tab = await visit.tab()
    await tab.page.set_viewport_size(NARROW)
    await tab.open()
    await record(tab).click()

    strip = tab.frame.locator("#voice")
    await expect(strip).to_contain_text(told)
    await expect(tab.frame.locator("#alarm")).to_contain_text(told)
    await expect(tab.field).to_be_visible()
    assert await findings(tab.page.frames[1]) == []
    await strip.get_by_role("button", name="Chiudi").click()
    await expect(strip).to_be_hidden()


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(Navigator.prototype, 'mediaDevices', { value: undefined })",
        "delete window.MediaRecorder",
        "Object.defineProperty(Document.prototype, 'featurePolicy',"
        " { value: { allowsFeature: () => false } })",  # as the page around wants it
    ],
)
async def test_without_one_there_is_no_button(visit: Visit, script: str) -> None:
    visit.scripts.append(script)
    tab = await visit.tab()
    await tab.open()
    await expect(tab.frame.get_by_role("button", name="Invia")).to_be_visible()
    await expect(record(tab)).to_be_hidden()
