"""What a visitor shows beside words: chosen, seen, sent with the message, and named afterwards."""

import asyncio
from typing import Final

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser import findings
from tests.patience import PATIENCE_SECONDS
from tests.samples import png
from tests.web.widget.test_views import NARROW
from tests.web.widget.visitor import Tab, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHOTO: Final = FilePayload(name="torta.png", mimeType="image/png", buffer=png(3200, 20))
PROGRAM: Final = FilePayload(name="gioco.exe", mimeType="application/x-dosexec", buffer=b"MZ")
MENU: Final = FilePayload(name="menu.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
JPEG: Final = b"\xff\xd8\xff"
BOTTOMS: Final = """(log) => ["img", ".meta", ".bubble"].map(
  (one) => log.querySelector(one).getBoundingClientRect().bottom)"""
MOST_CUTS: Final = 4  # as later/attachment.js


async def attach(tab: Tab, *files: FilePayload) -> None:
    await tab.frame.locator("#pick").set_input_files([*files])


async def test_a_photo_goes_along_smaller_than_it_was_taken(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.page.set_viewport_size(NARROW)
    await tab.open()
    await attach(tab, PHOTO, MENU, PROGRAM)
    chosen, trouble = tab.frame.locator("#tray li"), tab.frame.locator("#trouble")
    await expect(chosen).to_have_count(2)
    await expect(trouble).to_contain_text("gioco.exe: qui questo tipo di file non si può aprire")
    await expect(tab.frame.locator("#alarm")).to_contain_text("gioco.exe")
    assert await findings(tab.page.frames[1]) == []
    assert await tab.overflow() == [0, 0]

    await tab.frame.get_by_role("button", name="Togli menu.pdf").click()
    await expect(chosen).to_have_count(1)
    await expect(trouble).to_be_empty()
    await tab.write("Così, per sabato?")
    await tab.arrived(1)

    (sent,) = visit.desk.files
    assert sent.startswith(JPEG)
    (said,) = visit.desk.bodies
    assert (said["text"], said["files"]) == (
        "Così, per sabato?",
        [{"file": "f_1", "name": "torta.png"}],
    )
    picture = tab.log.get_by_role("img", name="Foto torta.png")
    await expect(picture).to_be_visible()
    width: int = await picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)")
    assert width == 1600
    await expect(tab.log.locator(".meta")).to_have_css("position", "static")  # behind the words
    await expect(chosen).to_have_count(0)
    assert await findings(tab.page.frames[1]) == []

    await tab.page.reload()
    await tab.open()
    await expect(tab.log.locator(".file")).to_have_text(["Foto torta.png"])
    assert await findings(tab.page.frames[1]) == []


async def test_of_a_photo_without_words_the_time_lies_on_it(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await attach(tab, PHOTO)
    await expect(tab.frame.locator("#tray li")).to_have_count(1)
    await tab.frame.get_by_role("button", name="Invia").click()
    await tab.arrived(1)

    photo, time, bubble = await tab.log.evaluate(BOTTOMS)
    assert time < photo
    assert bubble == photo + 4  # that is the frame
    assert await findings(tab.page.frames[1]) == []


async def test_whatever_does_not_go_along_is_named(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    bare = FilePayload(name="vuoto.txt", mimeType="text/plain", buffer=b"")
    zipped = FilePayload(name="foto.zip", mimeType="application/zip", buffer=b"PK")
    menus = [FilePayload({**MENU, "name": f"{n}.pdf"}) for n in range(12)]

    await attach(tab, PROGRAM, bare, zipped, *menus)

    await expect(tab.frame.locator("#tray li")).to_have_count(10)
    told = (await tab.frame.locator("#trouble").inner_text()).split("\n")
    assert [line.partition(": ")[::2] for line in told] == [
        (
            "gioco.exe, foto.zip",
            "qui questo tipo di file non si può aprire. "
            "Foto, registrazioni, PDF, Word, testo e CSV sì.",
        ),
        ("vuoto.txt", "vuoto."),
        ("10.pdf, 11.pdf", "non aggiunto, al massimo 10 file alla volta."),
    ]


async def test_a_picture_that_the_browser_cannot_draw_is_shown_as_a_file(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()

    await attach(tab, FilePayload(name="rotta.jpg", mimeType="image/jpeg", buffer=JPEG))

    await expect(tab.frame.locator("#tray li")).to_have_text(["File rotta.jpg"])
    await expect(tab.frame.locator("#tray img")).to_have_count(0)


async def test_it_waits_for_a_connection_and_no_reload_is_survived_in_silence(
    visit: Visit,
) -> None:
    tab = await visit.tab()
    await tab.open()
    await attach(tab, PHOTO)
    await expect(tab.frame.locator("#tray li")).to_have_count(1)
    await visit.context.set_offline(True)
    await tab.write("")
    await expect(tab.frame.locator(".is-queued progress")).to_be_visible()
    await visit.context.set_offline(False)
    await tab.arrived(1)
    assert "text" not in visit.desk.bodies[-1]

    visit.desk.refuses = lambda message: 503
    await attach(tab, MENU)
    await tab.write("E questo?")
    await visit.desk.until(lambda: bool(visit.desk.refused))
    await tab.keeps(1)
    await tab.page.reload()
    await tab.open()
    await expect(tab.frame.locator(".failure")).to_contain_text("la pagina è stata ricaricata")
    await expect(tab.frame.get_by_role("button", name="Invia di nuovo")).to_have_count(0)
    await tab.frame.get_by_role("button", name="Elimina").click()
    await expect(tab.frame.locator(".is-queued")).to_have_count(0)


async def test_what_is_pasted_goes_along_and_too_much_for_a_day_says_so(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    visit.desk.refuses = lambda message: 429
    await tab.field.evaluate(
        """(field) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(["Pane: 3 euro"], "prezzi.txt", { type: "text/plain" }));
          const options = { clipboardData, bubbles: true, cancelable: true };
          field.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    await expect(tab.frame.locator("#tray")).to_have_text("File prezzi.txt")
    await tab.write("Va bene?")
    await expect(tab.frame.locator(".failure")).to_contain_text("Per oggi è troppo")
    visit.desk.refuses = lambda message: None
    await tab.frame.get_by_role("button", name="Invia di nuovo").click()
    await tab.arrived(1)
    assert visit.desk.files == [b"Pane: 3 euro"]


async def test_what_does_not_get_through_is_not_sent_for_ever(visit: Visit) -> None:
    """Where nobody answers, nobody knows why: a reset in its midst, again and again."""
    tab = await visit.tab()
    await tab.open()
    visit.desk.cuts_files = True
    await attach(tab, MENU)
    await tab.write("Va bene?")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(visit.desk.files) < MOST_CUTS:  # without the pauses between
            await tab.page.frames[1].evaluate("() => dispatchEvent(new Event('online'))")
    failure = tab.frame.locator(".failure")
    await expect(failure).to_contain_text("la connessione continua a interrompersi")
    visit.desk.cuts_files = False
    await tab.frame.get_by_role("button", name="Invia di nuovo").click()
    await tab.arrived(1)
