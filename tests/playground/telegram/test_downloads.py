"""A file that somebody sent is looked at or kept; it is never run, whatever it says it is."""

from pathlib import Path

import aiohttp
import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.filing import LARGEST_DOWNLOAD_BYTES, MOST_HELD_BYTES, Files
from bot.playground.telegram.records import Person, Upload
from bot.playground.telegram.store import Store
from tests.playground.telegram.support import BOT_ID, TOKEN, Http, description

PAGE = b"<script>document.title = 'owned'</script>"
TYPES = {
    "text/html": "application/octet-stream",
    "TEXT/HTML": "application/octet-stream",
    "text/html; charset=utf-8": "application/octet-stream",
    "application/xhtml+xml": "application/octet-stream",
    "image/svg+xml": "application/octet-stream",
    "text/xml": "application/octet-stream",
    "text/javascript": "application/octet-stream",
    "text/css": "application/octet-stream",
    "application/pdf": "application/octet-stream",
    "image/png\r\nX-Evil: 1": "application/octet-stream",
    "\u2028": "application/octet-stream",
    "": "application/octet-stream",
    "image/png": "image/png",
    "audio/ogg": "audio/ogg",
}
NAMES = {
    "menu.pdf": "menu.pdf",
    "caffè «a».html": "caff%C3%A8%20%C2%ABa%C2%BB.html",
    'x".html\r\nX-Evil: 1': "x%22.html%0D%0AX-Evil%3A%201",
    "../../etc/passwd": "..%2F..%2Fetc%2Fpasswd",
    "\ud800.html": "%3F.html",
}


async def urls(http: Http, emulator: TelegramEmulator, person: Person, upload: Upload) -> list[str]:
    """Both ways to the file: the page's and the bot's."""
    message = emulator.clients.send_file(person.id, upload, kind="document", bot_id=BOT_ID)
    file = await http.call("getFile", file_id=message["document"]["file_id"])
    return [
        f"{http.url}/client/files/{file['file_id']}",
        f"{http.url}/file/bot{TOKEN}/{file['file_path']}",
    ]


@pytest.mark.parametrize(("said", "told"), TYPES.items())
async def test_no_type_makes_it_a_page(
    http: Http, emulator: TelegramEmulator, anna: Person, said: str, told: str
) -> None:
    for url in await urls(http, emulator, anna, Upload("x", said, PAGE)):
        async with http.session.get(url) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == told
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert response.headers["Content-Disposition"].startswith("attachment;")
            assert "X-Evil" not in response.headers
            assert await response.read() == PAGE


@pytest.mark.parametrize(("name", "told"), NAMES.items())
async def test_its_name_is_only_a_name(
    http: Http, emulator: TelegramEmulator, anna: Person, name: str, told: str
) -> None:
    url = (await urls(http, emulator, anna, Upload(name, "text/html", PAGE)))[0]
    async with http.session.get(url) as response:
        assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{told}"
        assert "X-Evil" not in response.headers


async def test_a_path_is_good_for_an_hour_and_for_who_was_told_it(
    http: Http, emulator: TelegramEmulator, anna: Person, now: list[float]
) -> None:
    emulator.accounts.add_bot("18:AAother")
    url = (await urls(http, emulator, anna, Upload("a.txt", "text/plain", b"a")))[1]
    for seconds, address, status in (
        (3_599, url, 200),
        (0, url.replace(TOKEN, "18:AAother"), 404),
        (0, url.replace(TOKEN, "19:AAnobody"), 404),
        (1, url, 404),
    ):
        now[0] += seconds
        async with http.session.get(address) as response:
            assert response.status == status
    file = await http.call("getFile", file_id=url_id(emulator))
    async with http.session.get(url) as response:
        assert (response.status, file["file_path"] in url) == (200, True)


def url_id(emulator: TelegramEmulator) -> str:
    """The id of the last file."""
    return str(emulator.calls.of("getFile")[-1].params["file_id"])


async def test_what_was_never_asked_for_is_not_given(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    upload = Upload("a.txt", "text/plain", b"a")
    message = emulator.clients.send_file(anna.id, upload, kind="document", bot_id=BOT_ID)
    path = emulator.world.files[message["document"]["file_id"]].path
    async with http.session.get(f"{http.url}/file/bot{TOKEN}/{path}") as response:
        assert response.status == 404
        assert (await response.json())["description"] == "Not Found"


async def test_a_download_can_fail_in_each_way(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    content = bytes(300_000)
    url = (await urls(http, emulator, anna, Upload("a.bin", "x/y", content)))[1]
    for name in ("404", "lose", "cut", "500", "delay", "garble"):
        fault = Fault.named(name, method="download", delay_seconds=0.01)
        emulator.faults.add(fault, count=1 + (name == "lose"))  # aiohttp asks once more by itself
    came = []
    for _ in range(7):
        size = 0
        try:
            async with http.session.get(url) as response:
                came.append(str(response.status))
                async for chunk in response.content.iter_any():
                    size += len(chunk)
        except aiohttp.ClientError as error:
            came.append(type(error).__name__)
        came.append("all" if size == len(content) else "half" if size == 150_000 else "none")
    assert came == [
        *("404", "none", "ServerDisconnectedError", "none", "200", "ClientPayloadError", "half"),
        *("500", "none", "200", "all", "200", "none", "200", "all"),
    ]
    assert [call.fault for call in emulator.calls.of("download")] == [
        *("error", "lose", "lose", None, "error", "delay", "garble", None),
    ]


async def test_other_calls_are_struck_by_no_fault_of_a_download(
    http: Http, emulator: TelegramEmulator
) -> None:
    emulator.faults.add(Fault.named("cut", method="download"))
    assert await http.call("getMe")
    assert len(emulator.faults.planned) == 1


def test_old_contents_are_let_go_and_their_sizes_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "telegram.db")
    files = Files(store)
    upload = Upload("a.bin", "x/y", bytes(LARGEST_DOWNLOAD_BYTES))
    kept = MOST_HELD_BYTES // LARGEST_DOWNLOAD_BYTES
    for number in range(kept + 2):
        files.add(upload, folder="documents", number=number)
    store.close()
    for found in (files, Files(Store(tmp_path / "telegram.db"))):
        held = [len(found[f"documents-{number}"].content) for number in range(kept + 2)]
        assert held == [0, 0, *[LARGEST_DOWNLOAD_BYTES] * kept]
        assert found["documents-0"].size == LARGEST_DOWNLOAD_BYTES


async def test_what_was_let_go_is_unavailable(emulator: TelegramEmulator, anna: Person) -> None:
    files = emulator.world.files
    gone = Upload("a.bin", "x/y", b"", size=5)
    message = emulator.clients.send_file(anna.id, gone, kind="document", bot_id=BOT_ID)
    assert files[message["document"]["file_id"]].size == 5
    answer = await emulator.ask(TOKEN, "getFile", file_id=message["document"]["file_id"])
    assert "temporarily unavailable" in description(answer)
