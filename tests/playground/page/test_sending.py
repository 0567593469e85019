"""What is written and not sent yet, long texts, and what became of them."""

import pytest
from playwright.async_api import Route, expect

from tests.playground.page.desk import BOT_ID, DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONGEST = 4_096
LINE = "Una riga di cinquanta lettere, o quasi, e un a capo."


async def test_a_long_text_goes_in_parts_that_end_with_a_line(desk: Desk) -> None:
    desk.person("Anna")
    text = "\n".join([LINE] * 120)
    async with desk.window() as window:
        await window.write(text)

        parts = [await desk.hears(), await desk.hears()]

        assert [len(part) <= LONGEST and part.endswith(LINE) for part in parts] == [True, True]
        assert "\n".join(parts) == text
        await expect(window.field).to_have_value("")


async def test_a_word_without_end_is_cut_and_no_character_is(desk: Desk) -> None:
    desk.person("Anna")
    text = "x" + "😀" * 2_100
    async with desk.window() as window:
        await window.write(text)

        assert await desk.hears() + await desk.hears() == text


async def test_what_was_not_sent_stays_in_the_field(desk: Desk) -> None:
    desk.person("Anna")
    first, second = "a" * LONGEST, "b" * 10
    async with desk.window() as window:

        async def cut(route: Route) -> None:
            whole = route.request.method != "POST" or "bbb" not in (route.request.post_data or "")
            await (route.continue_() if whole else route.abort())

        await window.page.route("**/messages", cut)
        await window.write(first + second)

        await expect(window.page.locator(".toast")).to_have_text("The server does not answer")
        await expect(window.field).to_have_value(second)
        assert await desk.hears() == first
        await window.page.unroute("**/messages")


async def test_a_draft_lasts_over_a_reload_in_its_own_chat(desk: Desk) -> None:
    desk.person("Anna")
    desk.person("Bruno")
    async with desk.window() as window:
        await window.open("Anna")
        await window.field.fill("Vorrei una")
        await window.open("Bruno")
        await expect(window.field).to_have_value("")

        await window.page.reload()
        await expect(window.field).to_have_value("")
        await window.open("Anna")

        await expect(window.field).to_have_value("Vorrei una")
        await window.write("Vorrei una camera")
        await window.shows("Vorrei una camera")  # else a reload breaks it off, and it is given back
        await window.page.reload()
        await window.shows("Vorrei una camera")
        await expect(window.field).to_have_value("")


async def test_one_tick_says_sent_and_two_that_the_bot_has_read_it(desk: Desk) -> None:
    anna = desk.person("Anna")
    async with desk.window() as window:
        ticks = window.page.locator(".row.is-own .ticks")
        await window.write("Ciao")
        await expect(ticks).to_have_text(["sent"])
        await window.page.reload()
        await expect(ticks).to_have_text(["sent"])

        assert await desk.hears() == "Ciao"

        await expect(ticks).to_have_text(["read"])
        await window.write("Siete aperti?")
        await expect(ticks).to_have_text(["read", "sent"])
        assert await desk.hears() == "Siete aperti?"
        await desk.says(anna.id, "Certo")
        await window.page.reload()
        await expect(ticks).to_have_text(["read", "read"])


async def test_what_one_could_ask_is_said_in_ones_own_language(desk: Desk) -> None:
    desk.person("Anna", "it")
    desk.person("Emma", "en")
    async with desk.window() as window:
        await expect(window.page.locator("#head-title")).to_contain_text("Emma")
        await expect(window.page.locator(".suggestion").first).to_contain_text("Hello")

        await window.open("Anna")

        await expect(window.page.locator(".suggestion").first).to_contain_text("Buongiorno")
    async with desk.foreign_window(locale="it-IT") as window:
        await expect(window.page.locator("#head-title")).to_contain_text("Anna")


async def test_what_a_message_refuses_covers_no_field(desk: Desk) -> None:
    desk.person("Anna")
    for size in (DESKTOP, PHONE):
        async with desk.window(size=size) as window:
            await window.open("Anna")
            await window.field.fill("una riga\n" * 9)
            await window.page.evaluate(
                """async () => (await import("/static/js/toasts.js")).toast("x".repeat(300))"""
            )
            await expect(window.page.locator(".toast")).to_be_visible()
            covered = await window.page.evaluate(
                """() => {
                    const over = document.querySelector(".toast").getBoundingClientRect();
                    const fields = document.querySelectorAll("textarea, input, select");
                    const meets = ({ top, left, right, bottom }) => right > left &&
                        bottom > over.top && top < over.bottom &&
                        right > over.left && left < over.right;
                    const covered = (one) => meets(one.getBoundingClientRect());
                    return [...fields].filter(covered).map((one) => one.id);
                }"""
            )
            assert covered == []


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("en-GB", "At most 4096 characters fit."),
        ("it-IT", "Al massimo 4096 caratteri."),
        ("ru-RU", "Помещается не больше 4096 символов."),
    ],
)
async def test_what_is_refused_is_told_in_the_browsers_language(
    desk: Desk, locale: str, says: str
) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)
    async with desk.foreign_window(locale=locale) as window:
        await window.open("Anna")
        await window.shows("Ciao")
        await window.field.press("ArrowUp")
        await expect(window.field).to_have_value("Ciao")

        await window.write("x" * 4_097)

        await expect(window.page.locator(".toast")).to_have_text(says)
        await expect(window.field).to_have_value("x" * 4_097)
